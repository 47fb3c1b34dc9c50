"""The analyser to build an index with, its lexicon on disk, checked against the index."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ChajaError, CorpusError

from ..analysis.analyzer import Analyzer
from ..analysis.dictionary import Dictionary, DictionaryError, parse_dictionary
from ..analysis.lexicon import Analysis, Lexicon
from ..analyzers import check_analyzer, dictionary_of
from ..arrays.files import CorruptFile
from ..directory.commit import FORMAT, About, latest_about
from ..directory.damage import damaged, reported_damage
from ..directory.directory_reader import about_in_force, lexicon_path
from ..directory.lexicon_files import LexiconFiles, check_file, lexicon_paths
from ..directory.location import has_index
from .kiwi_process import KoreanProcess


@dataclass(frozen=True, slots=True)
class WritableAnalyzer:
    """An analyser, and what an index it builds says of it."""

    analyzer: Analyzer
    about: About

    def close(self) -> None:
        """Close the lexicon, and end Kiwi's process."""
        self.analyzer.lexicon.close()
        self.analyzer.korean.close()


def open_writable_analyzer(
    directory: Path, *, dictionary: Path | None, rebuild: bool
) -> WritableAnalyzer:
    """Return the analyser to build `directory` with, its lexicon open for writing.

    A dictionary stays with its index: later builds need not name it. Raises CorpusError for one
    that cannot be read, and AnalyserMismatch unless `rebuild`.
    """
    before = _about(directory, needed=not rebuild)
    if dictionary is not None:
        words = read_dictionary(dictionary)
    else:
        words = dictionary_of(before) if before else Dictionary()
    korean = KoreanProcess(words)
    if before is not None and not rebuild:
        check_analyzer(
            directory, before.analyzer_fingerprint, korean.fingerprint, dictionary=dictionary
        )
        if not _files_of(lexicon_path(directory, before.analyzer_fingerprint)):
            raise damaged(directory, CorruptFile("its lexicon is missing"))
    about = About(
        format=FORMAT,
        analyzer_fingerprint=korean.fingerprint,
        built=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        dictionary=tuple((entry.word, entry.tag, entry.score) for entry in words.entries),
    )
    path = lexicon_path(directory, korean.fingerprint)
    if rebuild:
        _drop_damaged(_files_of(path))
    lexicon = _IndexLexicon(path)
    return WritableAnalyzer(Analyzer(lexicon, korean), about)


class _IndexLexicon(Lexicon):
    """A lexicon on disk; what is wrong with its file is damage of the index it is part of."""

    def __init__(self, path: Path) -> None:
        self._directory = path.parent
        with reported_damage(self._directory):
            super().__init__(LexiconFiles(path.parent, path.name, writable=True))

    def look_up(self, words: Iterable[str]) -> Mapping[str, Analysis]:
        with reported_damage(self._directory):
            return super().look_up(words)

    def add(self, analyses: Mapping[str, Analysis]) -> None:
        with reported_damage(self._directory):
            super().add(analyses)


def _files_of(lexicon: Path) -> list[Path]:
    return lexicon_paths(lexicon.parent, lexicon.name)


def _drop_damaged(files: Iterable[Path]) -> None:
    """Remove the files of a lexicon that are not what was written: Kiwi does their work again."""
    for path in files:
        try:
            check_file(path)
        except CorruptFile:
            path.unlink()


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

    The rest of the index may be damaged, or of an older format: a rebuild keeps its dictionary
    all the same.
    """
    if not has_index(directory):
        return None
    try:
        return about_in_force(directory)
    except ChajaError:
        if needed:
            raise
    try:
        return latest_about(directory)
    except (CorruptFile, OSError):
        return None  # a rebuild replaces what cannot be read
