"""Bit signatures of the keys that type the words of a dictionary: a filter before edit distances.

One mistyped key clears and sets at most one bit each, so that of 200,000 words some hundreds are
left to compare key by key.
"""

from __future__ import annotations

from functools import cache, reduce

import numpy as np

from index.analysis.hangul_keys import CODA_KEYS, INITIAL_KEYS, VOWEL_KEYS, keys_of
from index.analysis.syllables import FIRST, LAST
from index.arrays.array_types import Indices, Int64s, UInt8s, UInt64s

# Bits 0 to 25 are the letters of the keyboard, with shift or without.
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
# The bits above are the scripts of a word.
HANGUL = 1 << 26
LATIN = 1 << 27
OTHER = 1 << 28
# Code points up to the last syllable; higher ones are of another script.
_CODE_POINTS = ord(LAST) + 2
# Words of a batch, so that temporary arrays take some megabytes.
_BATCH = 1 << 16
_MAX_KEYS = 1000
# A stem has more keys than this many per edit.
_KEYS_PER_EDIT = 2
# The length of a word of another script: no typed word is near it.
_NO_LENGTH = -1000


class KeySignatures:
    """The keys of the words of a dictionary from ordinal `first` on, as one bit per key.

    `text` is those words without separators, and `ends` the end offset of each. Words that are not
    entirely of one `script` match nothing.
    """

    def __init__(self, text: UInt8s, ends: Int64s, *, first: int, script: int) -> None:
        self._first = first
        self._bits: UInt64s = np.zeros(len(ends), np.uint64)
        self._lengths = np.zeros(len(ends), np.int16)
        for low in range(0, len(ends), _BATCH):
            batch = slice(low, low + _BATCH)
            start = int(ends[low - 1]) if low else 0
            own = ends[batch] - start
            own_text = text[start : start + int(own[-1])]
            self._bits[batch], self._lengths[batch] = _signatures(own_text, own, script)

    def near(self, keys: str, *, edits: int) -> Int64s:
        """Return the ordinals of words that may be at most `edits` mistyped keys from `keys`."""
        rows = (np.abs(self._lengths - len(keys)) <= edits).nonzero()[0]
        typed = signature(keys)
        return self._matching(rows, typed, typed, edits)

    def stems(self, keys: str, *, edits: int, longest_ending: int) -> Int64s:
        """Return the ordinals of words that `keys` may begin with, given so many mistyped keys.

        At most `longest_ending` keys follow such a word. Words of very few keys are left out: with
        that many edits, anything begins with them.
        """
        shortest = max(_KEYS_PER_EDIT * edits + 1, len(keys) - edits - longest_ending)
        fits = (self._lengths >= shortest) & (self._lengths <= len(keys) + edits)
        rows = fits.nonzero()[0]
        lengths = self._lengths.take(rows)
        prefixes = np.array([signature(keys[:n]) for n in range(len(keys) + 1)], np.uint64)
        required = prefixes.take(lengths - edits, mode="clip")
        return self._matching(rows, required, prefixes.take(lengths + edits, mode="clip"), edits)

    def _matching(
        self, rows: Indices, required: UInt64s | np.uint64, allowed: UInt64s | np.uint64, edits: int
    ) -> Int64s:
        """Return the ordinals of rows that lack few bits of `required`, with few not `allowed`."""
        bits = self._bits.take(rows)
        missing = _without_lowest(required & ~bits, edits)
        excess = _without_lowest(bits & ~allowed, edits)
        ordinals: Int64s = rows[(missing | excess) == 0] + self._first
        return ordinals


def signature(keys: str) -> np.uint64:
    """Return the bits of a word, given by its keys."""
    return np.uint64(sum(1 << _ALPHABET.index(key) for key in set(keys.lower())))


def _without_lowest(bits: UInt64s, count: int) -> UInt64s:
    """Return each number without its `count` lowest bits that are set."""
    for _ in range(count):
        bits = bits & (bits - np.minimum(bits, np.uint64(1)))
    return bits


def _signatures(text: UInt8s, ends: Int64s, script: int) -> tuple[UInt64s, Int64s]:
    """Return the bits and the numbers of keys of consecutive words, none of them empty."""
    offsets = ((text & 0xC0) != 0x80).nonzero()[0]
    codes = _code_points(text, offsets)
    firsts = offsets.searchsorted(np.append(0, ends[:-1]))
    bits_of, length_of = _tables()
    bits = np.bitwise_or.reduceat(bits_of.take(codes), firsts) ^ np.uint64(script)
    lengths = np.add.reduceat(length_of.take(codes).astype(np.int64), firsts)
    lengths[bits >= HANGUL] = _NO_LENGTH
    return bits, np.minimum(lengths, _MAX_KEYS)


def _code_points(text: UInt8s, offsets: Indices) -> Int64s:
    """Return the code points of the characters at byte offsets; 0 for those of other scripts."""
    padded = np.append(text, np.zeros(2, np.uint8)).astype(np.int64)
    lead = padded.take(offsets)
    second, third = padded.take(offsets + 1) & 0x3F, padded.take(offsets + 2) & 0x3F
    three = (lead & 0x0F) << 12 | second << 6 | third
    codes = np.where((lead & 0xF0) == 0xE0, three, np.where(lead < 0x80, lead, 0))
    return np.where(codes < _CODE_POINTS, codes, 0)


@cache
def _tables() -> tuple[UInt64s, UInt8s]:
    """Return, for each code point, its bits and its number of keys."""
    bits = np.full(_CODE_POINTS, OTHER, np.uint64)
    lengths = np.ones(_CODE_POINTS, np.uint8)
    for letter in _ALPHABET:
        bits[ord(letter)] = signature(letter) | np.uint64(LATIN)
    for code in range(ord("ㄱ"), ord("ㅣ") + 1):
        keys = keys_of(chr(code))
        bits[code], lengths[code] = signature(keys) | np.uint64(HANGUL), len(keys)
    first, parts = ord(FIRST), (INITIAL_KEYS, VOWEL_KEYS, CODA_KEYS)
    rows = [np.array([signature(keys) | np.uint64(HANGUL) for keys in part]) for part in parts]
    counts = [np.array([len(keys) for keys in part]) for part in parts]
    bits[first:-1] = reduce(np.bitwise_or.outer, rows).ravel()
    lengths[first:-1] = reduce(np.add.outer, counts).ravel()
    return bits, lengths
