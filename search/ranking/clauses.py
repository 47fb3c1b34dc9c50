"""What evaluation is asked for, and the room it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from threading import Lock
from typing import NamedTuple

import numpy as np

from index.arrays.array_types import Floats, Indices
from index.postings.posting_list import PostingList as PostingList
from index.postings.posting_list import counts_of

from .bm25 import Bm25


class Clause(NamedTuple):
    """A term that a query asks for, what it weighs (not negative), and how its field scores."""

    postings: PostingList
    weight: float
    bm25: Bm25


class Workspace:
    """Room for one evaluation at a time, kept between them: making it anew would cost more.

    `sums` has an entry for each passage, and is all zero between two evaluations.
    """

    def __init__(self, size: int) -> None:
        self.sums = np.zeros(size, dtype=np.uint16)


class Workspaces:
    """Workspaces for the threads that share an index: each evaluation has one to itself."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: list[Workspace] = []
        self._lock = Lock()

    @contextmanager
    def one(self) -> Iterator[Workspace]:
        """Lend a workspace; one that an error left behind is given up."""
        with self._lock:
            workspace = self._idle.pop() if self._idle else Workspace(self._size)
        yield workspace
        with self._lock:
            self._idle.append(workspace)


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
