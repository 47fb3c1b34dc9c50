"""BM25 of one field: exact scores of postings, and bounds that need only their impacts."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.segment.impacts import FREQUENCIES, LEAST_LENGTHS

Scores = NDArray[np.float64]

_LONGEST = 1 << 16


class Bm25:
    """BM25 with the lengths of a field, by passage, and their average.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
    """

    def __init__(self, lengths: NDArray[Any], *, average: float, k1: float, b: float) -> None:
        self._lengths = lengths
        self._average = max(average, 1e-9)
        self._k1 = k1
        self._b = b
        self.most = k1 + 1

    def saturation(self, frequencies: NDArray[Any], passages: NDArray[np.intp]) -> Scores:
        """Return what each posting gives before its weight, from 0 to k1 + 1.

        `frequencies` are those of one term, or of several, a row each; 0 gives nothing.
        """
        return self._saturation(frequencies, self.norms(passages))

    def norms(self, passages: NDArray[np.intp]) -> Scores:
        """Return by passage what is added to the frequency, in the divisor."""
        lengths = self._lengths.take(passages)
        return self._norms_of(lengths) if self._norms is None else self._norms.take(lengths)

    @cached_property
    def _norms(self) -> Scores | None:
        """By length, what is added to the frequency: a query then looks it up.

        None where the table would be long: a length is a number in a file, and can be anything.
        """
        longest = int(self._lengths.max(initial=0))
        return self._norms_of(np.arange(longest + 1)) if longest <= _LONGEST else None

    @cached_property
    def ceilings(self) -> Scores:
        """By impact, what a posting gives at most before its weight."""
        bounds = self._saturation(np.maximum(FREQUENCIES, 1), self._norms_of(LEAST_LENGTHS))
        bounds[FREQUENCIES == 0] = self._k1 + 1
        return bounds

    @cached_property
    def ceilings_up_to(self) -> Scores:
        """By impact, what a posting of this or a lower impact gives at most; ascending."""
        ceilings: Scores = np.maximum.accumulate(self.ceilings)
        return ceilings

    def _norms_of(self, lengths: NDArray[Any]) -> Scores:
        norms: Scores = self._k1 * (1 - self._b + self._b * lengths / self._average)
        return norms

    def _saturation(self, frequencies: NDArray[Any], norms: Scores) -> Scores:
        scores: Scores = frequencies * self.most
        scores /= frequencies + norms
        return scores
