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
        self._opening = Lock()
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
        self._replace(None)
        self._source.close()

    @contextmanager
    def commit(self) -> Iterator[tuple[Searcher, int]]:
        """Give a searcher for one request, and the number of its commit, which grows with each.

        Raises IndexMissing if the index is gone, OSError, and what Searcher.open raises.
        """
        self._source.look()
        opened = self._taken()
        try:
            yield opened.searcher, opened.state.generation
        finally:
            self._given_back(opened)

    def _taken(self) -> _Opened:
        """Return the newest commit, opened if it is not yet, for one more user."""
        state = self._state()
        if opened := self._used(state):
            return opened
        # Opening one on a cluster takes a while, in which requests that have one can end.
        with self._opening:
            state = self._state()
            if opened := self._used(state):
                return opened
            self._replace(None)
            opened = _Opened(self._source.open(self._synonyms), state, users=1)
            self._replace(opened)
            return opened

    def _state(self) -> IndexState:
        try:
            return self._source.state()
        except IndexMissing:
            self._replace(None)
            raise

    def _used(self, state: IndexState) -> _Opened | None:
        with self._lock:
            if self._opened is None or self._opened.state != state:
                return None
            self._opened.users += 1
            return self._opened

    def _replace(self, new: _Opened | None) -> None:
        """Put another commit in the place of the one that is open."""
        with self._lock:
            before, self._opened = self._opened, new
            is_unused = before is not None and before.retire()
        if before is not None and is_unused:
            before.searcher.close()

    def _given_back(self, opened: _Opened) -> None:
        with self._lock:
            opened.users -= 1
            is_over = opened.is_over
        if is_over:
            opened.searcher.close()


class _Opened:
    """A searcher, its commit, and how many requests use it."""

    def __init__(self, searcher: Searcher, state: IndexState, *, users: int) -> None:
        self.searcher = searcher
        self.state = state
        self.users = users
        self._is_retired = False

    @property
    def is_over(self) -> bool:
        """Whether it is retired, and nobody uses it."""
        return self._is_retired and not self.users

    def retire(self) -> bool:
        """Give it to no other request; return whether it is over."""
        self._is_retired = True
        return self.is_over
