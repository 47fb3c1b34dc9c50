"""Finds passages in a posting list, and their rows there, without a binary search.

A bitmap has a bit for each passage, and the number of postings before every 64 of them: the row of
a passage is that number plus the bits set below its own. This is the rank of Jacobson,
Space-efficient Static Trees and Graphs (1989).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..arrays.array_types import Indices, Int64s, Mask, UInt64s

_WORD = 6
# The rows of so few passages are found by binary search, which takes fewer calls.
_FEW = 64
# Arrays, because numpy converts a number at every use.
_BYTE, _IN_BYTE = np.array(3), np.array(7)
_BITS = np.uint8(1) << np.arange(8, dtype=np.uint8)
# By bit of a word: the mask of all bits below it.
_BELOW = (np.uint64(1) << np.arange(1 << _WORD, dtype=np.uint64)) - np.uint64(1)

# So few numbers are found by binary search alone, which costs less than four calls.
_FEW_NUMBERS = 100
# Entries of the hash table for each number, at least: one in so many other numbers gets through.
_SPARE = 16
# Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): 2**64 over the golden ratio.
_FACTOR = np.array(0x9E3779B97F4A7C15, dtype=np.uint64)


class RankBitmap:
    """A rank index of the passages of one list, which ascend; at least one."""

    def __init__(self, passages: Indices) -> None:
        self._passages = passages
        # The last word has no bits: passages past the last one are looked up there.
        words = (int(passages[-1]) >> _WORD) + 2
        mask = np.zeros(words << _WORD, dtype=np.bool_)
        mask[passages] = True
        self._bytes = np.packbits(mask, bitorder="little")
        self._words = self._bytes.view("<u8")
        counts = np.bitwise_count(self._words)
        self._before = counts.cumsum(dtype=np.int32) - counts

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return int(self._words.nbytes + self._before.nbytes)

    def find(self, passages: Indices) -> tuple[Indices, Indices]:
        """Return which of some passages are in the list, by index, and their rows there."""
        bits = self._bytes.take(passages >> _BYTE, mode="clip")
        bits &= _BITS.take(passages & _IN_BYTE)
        indices = bits.astype(np.bool_).nonzero()[0]
        found = passages.take(indices)
        if len(indices) <= _FEW:
            return indices, self._passages.searchsorted(found)
        words = found >> _WORD
        below = self._words.take(words) & _BELOW.take(found & ((1 << _WORD) - 1))
        return indices, self._before.take(words) + np.bitwise_count(below).astype(np.intp)


class HashFilter:
    """Numbers, ascending and at least one, with a hash table of them; threads may share it."""

    def __init__(self, numbers: Int64s) -> None:
        self.places = numbers

    @property
    def size(self) -> int:
        """Its size in bytes, with the table."""
        return int(self.places.nbytes) + (1 << 64 - int(self._shift))

    def common(self, others: Int64s) -> Int64s:
        """Return the others that are among these numbers, in their order."""
        if len(others) > _FEW_NUMBERS:
            others = others.take(self._likely(others))
        found = self.places.searchsorted(others)
        common: Int64s = others[self.places.take(found, mode="clip") == others]
        return common

    def find(self, others: Int64s) -> tuple[Indices, Indices]:
        """Return which of the others are among these numbers, by index, and their rows here."""
        indices = self._likely(others)
        others = others.take(indices)
        found = self.places.searchsorted(others)
        kept = (self.places.take(found, mode="clip") == others).nonzero()[0]
        return indices.take(kept), found.take(kept)

    def _likely(self, others: Int64s) -> Indices:
        """Return which of the others have the hash of one of these numbers, by index."""
        return self._table.take(self._hashes(others), mode="clip").nonzero()[0]

    @cached_property
    def _shift(self) -> UInt64s:
        """The number of low bits that a hash drops."""
        return np.array(64 - (_SPARE * len(self.places)).bit_length(), dtype=np.uint64)

    @cached_property
    def _table(self) -> Mask:
        """By hash, whether one of the numbers has it."""
        table = np.zeros(1 << (64 - int(self._shift)), dtype=np.bool_)
        table[self._hashes(self.places)] = True
        return table

    def _hashes(self, numbers: Int64s) -> Indices:
        hashes = numbers.view(np.uint64) * _FACTOR
        hashes >>= self._shift
        return hashes.view(np.intp)
