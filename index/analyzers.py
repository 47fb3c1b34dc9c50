"""Opens the analyzer to search an index with, and checks that it matches the index."""

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
    """Return the analyzer to search `directory` with. Raises AnalyzerMismatch and IndexDamaged."""
    korean = Korean(dictionary_of(about))
    check_analyzer(directory, about.analyzer_fingerprint, korean.fingerprint)
    with reported_damage(directory, missing=True):
        lexicon = open_lexicon(lexicon_path(directory, about.analyzer_fingerprint), writable=False)
    return Analyzer(lexicon, korean)


def check_analyzer(
    directory: Path, theirs: str, ours: str, *, dictionary: Path | None = None
) -> None:
    """Raise AnalyzerMismatch unless the fingerprints of index and analyzer are equal."""
    if theirs != ours:
        raise AnalyzerMismatch(
            f"{directory}: the index was made with the analyzer [{theirs}], but this is [{ours}]",
            hint="Rebuild it from the documents with: chaja build --rebuild"
            + index_option_for(directory)
            + (f" --dictionary {dictionary}" if dictionary else ""),
        )


def dictionary_of(about: About) -> Dictionary:
    """Return the user dictionary that an index was built with."""
    return Dictionary(tuple(Entry(*entry) for entry in about.dictionary))
