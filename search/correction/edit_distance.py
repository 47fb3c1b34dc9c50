"""Edit distances from a typed word to many candidates, with a cost for each kind of typing error.

Optimal string alignment (Damerau-Levenshtein, but a transposed pair is not edited again) over the
keys that type a word. All candidates are compared at once: a step takes the next key of each of
them, against the whole typed word.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise, product

import numpy as np

from index.arrays.array_types import Int16s, UInt8s

# Another key; a key next to it; shift missing, or where it does not belong.
SUBSTITUTED = 10
ADJACENT = 6
SHIFTED = 4
# A key too many, one missing, and one typed twice, or once instead of twice.
INSERTED = 10
DROPPED = 6
DOUBLED = 6
# Two keys in the wrong order.
TRANSPOSED = 6
# Words of more keys are not compared.
MAX_KEYS = 48
_INFINITE = 10_000

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def distances(typed: str, candidates: Sequence[str]) -> Int16s:
    """Return the distance of each candidate from the typed word, all given by their keys."""
    return _prefix_distances(typed, candidates)[:, -1]


def stem_distances(typed: str, stems: Sequence[str], ending_costs: Int16s) -> Int16s:
    """Return the distance of the nearest word with each stem, given `typed`'s `ending_costs`."""
    nearest: Int16s = (_prefix_distances(typed, stems) + ending_costs).min(axis=1)
    return nearest


def ending_costs(typed: str, endings: Sequence[str]) -> Int16s:
    """Return, for each offset in `typed` and its end, the distance of the rest to an ending."""
    reversed_endings = [ending[::-1] for ending in endings]
    nearest: Int16s = _prefix_distances(typed[::-1], reversed_endings).min(axis=0)[::-1]
    return nearest


def _prefix_distances(typed: str, candidates: Sequence[str]) -> Int16s:
    """Return, for each candidate, its distances from the first 0, 1, … keys of `typed`."""
    lengths = np.fromiter(map(len, candidates), np.int64, len(candidates))
    width = max(int(lengths.max(initial=0)), 1)
    letters = np.array([candidate.encode() for candidate in candidates], f"S{width}")
    keys = letters.view(np.uint8).reshape(len(candidates), width)
    typed_keys = np.frombuffer(typed.encode(), np.uint8)
    insertions = (DOUBLED if key == last else INSERTED for last, key in pairwise(" " + typed))
    inserted = np.cumsum([0, *insertions]).astype(np.int16)
    before = row = np.repeat(inserted[None], len(candidates), axis=0)
    found = row.copy()
    last = np.zeros(len(candidates), np.uint8)
    for column in range(width):
        key = keys[:, column]
        step = _next_row(typed_keys, key, last, row, before)
        # An insertion costs the same in every row, so its costs are a running minimum.
        step = np.minimum.accumulate(step - inserted, axis=1) + inserted
        before, row, last = row, step, key
        ended = lengths == column + 1
        found[ended] = row[ended]
    return found


def _next_row(typed: UInt8s, key: UInt8s, last: UInt8s, row: Int16s, before: Int16s) -> Int16s:
    """Return the distances with one more key of each candidate, without insertions."""
    step = row + np.where(key == last, DOUBLED, DROPPED).astype(np.int16)[:, None]
    costs = _substitution_costs().take(typed, axis=1).take(key, axis=0)
    np.minimum(step[:, 1:], row[:, :-1] + costs, out=step[:, 1:])
    swapped = (typed[None, :-1] == key[:, None]) & (typed[None, 1:] == last[:, None])
    transposed = before[:, :-2] + np.where(swapped, TRANSPOSED, _INFINITE).astype(np.int16)
    np.minimum(step[:, 2:], transposed, out=step[:, 2:])
    return step


@cache
def _substitution_costs() -> Int16s:
    """Return the cost of a key for another, by their ASCII codes."""
    costs = np.full((128, 128), SUBSTITUTED, np.int16)
    positions = {
        key: (x + y / 2, y) for y, row in enumerate(_KEYBOARD) for x, key in enumerate(row)
    }
    for key, (x, y) in positions.items():
        for other, (other_x, other_y) in positions.items():
            if abs(y - other_y) <= 1 and abs(x - other_x) <= 1:
                for one, two in product((key, key.upper()), (other, other.upper())):
                    costs[ord(one), ord(two)] = ADJACENT
        costs[ord(key), ord(key.upper())] = costs[ord(key.upper()), ord(key)] = SHIFTED
    np.fill_diagonal(costs, 0)
    return costs
