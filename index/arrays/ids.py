"""Different things, numbered in the order in which they are met."""

from __future__ import annotations

from collections import defaultdict
from itertools import count, islice
from typing import TypeVar

import numpy as np

from .array_types import Int64s
from .ragged import changes

Thing = TypeVar("Thing")

_BITS = 63  # of a number, but for its sign


class Distinct(defaultdict[Thing, int]):
    """Things with their numbers from 0; one that is new gets the next when it is asked for."""

    def __init__(self) -> None:
        super().__init__(count().__next__)
        self._told = 0

    def new(self) -> list[Thing]:
        """Return what was given a number since this was asked last, in their order."""
        new = list(islice(reversed(self), len(self) - self._told))
        self._told = len(self)
        new.reverse()
        return new


def numbered(keys: Int64s) -> tuple[Int64s, Int64s]:
    """Return the different keys, ascending, and for each of `keys` its number among them.

    Keys are 0 or more.
    """
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)) >> (_BITS - bits):
        distinct, numbers = np.unique(keys, return_inverse=True)
        return distinct, numbers
    # Numbers are sorted far faster than an order of them is found: each takes its place along.
    ordered = keys << bits
    ordered |= np.arange(len(keys))
    ordered.sort()
    places = ordered & ((1 << bits) - 1)
    ordered >>= bits
    first = changes(ordered)
    numbers = np.empty(len(keys), np.int64)
    numbers[places] = np.cumsum(first) - 1
    return ordered[first], numbers
