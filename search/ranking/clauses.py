"""Clauses of a disjunction, and their exact scores."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from index.arrays.array_types import Floats, Indices
from index.value import NamedTuple

from .bm25 import Bm25

if TYPE_CHECKING:
    from .collection import Frequencies


class Clause(NamedTuple):
    """A query term: its postings, its weight (not negative), and the scorer of its field."""

    postings: Any  # TermPostings, of which the engine that made them knows more
    weight: float
    bm25: Bm25


def scores_of(clauses: Sequence[Clause], passages: Indices, *, read: Frequencies) -> Floats:
    """Return the score of each passage; a clause (of at least one) may not match it.

    `read` returns the frequencies of lists in the passages.
    """
    lists, weights, bm25s = zip(*clauses, strict=True)
    scores = _saturated(read(lists, passages), bm25s, passages)
    scores *= np.array(weights)[:, None]
    # Summed in the order of the clauses; numpy would sum a single column pairwise.
    total: Floats = np.add.reduce(scores) if len(passages) > 1 else np.add.accumulate(scores)[-1]
    return total


def _saturated(counts: Floats, bm25s: Sequence[Bm25], passages: Indices) -> Floats:
    """Return the saturated frequencies, one row for each clause, as `counts`."""
    if bm25s.count(bm25s[0]) == len(bm25s):
        return bm25s[0].saturation(counts, passages)
    scores = np.empty_like(counts)
    start = 0
    for bm25, run in groupby(bm25s):
        rows = slice(start, start + len(list(run)))
        scores[rows] = bm25.saturation(counts[rows], passages)
        start = rows.stop
    return scores
