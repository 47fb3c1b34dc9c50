"""An index that is open for reading: from its opening to its closing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from corpus.errors import IndexDamaged
from index.schema import Field, name_term

from .correction.rewrite import CorrectedQuery
from .engine import OpenedIndex
from .index_location import IndexLocation, parse_location
from .opening import opened_index
from .pipeline import PreparedQuery, QueryPipeline
from .query.parser import parse, phrase_query
from .query.tree import Query
from .selection import Selection
from .succession import Succession
from .synonyms import Groups, read_synonyms

if TYPE_CHECKING:
    from index.opensearch.access import Access

_NO_TIMES = "the index has no times of files; chaja build --rebuild adds them"
_CLOSED = "the searcher is closed"


class IndexReader:
    """An index at one commit, and how queries of it are read; a context manager.

    The classes that extend it add what can be asked. Each of their public methods that reads the
    index is marked `on_one_commit`, and reads it inside `_reading`.
    """

    def __init__(self, index: OpenedIndex, *, synonyms: Groups | None = None) -> None:
        self._index = index
        self._engine = index.engine
        self._analyzer = index.analyzer
        self._pipeline = QueryPipeline(index.engine, index.analyzer, synonyms=synonyms)
        self._closed = False
        self._succession: Succession[Any] | None = None

    @classmethod
    def open(
        cls,
        location: IndexLocation | str,
        *,
        synonyms: Path | None = None,
        access: Access | None = None,
    ) -> Self:
        """Open the index at a location: the folder that a build was given, or a cluster's address.

        `synonyms` is a file with lines of words that mean the same, separated by tabs or commas;
        `access` tells a cluster who asks. If the newest commit in a folder cannot be opened, open
        the one before; all results then have a note. Raises IndexMissing, IndexDamaged,
        IndexOutdated, AnalyzerMismatch, GlossaryError and ClusterError.
        """
        groups = None if synonyms is None else read_synonyms(synonyms)
        place = parse_location(location) if isinstance(location, str) else location
        opened = partial(opened_index, place, access, partial(cls, synonyms=groups))
        first = opened()
        if isinstance(place, Path):
            return first  # its files stay as they are
        from copy import copy  # imported late: an index in a folder needs none

        searcher = copy(first)
        searcher._succession = Succession(first, opened)
        return searcher

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of the index: that an earlier commit was opened, and why."""
        index = self._newest()._index
        return (index.note,) if index.note else ()

    @property
    def built(self) -> str:
        """The time of the build that was opened, in ISO 8601."""
        return self._newest()._index.built

    def _newest(self) -> Self:
        return self._succession.newest if self._succession else self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files of the index; later searches raise ValueError."""
        self._closed = True
        if self._succession is None:
            self._index.close()
        else:
            self._succession.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turn errors from damaged files into IndexDamaged, from closed ones into ValueError."""
        if self._closed:
            raise ValueError(_CLOSED)
        try:
            with self._index.reading():
                yield
        except (IndexDamaged, ValueError) as error:  # an unmapped array raises ValueError
            if self._closed:  # by another thread meanwhile
                raise ValueError(_CLOSED) from error
            raise

    def _parsed(self, query: str) -> Query:
        return parse(query, is_field=self._has_field)

    def _has_field(self, name: str) -> bool:
        return self._engine.frequency(Field.FIELD, name_term(name)) > 0

    def _prepared(
        self, query: str, *, phrase: bool = False, bridge: bool, strict: bool
    ) -> PreparedQuery:
        """Return a query, or its words as a phrase, without a selection."""

        def read() -> CorrectedQuery:
            parsed = phrase_query(query) if phrase else self._parsed(query)
            return self._corrected(parsed, bridge=bridge, strict=strict)

        return self._pipeline.prepared(read, Selection(0), translate=bridge)

    def _corrected(self, query: Query, *, bridge: bool, strict: bool) -> CorrectedQuery:
        if strict:
            return self._pipeline.as_typed(query, translate=bridge)
        return self._pipeline.corrected(query, translate=bridge)

    def _notes_for(self, selection: Selection) -> tuple[str, ...]:
        lacks_times = selection.uses_modified and not self._engine.has_times()
        return (*self.notes, _NO_TIMES) if lacks_times else self.notes
