"""What keys the words of a dictionary are typed with, one bit a key: a filter before distances.

A slip of one key changes at most one bit each way, so that of 200,000 words some hundreds are left
to compare letter by letter.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from index.arrays.array_types import Indices, Int64s, UInt8s, UInt64s

from .hangul_keys import CODA_KEYS, FIRST, INITIAL_KEYS, LAST, VOWEL_KEYS, keys_of

# The letters of the keyboard have the bits 0 to 25; those with shift count as without.
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
# Behind them, what scripts a word has.
LOWEST_SCRIPT = HANGUL = 1 << 26
LATIN = 1 << 27
OTHER = 1 << 28
# Code points up to the last syllable; what is behind them is of another script.
_CODES = ord(LAST) + 2
# Words are taken at once, so that the arrays in between stay in some megabytes.
_AT_ONCE = 1 << 16
_MOST_KEYS = 1000
# A head has more keys than so many for each slip.
_KEYS_A_SLIP = 2
# What a word of another script counts as long: no typed word is near it.
_NO_LENGTH = -1000


class Signatures:
    """Of the words of a dictionary from the number `first` on: what keys each is typed with.

    `text` has those words in a row, and `ends` tells where each ends in it. Words that are not of
    one `script` throughout are near to nothing.
    """

    def __init__(self, text: UInt8s, ends: Int64s, *, first: int, script: int) -> None:
        self._first = first
        self._bits: UInt64s = np.zeros(len(ends), np.uint64)
        self._lengths = np.zeros(len(ends), np.int16)
        for low in range(0, len(ends), _AT_ONCE):
            start = int(ends[low - 1]) if low else 0
            own = ends[low : low + _AT_ONCE] - start
            bits, lengths = _signatures(text[start : start + int(own[-1])], own, script)
            self._bits[low : low + _AT_ONCE] = bits
            self._lengths[low : low + _AT_ONCE] = lengths

    def near(self, keys: str, *, slips: int) -> Int64s:
        """Return the numbers of words that so many slips of a key may have turned into `keys`."""
        places = (np.abs(self._lengths - len(keys)) <= slips).nonzero()[0]
        wanted, bits = signature(keys), self._bits.take(places)
        missing = _without(wanted & ~bits, slips)
        more = _without(bits & ~wanted, slips)
        numbers: Int64s = places[(missing | more) == 0] + self._first
        return numbers

    def heads(self, keys: str, *, slips: int, longest_tail: int) -> Int64s:
        """Return the numbers of words that `keys` may start with, so many slips allowed for.

        Up to `longest_tail` keys may stand behind such a word. One of a few keys is left out: with
        so many slips, anything starts with it.
        """
        shortest = max(_KEYS_A_SLIP * slips + 1, len(keys) - slips - longest_tail)
        fits = (self._lengths >= shortest) & (self._lengths <= len(keys) + slips)
        places = fits.nonzero()[0]
        bits, lengths = self._bits.take(places), self._lengths.take(places)
        # A head of n keys has all but a few of the first of `keys`, and few that are not there.
        firsts = np.array([signature(keys[:n]) for n in range(len(keys) + 1)], np.uint64)
        missing = _without(firsts.take(lengths - slips, mode="clip") & ~bits, slips)
        more = _without(bits & ~firsts.take(lengths + slips, mode="clip"), slips)
        numbers: Int64s = places[(missing | more) == 0] + self._first
        return numbers


def signature(keys: str) -> np.uint64:
    """Return the bits of a word by its keys."""
    bits = 0
    for key in keys.lower():
        bits |= 1 << _ALPHABET.index(key)
    return np.uint64(bits)


def _without(bits: UInt64s, most: int) -> UInt64s:
    """Return bits without the lowest few of each."""
    for _ in range(most):
        bits = bits & (bits - np.minimum(bits, np.uint64(1)))
    return bits


def _signatures(text: UInt8s, ends: Int64s, script: int) -> tuple[UInt64s, Int64s]:
    """Return the bits and the lengths of words that stand in a row, none of them empty."""
    places = ((text & 0xC0) != 0x80).nonzero()[0]
    codes = _code_points(text, places)
    firsts = places.searchsorted(np.append(0, ends[:-1]))
    bit_of, length_of = _tables()
    bits = np.bitwise_or.reduceat(bit_of.take(codes), firsts) ^ np.uint64(script)
    lengths = np.add.reduceat(length_of.take(codes).astype(np.int64), firsts)
    lengths[bits >= LOWEST_SCRIPT] = _NO_LENGTH
    return bits, np.minimum(lengths, _MOST_KEYS)


def _code_points(text: UInt8s, places: Indices) -> Int64s:
    """Return the code points at the places of characters; 0 for those that count as others."""
    padded = np.append(text, np.zeros(2, np.uint8)).astype(np.int64)
    lead = padded.take(places)
    second, third = padded.take(places + 1) & 0x3F, padded.take(places + 2) & 0x3F
    three = (lead & 0x0F) << 12 | second << 6 | third
    codes = np.where((lead & 0xF0) == 0xE0, three, np.where(lead < 0x80, lead, 0))
    return np.where(codes < _CODES, codes, 0)


@cache
def _tables() -> tuple[UInt64s, UInt8s]:
    """Return for each code point the bits it gives a word, and how many keys it takes."""
    bits = np.full(_CODES, OTHER, np.uint64)
    lengths = np.ones(_CODES, np.uint8)
    for letter in _ALPHABET:
        bits[ord(letter)] = signature(letter) | np.uint64(LATIN)
    for code in range(ord("ㄱ"), ord("ㅣ") + 1):
        keys = keys_of(chr(code))
        bits[code], lengths[code] = signature(keys) | np.uint64(HANGUL), len(keys)
    first = ord(FIRST)
    rows = [[signature(keys) | np.uint64(HANGUL) for keys in part] for part in _PARTS]
    counts = [[len(keys) for keys in part] for part in _PARTS]
    bits[first:-1] = np.bitwise_or.outer(np.bitwise_or.outer(rows[0], rows[1]), rows[2]).ravel()
    lengths[first:-1] = np.add.outer(np.add.outer(counts[0], counts[1]), counts[2]).ravel()
    return bits, lengths


_PARTS = (INITIAL_KEYS, VOWEL_KEYS, CODA_KEYS)
