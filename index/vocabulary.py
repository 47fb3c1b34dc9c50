"""The analyser of an index with its lexicon on disk, checked against the index it is for."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import AnalyserMismatch, ChajaError, CorpusError

from .analysis.analyzer import Analyzer
from .analysis.dictionary import Dictionary, DictionaryError, Entry, parse_dictionary
from .analysis.kiwi_process import KoreanProcess
from .analysis.korean import Korean
from .analysis.lexicon import Analysis, Lexicon, decoded
from .damage import damaged, reported_damage
from .database import open_database
from .place import CURRENT
from .store import FORMAT, About, about_in_force, lexicon_path


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
    before = _about(directory, needed=not rebuild)
    if dictionary is not None:
        words = read_dictionary(dictionary)
    else:
        words = _dictionary(before) if before else Dictionary()
    korean = KoreanProcess(words)
    if before is not None and not rebuild:
        check_analyser(directory, before.analyser, korean.fingerprint, dictionary=dictionary)
        if not lexicon_path(directory, before.analyser).is_file():
            raise damaged(directory, FileNotFoundError("its lexicon is missing"))
    about = About(
        format=FORMAT,
        analyser=korean.fingerprint,
        built=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        dictionary=tuple((entry.word, entry.tag, entry.score) for entry in words.entries),
    )
    path = lexicon_path(directory, korean.fingerprint)
    if rebuild and path.exists() and not _is_sound(path):
        path.unlink()
        path.with_name(path.name + "-journal").unlink(missing_ok=True)
    lexicon = _IndexLexicon(path)
    return Vocabulary(Analyzer(lexicon, korean), about)


class _IndexLexicon(Lexicon):
    """A lexicon on disk; what is wrong with its file is damage of the index it is part of."""

    def __init__(self, path: Path) -> None:
        self._directory = path.parent
        with reported_damage(self._directory):
            super().__init__(path)

    def look_up(self, words: Iterable[str]) -> Mapping[str, Analysis]:
        with reported_damage(self._directory):
            return super().look_up(words)

    def add(self, analyses: Mapping[str, Analysis]) -> None:
        with reported_damage(self._directory):
            super().add(analyses)


def _is_sound(lexicon: Path) -> bool:
    """Tell whether all of a lexicon can be read: some seconds for a million words."""
    try:
        with closing(open_database(lexicon, "", writable=False)) as file:
            for (analysis,) in file.execute("SELECT analysis FROM words"):
                decoded(analysis)
            checked: tuple[str] = file.execute("PRAGMA quick_check").fetchone()
    except (sqlite3.Error, ValueError, LookupError, TypeError):
        return False
    return checked == ("ok",)


def open_analyzer(directory: Path, about: About) -> Analyzer:
    """Return the analyser to search `directory` with. Raises AnalyserMismatch."""
    korean = Korean(_dictionary(about))
    check_analyser(directory, about.analyser, korean.fingerprint)
    return Analyzer(Lexicon(lexicon_path(directory, about.analyser), writable=False), korean)


def check_analyser(
    directory: Path, theirs: str, ours: str, *, dictionary: Path | None = None
) -> None:
    """Raise AnalyserMismatch unless an index was made by the analyser that is to read it."""
    if theirs != ours:
        raise AnalyserMismatch(
            f"{directory}: the index was made with [{theirs}], and this is [{ours}]",
            hint="Build it anew from the documents with: chaja build --rebuild"
            + (f" --dictionary {dictionary}" if dictionary else ""),
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
    """Return what the index in force says of itself; None where there is none to ask.

    The rest of the index may be damaged: a rebuild keeps its dictionary all the same.
    """
    if not (directory / CURRENT).is_file():
        return None
    try:
        return about_in_force(directory)
    except ChajaError:
        if needed:
            raise
        return None  # a rebuild replaces what cannot be read


def _dictionary(about: About) -> Dictionary:
    return Dictionary(tuple(Entry(*entry) for entry in about.dictionary))
