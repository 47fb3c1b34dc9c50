"""Sets of passages, sparse as sorted ids or dense as a mask over all passages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from typing import Self

import numpy as np

from index.arrays.array_types import Indices, Mask
from index.arrays.ragged import among, distinct
from index.fork_locks import CACHE_LOCK

# A binary search in a sorted list costs as much as setting this many entries of a mask.
_FIND = 8
# A union is built by sorting up to size / _SPARSE ids, with a mask beyond.
_SPARSE = 64
# Cached sets; a mask takes one byte for each passage of the index.
_CACHE_SIZE = 16


class PassageSet:
    """An immutable set of passages below `size`."""

    def __init__(
        self, size: int, *, numbers: Indices | None = None, mask: Mask | None = None
    ) -> None:
        """Take either the ids of the passages, ascending, or a mask."""
        self.size = size
        self.sparse = numbers
        self._dense = mask

    @classmethod
    def any_of(cls, size: int, lists: Iterable[Indices]) -> Self:
        """Return the union of lists of passages, each ascending."""
        sparse: list[Indices] = []
        mask: Mask | None = None
        left = size // _SPARSE
        for passages in filter(len, lists):
            if mask is not None:
                mask[passages] = True
                continue
            sparse.append(passages)
            left -= len(passages)
            if left < 0 and len(sparse) > 1:
                mask = np.zeros(size, dtype=bool)
                for earlier in sparse:
                    mask[earlier] = True
        if mask is not None:
            return cls(size, mask=mask)
        if len(sparse) < 2:
            return cls(size, numbers=sparse[0] if sparse else np.zeros(0, dtype=np.intp))
        return cls(size, numbers=distinct(np.concatenate(sparse)))

    @property
    def numbers(self) -> Indices:
        """The ids of the passages, ascending."""
        return self.mask.nonzero()[0] if self.sparse is None else self.sparse

    @cached_property
    def mask(self) -> Mask:
        """A mask of the passages, shared: copy it before a change."""
        if self._dense is not None:
            return self._dense
        mask = np.zeros(self.size, dtype=bool)
        mask[self.numbers] = True
        return mask

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(np.count_nonzero(self.mask)) if self.sparse is None else len(self.sparse)

    def __and__(self, other: PassageSet) -> PassageSet:
        """Return the intersection."""
        small, large = (self, other) if self._bound <= other._bound else (other, self)
        if small.sparse is None:
            return PassageSet(self.size, mask=self.mask & other.mask)
        return PassageSet(self.size, numbers=small.sparse[large.contains(small.sparse)])

    def __sub__(self, other: PassageSet) -> PassageSet:
        """Return the difference."""
        if self.sparse is None:
            return PassageSet(self.size, mask=self.mask & ~other.mask)
        return PassageSet(self.size, numbers=self.sparse[~other.contains(self.sparse)])

    def __or__(self, other: PassageSet) -> PassageSet:
        """Return the union."""
        if self.sparse is None or other.sparse is None:
            return PassageSet(self.size, mask=self.mask | other.mask)
        return PassageSet.any_of(self.size, (self.sparse, other.sparse))

    def contains(self, passages: Indices) -> Mask:
        """Return for each passage whether it is in the set."""
        if self._dense is not None or _FIND * len(passages) >= len(self.numbers):
            return self.mask.take(passages)
        return among(passages, self.numbers)

    @property
    def _bound(self) -> int:
        """An upper bound of the number of passages that needs no counting."""
        return self.size + 1 if self.sparse is None else len(self.sparse)


class FilterCache:
    """An LRU cache of sets of passages; thread-safe."""

    def __init__(self) -> None:
        self._cached: OrderedDict[Hashable, PassageSet] = OrderedDict()

    def get(self, key: Hashable, find: Callable[[], PassageSet]) -> PassageSet:
        """Return the cached set for a key, computed with `find` if there is none."""
        with CACHE_LOCK:
            cached = self._cached.get(key)
            if cached is not None:
                self._cached.move_to_end(key)
                return cached
        found = find()
        with CACHE_LOCK:
            self._cached[key] = found
            while len(self._cached) > _CACHE_SIZE:
                self._cached.popitem(last=False)
        return found
