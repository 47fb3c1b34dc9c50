"""Whether a passage stands in a list, and at which place: told without a search.

A bit for each passage, and for every 64 of them how many postings stand before: the place of a
passage is that number and the bits set below its own. Jacobson, Space-efficient Static Trees and
Graphs (1989), calls it rank.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_WORD = 6
_BITS = np.uint64(1) << np.arange(1 << _WORD, dtype=np.uint64)


class RankIndex:
    """The passages of one list, which is not empty and ascends."""

    def __init__(self, passages: NDArray[np.intp]) -> None:
        # The last word has no bit: what lies behind the last passage is looked for in it.
        words = (int(passages[-1]) >> _WORD) + 2
        held = np.zeros(words << _WORD, dtype=np.bool_)
        held[passages] = True
        self._words = np.packbits(held, bitorder="little").view("<u8")
        counts = np.bitwise_count(self._words)
        self._before = counts.cumsum(dtype=np.int32) - counts

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return int(self._words.nbytes + self._before.nbytes)

    def find(self, passages: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return which of some passages are in the list, by row, and their places there."""
        at = passages >> _WORD
        bits = _BITS.take(passages & ((1 << _WORD) - 1))
        words = self._words.take(at, mode="clip")
        rows = (words & bits).nonzero()[0]
        below = words.take(rows) & (bits.take(rows) - np.uint64(1))
        places = self._before.take(at.take(rows)) + np.bitwise_count(below)
        return rows, places.astype(np.intp)
