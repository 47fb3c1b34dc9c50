"""The index directory, opened for searching."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from index.analysis.analyzer import Analyzer
from index.analyzers import open_analyzer
from index.directory.damage import reported_damage
from index.directory.directory_reader import DirectoryReader, read_index
from index.directory.location import locate

from .engine import EmbeddedEngine

if TYPE_CHECKING:
    from ..inspection import IndexInfo

_T = TypeVar("_T")


class DirectoryIndex:
    """An index directory at one commit, with the analyzer that it was built with."""

    def __init__(self, directory: Path, store: DirectoryReader, analyzer: Analyzer) -> None:
        self.directory = directory
        self.analyzer = analyzer
        self._store = store
        self.engine = EmbeddedEngine(store.snapshot(), analyzer)

    def close(self) -> None:
        """Close the files of the index."""
        self.engine.close()
        self.analyzer.lexicon.close()

    @property
    def location(self) -> str:
        """The path of the directory."""
        return str(self.directory)

    @property
    def note(self) -> str:
        """What the user should know: that an earlier commit was opened, and why."""
        return self._store.note

    @property
    def built(self) -> str:
        """The time of the build that was opened, in ISO 8601."""
        return self._store.about.built

    def reading(self) -> AbstractContextManager[None]:
        """Return a context that turns errors from damaged files into IndexDamaged."""
        return reported_damage(self.directory)

    def has_file(self, name: str) -> bool:
        """Return whether a file was read by a build, unlike what a program has added."""
        return self._store.has_file(name)

    def info(self) -> IndexInfo:
        """Return the counts and settings of the index."""
        from ..inspection import index_info  # imported late: a search can do without

        return index_info(
            self.engine,
            location=self.location,
            about=self._store.about,
            catalogue=self._store.catalogue(),
            words=len(self.analyzer.lexicon),
            size=_size(self.directory),
        )


def open_directory(directory: Path, use: Callable[[DirectoryIndex], _T]) -> _T:
    """Return what `use` makes of the index in a directory, at its newest commit that can be opened.

    Raises IndexMissing, IndexDamaged, IndexOutdated and AnalyzerMismatch.
    """
    located = locate(directory, start=Path())

    def used(store: DirectoryReader) -> _T:
        with reported_damage(located):
            with ExitStack() as opened:
                analyzer = open_analyzer(located, store.about)
                opened.callback(analyzer.lexicon.close)
                index = DirectoryIndex(located, store, analyzer)
                opened.callback(index.engine.close)
                made = use(index)
                opened.pop_all()
            return made

    return read_index(located, used)


def _size(directory: Path) -> int:
    """Return the total size of the files in a directory, in bytes."""
    size = 0
    for path in directory.rglob("*"):
        with suppress(FileNotFoundError):  # a build may delete files meanwhile
            size += path.stat().st_size if path.is_file() else 0
    return size
