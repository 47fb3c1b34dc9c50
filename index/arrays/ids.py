"""Consecutive ids for distinct items."""

from __future__ import annotations

from collections import defaultdict
from itertools import count, islice
from typing import TypeVar

import numpy as np

from .array_types import Int64s
from .ragged import changes

Item = TypeVar("Item")

_KEY_BITS = 63  # without the sign


class Distinct(defaultdict[Item, int]):
    """Ids by item, from 0; looking up a new item assigns the next id."""

    def __init__(self) -> None:
        super().__init__(count().__next__)
        self._returned = 0

    def new(self) -> list[Item]:
        """Return the items that got an id since the last call, in the order of their ids."""
        new = list(islice(reversed(self), len(self) - self._returned))
        self._returned = len(self)
        return new[::-1]


def numbered(keys: Int64s) -> tuple[Int64s, Int64s]:
    """Return the distinct keys, which are 0 or more, ascending, and the index of each key in them.

    As np.unique with `return_inverse`, but faster unless keys are large.
    """
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)) >> (_KEY_BITS - bits):
        distinct, numbers = np.unique(keys, return_inverse=True)
        return distinct, numbers
    # Sorting is far faster than argsort, so the index of each key is sorted as its low bits.
    ordered = keys << bits
    ordered |= np.arange(len(keys))
    ordered.sort()
    order = ordered & ((1 << bits) - 1)
    ordered >>= bits
    first = changes(ordered)
    numbers = np.empty(len(keys), np.int64)
    numbers[order] = np.cumsum(first) - 1
    return ordered[first], numbers
