"""The analyzer of a build: its lexicon is writable, and its terms are those of the index."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from corpus.errors import CorpusError, IndexDamaged
from corpus.text_file import read_source

from ..analysis.analyzer import Analyzer
from ..analysis.dictionary import Dictionary, DictionaryError, parse_dictionary
from ..analysis.lexicon import Analysis, Lexicon
from ..analyzers import check_analyzer, dictionary_of
from ..arrays.files import CorruptFile
from ..directory.commit import FORMAT, About, current_generation, latest_about
from ..directory.damage import damaged, reported_damage
from ..directory.directory_reader import current_about, lexicon_path
from ..directory.lexicon_files import LexiconFiles, check_file, lexicon_paths
from ..directory.location import has_format_1
from ..directory.salvage import newest_first
from .kiwi_process import KoreanProcess

_LOST = (
    "no user dictionary can be read in the index that is replaced: "
    "if it had one, build it again with --rebuild --dictionary FILE"
)


@dataclass(frozen=True, slots=True)
class WritableAnalyzer:
    """An analyzer, and the metadata of an index built with it; `notes` are for the user."""

    analyzer: Analyzer
    about: About
    notes: tuple[str, ...] = ()

    def close(self) -> None:
        """Close the lexicon, and end Kiwi's process."""
        self.analyzer.lexicon.close()
        self.analyzer.korean.close()


def open_writable_analyzer(
    directory: Path, *, dictionary: Path | None, rebuild: bool
) -> WritableAnalyzer:
    """Return the analyzer to build `directory` with, its lexicon open for writing.

    The index keeps its dictionary: without `dictionary`, the last one that can be read is used.
    Raises CorpusError for one that cannot be read, and AnalyzerMismatch unless `rebuild`.
    """
    rebuild = rebuild or is_unbuilt(directory)
    before = latest_about(directory) if rebuild else current_about(directory)
    is_lost = before is None and dictionary is None and _had_commit(directory)
    if dictionary is not None:
        words = read_dictionary(dictionary)
    else:
        words = dictionary_of(before) if before else Dictionary()
    korean = KoreanProcess(words)
    path = lexicon_path(directory, korean.fingerprint)
    files = lexicon_paths(path.parent, path.name)
    if before is None or rebuild:
        _drop_damaged(files)
    else:
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
    analyzer = Analyzer(_IndexLexicon(path), korean)
    return WritableAnalyzer(analyzer, about, (_LOST,) if is_lost else ())


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

    def compact(self) -> None:
        with reported_damage(self._directory):
            super().compact()


def _drop_damaged(files: Iterable[Path]) -> None:
    """Delete the lexicon files that are damaged: Kiwi analyzes their words again."""
    for path in files:
        try:
            with reported_damage(path.parent):
                check_file(path)
        except IndexDamaged:
            path.unlink()


def read_dictionary(path: Path) -> Dictionary:
    """Read a user dictionary. Raises CorpusError, which names the file, and the line."""
    try:
        return parse_dictionary(StringIO(read_source(path)))
    except DictionaryError as error:
        hint = "A line is: word<TAB>tag<TAB>score, as in: 교보문고<TAB>NNP<TAB>0"
        raise CorpusError(f"{path}: {error}", hint=hint) from error


def is_unbuilt(directory: Path) -> bool:
    """Return whether a build starts anew: there is no commit, or none is left."""
    return not current_generation(directory) and not has_format_1(directory)


def _had_commit(directory: Path) -> bool:
    """Return whether there was an index, unless a first build was stopped just before its end."""
    has_commit = not is_unbuilt(directory)
    return has_commit or bool(newest_first(directory, "files"))
