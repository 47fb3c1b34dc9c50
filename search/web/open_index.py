"""The index that the server has open, reopened when a build has committed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread

from corpus.errors import IndexMissing
from index.directory.commit import commit_file_name, current_generation
from index.value import NamedTuple

from ..searcher import Searcher
from .refusals import without_paths


class _State(NamedTuple):
    """A commit of one index: another index at the same place may have the same number."""

    generation: int
    of_file: tuple[int, ...]

    @classmethod
    def of(cls, directory: Path) -> _State:
        generation = current_generation(directory)
        try:
            status = (directory / commit_file_name(generation)).stat()
        except FileNotFoundError:  # lost, or there is no commit
            return cls(generation, ())
        return cls(generation, (status.st_dev, status.st_ino, status.st_mtime_ns))


class _DiscreetSearcher(Searcher):
    """A searcher whose notes do not tell where its index is."""

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(without_paths(note, (Path(self._index.location),)) for note in super().notes)


class OpenIndex:
    """The searcher of an index at its newest commit, for any number of threads.

    A build is seen by the next request: a request keeps the commit that it began with, and the
    last one that uses an older commit closes it. So is an index that was deleted and built again.
    """

    def __init__(self, directory: Path, *, synonyms: Path | None = None) -> None:
        self.directory = Path(os.path.abspath(directory))
        self._synonyms = synonyms and Path(os.path.abspath(synonyms))
        self._lock = Lock()
        self._opened: _Opened | None = None

    @property
    def folder(self) -> Path:
        """The folder that contains the index, to which the paths of its documents are relative."""
        return Path(os.path.realpath(self.directory.parent))

    @property
    def paths(self) -> tuple[Path, ...]:
        """What an error may name, and an answer must not."""
        own = (self.directory, self.directory.parent, self.folder)
        return (*own, self._synonyms) if self._synonyms else own

    def warm(self) -> None:
        """Load Kiwi in the background, which takes a second, before a query has need of it."""

        def load() -> None:
            with suppress(Exception), self.commit() as (searcher, _):  # a request tells the error
                searcher.warm()

        Thread(target=load, name="kiwi", daemon=True).start()

    def close(self) -> None:
        """Close the index once the last request has ended."""
        with self._lock:
            self._retire()

    @contextmanager
    def commit(self) -> Iterator[tuple[Searcher, int]]:
        """Give a searcher for one request, and the number of its commit, which grows with each.

        Raises IndexMissing if the index is gone, OSError, and what Searcher.open raises.
        """
        with self._lock:
            opened = self._newest()
            opened.users += 1
        try:
            yield opened.searcher, opened.state.generation
        finally:
            with self._lock:
                opened.users -= 1
                opened.close_if_unused()

    def _newest(self) -> _Opened:
        """Return the newest commit, opened if it is not yet."""
        state = _State.of(self.directory)
        if self._opened is not None and self._opened.state == state:
            return self._opened
        self._retire()
        if not state.generation:
            raise IndexMissing(f"{self.directory}: the index was moved or removed")
        options = {"synonyms": self._synonyms} if self._synonyms else {}
        self._opened = _Opened(_DiscreetSearcher.open(self.directory, **options), state)
        return self._opened

    def _retire(self) -> None:
        if self._opened is not None:
            self._opened.retired = True
            self._opened.close_if_unused()
            self._opened = None


class _Opened:
    """A searcher, its commit, and how many requests use it."""

    def __init__(self, searcher: Searcher, state: _State) -> None:
        self.searcher = searcher
        self.state = state
        self.users = 0
        self.retired = False

    def close_if_unused(self) -> None:
        if self.retired and not self.users:
            self.searcher.close()
