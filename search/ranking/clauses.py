"""Clauses of a disjunction, their exact scores, and a pool of buffers for evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TypeAlias

import numpy as np

from index.arrays.array_types import Floats, Indices, UInt16s
from index.fork_locks import CACHE_LOCK
from index.postings.posting_list import PostingList, frequencies_of
from index.value import NamedTuple

from .bm25 import Bm25

# The frequency of each list (row) in each of some passages (column).
Frequencies: TypeAlias = Callable[[Sequence[PostingList], Indices], Floats]


class Clause(NamedTuple):
    """A query term: its posting list, its weight (not negative), and the scorer of its field."""

    postings: PostingList
    weight: float
    bm25: Bm25


class SumBuffers:
    """A thread-safe pool of arrays of zeros, kept because allocating one costs more."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: list[UInt16s] = []

    @contextmanager
    def borrow(self) -> Iterator[UInt16s]:
        """Lend an array; after an error it is not returned to the pool."""
        with CACHE_LOCK:
            sums = self._idle.pop() if self._idle else np.zeros(self._size, dtype=np.uint16)
        yield sums
        with CACHE_LOCK:
            self._idle.append(sums)


def scores_of(
    clauses: Sequence[Clause], passages: Indices, *, read: Frequencies = frequencies_of
) -> Floats:
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
