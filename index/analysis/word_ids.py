"""Encodes texts as word ids, from which the inverted index is built.

A text is split at ASCII white space first, and each chunk is looked up whole: only a new chunk is
tokenized, so that repeated ones cost no regular expression.
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
from ..arrays.ragged import row_indices, sums
from .normalize import normal_form
from .tokenizer import MAX_WORD_LENGTH, words

# A chunk that is one word, and whose normal form differs in case only.
_PLAIN = re.compile(rf"[A-Za-z0-9가-힣]{{1,{MAX_WORD_LENGTH}}}")
_WORD_LENGTH = 6  # average, in characters, with the space behind it
# Limits of the cached chunks, of some 200 bytes each, and of their characters: text without ASCII
# blanks is a single chunk. Beyond them, the cache is cleared.
_MAX_CHUNKS = 1 << 19
_MAX_CHARACTERS = 1 << 25

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


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as word ids: those of all texts concatenated, and the number of words of each."""

    numbers: CInts
    sizes: CInts

    def cut(self, longest: int) -> Texts:
        """Return the texts, each truncated to its first `longest` words."""
        if self.sizes.max(initial=0) <= longest:
            return self
        firsts = np.cumsum(self.sizes) - self.sizes
        within = np.arange(len(self.numbers)) - np.repeat(firsts, self.sizes)
        return Texts(self.numbers[within < longest], np.minimum(self.sizes, np.intc(longest)))


NO_TEXTS = Texts(np.zeros(0, np.intc), np.zeros(0, np.intc))


class WordIds:
    """Assigns ids to words, from 0 in the order of their first occurrences."""

    def __init__(self) -> None:
        self._ids: Distinct[str] = Distinct()
        self._clear_chunks()

    def __len__(self) -> int:
        return len(self._ids)

    def collector(self) -> Collector:
        """Return a collector of texts, which shares the ids with all others."""
        return Collector(self)

    def new_words(self) -> list[str]:
        """Return the words that got an id since the last call, in the order of their ids."""
        if len(self._chunks) > _MAX_CHUNKS or self._characters > _MAX_CHARACTERS:
            self._clear_chunks()
        return self._ids.new()

    def encode(self, texts: Sequence[str]) -> Texts:
        """Return texts as word ids."""
        # No word contains white space, and white space does not change its neighbours.
        chunks, counts = self._chunks.numbers(texts)
        for chunk in self._chunks.new():
            plain = _PLAIN.fullmatch(chunk)
            found = (chunk.lower(),) if plain else words(normal_form(chunk))
            self._word_ids.extend(map(self._ids.__getitem__, found))
            self._sizes.append(len(found))
            self._characters += len(chunk)
        ids, sizes = np.array(self._word_ids, np.intc), np.array(self._sizes, np.intc)
        return Texts(ids[row_indices(chunks, sizes)], sums(sizes[chunks], counts).astype(np.intc))

    def _clear_chunks(self) -> None:
        self._chunks = ChunkIds()
        # The word ids of all chunks, concatenated, and the number of words of each.
        self._word_ids, self._sizes = array("i"), array("i")
        self._characters = 0


class Collector:
    """Collects texts, to encode them together."""

    def __init__(self, ids: WordIds) -> None:
        self._ids = ids
        self._texts: list[str] = []
        self._count = 0

    def __len__(self) -> int:
        """Return the approximate number of collected words, from their characters."""
        return self._count

    def add(self, text: str) -> None:
        """Add a text."""
        self._texts.append(text)
        self._count += len(text) // _WORD_LENGTH + 1

    def take(self) -> Texts:
        """Return the texts that were added since the last call."""
        texts, self._texts, self._count = self._texts, [], 0
        return self._ids.encode(texts) if texts else NO_TEXTS


class _Chunks(NamedTuple):
    """The chunks of some texts: start and end in bytes, and the two words of their keys."""

    starts: Indices
    ends: Indices
    first: UInt64s
    second: UInt64s


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

    def numbers(self, texts: Sequence[str]) -> tuple[CInts, CInts]:
        """Return the chunk ids of all texts, concatenated, and the number of chunks of each."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        # Blanks before the first and behind the last text, so that no chunk touches an edge.
        data = b" ".join([b"", *encoded, b" " * _KEY_BYTES])
        chunks = _chunks(data)
        firsts = np.cumsum([1, *map(len, encoded)]) + np.arange(len(texts) + 1)
        counts = np.diff(np.searchsorted(chunks.starts, firsts)).astype(np.intc)
        return self._look_up(data, chunks), counts

    def _look_up(self, data: bytes, chunks: _Chunks) -> CInts:
        slots = _slots(chunks.first, chunks.second, self._bits)
        ids = self._slots[slots]
        found = self._first[ids] == chunks.first
        found &= self._second[ids] == chunks.second
        missed = np.flatnonzero(~found)
        starts, ends = chunks.starts[missed].tolist(), chunks.ends[missed].tolist()
        known = map(self._known.__getitem__, map(data.__getitem__, map(slice, starts, ends)))
        ids[missed] = missed_ids = np.fromiter(known, np.intc, len(missed))
        self._grow_keys()
        self._first[missed_ids] = chunks.first[missed]
        self._second[missed_ids] = chunks.second[missed]
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


def _chunks(data: bytes) -> _Chunks:
    """Find the chunks of `data`, which begins and ends with blanks."""
    inside = np.frombuffer(data, np.uint8) > _BLANK
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    sizes = ends - starts
    # The eight bytes from any offset on; none is beyond the end.
    eight = np.ndarray((len(data) - _EIGHT + 1,), "<u8", data, 0, (1,))
    first = eight[starts] & _LOW_BYTES[np.minimum(sizes, _EIGHT)]
    second = eight[starts + _EIGHT] & _LOW_BYTES[np.clip(sizes - _EIGHT, 0, _EIGHT)]
    first[sizes > _KEY_BYTES] = _LONG
    return _Chunks(starts, ends, first, second)


def _slots(first: UInt64s, second: UInt64s, bits: int) -> Indices:
    mixed = (first * _MULTIPLIERS[0]) ^ (second * _MULTIPLIERS[1])
    return (mixed >> np.uint64(64 - bits)).astype(np.intp)
