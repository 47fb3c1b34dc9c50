"""The formulas that all scores are made of."""

from __future__ import annotations

import math
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .topk.bm25 import Bm25, Scores

_IMPACTS = 256


# Looked up in less time than reckoned; as many as may be asked for in a while.
@lru_cache(maxsize=1 << 14)
def idf(holding: int, all_: int) -> float:
    """Return Lucene's inverse frequency of what `holding` of `all_` have; never negative."""
    return math.log(1 + (all_ - holding + 0.5) / (holding + 0.5))


def saturation(frequencies: Any, lengths: Any, average: float, *, k1: float, b: float) -> Scores:  # noqa: ANN401 - arrays
    """Return BM25's part of how often a term stands in a text, from 0 to k1 + 1.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
    """
    norms = k1 * (1 - b + b * lengths / max(average, 1e-9))
    scores: Scores = frequencies * (k1 + 1) / (frequencies + norms)
    return scores


class Alternatives(NamedTuple):
    """Terms that are asked for, and those that may stand for them: all in a row.

    Those of term i, itself the first, begin at `starts[i]`, and count `counts[i]` times together.
    `weights` are those of their frequencies, `worth` of their idf.
    """

    terms: tuple[bytes, ...]
    weights: Scores
    worth: Scores
    starts: NDArray[np.intp]
    counts: Scores


def as_one(alternatives: Alternatives, frequencies: Scores, idfs: Scores) -> tuple[Scores, Scores]:
    """Return how often each term stands in each text, others counted with it, and its weight there.

    `frequencies` has a row for each of the alternatives, what is returned one for each term. Many
    words for one thing weigh no more than one word: Darwish and Oard, Probabilistic Structured
    Query Methods (2003). But the idf is the mean of those that stand there, so that a text with
    the term asked for alone scores as if it had no others.
    """
    counts = frequencies * alternatives.weights[:, None]
    ends = [*alternatives.starts[1:].tolist(), len(counts)]
    groups = [*map(slice, alternatives.starts.tolist(), ends)]  # reduceat takes five times as long
    totals: Scores = np.array([np.add.reduce(counts[group]) for group in groups])
    counts *= (alternatives.worth * idfs)[:, None]
    rarities = np.array([np.add.reduce(counts[group]) for group in groups])
    means = np.divide(rarities, totals, out=np.zeros_like(totals), where=totals > 0)
    return totals, means * alternatives.counts[:, None]


class _Presence(Bm25):
    """Scores a posting by being there, however often and in however long a text."""

    def __init__(self) -> None:
        super().__init__(np.zeros(0, dtype=np.uint8), average=0.0, k1=0.0, b=0.0)

    def saturation(self, frequencies: NDArray[Any], passages: NDArray[np.intp]) -> Scores:
        """Return 1 for each posting."""
        return (frequencies > 0).astype(np.float64)

    def norms(self, passages: NDArray[np.intp]) -> Scores:
        """Return 0 for each passage: a posting then gives 1."""
        return np.zeros(len(passages))

    @cached_property
    def ceilings(self) -> Scores:
        """By impact, 1."""
        return np.ones(_IMPACTS)


PRESENCE = _Presence()
