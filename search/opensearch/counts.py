"""How many passages or documents have a term or match a node, asked of the cluster together.

A query needs many counts, one after another as it is read. So it is read twice: first every count
that is not known is taken for a large one, and remembered; then all of these are asked at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from threading import local
from typing import TypeAlias, TypeVar

import numpy as np

from index.arrays.array_types import Int64s
from index.fork_locks import CACHE_LOCK
from index.opensearch.terms import keyword
from index.schema import Field

from ..engine import Key
from ..query.tree import Node
from .conditions import term_of
from .view import MOST_CLAUSES, Body, ClusterView

# Where the terms of a field are looked up: in passages, or in one passage of each document.
PASSAGE_FIELDS = {
    Field.BODY: "body",
    Field.BIGRAM: "gram",
    Field.TITLE: "title",
    Field.META: "meta",
}
# Counts are kept for at most so many terms and nodes.
_MOST_CACHED = 200_000
# What an unknown count is taken for: more than what is rare, whatever the size of the index.
_COMMON = 1_000
# Most passes over a query until all its counts are known.
_PASSES = 8

_T = TypeVar("_T")


class DocumentTerm(str):
    """A term of the title or text of documents."""

    __slots__ = ()


# What is counted: passages with a term or that a node matches, or documents with a term.
CountKey: TypeAlias = Key | DocumentTerm | Node


class Counts:
    """The counts of one commit; `condition` returns the condition of a node. Threads share it."""

    def __init__(self, view: ClusterView, condition: Callable[[Node], Body], *, size: int) -> None:
        self._view = view
        self._condition = condition
        self._stand_in = max(size, _COMMON)
        self._known: dict[CountKey, int] = {}
        self._reading = local()  # what this thread still has to ask

    def settled(self, compute: Callable[[], _T]) -> _T:
        """Return what `compute` returns once all counts that it asks for are known."""
        if getattr(self._reading, "missing", None) is not None:
            return compute()  # inside of another
        try:
            for _ in range(_PASSES):
                self._reading.missing = {}
                result = compute()
                if not self._reading.missing:
                    return result
                self.look_up([*self._reading.missing])
        finally:
            self._reading.missing = None
        return compute()

    def expect(self, keys: Iterable[CountKey]) -> None:
        """Take note of what will be asked."""
        missing = getattr(self._reading, "missing", None)
        if missing is not None:
            every = chain.from_iterable(map(_with_documents, keys))
            missing.update((key, None) for key in every if key not in self._known)

    def of(self, key: CountKey) -> int:
        """Return a count."""
        known = self._known.get(key)
        if known is not None:
            return known
        missing = getattr(self._reading, "missing", None)
        if missing is None:
            return self.look_up([key])[key]
        missing.update((each, None) for each in _with_documents(key) if each not in self._known)
        return self._stand_in

    def look_up(self, keys: Iterable[CountKey]) -> Mapping[CountKey, int]:
        """Return counts, those that are not known asked for in one request."""
        known = self._known  # another thread may put a new one in its place
        counts = {key: known.get(key) for key in keys}
        found = self._asked([key for key, count in counts.items() if count is None])
        with CACHE_LOCK:
            if len(self._known) + len(found) > _MOST_CACHED:
                self._known = {}
            self._known |= found
        return {key: found[key] if count is None else count for key, count in counts.items()}

    def _asked(self, keys: Sequence[CountKey]) -> dict[CountKey, int]:
        of_documents = [key for key in keys if isinstance(key, DocumentTerm)]
        of_passages = [key for key in keys if not isinstance(key, DocumentTerm)]
        groups = [(False, some) for some in _chunks(of_passages)]
        groups += [(True, some) for some in _chunks(of_documents)]
        bodies = [self._body(some, documents=documents) for documents, some in groups]
        found: dict[CountKey, int] = {}
        for (_, some), answer in zip(groups, self._view.searches(bodies), strict=True):
            buckets = answer["aggregations"]["counts"]["buckets"]
            found |= {key: buckets[str(row)]["doc_count"] for row, key in enumerate(some)}
        return found

    def many(self, keys: Sequence[CountKey]) -> Int64s:
        """Return many counts."""
        found = self.look_up(keys)
        return np.array([found[key] for key in keys], np.int64)

    def _body(self, keys: Sequence[CountKey], *, documents: bool) -> Body:
        filters = {str(row): self._filter(key) for row, key in enumerate(keys)}
        return {
            "size": 0,
            "track_total_hits": False,
            "query": self._view.of("documents" if documents else "passages"),
            "aggs": {"counts": {"filters": {"filters": filters}}},
        }

    def _filter(self, key: CountKey) -> Body:
        if isinstance(key, DocumentTerm):
            return term_of("text", key)
        if isinstance(key, Node):
            return self._condition(key)
        field, term = key
        if field is Field.FIELD:
            own: Body = {"term": {"field": {"value": keyword(term)}}}
            return {"bool": {"filter": [own, {"term": {"ordinal": 0}}]}}
        return term_of(PASSAGE_FIELDS[field], term)


def _with_documents(key: CountKey) -> tuple[CountKey, ...]:
    """Return a key, and that of the documents with a term, by which one may be ranked later."""
    if isinstance(key, tuple) and key[0] is Field.BODY:
        return key, DocumentTerm(key[1])
    return (key,)


def _chunks(keys: Sequence[CountKey]) -> list[Sequence[CountKey]]:
    starts = range(0, len(keys), MOST_CLAUSES)
    return [keys[start : start + MOST_CLAUSES] for start in starts]
