"""Formats what is said of all passages that match: their number and their facets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..results import FacetCount, Results, Total
from .terminal import columns, hanging, printable

# Values shown of each facet.
_MOST = 10
_NAMES = {"filetype": "type"}
_UNKNOWN = "(none)"
TOP_FOLDER = "."  # that of the index, whose files have no folder in their paths


def number_of(total: Total) -> str:
    """Return the number of passages, as 1,234 or "more than 10,000"."""
    return f"{'' if total.exact else 'more than '}{total.passages:,}"


def total_line(results: Results, *, first: int) -> str:
    """Return how many of the passages that match are shown; `first` is the rank of the first."""
    shown = f"{len(results):,}" if first == 1 else f"{first:,}–{first + len(results) - 1:,}"
    plural = "" if results.total == (1, 1, True) else "s"
    return f"{shown} of {number_of(results.total)} passage{plural}"


def facet_lines(facets: Mapping[str, Sequence[FacetCount]]) -> Iterator[str]:
    """Yield each facet: its values, and the number of passages of each.

    Lines end where the terminal does, behind a comma if they can.
    """
    width = columns()
    for name, counts in facets.items():
        without = TOP_FOLDER if name == "folder" else _UNKNOWN
        values = [
            f"{printable(each.value) or without}\xa0{each.passages:,}" for each in counts[:_MOST]
        ]
        more = [f"{len(counts) - _MOST:,}\xa0more"] if len(counts) > _MOST else []
        yield from hanging(f"{_NAMES.get(name, name)}: {', '.join([*values, *more])}", width)
