"""What is known of passages and documents from answers of the cluster: their doc values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from index.arrays.array_types import Int64s
from index.fork_locks import CACHE_LOCK
from index.opensearch.stored_fields import ESCAPED
from index.value import NamedTuple

from .view import PAGE, Body, ClusterView

# The doc values of a passage, in the order of `PassageValues`.
PASSAGE_VALUES = ("number", "doc", "text_key", "title_key", "body_length", "gram_length")
_MOST_KNOWN = 500_000


class PassageValues(NamedTuple):
    """The doc values of a passage that a search returned."""

    number: int
    document: int
    text_key: int
    title_key: int
    body_length: int
    gram_length: int


class KnownPassages:
    """The doc values of passages, asked for once; threads share it."""

    def __init__(self, view: ClusterView) -> None:
        self._view = view
        self._passages: dict[int, PassageValues] = {}
        self._text_keys: dict[int, int] = {}  # of documents

    def add(self, rows: Iterable[Mapping[str, Any]]) -> list[int]:
        """Keep the doc values of passages, and return their numbers."""
        return [*self._kept([*map(_values, rows)])]

    def _kept(self, rows: Iterable[PassageValues]) -> Mapping[int, PassageValues]:
        found = {values.number: values for values in rows}
        with CACHE_LOCK:
            if len(self._passages) > _MOST_KNOWN:
                self._passages, self._text_keys = {}, {}
            self._passages.update(found)
            self._text_keys.update((each.document, each.text_key) for each in found.values())
        return found

    def of(self, passages: Sequence[int]) -> list[PassageValues]:
        """Return the doc values of passages."""
        known = self._passages  # another thread may put a new one in its place
        missing = [each for each in passages if each not in known]
        if missing:
            found = self._looked_up(missing)
            return [found.get(each) or known[each] for each in passages]
        return [known[each] for each in passages]

    def known(self, passages: Iterable[int]) -> list[PassageValues]:
        """Return the doc values of those of some passages that are known."""
        return [self._passages[each] for each in passages if each in self._passages]

    def documents(self, passages: Int64s) -> Int64s:
        """Return the document of each passage."""
        return np.array([each.document for each in self.of(passages.tolist())], np.int64)

    def text_keys(self, documents: Int64s) -> Int64s:
        """Return the text key of each document."""
        known, wanted = self._text_keys, documents.tolist()
        # The number of a document is that of its first passage.
        values = self.of([each for each in wanted if each not in known])
        found = {each.document: each.text_key for each in values}
        keys = [found[each] if each in found else known[each] for each in wanted]
        return np.array(keys, np.int64)

    def _looked_up(self, passages: Sequence[int]) -> Mapping[int, PassageValues]:
        """Return the doc values of passages that are not known, by number."""
        pages = (passages[start : start + PAGE] for start in range(0, len(passages), PAGE))
        bodies: list[Body] = [
            {
                "size": len(page),
                **WITHOUT_STORED,
                "docvalue_fields": PASSAGE_VALUES,
                "query": {"bool": {"filter": [self._view.of("passages"), numbered(page)]}},
            }
            for page in pages
        ]
        found: dict[int, PassageValues] = {}
        for answer in self._view.searches(bodies):
            rows = [_values(hit["fields"]) for hit in answer.get("hits", {}).get("hits", ())]
            found |= self._kept(rows)
        return found


def of_stored(field: str) -> list[str]:
    """Return what is asked for of `_source`, to read a stored field with `stored_of`."""
    return [f"stored.{field}", f"stored.{ESCAPED}"]


# A search for doc values only, which is three times as fast.
WITHOUT_STORED: Mapping[str, Any] = {
    "_source": False,
    "stored_fields": "_none_",
    "track_total_hits": False,
}


def numbered(numbers: Sequence[int]) -> Body:
    """Return the condition that passages or documents have one of some numbers."""
    return {"terms": {"number": list(numbers)}}


def _values(row: Mapping[str, Any]) -> PassageValues:
    return PassageValues(*(int(row[name][0]) for name in PASSAGE_VALUES))
