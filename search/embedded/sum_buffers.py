"""Buffers for the sums of a search."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from index.arrays.array_types import UInt16s
from index.fork_locks import CACHE_LOCK


class SumBuffers:
    """A thread-safe pool of arrays of zeros, kept because allocating one costs more."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: list[UInt16s] = []

    @contextmanager
    def borrow(self) -> Iterator[UInt16s]:
        """Lend an array; after an error it is not returned to the pool."""
        with CACHE_LOCK:
            sums = self._idle.pop() if self._idle else np.zeros(self._size, dtype=np.uint16)
        yield sums
        with CACHE_LOCK:
            self._idle.append(sums)
