"""Features of lines that alignment compares without a dictionary: length, text, shared words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np

from ...arrays.array_types import Float32s, Int64s, UInt64s
from ...arrays.ragged import before
from ...value import NamedTuple

Lines = Sequence[str]

_BITS = 64
_WORD = re.compile("[a-z0-9]+")
_BIT_COUNTS = np.array([value.bit_count() for value in range(1 << 16)], np.float32)
_NO_TEXT = -1  # the text id of two joined lines, which equal no line


class LineFeatures(NamedTuple):
    """The features of lines of one language, in arrays of one shape.

    Equal lines of a document and its translation have the same id in `texts`. `bits` is the set
    of words that the other text has too, as a bitmap, and `words` its size.
    """

    lengths: Float32s
    texts: Int64s
    bits: UInt64s
    words: Float32s

    def at(self, rows: Int64s) -> LineFeatures:
        """Return the features of some lines."""
        return LineFeatures(
            self.lengths.take(rows),
            self.texts.take(rows),
            self.bits.take(rows),
            self.words.take(rows),
        )

    def joined(self, following: LineFeatures) -> LineFeatures:
        """Return the features of each line joined with a following one."""
        return LineFeatures(
            self.lengths + following.lengths,
            np.full_like(self.texts, _NO_TEXT),
            self.bits | following.bits,
            self.words + following.words,
        )

    def shared(self, other: LineFeatures) -> Float32s:
        """Return how many words each line has in common with its counterpart."""
        bits = self.bits & other.bits
        counts = np.zeros(bits.size, np.float32)
        rows = np.flatnonzero(bits)
        parts = _BIT_COUNTS.take(bits.ravel()[rows].view(np.uint16))
        counts[rows] = parts[0::4] + parts[1::4] + parts[2::4] + parts[3::4]
        return counts.reshape(bits.shape)


class BeadLines(NamedTuple):
    """The features of lines, and of each joined with the line before it, the first with itself."""

    one: LineFeatures
    two: LineFeatures


class SideFeatures:
    """The features of the lines of several documents in one language."""

    def __init__(self, sizes: Sequence[int], lines: LineFeatures) -> None:
        self.sizes = np.array(sizes, np.int64)
        self._starts = before(self.sizes)[:-1]
        previous = np.arange(-1, len(lines.texts) - 1)
        previous[self._starts[self.sizes > 0]] += 1
        self._lines = BeadLines(lines, lines.at(previous).joined(lines))

    def at(self, documents: slice, numbers: Int64s) -> BeadLines:
        """Return lines by number, clipped to the document, which is the last axis but one."""
        last = self.sizes[documents, None] - 1
        rows = self._starts[documents, None] + np.clip(numbers, 0, last)
        return BeadLines(self._lines.one.at(rows), self._lines.two.at(rows))


def length(line: str) -> int:
    """Return the length of a line in UTF-8 bytes: a syllable counts as three English letters."""
    return len(line.encode("utf-8", "replace"))


def features(documents: Sequence[tuple[Lines, Lines]]) -> tuple[SideFeatures, SideFeatures]:
    """Return the features of the Korean and of the English lines of some documents."""
    text_ids: dict[str, int] = {}
    bitmaps = [_bitmaps(*pair) for pair in documents]
    korean, english = (
        _side_features(
            [pair[side] for pair in documents], [pair[side] for pair in bitmaps], text_ids
        )
        for side in (0, 1)
    )
    return korean, english


def _side_features(
    texts: Sequence[Lines], bitmaps: Sequence[list[int]], text_ids: dict[str, int]
) -> SideFeatures:
    lines = list(chain.from_iterable(texts))
    bits = list(chain.from_iterable(bitmaps))
    found = LineFeatures(
        np.array(list(map(length, lines)), np.float32),
        np.array([text_ids.setdefault(line, len(text_ids)) for line in lines], np.int64),
        np.array(bits, np.uint64),
        np.array([bitmap.bit_count() for bitmap in bits], np.float32),
    )
    return SideFeatures(list(map(len, texts)), found)


def _bitmaps(korean: Lines, english: Lines) -> tuple[list[int], list[int]]:
    """Return for each line the set of its words that the other text has too, as a bitmap."""
    ours, theirs = _words(korean), _words(english)
    counts = Counter(chain.from_iterable(theirs))
    # The rarest come first and have a bit of their own; the others share.
    shared = counts.keys() & chain.from_iterable(ours)
    ordered = sorted(shared, key=lambda word: (counts[word], word))
    bits = {word: 1 << rank % _BITS for rank, word in enumerate(ordered)}
    return _line_bitmaps(ours, bits), _line_bitmaps(theirs, bits)


def _words(lines: Lines) -> list[list[str]]:
    return [_WORD.findall(line.lower()) for line in lines]


def _line_bitmaps(lines: Sequence[Sequence[str]], bits: dict[str, int]) -> list[int]:
    bitmaps = []
    for words in lines:
        bitmap = 0
        for word in words:
            bitmap |= bits.get(word, 0)
        bitmaps.append(bitmap)
    return bitmaps
