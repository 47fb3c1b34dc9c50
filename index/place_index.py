"""Every place of a term, and which of many other places are among them.

A search for one place in thousands takes dozens of nanoseconds, most of them lost on branches that
no processor foresees. A table of hashes turns away nearly all that are not there in two or three:
Bloom, Space/Time Trade-offs in Hash Coding with Allowable Errors (1970), with one hash.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]

# So few are searched for at once: less than four calls cost.
_FEW = 100
# Entries of the table for each place, at least: one in so many of the others is let through.
_SPARE = 8
# Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): 2**64 over the golden ratio.
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class PlaceIndex:
    """Places, ascending and at least one; threads may share it."""

    def __init__(self, places: Places) -> None:
        self.places = places

    @property
    def size(self) -> int:
        """How many bytes it takes, the table included."""
        return int(self.places.nbytes) + (1 << 64 - int(self._shift))

    def common(self, others: Places) -> NDArray[np.intp]:
        """Return which of other places (ascending) are among these, by row."""
        if len(others) <= _FEW:
            return self._held(others).nonzero()[0]
        rows = self._table.take(self._hashes(others)).nonzero()[0]
        return rows[self._held(others.take(rows))]

    def _held(self, others: Places) -> NDArray[np.bool_]:
        found = self.places.searchsorted(others)
        held: NDArray[np.bool_] = self.places.take(found, mode="clip") == others
        return held

    @cached_property
    def _shift(self) -> np.uint64:
        """How many bits a hash leaves out."""
        return np.uint64(64 - (_SPARE * len(self.places)).bit_length())

    @cached_property
    def _table(self) -> NDArray[np.bool_]:
        """By hash, whether a place has it."""
        table = np.zeros(1 << (64 - int(self._shift)), dtype=np.bool_)
        table[self._hashes(self.places)] = True
        return table

    def _hashes(self, places: Places) -> NDArray[np.intp]:
        hashes = places.view(np.uint64) * _FACTOR
        hashes >>= self._shift
        return hashes.view(np.intp)
