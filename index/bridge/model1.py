"""How strongly terms of two languages translate each other: IBM Model 1 (Brown et al. 1993).

Both directions are trained together and only links that both believe in count (Liang, Taskar and
Klein 2006). A round is a few sums in numpy over all pairs of terms that stand in one unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..analysis.rows import Numbers, before, places_of

Floats = NDArray[np.float64]

_ROUNDS = 5
# A word without a counterpart that every unit is taken to have: it stands for any word of the
# other language, for each as often as it is met.
_NULL_WORDS = 1.0
# Units that speak against a pair before any is seen: a pair met once has a weight of 1/2 at most.
_DOUBT = 1.0
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Units:
    """Terms by number, those of each unit distinct and in ascending order, all in a row."""

    terms: Numbers
    sizes: Numbers

    def pairs(self, other: Units) -> tuple[Numbers, Numbers]:
        """Return the places in `terms` of all pairs of terms that stand in the same unit."""
        partners = np.repeat(other.sizes, self.sizes)
        starts = np.repeat(before(other.sizes)[:-1], self.sizes)
        return np.repeat(np.arange(len(self.terms)), partners), places_of(starts, partners)


@dataclass(frozen=True, slots=True)
class Translations:
    """Pairs of terms that stood in the same unit, each once.

    `together` is in how many units, `linked` how often one is expected to be the translation of
    the other, `weights` how strong the pair is: from 0, below 1.
    """

    korean: Numbers
    english: Numbers
    together: Numbers
    linked: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of places in `Units.terms` of the same unit, and how probable a link there is.

    `of_korean` is the probability that the English term is what the Korean one became, and
    `of_english` that of the other direction.
    """

    korean: Numbers
    english: Numbers
    of_korean: Floats
    of_english: Floats


def train(korean: Units, english: Units) -> tuple[Translations, Links]:
    """Learn from the units of two languages, which are each other's translation place by place."""
    cells = _Cells(korean, english)
    forward, backward = cells.start()
    for _ in range(_ROUNDS):
        of_korean, of_english = cells.links(forward, backward)
        linked = cells.sums(of_korean * of_english)
        forward, backward = cells.shares(linked)
    of_korean, of_english = cells.links(forward, backward)
    linked = cells.sums(of_korean * of_english)
    links = Links(cells.korean, cells.english, of_korean, of_english)
    return cells.translations(linked), links


class _Cells:
    """Every pair of terms of every unit: `korean` and `english` are the places of its terms."""

    def __init__(self, korean: Units, english: Units) -> None:
        self.korean, self.english = korean.pairs(english)
        self._counts = np.bincount(korean.terms), np.bincount(english.terms)
        self._nulls = tuple(
            _NULL_WORDS * counts[units.terms] / max(len(units.terms), 1)
            for counts, units in zip(self._counts, (korean, english), strict=True)
        )
        base = max(len(self._counts[1]), 1)
        keys = korean.terms[self.korean] * base + english.terms[self.english]
        distinct, self._pairs = np.unique(keys, return_inverse=True)
        self._terms = distinct // base, distinct % base
        self._together = np.bincount(self._pairs, minlength=len(distinct))

    def start(self) -> tuple[Floats, Floats]:
        """Return what is believed first: a term becomes what it stands with."""
        return self.shares(self._together.astype(np.float64))

    def shares(self, linked: Floats) -> tuple[Floats, Floats]:
        """Return how probable each term is as the translation of the other, in both directions."""
        forward, backward = (
            linked / np.maximum(np.bincount(terms, linked)[terms], _NOTHING)
            for terms in self._terms
        )
        return forward, backward

    def links(self, forward: Floats, backward: Floats) -> tuple[Floats, Floats]:
        """Return for each cell how probable the link is, seen from Korean and from English."""
        null_korean, null_english = self._nulls
        of_english = _divided(forward[self._pairs], self.english, null_english)
        of_korean = _divided(backward[self._pairs], self.korean, null_korean)
        return of_korean, of_english

    def sums(self, links: Floats) -> Floats:
        """Return the sum of the links of each pair of terms."""
        summed = np.bincount(self._pairs, links, minlength=len(self._together))
        return summed.astype(np.float64, copy=False)

    def translations(self, linked: Floats) -> Translations:
        """Return the pairs of terms with their weights."""
        korean, english = (
            counts[terms] + _DOUBT for counts, terms in zip(self._counts, self._terms, strict=True)
        )
        weights = linked / np.sqrt(korean * english)
        return Translations(*self._terms, self._together, linked, weights)


def _divided(believed: Floats, places: Numbers, nulls: Floats) -> Floats:
    """Divide one word among those it may come from, of which no word at all is one."""
    totals = np.bincount(places, believed, minlength=len(nulls)) + nulls
    shares: Floats = believed / totals[places]
    return shares
