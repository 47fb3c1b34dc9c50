"""What two lines are compared by, where no dictionary is at hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np

from ...arrays.array_types import Float32s, Int64s, UInt64s
from ...arrays.ragged import before

Lines = Sequence[str]

_BITS = 64
_WORD = re.compile("[a-z0-9]+")
_COUNTS = np.array([value.bit_count() for value in range(1 << 16)], np.float32)
# Two lines joined are equal to nothing, on either side.
_JOINED = -1


@dataclass(frozen=True, slots=True)
class Compared:
    """Lines, or pairs of lines, of one language: one in each place of arrays of one shape."""

    lengths: Float32s
    texts: Int64s
    bits: UInt64s
    words: Float32s

    def at(self, places: Int64s) -> Compared:
        """Return the lines at some places."""
        return Compared(
            self.lengths.take(places),
            self.texts.take(places),
            self.bits.take(places),
            self.words.take(places),
        )

    def joined(self, following: Compared) -> Compared:
        """Return each line with the one that follows it."""
        return Compared(
            self.lengths + following.lengths,
            np.full_like(self.texts, _JOINED),
            self.bits | following.bits,
            self.words + following.words,
        )

    def shared(self, other: Compared) -> Float32s:
        """Return how many words each line has in common with its counterpart."""
        bits = self.bits & other.bits
        counts = np.zeros(bits.size, np.float32)
        places = np.flatnonzero(bits)
        few = _COUNTS.take(bits.ravel()[places].view(np.uint16))
        counts[places] = few[0::4] + few[1::4] + few[2::4] + few[3::4]
        return counts.reshape(bits.shape)


class Ending(NamedTuple):
    """Lines, and each with the line before it; the first is taken twice."""

    one: Compared
    two: Compared


class Side:
    """The lines of several documents in one language, one behind the other."""

    def __init__(self, sizes: Sequence[int], lines: Compared) -> None:
        self.sizes = np.array(sizes, np.int64)
        self._starts = before(self.sizes)[:-1]
        previous = np.arange(-1, len(lines.texts) - 1)
        previous[self._starts[self.sizes > 0]] += 1
        self._ending = Ending(lines, lines.at(previous).joined(lines))

    def at(self, documents: slice, numbers: Int64s) -> Ending:
        """Return the lines of each document; a number outside gives the nearest line.

        `numbers` has the documents on its last axis but one.
        """
        last = self.sizes[documents, None] - 1
        places = self._starts[documents, None] + np.clip(numbers, 0, last)
        return Ending(self._ending.one.at(places), self._ending.two.at(places))


def length(line: str) -> int:
    """Return the length of a line: a Hangul syllable counts as three letters of English."""
    return len(line.encode("utf-8", "replace"))


def compared(documents: Sequence[tuple[Lines, Lines]]) -> tuple[Side, Side]:
    """Return the Korean and the English lines of some documents, ready to be compared."""
    lengths: tuple[list[int], list[int]] = ([], [])
    texts: tuple[list[int], list[int]] = ([], [])
    bits: tuple[list[int], list[int]] = ([], [])
    for pair in documents:
        known: dict[str, int] = {}
        for side, signs in enumerate(_signs(*pair)):
            lengths[side].extend(map(length, pair[side]))
            texts[side].extend(known.setdefault(line, len(known)) for line in pair[side])
            bits[side].extend(signs)
    korean, english = (
        Side(
            [len(pair[side]) for pair in documents],
            Compared(
                np.array(lengths[side], np.float32),
                np.array(texts[side], np.int64),
                np.array(bits[side], np.uint64),
                np.array([sign.bit_count() for sign in bits[side]], np.float32),
            ),
        )
        for side in (0, 1)
    )
    return korean, english


def _signs(korean: Lines, english: Lines) -> tuple[list[int], list[int]]:
    """Return as bits, for each line, those of its words that the other text has as well."""
    found, english_found = _words(korean), _words(english)
    counts = Counter(chain.from_iterable(english_found))
    # The rarest come first and have a bit of their own; the others share.
    shared = counts.keys() & chain.from_iterable(found)
    ordered = sorted(shared, key=lambda word: (counts[word], word))
    bits = {word: 1 << place % _BITS for place, word in enumerate(ordered)}
    return _line_signs(found, bits), _line_signs(english_found, bits)


def _words(lines: Lines) -> list[list[str]]:
    return [_WORD.findall(line.lower()) for line in lines]


def _line_signs(lines: Sequence[Sequence[str]], bits: dict[str, int]) -> list[int]:
    signs = []
    for words in lines:
        sign = 0
        for word in words:
            if word in bits:
                sign |= bits[word]
        signs.append(sign)
    return signs
