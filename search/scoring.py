"""The formulas that all scores are made of."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .topk.bm25 import Bm25, Scores

_IMPACTS = 256


def idf(holding: int, all_: int) -> float:
    """Return Lucene's inverse frequency of what `holding` of `all_` have; never negative."""
    return float(np.log(1 + (all_ - holding + 0.5) / (holding + 0.5)))


def saturation(frequencies: Any, lengths: Any, average: float, *, k1: float, b: float) -> Scores:  # noqa: ANN401 - arrays
    """Return BM25's part of how often a term stands in a text, from 0 to k1 + 1.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
    """
    norms = k1 * (1 - b + b * lengths / max(average, 1e-9))
    scores: Scores = frequencies * (k1 + 1) / (frequencies + norms)
    return scores


class _Presence(Bm25):
    """Scores a posting by being there, however often and in however long a text."""

    def __init__(self) -> None:
        super().__init__(np.zeros(0, dtype=np.uint8), average=0.0, k1=0.0, b=0.0)

    def saturation(self, frequencies: NDArray[Any], passages: NDArray[np.intp]) -> Scores:
        """Return 1 for each posting."""
        return np.ones(len(passages))

    @cached_property
    def ceilings(self) -> Scores:
        """By impact, 1."""
        return np.ones(_IMPACTS)


PRESENCE = _Presence()
