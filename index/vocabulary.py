"""The analyser of an index with its lexicon on disk, checked against the index it is for."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import AnalyserMismatch, ChajaError, CorpusError

from .analysis.analyzer import Analyzer
from .analysis.dictionary import Dictionary, DictionaryError, Entry, parse_dictionary
from .analysis.kiwi_process import KoreanProcess
from .analysis.korean import Korean
from .analysis.lexicon import Lexicon
from .place import CURRENT
from .store import FORMAT, About, Store, lexicon_path


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """An analyser, and what an index it builds says of it."""

    analyzer: Analyzer
    about: About

    def close(self) -> None:
        """Close the lexicon, and end Kiwi's process."""
        self.analyzer.lexicon.close()
        self.analyzer.korean.close()


def open_vocabulary(directory: Path, *, dictionary: Path | None, rebuild: bool) -> Vocabulary:
    """Return the analyser to build `directory` with, its lexicon open for writing.

    A dictionary stays with its index: later builds need not name it. Raises CorpusError for one
    that cannot be read, and AnalyserMismatch unless `rebuild`.
    """
    with reported_damage(directory):
        return _opened(directory, dictionary, rebuild=rebuild)


def _opened(directory: Path, dictionary: Path | None, *, rebuild: bool) -> Vocabulary:
    before = _about(directory, needed=not rebuild)
    if dictionary is not None:
        words = read_dictionary(dictionary)
    else:
        words = _dictionary(before) if before else Dictionary()
    korean = KoreanProcess(words)
    if before is not None and not rebuild:
        check_analyser(directory, before.analyser, korean.fingerprint)
    about = About(
        format=FORMAT,
        analyser=korean.fingerprint,
        built=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        dictionary=tuple((entry.word, entry.tag, entry.score) for entry in words.entries),
    )
    path = lexicon_path(directory, korean.fingerprint)
    if rebuild:
        _remove_damaged(path)
    lexicon = Lexicon(path)
    return Vocabulary(Analyzer(lexicon, korean), about)


def _remove_damaged(lexicon: Path) -> None:
    """Let a rebuild start from an empty lexicon where the one on disk cannot be relied on."""
    if not lexicon.exists():
        return
    try:
        with closing(open_database(lexicon, "", writable=False)) as file:
            sound = file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        lexicon.unlink()
        lexicon.with_name(lexicon.name + "-journal").unlink(missing_ok=True)


def open_analyzer(directory: Path, about: About) -> Analyzer:
    """Return the analyser to search `directory` with. Raises AnalyserMismatch."""
    korean = Korean(_dictionary(about))
    check_analyser(directory, about.analyser, korean.fingerprint)
    return Analyzer(Lexicon(lexicon_path(directory, about.analyser), writable=False), korean)


def check_analyser(directory: Path, theirs: str, ours: str) -> None:
    """Raise AnalyserMismatch unless an index was made by the analyser that is to read it."""
    if theirs != ours:
        raise AnalyserMismatch(
            f"{directory}: the index was made with [{theirs}], and this is [{ours}]",
            hint="Build it anew from the documents with: chaja build --rebuild",
        )


def read_dictionary(path: Path) -> Dictionary:
    """Read a user dictionary in UTF-8. Raises CorpusError, which names the line."""
    hint = "A line is: word<TAB>tag<TAB>score, as in: 교보문고<TAB>NNP<TAB>0"
    try:
        return parse_dictionary(path.read_text(encoding="utf-8").splitlines())
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}", hint="Check --dictionary.") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: is not UTF-8", hint=hint) from error
    except DictionaryError as error:
        raise CorpusError(f"{path}: {error}", hint=hint) from error


def _about(directory: Path, *, needed: bool) -> About | None:
    """Return what the index in force says of itself; None where there is none to ask."""
    if not (directory / CURRENT).is_file():
        return None
    try:
        with reported_damage(directory):
            return read_about(folder_in_force(directory))
    except ChajaError:
        if needed:
            raise
        return None  # a rebuild replaces what cannot be read


def _dictionary(about: About) -> Dictionary:
    return Dictionary(tuple(Entry(*entry) for entry in about.dictionary))
