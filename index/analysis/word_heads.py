"""Which numbers some words have in a dictionary of terms, found by their first bytes all at once.

A bisection by the words themselves takes a dozen steps in Python for each; a dictionary of all
words takes as long to make as some hundred bisections.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np

from ..segment.terms import Terms

# Bytes that are compared at once: two syllables and most of a third, or eight letters.
_HEAD = 8


class WordHeads:
    """The first bytes of all words of a dictionary, as numbers that ascend as the words do."""

    def __init__(self, words: Terms) -> None:
        self._words = words
        behind = words.ends.all().astype(np.int64)
        starts = np.concatenate((np.zeros(1, np.int64), behind[:-1]))[: len(behind)]
        places = starts[:, None] + np.arange(_HEAD)
        letters = np.append(words.text.all(), np.zeros(_HEAD, np.uint8)).take(places)
        letters[places >= behind[:, None]] = 0
        self._heads = letters.view(">u8").ravel().astype(np.uint64)

    def find(self, words: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
        """Yield those of some words that there are, with their numbers."""
        heads = b"".join(word[:_HEAD].ljust(_HEAD, b"\0") for word in words)
        wanted = np.frombuffer(heads, ">u8").astype(np.uint64)
        firsts = self._heads.searchsorted(wanted)
        lasts = self._heads.searchsorted(wanted, side="right")
        for place in (firsts < lasts).nonzero()[0].tolist():
            word, number, last = words[place], int(firsts[place]), int(lasts[place])
            if last - number > 1:  # several begin alike
                number = bisect_left(self._words, word, number, last)
            if number < last and self._words[number] == word:
                yield word, number
