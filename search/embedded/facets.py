"""Facets: how many of the passages that match a query have each value."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from corpus.language import LANGUAGES
from index.arrays.array_types import AnyArray, Indices, Int64s
from index.arrays.ragged import changes
from index.segment.path_labels import LABELS, Labels
from index.snapshot import Snapshot

from ..query.dates import day_start
from ..results import FacetCount

# In yyyymmdd, and in yyyymm.
_MONTH, _YEAR = 100, 100
_OF_FILES = ("modified_year", "modified_month")
_OF_DATES = ("year", "month", *_OF_FILES)


def facets_of(
    snapshot: Snapshot, passages: Indices, names: Iterable[str]
) -> Mapping[str, tuple[FacetCount, ...]]:
    """Return facets, in the order of `names`, over passages that ascend.

    The counts of each add up to the number of passages. Years and months are in order, other values
    most first; a date without a month counts as its year.
    """
    matches = _Matches(snapshot, passages)
    return {name: _facet(name, matches.count(_labels(snapshot, name))) for name in names}


def _facet(name: str, counts: Mapping[str, int]) -> tuple[FacetCount, ...]:
    if name in _OF_DATES:
        return tuple(FacetCount(*item) for item in sorted(counts.items()))
    if name == "folder":
        counts = _by_first_folder(counts)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetCount(*item) for item in ordered)


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
    if name in _OF_FILES:
        return _of_files(doc_values.modified, months=name.endswith("month"))
    months, last = doc_values.first_day // _MONTH, doc_values.last_day // _MONTH
    years = months // _YEAR * _YEAR
    return _dates(years if name == "year" else np.where(months == last, months, years))


def _of_files(seconds: AnyArray, *, months: bool) -> Labels:
    """Return the months or years of times, as they are here; none for 0."""
    known = seconds[seconds > 0]
    if not len(known):
        return _dates(np.zeros(len(seconds), np.int64))
    first, last = (time.localtime(int(end)).tm_year for end in (known.min(), known.max()))
    starts = [
        year * _YEAR + month
        for year in range(first, last + 1)
        for month in (range(1, 13) if months else (1,))
    ]
    times = np.array([day_start(start * _MONTH + 1) for start in starts], np.int64)
    numbers = np.array(starts, np.int64) - (not months)
    found = numbers.take(times.searchsorted(seconds, side="right") - 1)
    return _dates(np.where(seconds > 0, found, 0))


def _dates(numbers: AnyArray) -> Labels:
    """Return labels for months (yyyymm), for years as those before their first month, and for 0."""
    found = np.bincount(numbers).nonzero()[0]
    table = np.zeros(int(found.max(initial=0)) + 1, np.uint32)
    table[found] = np.arange(len(found))
    return Labels([*map(_date, found.tolist())], table.take(numbers))


def _date(number: int) -> str:
    year, month = divmod(number, _YEAR)
    return "-".join([f"{year:04}"] * (year > 0) + [f"{month:02}"] * (month > 0))


def _by_first_folder(folders: Mapping[str, int]) -> Mapping[str, int]:
    """Return the counts of the folders in the deepest one that all are in, and of that itself."""
    paths = {folder: folder.split("/") if folder else [] for folder in folders}
    depth = _shared([*paths.values()]) + 1
    counts: dict[str, int] = {}
    for folder, count in folders.items():
        shown = "/".join(paths[folder][:depth])
        counts[shown] = counts.get(shown, 0) + count
    return counts


def _shared(paths: Sequence[list[str]]) -> int:
    """Return how many parts all paths begin with."""
    if not paths:
        return 0
    first, last = min(paths), max(paths)
    pairs = enumerate(zip(first, last, strict=False))
    return next((depth for depth, (one, other) in pairs if one != other), len(first))
