"""IBM Model 1 (Brown et al. 1993): how strongly terms of two languages translate each other.

Both directions are trained together, and only links that both find probable count (Liang, Taskar
and Klein 2006). A round of EM is a few sums in numpy over all co-occurrences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays.array_types import Floats, Int64s, Mask
from ...arrays.ids import numbered
from ...arrays.ragged import before, places_of

# A number for each pair of terms, or each position, first of the Korean side, then of the English.
BothSides = tuple[Floats, Floats]

_ROUNDS = 5
# Expected NULL words of a line, which generate each term in proportion to its frequency.
_NULL_WORDS = 1.0
# Added to the frequencies of both terms: a pair seen once has a weight of 1/2 at most.
_SMOOTHING = 1.0
_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class TermSets:
    """The distinct term ids of each line, ascending, one line after the other."""

    terms: Int64s
    sizes: Int64s

    @property
    def lines(self) -> Int64s:
        """Return the number of the line of each term."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def pairs(self, other: TermSets) -> tuple[Int64s, Int64s]:
        """Return the positions in `terms` of all pairs of terms from the same line."""
        partners = np.repeat(other.sizes, self.sizes)
        starts = np.repeat(before(other.sizes)[:-1], self.sizes)
        return np.repeat(np.arange(len(self.terms)), partners), places_of(starts, partners)


@dataclass(frozen=True, slots=True)
class TranslationTable:
    """The distinct pairs of terms that co-occur in a line.

    `cooccurrences` is the number of such lines, `links` the expected number of links between the
    two terms, `weights` the strength of the pair, from 0 and below 1.
    """

    korean: Int64s
    english: Int64s
    cooccurrences: Int64s
    links: Floats
    weights: Floats


@dataclass(frozen=True, slots=True)
class Links:
    """All links within lines, as positions in `TermSets.terms`, with their posteriors.

    Those of one position add up to 1 at most: `of_korean` of a Korean one, `of_english` of an
    English one.
    """

    korean: Int64s
    english: Int64s
    of_korean: Floats
    of_english: Floats


@dataclass(frozen=True, slots=True)
class Cooccurrences:
    """Every pair of a Korean and an English term in every line, as positions in `sides`.

    `pairs` are the ids of the distinct pairs, `terms` the term ids of each of these, and
    `frequencies` the number of lines of each term.
    """

    korean: Int64s
    english: Int64s
    pairs: Int64s
    terms: tuple[Int64s, Int64s]
    frequencies: tuple[Int64s, Int64s]
    sides: tuple[TermSets, TermSets]

    @classmethod
    def of(cls, korean: TermSets, english: TermSets) -> Cooccurrences:
        """Return the co-occurrences in lines that translate each other one by one."""
        ours, theirs = korean.pairs(english)
        frequencies = np.bincount(korean.terms), np.bincount(english.terms)
        base = max(len(frequencies[1]), 1)
        keys, pairs = numbered(korean.terms[ours] * base + english.terms[theirs])
        return cls(ours, theirs, pairs, (keys // base, keys % base), frequencies, (korean, english))

    def subset(self, lines: Mask) -> Cooccurrences:
        """Return the co-occurrences in some lines; positions do not change."""
        korean, english = self.sides
        kept = np.repeat(lines, korean.sizes * english.sizes)
        pairs = self.pairs[kept]
        found = np.bincount(pairs, minlength=len(self.terms[0])) > 0
        ours, theirs = (
            np.bincount(side.terms[np.repeat(lines, side.sizes)], minlength=len(frequencies))
            for side, frequencies in zip(self.sides, self.frequencies, strict=True)
        )
        return Cooccurrences(
            self.korean[kept],
            self.english[kept],
            (np.cumsum(found) - 1)[pairs],
            (self.terms[0][found], self.terms[1][found]),
            (ours, theirs),
            self.sides,
        )


def train(cooccurrences: Cooccurrences) -> tuple[TranslationTable, Links]:
    """Return the translation table and the links that EM finds in parallel lines."""
    model = _Model(cooccurrences)
    probabilities = model.maximized(model.counts.astype(np.float64))
    for _ in range(_ROUNDS):
        probabilities = model.maximized(model.expected_links(probabilities))
    links = model.links(probabilities)
    return model.table(links), links


class _Model:
    """The steps of EM over fixed co-occurrences.

    `counts` are the co-occurrences of each pair. Probabilities are of each pair, given its English
    term first and given its Korean term second.
    """

    def __init__(self, cooccurrences: Cooccurrences) -> None:
        self._data = cooccurrences
        self._positions = cooccurrences.korean, cooccurrences.english
        self.counts = np.bincount(cooccurrences.pairs, minlength=len(cooccurrences.terms[0]))
        self._nulls = [
            _NULL_WORDS * frequencies[side.terms] / max(int(frequencies.sum()), 1)
            for frequencies, side in zip(
                cooccurrences.frequencies, cooccurrences.sides, strict=True
            )
        ]

    def maximized(self, links: Floats) -> BothSides:
        """M-step: return the expected links of each pair as shares of those of its terms."""
        given_korean, given_english = (
            links / np.maximum(np.bincount(terms, links)[terms], _EPSILON)
            for terms in self._data.terms
        )
        return given_english, given_korean

    def expected_links(self, probabilities: BothSides) -> Floats:
        """E-step: return the expected number of links of each pair.

        It is the sum of `of_korean * of_english` over the co-occurrences of the pair, with the
        common factors moved out of the sum.
        """
        korean, english = self._positions
        of_korean, of_english = self._totals(probabilities)
        factors = (1 / of_korean).take(korean)
        factors *= (1 / of_english).take(english)
        links: Floats = probabilities[0] * probabilities[1] * self._summed(factors)
        return links

    def links(self, probabilities: BothSides) -> Links:
        """Return the posteriors of all links."""
        of_korean, of_english = (
            shares.take(self._data.pairs) / totals.take(positions)
            for shares, totals, positions in zip(
                probabilities, self._totals(probabilities), self._positions, strict=True
            )
        )
        return Links(*self._positions, of_korean, of_english)

    def _totals(self, probabilities: BothSides) -> BothSides:
        """Return the normaliser of each position: the sum over its links and the NULL word."""
        of_korean, of_english = (
            np.maximum(
                np.bincount(positions, shares.take(self._data.pairs), minlength=len(nulls)) + nulls,
                _EPSILON,
            )
            for shares, positions, nulls in zip(
                probabilities, self._positions, self._nulls, strict=True
            )
        )
        return of_korean, of_english

    def _summed(self, values: Floats) -> Floats:
        """Return the sum over the co-occurrences of each pair."""
        summed = np.bincount(self._data.pairs, values, minlength=len(self.counts))
        return summed.astype(np.float64, copy=False)

    def table(self, links: Links) -> TranslationTable:
        """Return the pairs with their weights."""
        linked = self._summed(links.of_korean * links.of_english)
        korean, english = (
            frequencies[terms] + _SMOOTHING
            for frequencies, terms in zip(self._data.frequencies, self._data.terms, strict=True)
        )
        weights = linked / np.sqrt(korean * english)
        return TranslationTable(*self._data.terms, self.counts, linked, weights)
