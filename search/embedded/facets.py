"""Facets: how many of the passages that match a query have each value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import numpy as np

from corpus.language import LANGUAGES
from index.arrays.array_types import AnyArray, Indices, Int64s
from index.arrays.ragged import changes
from index.segment.path_labels import LABELS, Labels
from index.snapshot import Snapshot

from ..facets import MONTH, OF_FILES, YEAR, facet_of, label_of_date, periods
from ..query.dates import day_start
from ..results import FacetCount


def facets_of(
    snapshot: Snapshot, passages: Indices, names: Iterable[str]
) -> Mapping[str, tuple[FacetCount, ...]]:
    """Return facets, in the order of `names`, over passages that ascend.

    The counts of each add up to the number of passages. Years and months are in order, other values
    most first; a date without a month counts as its year.
    """
    matches = _Matches(snapshot, passages)
    return {name: facet_of(name, matches.count(_labels(snapshot, name))) for name in names}


class _Matches:
    """The documents of some passages, each with the number of its passages, None for one each."""

    def __init__(self, snapshot: Snapshot, passages: Indices) -> None:
        self._documents: Indices = passages
        self._passages: Int64s | None = None
        column = snapshot.doc_values.document
        if len(snapshot.firsts) - 1 < len(column):
            documents = column.take(passages).astype(np.intp)
            firsts = changes(documents)
            self._documents = documents[firsts]
            self._passages = np.diff(firsts.nonzero()[0], append=len(documents))

    def count(self, labels: Labels) -> Mapping[str, int]:
        """Return the number of passages by label, without labels that none has."""
        counts = np.bincount(labels.numbers.take(self._documents), weights=self._passages)
        found = counts.nonzero()[0]
        numbers = counts.take(found).astype(np.int64).tolist()
        return {labels.names[n]: count for n, count in zip(found.tolist(), numbers, strict=True)}


def _labels(snapshot: Snapshot, name: str) -> Labels:
    """Return the value of each document; those that follow from doc values are made once."""
    if name in LABELS:
        return snapshot.labels(name)
    return snapshot.labels(name, partial(_made, name))


def _made(name: str, snapshot: Snapshot) -> Labels:
    doc_values = snapshot.doc_values
    if name == "language":
        return Labels([*LANGUAGES, ""], doc_values.language)
    if name in OF_FILES:
        return _of_files(doc_values.modified, months=name.endswith("month"))
    months, last = doc_values.first_day // MONTH, doc_values.last_day // MONTH
    years = months // YEAR * YEAR
    return _dates(years if name == "year" else np.where(months == last, months, years))


def _of_files(seconds: AnyArray, *, months: bool) -> Labels:
    """Return the months or years of times, as they are here; none for 0."""
    known = seconds[seconds > 0]
    if not len(known):
        return _dates(np.zeros(len(seconds), np.int64))
    numbers = periods(int(known.min()), int(known.max()), months=months)
    starts = [day_start((number + (not months)) * MONTH + 1) for number in numbers]
    rows = np.array(starts, np.int64).searchsorted(seconds, side="right") - 1
    found = np.array(numbers, np.int64).take(rows)
    return _dates(np.where(seconds > 0, found, 0))


def _dates(numbers: AnyArray) -> Labels:
    """Return labels for months (yyyymm), for years as those before their first month, and for 0."""
    found = np.bincount(numbers).nonzero()[0]
    table = np.zeros(int(found.max(initial=0)) + 1, np.uint32)
    table[found] = np.arange(len(found))
    return Labels([*map(label_of_date, found.tolist())], table.take(numbers))
