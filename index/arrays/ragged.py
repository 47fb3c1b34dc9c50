"""Rows of numbers of different lengths, kept as all numbers one behind the other and a length each.

With numpy, such rows are taken apart and put together without a loop in Python.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .array_types import AnyArray, Int64s, Mask


def before(numbers: AnyArray) -> Int64s:
    """Return the sum of the numbers before each place, and of all of them behind the last."""
    sums = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum(numbers, out=sums[1:])
    return sums


def distinct(numbers: AnyArray) -> AnyArray:
    """Return the different numbers, ascending.

    As np.unique does; that one loads numpy.ma when it is first used, a tenth of a cold command.
    """
    ordered = np.sort(numbers)
    return ordered[changes(ordered)]


def changes(ordered: AnyArray) -> Mask:
    """Tell of each of some numbers in order whether it is the first of its kind."""
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first


def among(some: AnyArray, others: AnyArray) -> Mask:
    """Tell of each of some numbers whether it is among others, which ascend."""
    if not len(others):
        return np.zeros(len(some), dtype=np.bool_)
    found: Mask = others.take(others.searchsorted(some), mode="clip") == some
    return found


def common(some: AnyArray, others: AnyArray) -> AnyArray:
    """Return what is in both of two arrays, each of which ascends; the shorter is looked up."""
    if len(some) > len(others):
        some, others = others, some
    found: AnyArray = some[among(some, others)]
    return found


def concatenated(parts: Iterable[Int64s]) -> Int64s:
    """Return arrays one behind the other, of which there may be none."""
    return np.concatenate([np.zeros(0, np.int64), *parts])


def sums(numbers: AnyArray, sizes: AnyArray) -> Int64s:
    """Return the sum of each row of `numbers`."""
    ends = np.cumsum(sizes, dtype=np.int64)
    running = before(numbers)
    totals: Int64s = running[ends] - running[ends - sizes]
    return totals


def places_of(starts: AnyArray, sizes: AnyArray) -> Int64s:
    """Return the places that rows of `sizes` take, the first of each at `starts`."""
    places = np.repeat(starts - before(sizes)[:-1], sizes)
    places += np.arange(len(places))
    return places


def unfolded(rows: AnyArray, sizes: AnyArray) -> Int64s:
    """Return where the numbers of the given rows stand; `sizes` are those of all there are."""
    return places_of(before(sizes)[rows], sizes[rows])
