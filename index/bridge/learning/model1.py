"""How strongly terms of two languages translate each other: IBM Model 1 (Brown et al. 1993).

Both directions are trained together and only links that both believe in count (Liang, Taskar and
Klein 2006). A round is a few sums in numpy over all pairs of terms that stand in one unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays.array_types import Floats, Int64s, Mask
from ...arrays.ids import numbered
from ...arrays.ragged import before, places_of

# What is believed of each pair of terms: of what the Korean one becomes, and the English one.
Beliefs = tuple[Floats, Floats]

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

    terms: Int64s
    sizes: Int64s

    @property
    def numbers(self) -> Int64s:
        """Return the number of the unit that each term stands in."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def pairs(self, other: Units) -> tuple[Int64s, Int64s]:
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

    korean: Int64s
    english: Int64s
    together: Int64s
    linked: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of places in `Units.terms` of the same unit, and how probable a link there is.

    `of_korean` is the probability that the English term is what the Korean one became, and
    `of_english` that of the other direction.
    """

    korean: Int64s
    english: Int64s
    of_korean: Floats
    of_english: Floats


@dataclass(frozen=True, slots=True)
class Cells:
    """Every pair of terms of every unit: `korean` and `english` are the places of its terms.

    `pairs` are the numbers of the pairs of terms, of which `terms` has both; `counts` tells in how
    many units each term stands.
    """

    korean: Int64s
    english: Int64s
    pairs: Int64s
    terms: tuple[Int64s, Int64s]
    counts: tuple[Int64s, Int64s]
    units: tuple[Units, Units]

    @classmethod
    def of(cls, korean: Units, english: Units) -> Cells:
        """Return those of units that are each other's translation place by place."""
        places, english_places = korean.pairs(english)
        counts = np.bincount(korean.terms), np.bincount(english.terms)
        base = max(len(counts[1]), 1)
        distinct, pairs = numbered(korean.terms[places] * base + english.terms[english_places])
        terms = distinct // base, distinct % base
        return cls(places, english_places, pairs, terms, counts, (korean, english))

    def of_units(self, which: Mask) -> Cells:
        """Return those of the units that are flagged; places stay what they are."""
        korean, english = self.units
        kept = np.repeat(which, korean.sizes * english.sizes)
        pairs = self.pairs[kept]
        found = np.bincount(pairs, minlength=len(self.terms[0])) > 0
        numbers = np.cumsum(found) - 1
        return Cells(
            self.korean[kept],
            self.english[kept],
            numbers[pairs],
            (self.terms[0][found], self.terms[1][found]),
            (_counted(korean, which, self.counts[0]), _counted(english, which, self.counts[1])),
            self.units,
        )


def _counted(units: Units, which: Mask, counts: Int64s) -> Int64s:
    terms = units.terms[np.repeat(which, units.sizes)]
    return np.bincount(terms, minlength=len(counts))


def train(cells: Cells) -> tuple[Translations, Links]:
    """Learn from the units of two languages, which are each other's translation place by place."""
    training = _Training(cells)
    believed = training.start()
    for _ in range(_ROUNDS):
        believed = training.shares(training.linked(believed))
    links = training.links(believed)
    return training.translations(links), links


class _Training:
    """What is believed of each pair of terms, and what follows from that for each cell."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._places = cells.korean, cells.english
        self._together = np.bincount(cells.pairs, minlength=len(cells.terms[0]))
        self._nulls = [
            _NULL_WORDS * counts[units.terms] / max(int(counts.sum()), 1)
            for counts, units in zip(cells.counts, cells.units, strict=True)
        ]

    def start(self) -> Beliefs:
        """Return what is believed first: a term becomes what it stands with."""
        return self.shares(self._together.astype(np.float64))

    def shares(self, linked: Floats) -> Beliefs:
        """Return how probable each term is as the translation of the other, in both directions.

        What the English terms may come from is first, as a Korean place is what divides it.
        """
        forward, backward = (
            linked / np.maximum(np.bincount(terms, linked)[terms], _NOTHING)
            for terms in self._cells.terms
        )
        return backward, forward

    def linked(self, believed: Beliefs) -> Floats:
        """Return how many links are expected of each pair of terms.

        It is the sum of `of_korean * of_english` of its cells, what they have in common taken out
        of the sum.
        """
        korean, english = self._places
        of_korean, of_english = self._totals(believed)
        weights = (1 / of_korean).take(korean)
        weights *= (1 / of_english).take(english)
        linked: Floats = believed[0] * believed[1] * self._summed(weights)
        return linked

    def links(self, believed: Beliefs) -> Links:
        """Return for each cell how probable the link is, seen from Korean and from English."""
        of_korean, of_english = (
            shares.take(self._cells.pairs) / totals.take(places)
            for shares, totals, places in zip(
                believed, self._totals(believed), self._places, strict=True
            )
        )
        return Links(*self._places, of_korean, of_english)

    def _totals(self, believed: Beliefs) -> Beliefs:
        """Return what each place is divided by: all that it may be, of which one is no word."""
        of_korean, of_english = (
            np.maximum(
                np.bincount(places, shares.take(self._cells.pairs), minlength=len(nulls)) + nulls,
                _NOTHING,
            )
            for shares, places, nulls in zip(believed, self._places, self._nulls, strict=True)
        )
        return of_korean, of_english

    def _summed(self, weights: Floats) -> Floats:
        """Return the sum over the cells of each pair of terms."""
        summed = np.bincount(self._cells.pairs, weights, minlength=len(self._together))
        return summed.astype(np.float64, copy=False)

    def translations(self, links: Links) -> Translations:
        """Return the pairs of terms with their weights."""
        cells = self._cells
        linked = self._summed(links.of_korean * links.of_english)
        korean, english = (
            counts[terms] + _DOUBT for counts, terms in zip(cells.counts, cells.terms, strict=True)
        )
        weights = linked / np.sqrt(korean * english)
        return Translations(*cells.terms, self._together, linked, weights)
