"""How far two words sound alike: the price of turning the sounds of one into those of the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate

import numpy as np

from ...arrays.array_types import Float32s, UInt8s
from .romanize import CONSONANTS

_VOWELS = "aeiouvx"
MOST_SOUNDS = 16  # of a word are compared; few names have more
# Pairs that are gone through at once: their numbers stay in the cache of one core.
_TOGETHER = 1 << 13
_OTHER_CONSONANT = 1.5
_OTHER_VOWEL = 0.5
_ACROSS = 2.0  # a consonant for a vowel: never worth it
# What may stand for each other, and at what price. Korean ears tell the pairs of the first row
# apart, but romanisations do not agree on them.
_ALIKE = {
    0.05: "Ft Fs Jz Cc Hh Dt Rr Ll Lr",
    0.2: "gk dt bp sz cz qn Jg Ck Hk Fd Dd Ds Hg Cs Cz lr",
    0.5: "sc Fz Js hp Jk zt ct dz hk nm lR",
    0.15: "ae av ov ou oa ei iv ev eo ux uv vx iu",
    0.25: "ai au ax ex ix ox yi wu wo iy uw",
}
# The price of a sound that only one of the two has.
_EXTRA = {
    "x": 0.05,
    "R": 0.05,
    "y": 0.1,
    "w": 0.15,
    "h": 0.5,
    "H": 0.5,
    "i": 0.3,
    "l": 0.8,
    "r": 0.8,
}
_EXTRA_VOWEL = 0.35
_EXTRA_CONSONANT = 1.0


def distance(left: str, right: str) -> float:
    """Return the price of turning the sounds `left` into `right`; 0 for the same."""
    substitution, extra = _prices()
    codes = right.encode()
    gains = [extra[code] for code in codes]
    row = [0.0, *accumulate(gains)]
    for sound in left.encode():
        prices, loss = substitution[sound], extra[sound]
        corner, row[0] = row[0], row[0] + loss
        best = row[0]
        for place, code in enumerate(codes, 1):
            # The least of three, spelt out: a call of `min` takes longer than all else here.
            gain, cut, swap = best + gains[place - 1], row[place] + loss, corner + prices[code]
            best = gain if gain < cut else cut
            if swap < best:
                best = swap
            corner, row[place] = row[place], best
    return row[-1]


def sound_codes(words: Sequence[str]) -> UInt8s:
    """Return a row of ASCII codes for each word's first 16 sounds, filled up with zeros."""
    return np.array(words, dtype=f"S{MOST_SOUNDS}").view(np.uint8).reshape(-1, MOST_SOUNDS)


def distances(ours: UInt8s, theirs: UInt8s) -> Float32s:
    """Return `distance` of each pair of rows; the zeros that fill them up cost nothing."""
    found = np.zeros(len(ours), np.float32)
    for start in range(0, len(ours), _TOGETHER):
        some = slice(start, start + _TOGETHER)
        found[some] = _some_distances(ours[some], theirs[some])
    return found


def _some_distances(ours: UInt8s, theirs: UInt8s) -> Float32s:
    substitution, extra = _price_tables()
    left = np.ascontiguousarray(ours[:, : _longest(ours)].T, np.intp)
    right = np.ascontiguousarray(theirs[:, : _longest(theirs)].T, np.intp)
    gains = extra[right]
    row = [np.zeros(len(ours), np.float32)]
    for gain in gains:
        row.append(row[-1] + gain)
    prices = substitution.ravel()
    for sounds in left:
        loss, base = extra[sounds], sounds * len(substitution)
        corner, row[0] = row[0], row[0] + loss
        for place, (sound, gain) in enumerate(zip(right, gains, strict=True), 1):
            best = corner + prices[base + sound]
            np.minimum(best, row[place] + loss, out=best)
            np.minimum(best, row[place - 1] + gain, out=best)
            corner, row[place] = row[place], best
    return row[-1]


def _longest(codes: UInt8s) -> int:
    """Return how many columns hold any sound."""
    return int(np.count_nonzero(codes.any(axis=0)))


@cache
def _prices() -> tuple[list[list[float]], list[float]]:
    substitution, extra = _price_tables()
    return substitution.tolist(), extra.tolist()


@cache
def _price_tables() -> tuple[Float32s, Float32s]:
    """Return the price of each substitution and of each extra sound, by ASCII code."""
    substitution = np.full((128, 128), _ACROSS, np.float32)
    extra = np.full(128, _EXTRA_CONSONANT, np.float32)
    for group, price in ((CONSONANTS, _OTHER_CONSONANT), (_VOWELS, _OTHER_VOWEL)):
        codes = np.frombuffer(group.encode(), np.uint8)
        substitution[np.ix_(codes, codes)] = price
    extra[np.frombuffer(_VOWELS.encode(), np.uint8)] = _EXTRA_VOWEL
    for price, pairs in _ALIKE.items():
        for one, other in map(str.encode, pairs.split()):
            substitution[one, other] = substitution[other, one] = price
    for sound, price in _EXTRA.items():
        extra[ord(sound)] = price
    extra[0] = 0
    np.fill_diagonal(substitution, 0)
    return substitution, extra
