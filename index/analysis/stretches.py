"""Stretches of texts without white space, each with a number.

Nearly all that is met was met before. A stretch of up to sixteen bytes is two numbers of eight, so
that those of many texts are compared with what is known without a look at each: a table of slots,
each with the stretch that came to it first, says which it could be. Only what is not found there,
some percent, is looked up one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..array_types import CInts, Indices, UInt64s
from .distinct import Distinct

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


class _Met(NamedTuple):
    """Stretches of some texts: where they start and end in the bytes, and their keys."""

    starts: Indices
    ends: Indices
    first: UInt64s
    second: UInt64s


class Stretches:
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
