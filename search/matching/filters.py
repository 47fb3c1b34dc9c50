"""Conditions on documents, as sets of passages that are kept: a filter is asked for again."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.language import LANGUAGES
from index.analysis.normalize import normal_form
from index.arrays.array_types import Indices, Mask
from index.arrays.term_dictionary import text_of
from index.schema import Field, span_of
from index.snapshot import Snapshot

from ..query.tree import Filter, dates_of
from .passage_set import FilterCache, PassageSet

_FAR_FUTURE = 99_999_999


class Conditions:
    """Evaluates filters over one snapshot; threads may share it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._kept = FilterCache()

    def find(self, condition: Filter) -> PassageSet:
        """Return the passages that a filter lets through, deleted ones among them."""
        return self._kept.get(condition, lambda: self._found(condition))

    def _found(self, condition: Filter) -> PassageSet:
        size = self._snapshot.size
        if condition.field == "path":
            return PassageSet.any_of(size, self._paths(condition.value))
        measures = self._snapshot.measures
        if condition.field == "lang":
            documents = measures.language == LANGUAGES.index(condition.value)
        else:
            documents = self._dated(condition.value)
        return PassageSet(size, mask=documents[measures.document])

    def _paths(self, value: str) -> Iterator[Indices]:
        wanted = normal_form(value)
        for path in self._snapshot.terms(Field.PATH):
            if wanted in normal_form(text_of(path)):
                found = self._snapshot.posting_list(Field.PATH, path)
                if found is not None:
                    yield found.passages

    def _dated(self, value: str) -> Mask:
        """Return the documents whose date overlaps the one asked for."""
        first, last = dates_of(value) or ("", "")
        earliest = span_of(first)[0] if first else 1
        latest = span_of(last)[1] if last else _FAR_FUTURE
        measures = self._snapshot.measures
        mask: Mask = (measures.first_day <= latest) & (measures.last_day >= earliest)
        return mask
