"""Filters on documents, evaluated to cached sets of passages."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.language import LANGUAGES
from index.analysis.normalize import normal_form
from index.arrays.array_types import Indices, Mask
from index.arrays.term_dictionary import text_of
from index.schema import Field, span_of
from index.snapshot import Snapshot

from ..query.tree import Filter, date_range
from .passage_set import FilterCache, PassageSet

_FAR_FUTURE = 99_999_999


class FilterEvaluator:
    """Evaluates filters on a snapshot; thread-safe."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._cache = FilterCache()

    def find(self, node: Filter) -> PassageSet:
        """Return the passages that pass a filter, including deleted ones."""
        return self._cache.get(node, lambda: self._evaluated(node))

    def _evaluated(self, node: Filter) -> PassageSet:
        size = self._snapshot.size
        if node.field == "path":
            return PassageSet.any_of(size, self._by_path(node.value))
        doc_values = self._snapshot.doc_values
        if node.field == "lang":
            documents = doc_values.language == LANGUAGES.index(node.value)
        else:
            documents = self._by_date(node.value)
        return PassageSet(size, mask=documents[doc_values.document])

    def _by_path(self, value: str) -> Iterator[Indices]:
        value = normal_form(value)
        for path in self._snapshot.terms(Field.PATH):
            if value in normal_form(text_of(path)):
                postings = self._snapshot.posting_list(Field.PATH, path)
                if postings is not None:
                    yield postings.passages

    def _by_date(self, value: str) -> Mask:
        """Return a mask of the documents whose date overlaps the given one."""
        first, last = date_range(value) or ("", "")
        earliest = span_of(first)[0] if first else 1
        latest = span_of(last)[1] if last else _FAR_FUTURE
        doc_values = self._snapshot.doc_values
        mask: Mask = (doc_values.first_day <= latest) & (doc_values.last_day >= earliest)
        return mask
