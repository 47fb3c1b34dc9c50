"""BM25: the formulas that all scores are made of, and bounds that need only a posting's impact.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
"""

from __future__ import annotations

import math
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from index.arrays.array_types import AnyArray, Floats, Indices
from index.segment.impacts import FREQUENCIES, LEAST_LENGTHS

_LONGEST = 1 << 16


# Looked up in less time than reckoned; as many as may be asked for in a while.
@lru_cache(maxsize=1 << 14)
def idf(frequency: int, texts: int) -> float:
    """Return Lucene's idf of a term in `frequency` of `texts`; never negative."""
    return math.log(1 + (texts - frequency + 0.5) / (frequency + 0.5))


def length_norms(lengths: AnyArray, *, average: float, k1: float, b: float) -> Floats:
    """Return what a text of each length adds to a frequency in the divisor of `saturation`."""
    norms: Floats = k1 * (1 - b + b * lengths / max(average, 1e-9))
    return norms


def saturation(frequencies: AnyArray, norms: Floats | float, *, k1: float) -> Floats:
    """Return what each frequency gives before its weight, from 0 to k1 + 1; 0 gives nothing."""
    scores: Floats = frequencies * (k1 + 1)
    scores /= frequencies + norms
    return scores


class SynonymGroups(NamedTuple):
    """Terms that are asked for, and those that may stand for them: all in a row.

    Those of term i, itself the first, begin at `starts[i]`, and count `counts[i]` times together.
    `weights` are those of their frequencies, `worth` of their idf.
    """

    terms: tuple[bytes, ...]
    weights: Floats
    worth: Floats
    starts: Indices
    counts: Floats


def combined_synonyms(
    alternatives: SynonymGroups, frequencies: Floats, idfs: Floats
) -> tuple[Floats, Floats]:
    """Return how often each term stands in each text, others counted with it, and its weight there.

    `frequencies` has a row for each of the alternatives, what is returned one for each term. Many
    words for one thing weigh no more than one word: Darwish and Oard, Probabilistic Structured
    Query Methods (2003). But the idf is the mean of those that stand there, so that a text with
    the term asked for alone scores as if it had no others.
    """
    counts = frequencies * alternatives.weights[:, None]
    ends = [*alternatives.starts[1:].tolist(), len(counts)]
    groups = [*map(slice, alternatives.starts.tolist(), ends)]  # reduceat takes five times as long
    totals: Floats = np.array([np.add.reduce(counts[group]) for group in groups])
    counts *= (alternatives.worth * idfs)[:, None]
    rarities = np.array([np.add.reduce(counts[group]) for group in groups])
    means = np.divide(rarities, totals, out=np.zeros_like(totals), where=totals > 0)
    return totals, means * alternatives.counts[:, None]


class Bm25:
    """BM25 with the lengths of a field, by passage, and their average."""

    def __init__(self, lengths: AnyArray, *, average: float, k1: float, b: float) -> None:
        self._lengths = lengths
        self._average = average
        self._k1 = k1
        self._b = b

    def saturation(self, frequencies: AnyArray, passages: Indices) -> Floats:
        """Return what each posting gives before its weight, from 0 to k1 + 1.

        `frequencies` are those of one term, or of several, a row each; 0 gives nothing.
        """
        lengths = self._lengths.take(passages)
        known = self._known_norms
        norms = self._norms(lengths) if known is None else known.take(lengths)
        return saturation(frequencies, norms, k1=self._k1)

    def _norms(self, lengths: AnyArray) -> Floats:
        return length_norms(lengths, average=self._average, k1=self._k1, b=self._b)

    @cached_property
    def _known_norms(self) -> Floats | None:
        """The norm of each length: a query then looks it up.

        None where the table would be long: a length is a number in a file, and can be anything.
        """
        longest = int(self._lengths.max(initial=0))
        return self._norms(np.arange(longest + 1)) if longest <= _LONGEST else None

    @cached_property
    def ceilings(self) -> Floats:
        """By impact, what a posting gives at most before its weight."""
        norms = self._norms(LEAST_LENGTHS)
        bounds = saturation(np.maximum(FREQUENCIES, 1), norms, k1=self._k1)
        bounds[FREQUENCIES == 0] = self._k1 + 1
        return bounds

    @cached_property
    def ceilings_up_to(self) -> Floats:
        """By impact, what a posting of this or a lower impact gives at most; ascending."""
        ceilings: Floats = np.maximum.accumulate(self.ceilings)
        return ceilings


class _Presence(Bm25):
    """Scores a posting by being there, however often and in however long a text."""

    def __init__(self) -> None:
        super().__init__(np.zeros(0, dtype=np.uint8), average=0.0, k1=0.0, b=0.0)

    def saturation(self, frequencies: AnyArray, passages: Indices) -> Floats:
        """Return 1 for each posting."""
        return (frequencies > 0).astype(np.float64)

    @cached_property
    def ceilings(self) -> Floats:
        """By impact, 1."""
        return np.ones(len(FREQUENCIES))


PRESENCE = _Presence()
