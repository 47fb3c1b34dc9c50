"""IBM Model 1 (Brown et al. 1993): how strongly terms of two languages translate each other.

Both directions are trained together, and only links that both find probable count (Liang, Taskar
and Klein 2006). A round of EM is a few sums in numpy over all co-occurrences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...arrays.array_types import Floats, Int64s, Mask
from ...arrays.ids import numbered
from ...arrays.ragged import before, range_indices

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
        return np.repeat(np.arange(len(self.terms)), partners), range_indices(starts, partners)


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


def train(data: Cooccurrences) -> tuple[TranslationTable, Links]:
    """Return the translation table and the links that EM finds in parallel lines."""
    korean, english = _Direction(data, generated=0), _Direction(data, generated=1)
    counts = np.bincount(data.pairs, minlength=len(data.terms[0]))
    expected = counts.astype(np.float64)
    korean.maximize(expected)
    english.maximize(expected)
    for _ in range(_ROUNDS):
        # The sum of `of_korean * of_english` for each pair, with its probabilities moved out.
        factors = (1 / korean.totals()).take(data.korean)
        factors *= (1 / english.totals()).take(data.english)
        expected = korean.probabilities * english.probabilities * _summed(data, factors)
        korean.maximize(expected)
        english.maximize(expected)
    links = Links(data.korean, data.english, korean.posteriors(), english.posteriors())
    expected = _summed(data, links.of_korean * links.of_english)
    first, second = data.frequencies[0][data.terms[0]], data.frequencies[1][data.terms[1]]
    weights = expected / np.sqrt((first + _SMOOTHING) * (second + _SMOOTHING))
    return TranslationTable(*data.terms, counts, expected, weights), links


def _summed(data: Cooccurrences, values: Floats) -> Floats:
    """Return the sum over the co-occurrences of each pair."""
    summed = np.bincount(data.pairs, values, minlength=len(data.terms[0]))
    return summed.astype(np.float64, copy=False)


class _Direction:
    """Model 1 in one direction: terms of side `generated`, given those of the other."""

    probabilities: Floats  # of each pair

    def __init__(self, data: Cooccurrences, *, generated: int) -> None:
        self._pairs = data.pairs
        self._given = data.terms[1 - generated]
        self._positions = (data.korean, data.english)[generated]
        frequencies = data.frequencies[generated]
        terms = data.sides[generated].terms
        self._nulls = _NULL_WORDS * frequencies[terms] / max(int(frequencies.sum()), 1)

    def maximize(self, expected: Floats) -> None:
        """M-step: set the probability of each pair to its share of the links of the given term."""
        totals = np.bincount(self._given, expected)[self._given]
        self.probabilities = expected / np.maximum(totals, _EPSILON)

    def totals(self) -> Floats:
        """Return the sum of the probabilities at each position, the NULL word included."""
        shares = self.probabilities.take(self._pairs)
        totals = np.bincount(self._positions, shares, minlength=len(self._nulls)) + self._nulls
        found: Floats = np.maximum(totals, _EPSILON)
        return found

    def posteriors(self) -> Floats:
        """E-step: return the posterior of each link."""
        return self.probabilities.take(self._pairs) / self.totals().take(self._positions)
