"""How far a typed word is from others: slips of the hand, each at its price.

The distance is that of optimal string alignment (Damerau and Levenshtein, a transposition never
edited again), over the keys of the words. All candidates are compared at once: a step takes one
key of each, against all of the typed word.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from index.arrays.array_types import Int16s, UInt8s

# A key for another; the key beside it; shift where there should be none, or none where it should.
SUBSTITUTED = 10
BESIDE = 6
SHIFTED = 4
# A key too many or too few; the same key twice, or once in place of twice.
INSERTED = 10
DROPPED = 6
DOUBLED = 6
# Two keys the wrong way round.
TRANSPOSED = 6
# No longer word is compared: a slip in one is found by its parts.
LONGEST = 48
_FAR = 10_000

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def distances(typed: str, candidates: Sequence[str]) -> Int16s:
    """Return how far each candidate is from what was typed, both given by their keys."""
    return _aligned(typed, candidates)[:, -1]


def head_distances(typed: str, heads: Sequence[str], tails: Int16s) -> Int16s:
    """Return how far `typed` is from the likeliest word that starts with each of `heads`.

    `tails[i]` is the price of what was typed from the place i on, as the end of a word.
    """
    found: Int16s = (_aligned(typed, heads) + tails).min(axis=1)
    return found


def tail_costs(typed: str, endings: Sequence[str]) -> Int16s:
    """Return for each place of `typed`, and behind it, how far the rest is from an ending."""
    backwards = [ending[::-1] for ending in endings]
    nearest: Int16s = _aligned(typed[::-1], backwards).min(axis=0)[::-1]
    return nearest


def _aligned(typed: str, candidates: Sequence[str]) -> Int16s:
    """Return, for each candidate, how far it is from the first 0, 1, … keys of `typed`."""
    lengths = np.fromiter(map(len, candidates), np.int64, len(candidates))
    longest = int(lengths.max(initial=0))
    letters = np.array([c.encode() for c in candidates], f"S{max(longest, 1)}")
    keys = letters.view(np.uint8).reshape(len(candidates), max(longest, 1))
    own = np.frombuffer(typed.encode(), np.uint8)
    extra = np.cumsum([0, *_insertions(typed)]).astype(np.int16)
    before = row = np.repeat(extra[None], len(candidates), axis=0)
    found = row.copy()
    last = np.zeros(len(candidates), np.uint8)
    for place in range(longest):
        key = keys[:, place]
        step = _stepped(own, key, last, row, before)
        # A key too many costs the same wherever it is met, so its prices are a running minimum.
        step = np.minimum.accumulate(step - extra, axis=1) + extra
        before, row, last = row, step, key
        ended = lengths == place + 1
        found[ended] = row[ended]
    return found


def _stepped(own: UInt8s, key: UInt8s, last: UInt8s, row: Int16s, before: Int16s) -> Int16s:
    """Return the distances with one more key of each candidate, but for keys too many."""
    step = row + np.where(key == last, DOUBLED, DROPPED).astype(np.int16)[:, None]
    prices = _prices().take(own, axis=1).take(key, axis=0)
    np.minimum(step[:, 1:], row[:, :-1] + prices, out=step[:, 1:])
    swapped = (own[None, :-1] == key[:, None]) & (own[None, 1:] == last[:, None])
    turned = before[:, :-2] + np.where(swapped, TRANSPOSED, _FAR).astype(np.int16)
    np.minimum(step[:, 2:], turned, out=step[:, 2:])
    return step


def _insertions(typed: str) -> list[int]:
    """Return the price of each typed key as one too many."""
    return [DOUBLED if key == last else INSERTED for last, key in pairwise(" " + typed)]


@cache
def _prices() -> Int16s:
    """Return the price of a key for another, by their ASCII codes."""
    prices = np.full((128, 128), SUBSTITUTED, np.int16)
    places = {key: (x + y / 2, y) for y, keys in enumerate(_ROWS) for x, key in enumerate(keys)}
    for key, (x, y) in places.items():
        for other, (column, line) in places.items():
            if abs(y - line) <= 1 and abs(x - column) <= 1:
                for one, two in ((key, other), (key.upper(), other), (key, other.upper())):
                    prices[ord(one), ord(two)] = BESIDE
                prices[ord(key.upper()), ord(other.upper())] = BESIDE
        prices[ord(key), ord(key.upper())] = prices[ord(key.upper()), ord(key)] = SHIFTED
    np.fill_diagonal(prices, 0)
    return prices
