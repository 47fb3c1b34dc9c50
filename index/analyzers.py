"""The analyser to search an index with: it knows of Kiwi, and of no process that it may run in."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import AnalyzerMismatch

from .analysis.analyzer import Analyzer
from .analysis.dictionary import Dictionary, Entry
from .analysis.korean import Korean
from .directory.commit import About
from .directory.damage import reported_damage
from .directory.directory_reader import lexicon_path
from .directory.lexicon_files import open_lexicon
from .directory.location import index_option_for


def open_analyzer(directory: Path, about: About) -> Analyzer:
    """Return the analyser to search `directory` with. Raises AnalyserMismatch and IndexDamaged."""
    korean = Korean(dictionary_of(about))
    check_analyzer(directory, about.analyzer_fingerprint, korean.fingerprint)
    with reported_damage(directory, missing=True):
        lexicon = open_lexicon(lexicon_path(directory, about.analyzer_fingerprint), writable=False)
    return Analyzer(lexicon, korean)


def check_analyzer(
    directory: Path, theirs: str, ours: str, *, dictionary: Path | None = None
) -> None:
    """Raise AnalyserMismatch unless an index was made by the analyser that is to read it."""
    if theirs != ours:
        raise AnalyzerMismatch(
            f"{directory}: the index was made with the analyzer [{theirs}], but this is [{ours}]",
            hint="Rebuild it from the documents with: chaja build --rebuild"
            + index_option_for(directory)
            + (f" --dictionary {dictionary}" if dictionary else ""),
        )


def dictionary_of(about: About) -> Dictionary:
    """Return the words of the user's that an index was built with."""
    return Dictionary(tuple(Entry(*entry) for entry in about.dictionary))
