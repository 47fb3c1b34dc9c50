"""The index that the server has open, reopened when a build has committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread

from corpus.errors import IndexMissing
from index.directory.commit import current_generation

from ..searcher import Searcher


class OpenIndex:
    """The searcher of an index at its newest commit, for any number of threads.

    A build is seen by the next request: a request keeps the commit that it began with, and the
    last one that uses an older commit closes it.
    """

    def __init__(self, directory: Path, *, synonyms: Path | None = None) -> None:
        self.directory = directory
        self._synonyms = synonyms
        self._lock = Lock()
        self._opened: _Opened | None = None

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
            yield opened.searcher, opened.generation
        finally:
            with self._lock:
                opened.users -= 1
                opened.close_if_unused()

    def _newest(self) -> _Opened:
        """Return the newest commit, opened if it is not yet."""
        generation = current_generation(self.directory)
        if self._opened is not None and self._opened.generation == generation:
            return self._opened
        self._retire()
        if not generation:
            raise IndexMissing(f"{self.directory}: the index was moved or removed")
        options = {"synonyms": self._synonyms} if self._synonyms else {}
        self._opened = _Opened(Searcher.open(self.directory, **options), generation)
        return self._opened

    def _retire(self) -> None:
        if self._opened is not None:
            self._opened.retired = True
            self._opened.close_if_unused()
            self._opened = None


class _Opened:
    """A searcher, its commit, and how many requests use it."""

    def __init__(self, searcher: Searcher, generation: int) -> None:
        self.searcher = searcher
        self.generation = generation
        self.users = 0
        self.retired = False

    def close_if_unused(self) -> None:
        if self.retired and not self.users:
            self.searcher.close()
