"""One sorted dictionary of words, searched as the flat arrays that it is on disk.

Not every word becomes a string: a range is found by bisection, then filtered with numpy, and only
the words that are left are decoded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.arrays.array_file import Column
from index.arrays.array_types import Int64s, UInt8s
from index.arrays.files import CorruptFile
from index.arrays.term_dictionary import TermDictionary, text_of

from .key_signatures import HANGUL, LATIN, KeySignatures

if TYPE_CHECKING:  # completion needs no lexicon, and a shell waits for it
    from index.analysis.lexicon import Lexicon

    from ..correction.vocabulary import PrefixPattern

_SYLLABLE_BYTES = 3


class TermScan:
    """The words of a dictionary that is not empty, by ordinal, in the order of their bytes.

    `bounds`, if given, are the starts of their posting lists, and the end of the last one.
    """

    def __init__(self, terms: TermDictionary, bounds: Column | None = None) -> None:
        self._terms = terms
        self._bounds = bounds

    def __len__(self) -> int:
        return len(self._terms)

    def __getitem__(self, ordinal: int) -> bytes:
        """Return the word of an ordinal."""
        ends = self._ends_view
        return self._text_view[ends[ordinal - 1] if ordinal else 0 : ends[ordinal]].tobytes()

    def find(self, word: bytes) -> int | None:
        """Return the ordinal of a word, or None."""
        ordinal = bisect_left(self, word)
        return ordinal if ordinal < len(self) and self[ordinal] == word else None

    def between(self, first: bytes, end: bytes) -> Int64s:
        """Return the ordinals of the words from `first` up to, but without, `end`."""
        return np.arange(bisect_left(self, first), bisect_left(self, end), dtype=np.int64)

    def with_prefix(self, prefix: bytes) -> Int64s:
        """Return the ordinals of the words that start with `prefix`, in UTF-8."""
        return self.between(prefix, prefix + b"\xff")  # above every byte of UTF-8

    def matching(self, pattern: PrefixPattern) -> Int64s:
        """Return the ordinals of the words that match a pattern, ascending."""
        head = pattern.head.encode()
        if not pattern.ranges:
            return self.with_prefix(head)
        first, last = pattern.ranges[0]
        ordinals = self.between(head + first.encode(), head + chr(ord(last) + 1).encode())
        for position, (first, last) in enumerate(pattern.ranges[1:], 1):
            offset = len(head) + _SYLLABLE_BYTES * position
            ordinals = ordinals[self.lengths(ordinals) >= offset + _SYLLABLE_BYTES]
            codes = self.code_points(self.starts(ordinals) + offset)
            ordinals = ordinals[(codes >= ord(first)) & (codes <= ord(last))]
        return ordinals

    def words(self, ordinals: Int64s) -> list[str]:
        """Return the words of ordinals."""
        return [text_of(self[ordinal]) for ordinal in ordinals.tolist()]

    def frequencies(self, ordinals: Int64s) -> Int64s:
        """Return the passage frequency of each word, with deleted passages; 1 without postings.

        Raises CorruptFile.
        """
        if self._bounds is None:
            return np.ones(len(ordinals), np.int64)
        bounds = self._bounds.all()
        sizes: Int64s = bounds.take(ordinals + 1).astype(np.int64) - bounds.take(ordinals)
        if (sizes < 1).any():
            raise CorruptFile("the posting lists of a dictionary do not ascend")
        return sizes

    def lengths(self, ordinals: Int64s) -> Int64s:
        """Return the lengths of words, in bytes."""
        lengths: Int64s = self._ends.take(ordinals) - self.starts(ordinals)
        return lengths

    def starts(self, ordinals: Int64s) -> Int64s:
        """Return the start offsets of words, in bytes."""
        starts: Int64s = self._ends.take(ordinals - 1, mode="clip")
        starts[ordinals == 0] = 0
        return starts

    def code_points(self, offsets: Int64s) -> Int64s:
        """Return the code points of the three-byte characters at offsets; lower beyond the end."""
        text, last = self._text, len(self._text) - 1
        codes = np.zeros(len(offsets), np.int64)
        for byte, bits in enumerate((0x0F, 0x3F, 0x3F)):
            codes = codes << 6 | text.take(np.minimum(offsets + byte, last)) & bits
        return codes

    @cached_property
    def hangul(self) -> KeySignatures:
        """The key signatures of the words in Hangul."""
        return self._signatures("ㄱ".encode(), "\ud7a4".encode(), HANGUL)

    @cached_property
    def latin(self) -> KeySignatures:
        """The key signatures of the words in Latin letters."""
        return self._signatures(b"a", b"{", LATIN)

    def _signatures(self, first: bytes, end: bytes, script: int) -> KeySignatures:
        low = bisect_left(self, first)
        start = int(self._ends[low - 1]) if low else 0
        ends = self._ends[low : bisect_left(self, end)] - start
        return KeySignatures(self._text[start:], ends, first=low, script=script)

    @cached_property
    def _text(self) -> UInt8s:
        return self._terms.text.all()

    @cached_property
    def _ends(self) -> Int64s:
        return self._terms.ends.validated_ends(self._terms.text)

    # A memoryview gives one number in a quarter of the time that the array takes.
    @cached_property
    def _ends_view(self) -> memoryview:
        return self._ends.data

    @cached_property
    def _text_view(self) -> memoryview:
        return self._text.data


def lexicon_scans(lexicon: Lexicon | None) -> list[TermScan]:
    """Return the dictionaries of a lexicon's files, which have no posting lists."""
    return [TermScan(words) for words in lexicon.dictionaries() if words] if lexicon else []


def frequencies_of(found: Iterable[tuple[TermScan, Int64s]]) -> dict[str, int]:
    """Return words of several dictionaries, with the sums of their frequencies in each."""
    sums: dict[str, int] = {}
    for scan, ordinals in found:
        frequencies = scan.frequencies(ordinals).tolist()
        for word, frequency in zip(scan.words(ordinals), frequencies, strict=True):
            sums[word] = sums.get(word, 0) + frequency
    return sums
