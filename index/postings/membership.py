"""Whether a passage stands in a list, and at which place: told without a search.

A bit for each passage, and for every 64 of them how many postings stand before: the place of a
passage is that number and the bits set below its own. Jacobson, Space-efficient Static Trees and
Graphs (1989), calls it rank.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..arrays.array_types import Indices, Int64s, Mask, UInt64s

_WORD = 6
# So few places are searched for: less than what telling them takes in calls.
_FEW = 64
# Arrays: numpy would make one of a number at every use.
_BYTE, _IN_BYTE = np.array(3), np.array(7)
_BITS = np.uint8(1) << np.arange(8, dtype=np.uint8)
# By bit of a word: all those below it.
_BELOW = (np.uint64(1) << np.arange(1 << _WORD, dtype=np.uint64)) - np.uint64(1)

# So few are searched for at once: less than four calls cost.
_FEW_POSITIONS = 100
# Entries of the table for each place, at least: one in so many of the others is let through.
_SPARE = 16
# Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): 2**64 over the golden ratio.
# An array, as other constants of numpy here: it would make one of a number at every use.
_FACTOR = np.array(0x9E3779B97F4A7C15, dtype=np.uint64)


class RankBitmap:
    """The passages of one list, which is not empty and ascends."""

    def __init__(self, passages: Indices) -> None:
        self._passages = passages
        # The last word has no bit: what lies behind the last passage is looked for in it.
        words = (int(passages[-1]) >> _WORD) + 2
        held = np.zeros(words << _WORD, dtype=np.bool_)
        held[passages] = True
        self._bytes = np.packbits(held, bitorder="little")
        self._words = self._bytes.view("<u8")
        counts = np.bitwise_count(self._words)
        self._before = counts.cumsum(dtype=np.int32) - counts

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return int(self._words.nbytes + self._before.nbytes)

    def find(self, passages: Indices) -> tuple[Indices, Indices]:
        """Return which of some passages are in the list, by row, and their places there."""
        bits = self._bytes.take(passages >> _BYTE, mode="clip")
        bits &= _BITS.take(passages & _IN_BYTE)
        rows = bits.astype(np.bool_).nonzero()[0]
        found = passages.take(rows)
        if len(rows) <= _FEW:
            return rows, self._passages.searchsorted(found)
        at = found >> _WORD
        below = self._words.take(at) & _BELOW.take(found & ((1 << _WORD) - 1))
        return rows, self._before.take(at) + np.bitwise_count(below).astype(np.intp)


class HashFilter:
    """Places, ascending and at least one; threads may share it."""

    def __init__(self, places: Int64s) -> None:
        self.places = places

    @property
    def size(self) -> int:
        """How many bytes it takes, the table included."""
        return int(self.places.nbytes) + (1 << 64 - int(self._shift))

    def common(self, others: Int64s) -> Int64s:
        """Return those of other places that are among these, in their order."""
        if len(others) > _FEW_POSITIONS:
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
