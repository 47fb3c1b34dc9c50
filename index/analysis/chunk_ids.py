"""Chunks of texts, which are what stands between ASCII white space, and their ids.

Texts are encoded and concatenated, so that numpy finds the chunks and line ends of all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays.array_types import CInts, Indices, Mask, UInt64s
from ..arrays.ids import Distinct
from .joints import FULL, LONGEST_LINE

# No byte of a letter is as low: white space and control characters of ASCII, which words exclude.
_BLANK = ord(" ")
_EIGHT = 8
_KEY_BYTES = 2 * _EIGHT
# Masks of the first n of eight bytes, which are the lowest n of a number.
_LOW_BYTES = np.array([(1 << 8 * count) - 1 for count in range(_EIGHT + 1)], np.uint64)
# Odd multipliers for hashing, from the golden ratio and from pi.
_MULTIPLIERS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0x243F6A8885A308D3))
_FREE = -1
# The size of the hash table, as powers of two, and its slots for each chunk.
_MIN_BITS, _MAX_BITS = 12, 20
_SLOTS_PER_CHUNK = 4
# Not keys of short chunks, whose lowest byte is above that of a blank.
_LONG, _NO_KEY = np.uint64(0), np.uint64(1)
_NEWLINE = ord("\n")
# Whether words may be joined at a byte: at letters, digits, hyphens and what is not ASCII.
_JOINS = np.array([byte >= 128 or chr(byte).isalnum() or byte == ord("-") for byte in range(256)])


@dataclass(frozen=True, slots=True)
class Chunked:
    """Texts as one sequence of bytes, and their chunks.

    `firsts` are the offset of each text, and the end of the last one with a blank; `starts` and
    `ends` those of the chunks, and `first` and `second` the two words of their keys.
    """

    data: bytes
    firsts: Indices
    starts: Indices
    ends: Indices
    first: UInt64s
    second: UInt64s

    @property
    def counts(self) -> CInts:
        """The number of chunks of each text."""
        return np.diff(np.searchsorted(self.starts, self.firsts)).astype(np.intc)

    def text(self, chunk: int) -> str:
        """Return a chunk as text."""
        return self.data[self.starts[chunk] : self.ends[chunk]].decode("utf-8", "surrogatepass")

    def have_next(self) -> Mask:
        """Return for each chunk whether another follows in its text."""
        found = np.ones(len(self.starts), np.bool_)
        ends = np.searchsorted(self.starts, self.firsts[1:])
        found[ends[ends > 0] - 1] = False
        return found

    def line_ends(self) -> tuple[Indices, Indices]:
        """Return the chunks before line ends, once each, and those that may be joined to the next.

        Their lines are full: they may have ended for want of room, and no other end follows at
        once. Nor does a sign of ASCII, but for a hyphen, stand at the line end.
        """
        data = np.frombuffer(self.data, np.uint8)
        newlines = np.flatnonzero(data == _NEWLINE)
        texts = np.searchsorted(self.firsts, newlines, side="right") - 1
        starts = np.append(0, newlines[:-1] + 1)
        ends = np.minimum(self.firsts[texts + 1] - 1, np.append(newlines[1:], len(self.data)))
        following = ends - newlines - 1
        full = newlines - starts >= FULL * following
        full |= (starts <= self.firsts[texts]) & (following <= LONGEST_LINE)
        chunks = np.searchsorted(self.starts, newlines) - 1
        alone = np.ones(len(chunks), np.bool_)
        alone[1:] &= chunks[1:] != chunks[:-1]
        alone[:-1] &= chunks[1:] != chunks[:-1]
        before = chunks[full & alone & (chunks >= 0) & (chunks + 1 < len(self.starts))]
        joins = _JOINS[data[self.ends[before] - 1]] & _JOINS[data[self.starts[before + 1]]]
        return chunks, before[joins]


def chunked(texts: Sequence[str]) -> Chunked:
    """Return the chunks of texts."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    # Blanks before the first and behind the last text, so that no chunk touches an edge.
    data = b" ".join([b"", *encoded, b" " * _KEY_BYTES])
    firsts = np.cumsum([1, *map(len, encoded)]) + np.arange(len(texts) + 1)
    return Chunked(data, firsts, *_chunks(data))


class ChunkIds:
    """Assigns ids to chunks, from 0 in the order of their first occurrences.

    A hash table of numpy arrays finds chunks of up to 16 bytes, which are their own keys; a
    dictionary has all, and finds those that are longer or have lost their slot to another.
    """

    def __init__(self) -> None:
        self._known: Distinct[bytes] = Distinct()
        self._bits = _MIN_BITS
        self._slots = np.full(1 << _MIN_BITS, _FREE, np.intc)
        # The key of each chunk, and a last one that no chunk has: that of free slots (id -1).
        self._first = np.full(1, _NO_KEY, np.uint64)
        self._second = np.full(1, _NO_KEY, np.uint64)

    def __len__(self) -> int:
        return len(self._known)

    def new(self) -> Iterator[str]:
        """Yield the chunks that got an id since the last call, in the order of their ids."""
        return (chunk.decode("utf-8", "surrogatepass") for chunk in self._known.new())

    def special(self, name: str) -> int:
        """Return the id of something that is no chunk: its name starts with a blank or a hyphen."""
        return self._known[name.encode()]

    def numbers(self, texts: Chunked) -> CInts:
        """Return the ids of the chunks of texts."""
        slots = _slots(texts.first, texts.second, self._bits)
        ids = self._slots[slots]
        found = self._first[ids] == texts.first
        found &= self._second[ids] == texts.second
        missed = np.flatnonzero(~found)
        starts, ends = texts.starts[missed].tolist(), texts.ends[missed].tolist()
        known = map(self._known.__getitem__, map(texts.data.__getitem__, map(slice, starts, ends)))
        ids[missed] = missed_ids = np.fromiter(known, np.intc, len(missed))
        self._grow_keys()
        self._first[missed_ids] = texts.first[missed]
        self._second[missed_ids] = texts.second[missed]
        self._fill_slots(slots[missed], missed_ids)
        return ids

    def _grow_keys(self) -> None:
        """Make room for the keys of all chunks, and double it, so that this is rare."""
        short = len(self._known) + 1 - len(self._first)
        if short > 0:
            more = np.full(len(self._first) + short, _NO_KEY, np.uint64)
            self._first = np.concatenate((self._first, more))
            self._second = np.concatenate((self._second, more))

    def _fill_slots(self, slots: Indices, ids: CInts) -> None:
        """Put short chunks into their slots where these are free."""
        if len(self._known) * _SLOTS_PER_CHUNK > len(self._slots) and self._bits < _MAX_BITS:
            self._bits = min((len(self._known) * _SLOTS_PER_CHUNK).bit_length() + 1, _MAX_BITS)
            self._slots = np.full(1 << self._bits, _FREE, np.intc)
            ids = np.arange(len(self._known), dtype=np.intc)
            slots = _slots(self._first[ids], self._second[ids], self._bits)
        fit = (self._slots[slots] == _FREE) & (self._first[ids] != _LONG)
        # In reverse, so that of two chunks the first, which is the more common one, has the slot.
        self._slots[slots[fit][::-1]] = ids[fit][::-1]


def _chunks(data: bytes) -> tuple[Indices, Indices, UInt64s, UInt64s]:
    """Return starts, ends and keys of the chunks of `data`, which begins and ends with blanks."""
    inside = np.frombuffer(data, np.uint8) > _BLANK
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    sizes = ends - starts
    # The eight bytes from any offset on; none is beyond the end.
    eight = np.ndarray((len(data) - _EIGHT + 1,), "<u8", data, 0, (1,))
    first = eight[starts] & _LOW_BYTES[np.minimum(sizes, _EIGHT)]
    second = eight[starts + _EIGHT] & _LOW_BYTES[np.clip(sizes - _EIGHT, 0, _EIGHT)]
    first[sizes > _KEY_BYTES] = _LONG
    return starts, ends, first, second


def _slots(first: UInt64s, second: UInt64s, bits: int) -> Indices:
    mixed = (first * _MULTIPLIERS[0]) ^ (second * _MULTIPLIERS[1])
    return (mixed >> np.uint64(64 - bits)).astype(np.intp)
