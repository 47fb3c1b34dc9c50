"""Which words could sound alike: those whose consonants, roughly taken, are the same.

A vocabulary of 200,000 words in each language has 40 billion pairs; with the same consonants
there are few enough of them to be looked at one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..analysis.rows import places_of
from ..array_types import Int64s, UInt8s

# What spellings confuse is one class; vowels, glides and h are none.
_CLASSES = {"gk": 1, "dtD": 2, "bp": 3, "szc": 4, "m": 5, "nq": 6, "lrL": 7}
_VELAR, _NASAL = 1, 6
# The spellings that may be read in two ways, in each of the ways.
_READINGS = (
    {"FJC": 4, "R": 0},
    {"F": 2, "JCH": 1, "R": 0},
    {"FJC": 4, "R": 7},
    {"F": 2, "JCH": 1, "R": 7},
)
_BITS = 3
# A word of one or two consonants could be too many others.
_FEWEST = 1 << _BITS


class Pairs(NamedTuple):
    """Rows of two matrices of sounds that have the same consonants, and how many of these."""

    left: Int64s
    right: Int64s
    consonants: Int64s


def pairs_of(korean: UInt8s, english: UInt8s, *, most: int) -> Pairs:
    """Return the pairs of words with the same consonants, each pair once.

    Where there would be more than `most`, those whose consonants the most pairs have are left out.
    """
    ours = _skeletons(korean, {})
    theirs, words = _readings(english)
    order = np.argsort(theirs, kind="stable")
    theirs, words = theirs[order], words[order]
    first = np.searchsorted(theirs, ours, "left")
    sizes = np.searchsorted(theirs, ours, "right") - first
    sizes[ours < _FEWEST] = 0
    sizes = _rarest(ours, sizes, most)
    left = np.repeat(np.arange(len(ours)), sizes)
    right = words[places_of(first, sizes)]
    return Pairs(left, right, _length(ours[left]))


def _rarest(skeletons: Int64s, sizes: Int64s, most: int) -> Int64s:
    """Return `sizes` with zeros for the skeletons that have the most pairs, `most` remaining."""
    if sizes.sum() <= most:
        return sizes
    _, group = np.unique(skeletons, return_inverse=True)
    pairs = np.bincount(group, weights=sizes).astype(np.int64)
    order = np.argsort(pairs, kind="stable")
    kept = np.zeros(len(pairs), bool)
    kept[order[np.cumsum(pairs[order]) <= most]] = True
    return np.where(kept[group], sizes, 0)


def _readings(codes: UInt8s) -> tuple[Int64s, Int64s]:
    """Return the skeletons of all readings, and the row that each is of; no row has one twice."""
    seen: list[Int64s] = []
    rows: list[Int64s] = []
    for reading in _READINGS:
        skeletons = _skeletons(codes, reading)
        new = np.all([skeletons != other for other in seen], axis=0) if seen else skeletons >= 0
        seen.append(skeletons)
        rows.append(np.flatnonzero(new))
    found = [skeletons[row] for skeletons, row in zip(seen, rows, strict=True)]
    return np.concatenate(found), np.concatenate(rows)


def _skeletons(codes: UInt8s, reading: Mapping[str, int]) -> Int64s:
    """Return the consonants of each row as one number, the first consonant its highest digit."""
    table = _table(reading)
    skeletons = np.zeros(len(codes), np.int64)
    before = np.zeros(len(codes), np.int64)
    for sounds in np.ascontiguousarray(codes.T):
        column = table[sounds]
        # The g of ng is heard or not (싱어, 몽골), and spelt in English either way.
        counts = (column > 0) & ~((column == _VELAR) & (before == _NASAL))
        np.copyto(skeletons, (skeletons << _BITS) + column, where=counts)
        before = column
    return skeletons


def _length(skeletons: Int64s) -> Int64s:
    """Return how many consonants each skeleton has."""
    return (np.frexp(skeletons)[1] + _BITS - 1) // _BITS


def _table(reading: Mapping[str, int]) -> Int64s:
    table = np.zeros(128, np.int64)
    for sounds, number in {**_CLASSES, **reading}.items():
        for sound in sounds:
            table[ord(sound)] = number
    return table
