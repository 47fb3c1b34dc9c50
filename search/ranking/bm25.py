"""BM25 and its upper bounds by impact.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

from __future__ import annotations

import math
from functools import cached_property, lru_cache

import numpy as np

from index.arrays.array_types import AnyArray, Floats, Indices, Mask
from index.segment.impacts import FREQUENCIES, LEAST_LENGTHS
from index.value import NamedTuple

_MAX_TABLE_LENGTH = 1 << 16


# A cache hit is faster than the logarithm.
@lru_cache(maxsize=1 << 14)
def idf(frequency: int, texts: int) -> float:
    """Return Lucene's idf of a term in `frequency` of `texts`; never negative."""
    return math.log(1 + (texts - frequency + 0.5) / (frequency + 0.5))


def length_norms(lengths: AnyArray, *, average: float, k1: float, b: float) -> Floats:
    """Return the length normalization of each text, as `saturation` takes it."""
    norms: Floats = k1 * (1 - b + b * lengths / max(average, 1e-9))
    return norms


def saturation(frequencies: AnyArray, norms: Floats | float, *, k1: float) -> Floats:
    """Return the saturated term frequencies, from 0 to k1 + 1."""
    scores: Floats = frequencies * (k1 + 1)
    scores /= frequencies + norms
    return scores


class SynonymGroups(NamedTuple):
    """Query terms with their translations, group after group.

    Group i is that of query term i, which is its first term; it begins at `starts[i]` and weighs
    `counts[i]`. By term, `weights` multiply frequencies and `idf_weights` the idf, and `guessed`
    are translations that no document of the index attests.
    """

    terms: tuple[str, ...]
    weights: Floats
    idf_weights: Floats
    guessed: Mask
    starts: Indices
    counts: Floats


def combined_synonyms(
    synonyms: SynonymGroups, frequencies: Floats, idfs: Floats
) -> tuple[Floats, Floats]:
    """Return by group and text the frequency of the group as one term, and its weight.

    `frequencies` has a row for each term, the results one for each group. Synonyms are counted as
    one term: Darwish and Oard, Probabilistic Structured Query Methods (2003). But the idf is the
    mean of the terms in the text, so that a text with the query term only scores as without
    translations. A guessed translation counts once in a text, and not at all beside its query
    term: Korean text on programs is full of English words that are not the terms meant.
    """
    counts = frequencies * synonyms.weights[:, None]
    starts = synonyms.starts.tolist()
    ends = [*starts[1:], len(counts)]
    groups = [*map(slice, starts, ends)]  # reduceat takes five times as long
    guesses = synonyms.guessed.nonzero()[0]
    if len(guesses):
        own = synonyms.starts.take(synonyms.starts.searchsorted(guesses, side="right") - 1)
        once = (frequencies.take(guesses, axis=0) > 0) & (frequencies.take(own, axis=0) == 0)
        counts[guesses] = once * synonyms.weights[guesses, None]
    totals: Floats = np.array([np.add.reduce(counts[group]) for group in groups])
    counts *= (synonyms.idf_weights * idfs)[:, None]
    sums = np.array([np.add.reduce(counts[group]) for group in groups])
    means = np.divide(sums, totals, out=np.zeros_like(totals), where=totals > 0)
    return totals, means * synonyms.counts[:, None]


class Bm25:
    """BM25 of a field, with the lengths of the field by passage and their average."""

    def __init__(self, lengths: AnyArray, *, average: float, k1: float, b: float) -> None:
        self._lengths = lengths
        self._average = average
        self._k1 = k1
        self._b = b

    def saturation(self, frequencies: AnyArray, passages: Indices) -> Floats:
        """Return the saturated frequencies of one term, or of several, one row each."""
        lengths = self._lengths.take(passages)
        table = self._norm_table
        norms = self._norms(lengths) if table is None else table.take(lengths)
        return saturation(frequencies, norms, k1=self._k1)

    def _norms(self, lengths: AnyArray) -> Floats:
        return length_norms(lengths, average=self._average, k1=self._k1, b=self._b)

    @cached_property
    def _norm_table(self) -> Floats | None:
        """The norm of each length; None for long tables, as a file may have any lengths."""
        longest = int(self._lengths.max(initial=0))
        return self._norms(np.arange(longest + 1)) if longest <= _MAX_TABLE_LENGTH else None

    @cached_property
    def bounds(self) -> Floats:
        """Upper bounds of the saturated frequency, by impact."""
        norms = self._norms(LEAST_LENGTHS)
        bounds = saturation(np.maximum(FREQUENCIES, 1), norms, k1=self._k1)
        bounds[FREQUENCIES == 0] = self._k1 + 1
        return bounds

    @cached_property
    def cumulative_bounds(self) -> Floats:
        """Upper bounds of the saturated frequency for all impacts up to each; ascending."""
        bounds: Floats = np.maximum.accumulate(self.bounds)
        return bounds


class _Presence(Bm25):
    """Constant score: 1 for each passage with the term."""

    def __init__(self) -> None:
        super().__init__(np.zeros(0, dtype=np.uint8), average=0.0, k1=0.0, b=0.0)

    def saturation(self, frequencies: AnyArray, passages: Indices) -> Floats:
        """Return 1 for each frequency above 0."""
        return (frequencies > 0).astype(np.float64)

    @cached_property
    def bounds(self) -> Floats:
        """1 for each impact."""
        return np.ones(len(FREQUENCIES))


PRESENCE = _Presence()
