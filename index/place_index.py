"""Every place of a term, or every passage, and which of many others are among them.

A search for one place in thousands takes dozens of nanoseconds, most of them lost on branches that
no processor foresees. A table of hashes turns away nearly all that are not there in two or three:
Bloom, Space/Time Trade-offs in Hash Coding with Allowable Errors (1970), with one hash.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from .array_types import Indices, Int64s, Mask, UInt64s

# So few are searched for at once: less than four calls cost.
_FEW = 100
# Entries of the table for each place, at least: one in so many of the others is let through.
_SPARE = 16
# Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): 2**64 over the golden ratio.
# An array, as other constants of numpy here: it would make one of a number at every use.
_FACTOR = np.array(0x9E3779B97F4A7C15, dtype=np.uint64)


class PlaceIndex:
    """Places, ascending and at least one; threads may share it."""

    def __init__(self, places: Int64s) -> None:
        self.places = places

    @property
    def size(self) -> int:
        """How many bytes it takes, the table included."""
        return int(self.places.nbytes) + (1 << 64 - int(self._shift))

    def common(self, others: Int64s) -> Int64s:
        """Return those of other places that are among these, in their order."""
        if len(others) > _FEW:
            others = others.take(self._likely(others))
        found = self.places.searchsorted(others)
        common: Int64s = others[self.places.take(found, mode="clip") == others]
        return common

    def find(self, others: Int64s) -> tuple[Indices, Indices]:
        """Return which of other places are among these, by row, and which of these they are."""
        rows = self._likely(others)
        others = others.take(rows)
        found = self.places.searchsorted(others)
        kept = (self.places.take(found, mode="clip") == others).nonzero()[0]
        return rows.take(kept), found.take(kept)

    def _likely(self, others: Int64s) -> Indices:
        """Return which of other places have the hash of one of these, by row."""
        return self._table.take(self._hashes(others), mode="clip").nonzero()[0]

    @cached_property
    def _shift(self) -> UInt64s:
        """How many bits a hash leaves out."""
        return np.array(64 - (_SPARE * len(self.places)).bit_length(), dtype=np.uint64)

    @cached_property
    def _table(self) -> Mask:
        """By hash, whether a place has it."""
        table = np.zeros(1 << (64 - int(self._shift)), dtype=np.bool_)
        table[self._hashes(self.places)] = True
        return table

    def _hashes(self, places: Int64s) -> Indices:
        hashes = places.view(np.uint64) * _FACTOR
        hashes >>= self._shift
        return hashes.view(np.intp)
