"""Exact scores, summed in double precision in the order in which the terms were given."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from index.array_types import Floats, Indices
from index.posting_list import counts_of

from .bm25 import Bm25
from .lists import Clause


def scores_of(clauses: Sequence[Clause], passages: Indices) -> Floats:
    """Return the score of each passage, whether or not it holds all the terms (at least one)."""
    lists, weights, bm25s = zip(*clauses, strict=True)
    parts = _parts(counts_of(lists, passages), bm25s, passages)
    parts *= np.array(weights)[:, None]
    # Row after row, as the terms are given; a single column is what numpy would sum up in pairs.
    total: Floats = np.add.reduce(parts) if len(passages) > 1 else np.add.accumulate(parts)[-1]
    return total


def _parts(counts: Floats, bm25s: Sequence[Bm25], passages: Indices) -> Floats:
    """Return what each term gives before its weight; `counts` has a row of frequencies for each."""
    if bm25s.count(bm25s[0]) == len(bm25s):
        return bm25s[0].saturation(counts, passages)
    parts = np.empty_like(counts)
    start = 0
    for bm25, alike in groupby(bm25s):
        rows = slice(start, start + len(list(alike)))
        parts[rows] = bm25.saturation(counts[rows], passages)
        start = rows.stop
    return parts
