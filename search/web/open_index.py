"""The index that the server has open, reopened when a build has committed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from corpus.errors import IndexMissing

from ..searcher import Searcher
from .index_source import IndexState, source_of
from .refusals import Place

if TYPE_CHECKING:
    from index.opensearch.access import Access

    from ..edit_glossary import GlossaryEditor
    from ..index_location import IndexLocation


class OpenIndex:
    """The searcher of an index at its newest commit, for any number of threads.

    A build is seen by the next request: a request keeps the commit that it began with, and the
    last one that uses an older commit closes it. So is an index that was deleted and built again.
    Of an index on a cluster, to which `cluster` gives access, a build is seen within seconds.
    """

    def __init__(
        self,
        location: IndexLocation,
        *,
        synonyms: Path | None = None,
        cluster: Access | None = None,
    ) -> None:
        self._source = source_of(location, cluster)
        self._synonyms = synonyms and Path(os.path.abspath(synonyms))
        self._lock = Lock()
        self._opened: _Opened | None = None

    @property
    def name(self) -> str:
        """The name of the folder that contains the index, or that of an index on a cluster."""
        return self._source.name

    @property
    def folder(self) -> Path:
        """The folder to which the paths of documents are relative.

        It contains the index; for one on a cluster it is the current folder.
        """
        return self._source.folder

    @property
    def places(self) -> tuple[Place, ...]:
        """What an error may name, and an answer must not."""
        own = self._source.places
        return (*own, self._synonyms) if self._synonyms else own

    @property
    def glossary(self) -> GlossaryEditor:
        """What lists and changes the translations; `changed` tells that it has."""
        return self._source.glossary

    def file(self, path: str, searcher: Searcher) -> Path | None:
        """Return the file of a document by its path; None if it is of a program, or not here."""
        return self._source.file(path) if searcher.has_file(path) else None

    def changed(self) -> None:
        """Have the next request read what was just changed."""
        self._source.expire()

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
        self._source.close()

    @contextmanager
    def commit(self) -> Iterator[tuple[Searcher, int]]:
        """Give a searcher for one request, and the number of its commit, which grows with each.

        Raises IndexMissing if the index is gone, OSError, and what Searcher.open raises.
        """
        self._source.look()
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
        try:
            state = self._source.state()
        except IndexMissing:
            self._retire()
            raise
        if self._opened is not None and self._opened.state == state:
            return self._opened
        self._retire()
        self._opened = _Opened(self._source.open(self._synonyms), state)
        return self._opened

    def _retire(self) -> None:
        if self._opened is not None:
            self._opened.retired = True
            self._opened.close_if_unused()
            self._opened = None


class _Opened:
    """A searcher, its commit, and how many requests use it."""

    def __init__(self, searcher: Searcher, state: IndexState) -> None:
        self.searcher = searcher
        self.state = state
        self.users = 0
        self.retired = False

    def close_if_unused(self) -> None:
        if self.retired and not self.users:
            self.searcher.close()
