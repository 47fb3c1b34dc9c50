"""Facets made of the counts of labels, and the labels of dates."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from .results import FacetCount

# In yyyymmdd, and in yyyymm.
MONTH, YEAR = 100, 100
OF_FILES = ("modified_year", "modified_month")
_OF_DATES = ("year", "month", *OF_FILES)


def facet_of(name: str, counts: Mapping[str, int]) -> tuple[FacetCount, ...]:
    """Return the facet of a name from the counts of its labels.

    Years and months are in order, other values most first.
    """
    if name in _OF_DATES:
        return tuple(FacetCount(*item) for item in sorted(counts.items()))
    if name == "folder":
        counts = _by_first_folder(counts)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetCount(*item) for item in ordered)


def periods(first: int, last: int, *, months: bool) -> list[int]:
    """Return the years (yyyy00) or months (yyyymm) of the times from `first` to `last`, here."""
    years = (time.localtime(end).tm_year for end in (first, last))
    start, end = years
    return [
        year * YEAR + month
        for year in range(start, end + 1)
        for month in (range(1, 13) if months else (0,))
    ]


def label_of_date(number: int) -> str:
    """Return a month (yyyymm), or a year as that before its first month, in ISO 8601; "" for 0."""
    year, month = divmod(number, YEAR)
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
