"""Sets of passages: numbers where they are few, a mask over all passages where they may be many."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from threading import Lock
from typing import Self

import numpy as np

from index.arrays.array_types import Indices, Mask
from index.arrays.ragged import among, distinct

# Looking one number up in a sorted list costs what marking this many in a mask does.
_FIND = 8
# Of the passages there are, one in so many: up to there a set is put together by sorting.
_SPARSE = 64

# A mask takes a byte for each passage of the index.
_KEPT = 16


class PassageSet:
    """Some of the passages below `size`; nothing changes one, so that they may be shared."""

    def __init__(
        self, size: int, *, numbers: Indices | None = None, mask: Mask | None = None
    ) -> None:
        """Take passages as numbers, ascending, or as a mask."""
        self.size = size
        self._few = numbers
        self._many = mask

    @classmethod
    def any_of(cls, size: int, lists: Iterable[Indices]) -> Self:
        """Return the passages that are in one of some lists (each ascending)."""
        few: list[Indices] = []
        mask: Mask | None = None
        left = size // _SPARSE
        for some in filter(len, lists):
            if mask is not None:
                mask[some] = True
                continue
            few.append(some)
            left -= len(some)
            if left < 0 and len(few) > 1:  # so many numbers that sorting them costs more
                mask = np.zeros(size, dtype=bool)
                for known in few:
                    mask[known] = True
        if mask is not None:
            return cls(size, mask=mask)
        if len(few) < 2:
            return cls(size, numbers=few[0] if few else np.zeros(0, dtype=np.intp))
        return cls(size, numbers=distinct(np.concatenate(few)))

    @property
    def numbers(self) -> Indices:
        """The passages, ascending."""
        if self._few is not None:
            return self._few
        return self.mask.nonzero()[0]

    @cached_property
    def mask(self) -> Mask:
        """A mask of the passages; whoever wants to change it makes a copy."""
        if self._many is not None:
            return self._many
        mask = np.zeros(self.size, dtype=bool)
        mask[self.numbers] = True
        return mask

    def __len__(self) -> int:
        """Return how many passages there are."""
        return int(np.count_nonzero(self.mask)) if self._few is None else len(self._few)

    def __and__(self, other: PassageSet) -> PassageSet:
        """Return what is in both."""
        few, many = (self, other) if self._bound <= other._bound else (other, self)
        if few._few is None:
            return PassageSet(self.size, mask=self.mask & other.mask)
        return PassageSet(self.size, numbers=few._few[many.holds(few._few)])

    def __sub__(self, other: PassageSet) -> PassageSet:
        """Return what is not in the other."""
        if self._few is None:
            return PassageSet(self.size, mask=self.mask & ~other.mask)
        return PassageSet(self.size, numbers=self._few[~other.holds(self._few)])

    def __or__(self, other: PassageSet) -> PassageSet:
        """Return what is in either."""
        if self._few is None or other._few is None:
            return PassageSet(self.size, mask=self.mask | other.mask)
        return PassageSet.any_of(self.size, (self._few, other._few))

    def holds(self, passages: Indices) -> Mask:
        """Tell of each of some passages whether it is in the set."""
        if self._many is not None or _FIND * len(passages) >= len(self.numbers):
            return self.mask.take(passages)
        return among(passages, self.numbers)

    @property
    def few(self) -> Indices | None:
        """The passages, ascending, where they are at hand as numbers."""
        return self._few

    @property
    def _bound(self) -> int:
        """How many passages there are at most, told without counting."""
        return self.size + 1 if self._few is None else len(self._few)


class FilterCache:
    """Sets of passages by what was asked, the oldest given up; threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, PassageSet] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Hashable, find: Callable[[], PassageSet]) -> PassageSet:
        """Return what is kept, or what `find` returns, which is kept then."""
        with self._lock:
            known = self._kept.get(asked)
            if known is not None:
                self._kept.move_to_end(asked)
                return known
        found = find()
        with self._lock:
            self._kept[asked] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found
