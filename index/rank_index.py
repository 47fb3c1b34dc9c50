"""Whether a passage stands in a list, and at which place: told without a search.

A bit for each passage, and for every 64 of them how many postings stand before: the place of a
passage is that number and the bits set below its own. Jacobson, Space-efficient Static Trees and
Graphs (1989), calls it rank.
"""

from __future__ import annotations

import numpy as np

from .array_types import Indices

_WORD = 6
# So few places are searched for: less than what telling them takes in calls.
_FEW = 64
# Arrays: numpy would make one of a number at every use.
_BYTE, _IN_BYTE = np.array(3), np.array(7)
_BITS = np.uint8(1) << np.arange(8, dtype=np.uint8)
# By bit of a word: all those below it.
_BELOW = (np.uint64(1) << np.arange(1 << _WORD, dtype=np.uint64)) - np.uint64(1)


class RankIndex:
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
