"""Ragged arrays (rows of different lengths, as concatenated numbers and sizes) and sorted sets."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .array_types import AnyArray, Int64s, Mask


def before(numbers: AnyArray) -> Int64s:
    """Return the exclusive prefix sums of the numbers, and their total as the last element."""
    sums = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum(numbers, out=sums[1:])
    return sums


def distinct(numbers: AnyArray) -> AnyArray:
    """Return the distinct numbers, ascending."""
    # Not by np.unique, whose first call loads numpy.ma: a tenth of a cold command.
    ordered = np.sort(numbers)
    return ordered[changes(ordered)]


def changes(ordered: AnyArray) -> Mask:
    """Return a mask of the first of each run of equal numbers."""
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first


def among(some: AnyArray, others: AnyArray) -> Mask:
    """Return a mask of the numbers of `some` that are in `others`, which ascend."""
    if not len(others):
        return np.zeros(len(some), dtype=np.bool_)
    found: Mask = others.take(others.searchsorted(some), mode="clip") == some
    return found


def common(some: AnyArray, others: AnyArray) -> AnyArray:
    """Return the intersection of two ascending arrays; looks up the shorter in the longer."""
    if len(some) > len(others):
        some, others = others, some
    found: AnyArray = some[among(some, others)]
    return found


def concatenated(parts: Iterable[Int64s]) -> Int64s:
    """Concatenate arrays, of which there may be none."""
    return np.concatenate([np.zeros(0, np.int64), *parts])


def sums(numbers: AnyArray, sizes: AnyArray) -> Int64s:
    """Return the sum of each row of `numbers`."""
    ends = np.cumsum(sizes, dtype=np.int64)
    running = before(numbers)
    totals: Int64s = running[ends] - running[ends - sizes]
    return totals


def range_indices(starts: AnyArray, sizes: AnyArray) -> Int64s:
    """Return the concatenated ranges from each of `starts` on, of the lengths `sizes`."""
    indices = np.repeat(starts - before(sizes)[:-1], sizes)
    indices += np.arange(len(indices))
    return indices


def row_indices(rows: AnyArray, sizes: AnyArray) -> Int64s:
    """Return the indices of the numbers of some rows; `sizes` are those of all rows."""
    return range_indices(before(sizes)[rows], sizes[rows])
