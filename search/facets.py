"""Facets: how many of the passages that match a query have each value."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from corpus.language import LANGUAGES
from index.arrays.array_types import AnyArray, Indices, Int64s
from index.snapshot import Snapshot

from .query.dates import day_start
from .results import FacetCount

# In yyyymmdd, and in yyyymm.
_MONTH, _YEAR = 100, 100


def facets_of(
    snapshot: Snapshot, passages: Indices, names: Iterable[str]
) -> Mapping[str, tuple[FacetCount, ...]]:
    """Return facets, in the order of `names`, over passages that ascend.

    The counts of each add up to the number of passages. Years and months are in order, other values
    most first; a date without a month counts as its year.
    """
    matches = _Matches(snapshot, passages)
    return {name: _FACETS[name](matches) for name in names}


class _Matches:
    """The documents of some passages, each with the number of its passages."""

    def __init__(self, snapshot: Snapshot, passages: Indices) -> None:
        self.snapshot = snapshot
        documents = snapshot.doc_values.document.take(passages)
        firsts = np.empty(len(documents), np.bool_)
        firsts[:1] = True
        np.not_equal(documents[1:], documents[:-1], out=firsts[1:])
        starts = firsts.nonzero()[0]
        self.documents = documents.take(starts)
        self._passages = np.diff(starts, append=len(documents))

    def count(self, numbers: AnyArray) -> list[tuple[int, int]]:
        """Return the distinct ones of the documents' numbers, and how many passages have each."""
        counts = np.bincount(numbers, weights=self._passages)
        found = counts.nonzero()[0]
        return list(zip(found.tolist(), counts.take(found).astype(np.int64).tolist(), strict=True))


def _by_language(matches: _Matches) -> tuple[FacetCount, ...]:
    numbers = matches.snapshot.doc_values.language.take(matches.documents)
    names = (*LANGUAGES, "")
    return _most_first({names[number]: count for number, count in matches.count(numbers)})


def _by_label(matches: _Matches, name: str) -> Mapping[str, int]:
    names, numbers = matches.snapshot.labels(name)
    return {names[n]: count for n, count in matches.count(numbers.take(matches.documents))}


def _by_filetype(matches: _Matches) -> tuple[FacetCount, ...]:
    return _most_first(_by_label(matches, "filetype"))


def _by_folder(matches: _Matches) -> tuple[FacetCount, ...]:
    """Count by the folders in the deepest one that all passages are in, and by that itself."""
    folders = _by_label(matches, "folder")
    paths = {folder: folder.split("/") if folder else [] for folder in folders}
    depth = _shared([*paths.values()]) + 1
    counts: dict[str, int] = {}
    for folder, count in folders.items():
        shown = "/".join(paths[folder][:depth])
        counts[shown] = counts.get(shown, 0) + count
    return _most_first(counts)


def _shared(paths: Sequence[list[str]]) -> int:
    """Return how many parts all paths begin with, at most one of them whole."""
    if not paths:
        return 0
    first, last = min(paths), max(paths)
    pairs = enumerate(zip(first, last, strict=False))
    return next((depth for depth, (one, other) in pairs if one != other), len(first))


def _by_date(matches: _Matches, *, months: bool) -> tuple[FacetCount, ...]:
    doc_values, documents = matches.snapshot.doc_values, matches.documents
    first, last = (
        column.take(documents).astype(np.int64) // _MONTH
        for column in (doc_values.first_day, doc_values.last_day)
    )
    years = first // _YEAR * _YEAR
    return _in_order(matches, np.where(first == last, first, years) if months else years)


def _by_modified(matches: _Matches, *, months: bool) -> tuple[FacetCount, ...]:
    seconds = matches.snapshot.doc_values.modified.take(matches.documents)
    known = seconds[seconds > 0]
    if not len(known):
        return _in_order(matches, np.zeros(len(seconds), np.int64))
    first, last = (time.localtime(int(end)).tm_year for end in (known.min(), known.max()))
    starts = [
        year * _YEAR + month
        for year in range(first, last + 1)
        for month in (range(1, 13) if months else (1,))
    ]
    times = np.array([day_start(start * _MONTH + 1) for start in starts], np.int64)
    numbers = np.array(starts, np.int64) if months else np.array(starts, np.int64) - 1
    found = numbers.take(times.searchsorted(seconds, side="right") - 1)
    return _in_order(matches, np.where(seconds > 0, found, 0))


def _in_order(matches: _Matches, numbers: Int64s) -> tuple[FacetCount, ...]:
    """Return the counts of months, or of years as those before their first month."""
    return tuple(FacetCount(_date(number), count) for number, count in matches.count(numbers))


def _date(number: int) -> str:
    year, month = divmod(number, _YEAR)
    return "-".join([f"{year:04}"] * (year > 0) + [f"{month:02}"] * (month > 0))


def _most_first(counts: Mapping[str, int]) -> tuple[FacetCount, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetCount(*item) for item in ordered)


_FACETS: Mapping[str, Callable[[_Matches], tuple[FacetCount, ...]]] = {
    "language": _by_language,
    "folder": _by_folder,
    "filetype": _by_filetype,
    "year": partial(_by_date, months=False),
    "month": partial(_by_date, months=True),
    "modified_year": partial(_by_modified, months=False),
    "modified_month": partial(_by_modified, months=True),
}
