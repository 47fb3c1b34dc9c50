"""Texts as the numbers of their words: what an inverted index is made of.

A text is cut at its white space first, and each stretch is looked up whole (`stretches.py`):
`words` sees a stretch only when it is new, so that a word of a text that repeats itself costs no
search for a regular expression.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..arrays.array_types import CInts, Indices, UInt64s
from ..arrays.ids import Distinct
from ..arrays.ragged import sums, unfolded
from .normalize import normal_form
from .tokenizer import MAX_WORD_LENGTH, words

# One word, whatever stands around it, that only its case keeps from its normal form.
_PLAIN = re.compile(rf"[A-Za-z0-9가-힣]{{1,{MAX_WORD_LENGTH}}}")
# Four bytes a number wherever Python runs.
_NUMBER = "i"
# Characters of a word, about, and the space behind it.
_WORD = 6
# Stretches remembered, some 200 bytes each, and the characters in them: a text that is spaced in
# another way than with blanks is one stretch. Beyond that, all are forgotten and met anew.
_MOST_STRETCHES = 1 << 19
_MOST_CHARACTERS = 1 << 25

# No letter has a byte up to this one: all white space of ASCII, and signs that stand in no word.
_BLANK = ord(" ")
_EIGHT = 8
_LONGEST = 2 * _EIGHT
# The first so many bytes of eight, which a number holds from the lowest to the highest.
_FIRST_BYTES = np.array([(1 << 8 * count) - 1 for count in range(_EIGHT + 1)], np.uint64)
# Two odd numbers without a pattern (of the golden ratio, and of pi): their products spread keys.
_SPREAD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0x243F6A8885A308D3))
_FREE = -1
# Slots, as powers of two: at first, at most, and how many of them there are for a stretch.
_FIRST_BITS, _MOST_BITS = 12, 20
_ROOM = 4
# What a key never is: its lowest byte is the first of a stretch.
_LONG, _NO_KEY = np.uint64(0), np.uint64(1)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as word numbers: all in a row, with the number of words of each."""

    numbers: CInts
    sizes: CInts

    def cut(self, longest: int) -> Texts:
        """Return the texts, each with only the first `longest` of its words."""
        if self.sizes.max(initial=0) <= longest:
            return self
        firsts = np.cumsum(self.sizes) - self.sizes
        within = np.arange(len(self.numbers)) - np.repeat(firsts, self.sizes)
        return Texts(self.numbers[within < longest], np.minimum(self.sizes, np.intc(longest)))


NO_TEXTS = Texts(np.zeros(0, np.intc), np.zeros(0, np.intc))


class WordIds:
    """Gives words numbers from 0, in the order in which they are met."""

    def __init__(self) -> None:
        self._words: Distinct[str] = Distinct()
        self._stretches = _ChunkWords(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def collector(self) -> Collector:
        """Return where texts are added to be numbered."""
        return Collector(self._stretches)

    def new_words(self) -> list[str]:
        """Return the words that were given a number since this was asked last, in their order."""
        self._stretches.forget_many()
        return self._words.new()


class Collector:
    """Texts on their way to numbers."""

    def __init__(self, stretches: _ChunkWords) -> None:
        self._known = stretches
        self._texts: list[str] = []
        self._count = 0

    def __len__(self) -> int:
        """Return about how many words wait, by the characters of their texts."""
        return self._count

    def add(self, text: str) -> None:
        """Add a text."""
        self._texts.append(text)
        self._count += len(text) // _WORD + 1

    def take(self) -> Texts:
        """Return what was added since this was asked last."""
        texts, self._texts, self._count = self._texts, [], 0
        return self._known.numbered(texts) if texts else NO_TEXTS


class _ChunkWords:
    """The numbers of the words in each stretch."""

    def __init__(self, words: Distinct[str]) -> None:
        self._words = words
        self._forget()

    def _forget(self) -> None:
        self._stretches = ChunkIds()
        self._numbers, self._sizes = array(_NUMBER), array(_NUMBER)
        self._characters = 0

    def forget_many(self) -> None:
        """Forget all stretches where they are too many."""
        if len(self._stretches) > _MOST_STRETCHES or self._characters > _MOST_CHARACTERS:
            self._forget()

    def numbered(self, texts: Sequence[str]) -> Texts:
        """Return texts as word numbers."""
        # No word reaches across white space, and no character there changes what stands beside it.
        stretches, counts = self._stretches.numbers(texts)
        numbers, sizes = self._of_stretches()
        words = numbers[unfolded(stretches, sizes)]
        return Texts(words, sums(sizes[stretches], counts).astype(np.intc))

    def _of_stretches(self) -> tuple[CInts, CInts]:
        """Return the words of all stretches in a row, and how many each has."""
        for stretch in self._stretches.new():
            plain = _PLAIN.fullmatch(stretch)
            found = (stretch.lower(),) if plain else words(normal_form(stretch))
            self._numbers.extend(map(self._words.__getitem__, found))
            self._sizes.append(len(found))
            self._characters += len(stretch)
        return np.array(self._numbers, np.intc), np.array(self._sizes, np.intc)


class _Met(NamedTuple):
    """Stretches of some texts: where they start and end in the bytes, and their keys."""

    starts: Indices
    ends: Indices
    first: UInt64s
    second: UInt64s


class ChunkIds:
    """Stretches with numbers from 0, in the order in which they are met."""

    def __init__(self) -> None:
        self._known: Distinct[bytes] = Distinct()
        self._bits = _FIRST_BITS
        self._slots = np.full(1 << _FIRST_BITS, _FREE, np.intc)
        # The keys of each stretch; there is always one more, which none has.
        self._first = np.full(1, _NO_KEY, np.uint64)
        self._second = np.full(1, _NO_KEY, np.uint64)

    def __len__(self) -> int:
        return len(self._known)

    def new(self) -> Iterator[str]:
        """Yield what was given a number since this was asked last, in their order."""
        return (stretch.decode("utf-8", "surrogatepass") for stretch in self._known.new())

    def numbers(self, texts: Sequence[str]) -> tuple[CInts, CInts]:
        """Return the stretches of all the texts in a row, and how many each has."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        # A blank before the first and several behind the last, so that no stretch is at the edge.
        data = b" ".join([b"", *encoded, b" " * _LONGEST])
        met = _met(data)
        firsts = np.cumsum([1, *map(len, encoded)]) + np.arange(len(texts) + 1)
        counts = np.diff(np.searchsorted(met.starts, firsts)).astype(np.intc)
        return self._numbered(data, met), counts

    def _numbered(self, data: bytes, met: _Met) -> CInts:
        slots = _slots(met.first, met.second, self._bits)
        numbers = self._slots[slots]
        found = self._first[numbers] == met.first
        found &= self._second[numbers] == met.second
        missed = np.flatnonzero(~found)
        starts, ends = met.starts[missed].tolist(), met.ends[missed].tolist()
        known = map(self._known.__getitem__, map(data.__getitem__, map(slice, starts, ends)))
        numbers[missed] = some = np.fromiter(known, np.intc, len(missed))
        self._make_room()
        self._first[some], self._second[some] = met.first[missed], met.second[missed]
        self._give_slots(slots[missed], some)
        return numbers

    def _make_room(self) -> None:
        """Make room for the keys of all stretches; as much again, so that it is done seldom."""
        short = len(self._known) + 1 - len(self._first)
        if short > 0:
            more = np.full(len(self._first) + short, _NO_KEY, np.uint64)
            self._first = np.concatenate((self._first, more))
            self._second = np.concatenate((self._second, more))

    def _give_slots(self, slots: Indices, numbers: CInts) -> None:
        """Give stretches their slots, if they are short and these are free."""
        if len(self._known) * _ROOM > len(self._slots) and self._bits < _MOST_BITS:
            wanted = (len(self._known) * _ROOM).bit_length() + 1
            self._bits = min(wanted, _MOST_BITS)
            self._slots = np.full(1 << self._bits, _FREE, np.intc)
            numbers = np.arange(len(self._known), dtype=np.intc)
            slots = _slots(self._first[numbers], self._second[numbers], self._bits)
        fit = (self._slots[slots] == _FREE) & (self._first[numbers] != _LONG)
        # Of two, the first to come is the last to be put there: it is the commoner one.
        self._slots[slots[fit][::-1]] = numbers[fit][::-1]


def _met(data: bytes) -> _Met:
    """Find the stretches in some bytes that begin and end with blanks."""
    inside = np.frombuffer(data, np.uint8) > _BLANK
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    sizes = ends - starts
    # Eight bytes from any place on; none is read that is not there.
    eight = np.ndarray((len(data) - _EIGHT + 1,), "<u8", data, 0, (1,))
    first = eight[starts] & _FIRST_BYTES[np.minimum(sizes, _EIGHT)]
    second = eight[starts + _EIGHT] & _FIRST_BYTES[np.clip(sizes - _EIGHT, 0, _EIGHT)]
    first[sizes > _LONGEST] = _LONG
    return _Met(starts, ends, first, second)


def _slots(first: UInt64s, second: UInt64s, bits: int) -> Indices:
    spread = (first * _SPREAD[0]) ^ (second * _SPREAD[1])
    return (spread >> np.uint64(64 - bits)).astype(np.intp)
