"""The analyzer of a build: its lexicon is writable, and its terms are those of the index."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from corpus.errors import ChajaError, CorpusError
from corpus.text_file import read_source

from ..analysis.analyzer import Analyzer
from ..analysis.dictionary import Dictionary, DictionaryError, parse_dictionary
from ..analysis.lexicon import Analysis, Lexicon
from ..analyzers import check_analyzer, dictionary_of
from ..arrays.files import CorruptFile
from ..directory.commit import FORMAT, About, latest_about
from ..directory.damage import damaged, reported_damage
from ..directory.directory_reader import current_about, lexicon_path
from ..directory.lexicon_files import LexiconFiles, check_file, lexicon_paths
from ..directory.location import has_index
from .kiwi_process import KoreanProcess


@dataclass(frozen=True, slots=True)
class WritableAnalyzer:
    """An analyzer, and the metadata of an index built with it."""

    analyzer: Analyzer
    about: About

    def close(self) -> None:
        """Close the lexicon, and end Kiwi's process."""
        self.analyzer.lexicon.close()
        self.analyzer.korean.close()


def open_writable_analyzer(
    directory: Path, *, dictionary: Path | None, rebuild: bool
) -> WritableAnalyzer:
    """Return the analyzer to build `directory` with, its lexicon open for writing.

    The index keeps its dictionary: without `dictionary`, the last one is used. Raises CorpusError
    for one that cannot be read, and AnalyzerMismatch unless `rebuild`.
    """
    before = _about(directory, rebuild=rebuild)
    if dictionary is not None:
        words = read_dictionary(dictionary)
    else:
        words = dictionary_of(before) if before else Dictionary()
    korean = KoreanProcess(words)
    path = lexicon_path(directory, korean.fingerprint)
    files = lexicon_paths(path.parent, path.name)
    if rebuild:
        _drop_damaged(files)
    elif before is not None:
        check_analyzer(
            directory, before.analyzer_fingerprint, korean.fingerprint, dictionary=dictionary
        )
        if not files:
            raise damaged(directory, CorruptFile("its lexicon is missing"))
    about = About(
        format=FORMAT,
        analyzer_fingerprint=korean.fingerprint,
        built=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        dictionary=tuple((entry.word, entry.tag, entry.score) for entry in words.entries),
    )
    return WritableAnalyzer(Analyzer(_IndexLexicon(path), korean), about)


class _IndexLexicon(Lexicon):
    """A lexicon on disk, whose damage is reported as damage of its index."""

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


def _drop_damaged(files: Iterable[Path]) -> None:
    """Delete the lexicon files that are damaged: Kiwi analyzes their words again."""
    for path in files:
        try:
            check_file(path)
        except CorruptFile:
            path.unlink()


def read_dictionary(path: Path) -> Dictionary:
    """Read a user dictionary. Raises CorpusError, which names the file, and the line."""
    try:
        return parse_dictionary(StringIO(read_source(path)))
    except DictionaryError as error:
        hint = "A line is: word<TAB>tag<TAB>score, as in: 교보문고<TAB>NNP<TAB>0"
        raise CorpusError(f"{path}: {error}", hint=hint) from error


def _about(directory: Path, *, rebuild: bool) -> About | None:
    """Return the metadata of the current index; None if there is no index.

    A rebuild keeps the dictionary even if the rest of the index is damaged or of an older format;
    it gets None if the metadata cannot be read either.
    """
    if not has_index(directory):
        return None
    try:
        return current_about(directory)
    except ChajaError:
        if not rebuild:
            raise
    with suppress(CorruptFile, OSError):
        return latest_about(directory)
    return None
