"""The postings of all lists of a query, one list behind another.

A query has dozens of lists, most of them short, and an array operation on one costs as much as on
hundreds of postings. So the frequencies in all candidates are read in one step for all lists, and
while the lists are short together, every posting is scored, which is exact without bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import groupby

import numpy as np

from index.arrays.array_types import AnyArray, Floats, Indices, Int64s, Mask
from index.arrays.ragged import before
from index.postings.posting_list import COUNTS, PostingList, frequencies_of
from index.segment.impacts import MANY

from ..ranking.clauses import Clause
from .selection import NO_HITS, Hits, best

# Of a larger index, a table of all passages costs more than it saves.
_MOST_PASSAGES = 1 << 17
# Together, longer lists take longer than score bounds do.
_MOST_POSTINGS = 1 << 17
# The number of what is not among the candidates.
NONE = -1


class GatheredPostings:
    """The postings of some lists in the order of the lists: the passage and frequency of each."""

    def __init__(self, lists: Sequence[PostingList]) -> None:
        self.lists = lists
        self.bounds: Int64s = before(np.array([list_.size for list_ in lists], np.int64))
        self.passages: Indices = np.concatenate([list_.passages for list_ in lists])

    @cached_property
    def frequencies(self) -> Floats:
        """The frequency of each posting."""
        impacts = np.concatenate([list_.impacts for list_ in self.lists])
        frequencies = COUNTS.take(impacts)
        for list_, start in zip(self.lists, self.bounds.tolist(), strict=False):
            if list_.size and list_.highest == MANY:
                own = slice(start, start + list_.size)
                list_.fill_many(frequencies[own], impacts[own], np.arange(list_.size))
        return frequencies

    @cached_property
    def sizes(self) -> Int64s:
        """The number of postings of each list."""
        return self.bounds[1:] - self.bounds[:-1]


class Counts:
    """The frequency of each list in each of `size` candidates, passages or documents.

    `candidates` has the number of the candidate of each posting, or NONE. `rows` are the postings
    in a candidate, ascending, and `owners` their candidates.
    """

    def __init__(self, gathered: GatheredPostings, candidates: AnyArray, size: int) -> None:
        self.rows: Int64s = (candidates != NONE).nonzero()[0]
        self.owners: Int64s = candidates.take(self.rows)
        self._bounds: list[int] = self.rows.searchsorted(gathered.bounds).tolist()
        self._starts: list[int] = gathered.bounds.tolist()
        lists = gathered.lists
        self._numbers = {list_: number for number, list_ in enumerate(lists)}
        of_list = np.arange(len(lists)).repeat(np.diff(self._bounds))
        sums = np.bincount(
            of_list * size + self.owners,
            weights=gathered.frequencies.take(self.rows),
            minlength=len(lists) * size,
        )
        self._matrix = sums.astype(np.float64, copy=False).reshape(len(lists), size)

    def of(self, list_: PostingList) -> Floats | None:
        """Return the frequency of a list in each candidate, None unless it is one of the lists."""
        number = self._numbers.get(list_)
        return None if number is None else self._matrix[number]

    def frequencies_of(self, lists: Sequence[PostingList], passages: Indices) -> Floats:
        """Return what `posting_list.frequencies_of` does for passages that are the candidates."""
        numbers = [self._numbers.get(list_, NONE) for list_ in lists]
        if NONE in numbers:  # of a pattern, or of a list that was evicted and read again
            return frequencies_of(lists, passages)
        return self._matrix.take(numbers, axis=0)

    def found(self, list_: PostingList) -> tuple[Int64s, Int64s] | None:
        """Return the rows of a list in a candidate, and the candidates; None as `of` does."""
        number = self._numbers.get(list_)
        if number is None:
            return None
        own = slice(self._bounds[number], self._bounds[number + 1])
        return self.rows[own] - self._starts[number], self.owners[own]


def is_short(lists: Sequence[PostingList], size: int) -> bool:
    """Return whether lists of an index of `size` passages are so short that all is gathered."""
    return size <= _MOST_PASSAGES and sum(list_.size for list_ in lists) <= _MOST_POSTINGS


def best_by_posting(
    clauses: Sequence[Clause], *, k: int, size: int, allowed: Mask | None = None
) -> Hits:
    """Return what `max_score.best_of_any` does for an index of `size` passages, by all postings."""
    if not clauses:
        return NO_HITS
    gathered = GatheredPostings([clause.postings for clause in clauses])
    scores = gathered.frequencies
    start = 0
    for bm25, run in groupby(clauses, key=lambda clause: clause.bm25):
        end = start + sum(clause.postings.size for clause in run)
        scores[start:end] = bm25.saturation(scores[start:end], gathered.passages[start:end])
        start = end
    scores *= np.array([clause.weight for clause in clauses]).repeat(gathered.sizes)
    # Summed in the order of the clauses, as `scores_of` does.
    sums = np.bincount(gathered.passages, weights=scores, minlength=size)
    totals = sums.astype(np.float64, copy=False)
    matching = np.zeros(size, dtype=bool)
    matching[gathered.passages] = True
    if allowed is not None:
        matching &= allowed
    found = matching.nonzero()[0]
    return best(found, totals.take(found), k, ascending=True)
