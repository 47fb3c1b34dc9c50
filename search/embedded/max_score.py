"""Top-k retrieval for a disjunction of terms with MaxScore.

Turtle and Flood, Query Evaluation: Strategies and Optimizations (1995), but term at a time rather
than document at a time, for arrays. The lists with the highest score bounds, mostly of rare terms,
are summed up. The exact score of the k-th best passage so far is the threshold. Once the remaining
lists together cannot lift a passage above it, they are only probed for the passages whose sums are
close enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.arrays.array_types import AnyArray, Floats, Indices, Mask, UInt16s
from index.arrays.ragged import distinct
from index.postings.posting_list import PostingList, frequencies_of
from index.value import NamedTuple

from ..ranking.clauses import Clause, scores_of
from .selection import AT_ONCE, NO_HITS, Hits, best, kth_highest, top_rows

# Share of all postings to sum up before the first threshold.
_FIRST_SHARE = 0.1
# Summing up this many postings costs less than a threshold, which might save it.
_NOT_WORTH_A_THRESHOLD = 4_000
# After this many more postings, a new threshold saves more than it costs.
_WORTH_ANOTHER = 30_000
# Passages beside the first k to score for a threshold, as their order is approximate.
_SEEDS = 20
# Looking up one passage in a list costs as much as scanning this many of its postings.
_FIND = 48
# Resetting one sum costs as much as resetting this many in a row.
_RESET = 32

_MAX_STEPS = 65_535
# Tolerance of a threshold, as a share: scores are sums of rounded numbers.
_ROUNDING = 1e-9


class _BoundedList(NamedTuple):
    """A posting list with its bound by impact, and as a whole, in steps."""

    postings: PostingList
    table: UInt16s
    bound: int


class _SummedList(NamedTuple):
    """The passages of a list, with the sum of each after the list was added."""

    passages: Indices
    sums: UInt16s


def best_of_any(
    clauses: Sequence[Clause], *, k: int, sums: UInt16s, allowed: Mask | None = None
) -> Hits:
    """Return the top `k` of the passages with any of the terms; `sums` is a zeroed buffer."""
    clauses = [clause for clause in clauses if clause.postings.size]
    if not clauses:
        return NO_HITS
    if len(clauses) == 1:
        return best_of_one(clauses[0], k=k, allowed=allowed)
    search = _MaxScore(clauses, k, sums, allowed)
    try:
        return search.best()
    finally:
        search.reset()


class _MaxScore:
    """One evaluation: the lists summed up so far, and the threshold."""

    def __init__(
        self, clauses: Sequence[Clause], k: int, sums: UInt16s, allowed: Mask | None
    ) -> None:
        bounds = _QuantizedBounds(clauses)
        self._to_steps = bounds.to_steps
        self._clauses = clauses
        self._k = k
        self._sums = sums
        self._allowed = allowed
        lists = (clause.postings for clause in clauses)
        bounded = map(_BoundedList, lists, bounds.tables, bounds.list_bounds)
        self._lists = sorted(bounded, key=lambda some: -some.bound)
        self._summed: list[_SummedList] = []
        self._threshold = 0
        # The bound of all lists from each on.
        self._left = [sum(some.bound for some in self._lists[i:]) for i in range(len(clauses) + 1)]

    def best(self) -> Hits:
        """Return the top k; only passages whose bounds are high enough are scored exactly."""
        passages, bounds = self._candidates()
        if len(passages) <= self._k + AT_ONCE:
            return best(passages, scores_of(self._clauses, passages, read=frequencies_of), self._k)
        rows = top_rows(bounds, self._k + AT_ONCE // 8)
        found = passages.take(rows)
        scores = scores_of(self._clauses, found, read=frequencies_of)
        remaining = bounds >= self._to_steps(kth_highest(scores, self._k))
        remaining[rows] = False
        others = passages[remaining]
        if len(others):
            scores = np.concatenate((scores, scores_of(self._clauses, others, read=frequencies_of)))
            found = np.concatenate((found, others))
        return best(found, scores, self._k)

    def _candidates(self) -> tuple[Indices, AnyArray]:
        """Return the passages that may be among the best, and the bound of each in steps."""
        self._sum_first()
        self._raise_threshold()
        first = len(self._summed)
        for bounded in self._lists[first:]:
            if self._left[len(self._summed)] < self._threshold:
                break
            self._sum(bounded)
        more = sum(len(summed.passages) for summed in self._summed[first:])
        if more > _WORTH_ANOTHER:
            self._raise_threshold()
        number = len(self._summed)
        passages = self._close_enough(number)
        # A few passages are scored exactly instead, with all lists at once.
        while number < len(self._lists) and len(passages) > self._k + 2 * _SEEDS:
            passages = self._probe(number, passages)
            number += 1
        return passages, self._sums.take(passages) + self._left[number]

    def reset(self) -> None:
        """Set all sums to zero."""
        if _RESET * sum(len(summed.passages) for summed in self._summed) > len(self._sums):
            self._sums.fill(0)
            return
        for summed in self._summed:
            self._sums[summed.passages] = 0

    def _sum_first(self) -> None:
        left = sum(some.postings.size for some in self._lists)
        enough = left * (1 - _FIRST_SHARE)
        for bounded in self._lists:
            after = left - bounded.postings.size
            if self._summed and after < enough and left > _NOT_WORTH_A_THRESHOLD:
                return
            self._sum(bounded)
            left = after

    def _sum(self, bounded: _BoundedList) -> None:
        passages = bounded.postings.passages
        values = bounded.table.take(bounded.postings.impacts)
        if self._summed:
            values += self._sums.take(passages)
        self._sums[passages] = values
        self._summed.append(_SummedList(passages, values))

    def _raise_threshold(self) -> None:
        """Score the best passages so far exactly."""
        passages = np.concatenate([summed.passages for summed in self._summed])
        sums = np.concatenate([summed.sums for summed in self._summed])
        if self._allowed is not None:
            kept = self._allowed.take(passages).nonzero()[0]
            passages, sums = passages.take(kept), sums.take(kept)
        seeds = passages.take(top_rows(sums, self._k + _SEEDS))
        if len(self._summed) > 1:
            seeds = distinct(seeds)
        reached = kth_highest(scores_of(self._clauses, seeds, read=frequencies_of), self._k)
        self._threshold = max(self._threshold, self._to_steps(reached))

    def _close_enough(self, number: int) -> Indices:
        """Return the passages that the lists from `number` on may lift above the threshold."""
        least = max(self._threshold - self._left[number], 1)
        chosen = []
        for summed in self._summed:
            rows = (summed.sums >= least).nonzero()[0]
            passages, sums = summed.passages.take(rows), summed.sums.take(rows)
            # A passage that is in a later list too has a higher sum by now, and is taken there.
            chosen.append(passages[self._sums.take(passages) == sums])
        passages = np.concatenate(chosen)
        return passages if self._allowed is None else passages[self._allowed.take(passages)]

    def _probe(self, number: int, passages: Indices) -> Indices:
        """Add list `number` to the sums of `passages`, and return those still close enough."""
        postings, table, _ = self._lists[number]
        if _FIND * len(passages) < postings.size:
            rows, found = postings.find(passages)
            rows, matching = rows[found], passages[found]
            sums = self._sums.take(matching)
        else:
            sums = self._sums.take(postings.passages)
            rows = (sums >= max(self._threshold - self._left[number], 1)).nonzero()[0]
            matching, sums = postings.passages.take(rows), sums.take(rows)
        self._sums[matching] = sums + table.take(postings.impacts.take(rows))
        least = max(self._threshold - self._left[number + 1], 1)
        return passages[self._sums.take(passages) >= least]


def best_of_one(clause: Clause, *, k: int, allowed: Mask | None = None) -> Hits:
    """Return the top `k` of the passages with a term."""
    # The number of postings with at least each impact.
    counts = np.bincount(clause.postings.impacts, minlength=256)[::-1].cumsum()[::-1]
    wanted = k
    while True:
        # The highest impact that enough postings reach.
        least = max(int(np.count_nonzero(counts >= wanted)) - 1, 0)
        passages, scores = _from_impact(clause, least, allowed)
        if len(passages) >= k or not least:
            break
        wanted *= 8
    bounds = clause.bm25.cumulative_bounds * clause.weight
    lower = int(bounds.searchsorted(kth_highest(scores, k) * (1 - _ROUNDING)))
    if lower < least:
        passages, scores = _from_impact(clause, lower, allowed)
    return best(passages, scores, k, ascending=True)


def _from_impact(clause: Clause, least: int, allowed: Mask | None) -> tuple[Indices, Floats]:
    """Return the passages with at least the impact `least`, and their scores."""
    postings = clause.postings
    rows = (postings.impacts >= least).nonzero()[0]
    passages = postings.passages_at(rows)
    if allowed is not None:
        kept = allowed.take(passages).nonzero()[0]
        rows, passages = rows.take(kept), passages.take(kept)
    scores = clause.bm25.saturation(postings.frequencies_at(rows), passages)
    return passages, clause.weight * scores


class _QuantizedBounds:
    """Score bounds of one query in steps, so that the sum over all terms is below 65,536.

    By clause, `tables` has the bound of each impact, and `list_bounds` that of the whole list
    (which is not empty). Bounds are rounded up.
    """

    def __init__(self, clauses: Sequence[Clause]) -> None:
        highest = [
            clause.weight * float(clause.bm25.cumulative_bounds[clause.postings.impacts.max()])
            for clause in clauses
        ]
        # Rounding may add two steps to each list.
        self._scale = (_MAX_STEPS - 2 * len(clauses)) / max(sum(highest), 1e-9)
        bounds = np.stack([clause.bm25.bounds for clause in clauses])
        bounds *= np.array([clause.weight * self._scale for clause in clauses])[:, None]
        self.tables = list(np.minimum(bounds + 1, _MAX_STEPS).astype(np.uint16))
        self.list_bounds = [int(bound * self._scale) + 2 for bound in highest]

    def to_steps(self, score: float) -> int:
        """Return the least bound, in steps, of a passage with a score."""
        return int(score * self._scale * (1 - _ROUNDING))
