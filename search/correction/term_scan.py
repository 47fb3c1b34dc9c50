"""One sorted dictionary of words, searched as the flat arrays that it is on disk.

Nothing makes a string of every word: a range of words is found by bisection, what is left is told
apart by arrays of numbers, and only what is to be looked at becomes text.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property

import numpy as np

from index.arrays.array_file import Column
from index.arrays.array_types import Int64s, UInt8s
from index.arrays.files import CorruptFile
from index.arrays.term_dictionary import TermDictionary, text_of

from .key_signatures import HANGUL, LATIN, Signatures


class TermScan:
    """Words of a dictionary by number, from 0 in the order of their bytes; there is one at least.

    `bounds`, where given, has where each one's postings start, and the end of the last.
    """

    def __init__(self, terms: TermDictionary, bounds: Column | None = None) -> None:
        self._terms = terms
        self._bounds = bounds

    def __len__(self) -> int:
        return len(self._terms)

    def __getitem__(self, number: int) -> bytes:
        """Return a word by its number."""
        ends = self._view
        return self._bytes[ends[number - 1] if number else 0 : ends[number]].tobytes()

    def find(self, word: bytes) -> int | None:
        """Return the number of a word, or None."""
        number = self.first_from(word)
        return number if number < len(self) and self[number] == word else None

    def first_from(self, word: bytes) -> int:
        """Return the number of the first word that is not before `word`."""
        return bisect_left(self, word)

    def between(self, first: bytes, behind: bytes) -> range:
        """Return the numbers of the words from `first` on, and before `behind`."""
        low = self.first_from(first)
        return range(low, max(low, self.first_from(behind)))

    def starting_with(self, prefix: bytes) -> range:
        """Return the numbers of the words that start with `prefix`, a text in UTF-8."""
        # No byte of UTF-8 is as high as the one put behind it.
        return self.between(prefix, prefix + b"\xff")

    def numbers(self, found: range) -> Int64s:
        """Return the numbers of a range as an array."""
        return np.arange(found.start, found.stop, dtype=np.int64)

    def words(self, numbers: Int64s) -> list[str]:
        """Return words by their numbers."""
        return [text_of(self[number]) for number in numbers.tolist()]

    def sizes(self, numbers: Int64s) -> Int64s:
        """Return how many passages hold each of some words, deleted ones included.

        Without postings, one each.
        """
        if self._bounds is None:
            return np.ones(len(numbers), np.int64)
        bounds = self._bounds.all()
        sizes: Int64s = bounds.take(numbers + 1).astype(np.int64) - bounds.take(numbers)
        if (sizes < 1).any():
            raise CorruptFile("the posting lists of a dictionary do not ascend")
        return sizes

    def lengths(self, numbers: Int64s) -> Int64s:
        """Return how many bytes some words have."""
        lengths: Int64s = self._ends.take(numbers) - self.starts(numbers)
        return lengths

    def starts(self, numbers: Int64s) -> Int64s:
        """Return where in the text some words start."""
        starts: Int64s = self._ends.take(numbers - 1, mode="clip")
        starts[numbers == 0] = 0
        return starts

    def syllables(self, places: Int64s) -> Int64s:
        """Return the code points of the characters of three bytes that stand at some places.

        A place behind the end gives something below every one of them.
        """
        text, last = self._text, len(self._text) - 1
        codes = np.zeros(len(places), np.int64)
        for byte, bits in enumerate((0x0F, 0x3F, 0x3F)):
            codes = codes << 6 | text.take(np.minimum(places + byte, last)) & bits
        return codes

    @cached_property
    def hangul(self) -> Signatures:
        """What keys each word in Hangul is typed with: made once, out of the whole dictionary."""
        return self._signatures(self.between("ㄱ".encode(), "\ud7a4".encode()), HANGUL)

    @cached_property
    def latin(self) -> Signatures:
        """What keys each word in Latin letters is typed with."""
        return self._signatures(self.between(b"a", b"{"), LATIN)

    def _signatures(self, numbers: range, script: int) -> Signatures:
        start = int(self._ends[numbers.start - 1]) if numbers.start else 0
        ends = self._ends[numbers.start : numbers.stop] - start
        return Signatures(self._text[start:], ends, first=numbers.start, script=script)

    @cached_property
    def _text(self) -> UInt8s:
        return self._terms.text.all()

    @cached_property
    def _ends(self) -> Int64s:
        return self._terms.ends.ends_in(self._terms.text)

    # A view gives one number in a quarter of the time that the array takes.
    @cached_property
    def _view(self) -> memoryview:
        return self._ends.data

    @cached_property
    def _bytes(self) -> memoryview:
        return self._text.data
