"""Which terms of two texts are left to translate each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..array_types import Int64s, Mask
from .model1 import Units
from .numbered import numbered
from .terms import Running

# Distinct terms of one text that count.
_MOST_TERMS = 100


@dataclass(frozen=True, slots=True)
class Placed:
    """Units, and for each piece of the texts the place of its term in them, or -1."""

    units: Units
    places: Int64s


def carrying_units(korean: Running, english: Running) -> tuple[Placed, Placed]:
    """Return the terms that carry meaning, without those that both texts of a pair have.

    A Latin word in both is its own translation and explains itself.
    """
    shared = _shared(korean, english)
    carried = english.carrying(korean=False)[english.terms] & ~shared
    return (
        _placed(korean, korean.carrying(korean=True)[korean.terms]),
        _placed(english, carried),
    )


def _shared(korean: Running, english: Running) -> Mask:
    """Tell of each English piece whether the Korean text has the same term."""
    numbers = {name: number for number, name in enumerate(english.names)}
    same = np.array([numbers.get(name, -1) for name in korean.names], np.int64)[korean.terms]
    base = max(len(english.names), 1)
    found = same >= 0
    keys = korean.texts[found] * base + same[found]
    shared: Mask = np.isin(english.texts * base + english.terms, keys)
    return shared


def _placed(text: Running, carrying: Mask) -> Placed:
    base = max(len(text.names), 1)
    pieces = np.flatnonzero(carrying)
    keys = text.texts[pieces] * base + text.terms[pieces]
    distinct, numbers = numbered(keys)
    units = distinct // base
    kept = np.arange(len(units)) - np.searchsorted(units, units) < _MOST_TERMS
    places = np.full(len(text.pieces), -1)
    places[pieces] = np.where(kept, np.cumsum(kept) - 1, -1)[numbers]
    sizes = np.bincount(units[kept], minlength=len(text.sizes))
    return Placed(Units(distinct[kept] % base, sizes), places)
