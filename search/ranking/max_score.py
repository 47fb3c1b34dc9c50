"""The best passages with any of some terms, without a look at most of the postings.

MaxScore (Turtle and Flood, Query Evaluation: Strategies and Optimizations, 1995), list by list
instead of passage by passage, as arrays want it. The lists that can give most, mostly the rare
ones, are summed up. The best passages so far are scored exactly: what the k-th of them has is a
threshold. Once the lists that are left can't lift a passage above it by themselves, they are only
asked about the passages whose sum so far comes close enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from index.arrays.array_types import AnyArray, Floats, Indices, Mask, UInt16s
from index.arrays.ragged import distinct
from index.postings.posting_list import PostingList

from .clauses import Clause, Workspace, scores_of
from .selection import (
    AT_ONCE,
    NO_HITS,
    Hits,
    best,
    best_by_bounds,
    best_in_order,
    kth_highest,
    top_places,
)

# Lists are summed up before the first threshold until they have this share of all postings.
_FIRST_SHARE = 0.1
# Summing up this many postings costs less than a threshold, which might save it.
_NOT_WORTH_A_THRESHOLD = 4_000
# Once this many more had to be summed up, a new threshold spares more than it costs.
_WORTH_ANOTHER = 30_000
# Passages scored for a threshold, beside `k`: the best so far need not be the best in the end.
_SEEDS = 20
# Finding one passage in a list costs as much as passing over this many of its postings.
_FIND = 48
# Making one sum zero costs as much as making this many zero in a row.
_FEW_OF = 32

_MOST = 65_535
# Scores are sums of rounded numbers: a threshold gives this share away.
ROUNDING = 1e-9


class _Bounded(NamedTuple):
    """The list of a clause with the bound of each impact, and of the whole list, in steps."""

    postings: PostingList
    table: UInt16s
    most: int


class _Summed(NamedTuple):
    """A list that was summed up: its passages, and the sum of each when it was."""

    passages: Indices
    sums: UInt16s


def best_of_any(
    clauses: Sequence[Clause], *, k: int, workspace: Workspace, allowed: Mask | None = None
) -> Hits:
    """Return the `k` best of the passages that hold at least one of the terms."""
    clauses = [clause for clause in clauses if clause.postings.size]
    if not clauses:
        return NO_HITS
    if len(clauses) == 1:
        return best_of_one(clauses[0], k=k, allowed=allowed)
    search = _Search(clauses, k, workspace.sums, allowed)
    try:
        passages, bounds = search.candidates()
    finally:
        search.clear()
    if len(passages) <= k + AT_ONCE:
        return best(passages, scores_of(clauses, passages), k)
    return best_by_bounds(
        passages,
        bounds,
        lambda rows: scores_of(clauses, passages.take(rows)),
        k=k,
        reached=search.reached,
    )


class _Search:
    """One evaluation: the lists summed up so far, and the threshold."""

    def __init__(
        self,
        clauses: Sequence[Clause],
        k: int,
        sums: UInt16s,
        allowed: Mask | None,
    ) -> None:
        steps = QuantizedBounds(clauses)
        self.reached = steps.reached
        self._clauses = clauses
        self._k = k
        self._sums = sums
        self._allowed = allowed
        order = sorted(range(len(clauses)), key=lambda number: -steps.most[number])
        self._lists = [
            _Bounded(clauses[number].postings, steps.tables[number], steps.most[number])
            for number in order
        ]
        self._summed: list[_Summed] = []
        self._cut = 0
        # What the lists from each on can give together.
        self._left = [sum(some.most for some in self._lists[i:]) for i in range(len(clauses) + 1)]

    def candidates(self) -> tuple[Indices, AnyArray]:
        """Return the passages that may be among the best, and the bound of each in steps."""
        self._sum_first()
        self._raise_threshold()
        first = len(self._summed)
        for bounded in self._lists[first:]:
            if self._left[len(self._summed)] < self._cut:
                break
            self._sum(bounded)
        more = sum(len(summed.passages) for summed in self._summed[first:])
        if more > _WORTH_ANOTHER:
            self._raise_threshold()
        number = len(self._summed)
        passages = self._close_enough(number)
        # A few passages are scored exactly at once, which asks all lists in one go.
        while number < len(self._lists) and len(passages) > self._k + 2 * _SEEDS:
            passages = self._asked(number, passages)
            number += 1
        return passages, self._sums.take(passages) + self._left[number]

    def clear(self) -> None:
        """Make all sums zero again."""
        if _FEW_OF * sum(len(summed.passages) for summed in self._summed) > len(self._sums):
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

    def _sum(self, bounded: _Bounded) -> None:
        passages = bounded.postings.passages
        values = bounded.table.take(bounded.postings.impacts)
        if self._summed:
            values += self._sums.take(passages)
        self._sums[passages] = values
        self._summed.append(_Summed(passages, values))

    def _raise_threshold(self) -> None:
        """Score the best so far exactly."""
        passages = np.concatenate([summed.passages for summed in self._summed])
        sums = np.concatenate([summed.sums for summed in self._summed])
        if self._allowed is not None:
            kept = self._allowed.take(passages).nonzero()[0]
            passages, sums = passages.take(kept), sums.take(kept)
        seeds = passages.take(top_places(sums, self._k + _SEEDS))
        if len(self._summed) > 1:
            seeds = distinct(seeds)
        reached = self.reached(kth_highest(scores_of(self._clauses, seeds), self._k))
        self._cut = max(self._cut, reached)

    def _close_enough(self, number: int) -> Indices:
        """Return the passages that the lists from `number` on may lift above the threshold."""
        least = max(self._cut - self._left[number], 1)
        chosen = []
        for summed in self._summed:
            places = (summed.sums >= least).nonzero()[0]
            passages, sums = summed.passages.take(places), summed.sums.take(places)
            # A passage that a later list has as well has more by now, and is met again there.
            chosen.append(passages[self._sums.take(passages) == sums])
        passages = np.concatenate(chosen)
        return passages if self._allowed is None else passages[self._allowed.take(passages)]

    def _asked(self, number: int, passages: Indices) -> Indices:
        """Add what one more list gives to `passages`, and return those still close enough."""
        bounded = self._lists[number]
        if _FIND * len(passages) < bounded.postings.size:
            at, found = bounded.postings.find(passages)
            places, held = at[found], passages[found]
            sums = self._sums.take(held)
        else:
            sums = self._sums.take(bounded.postings.passages)
            places = (sums >= max(self._cut - self._left[number], 1)).nonzero()[0]
            held, sums = bounded.postings.passages.take(places), sums.take(places)
        self._sums[held] = sums + bounded.table.take(bounded.postings.impacts.take(places))
        least = max(self._cut - self._left[number + 1], 1)
        return passages[self._sums.take(passages) >= least]


def best_of_one(clause: Clause, *, k: int, allowed: Mask | None = None) -> Hits:
    """Return the `k` best of the passages that hold a term."""
    above = np.bincount(clause.postings.impacts, minlength=256)[::-1].cumsum()[::-1]
    wanted = k
    while True:
        # The highest impact that enough postings reach.
        least = max(int(np.count_nonzero(above >= wanted)) - 1, 0)
        passages, scores = _from_impact(clause, least, allowed)
        if len(passages) >= k or not least:
            break
        wanted *= 8
    ceilings = clause.bm25.ceilings_up_to * clause.weight
    lower = int(ceilings.searchsorted(kth_highest(scores, k) * (1 - ROUNDING)))
    if lower < least:
        passages, scores = _from_impact(clause, lower, allowed)
    return best_in_order(passages, scores, k)


def _from_impact(clause: Clause, least: int, allowed: Mask | None) -> tuple[Indices, Floats]:
    """Return the passages, and their scores, whose impact is at least `least`."""
    postings = clause.postings
    places = (postings.impacts >= least).nonzero()[0]
    passages = postings.passages_at(places)
    if allowed is not None:
        kept = allowed.take(passages).nonzero()[0]
        places, passages = places.take(kept), passages.take(kept)
    parts = clause.bm25.saturation(postings.frequencies_at(places), passages)
    return passages, clause.weight * parts


class QuantizedBounds:
    """The scale of one query: what all its terms can give together is 65,535 steps at most.

    By clause, `tables` has the bound of each impact, and `most` that of the whole list (which is
    not empty). Bounds are rounded up.
    """

    def __init__(self, clauses: Sequence[Clause]) -> None:
        most = [
            clause.weight * float(clause.bm25.ceilings_up_to[clause.postings.impacts.max()])
            for clause in clauses
        ]
        # Each list may be two steps too much, by rounding.
        self._scale = (_MOST - 2 * len(clauses)) / max(sum(most), 1e-9)
        ceilings = np.stack([clause.bm25.ceilings for clause in clauses])
        ceilings *= np.array([clause.weight * self._scale for clause in clauses])[:, None]
        self.tables = list(np.minimum(ceilings + 1, _MOST).astype(np.uint16))
        self.most = [int(bound * self._scale) + 2 for bound in most]

    def reached(self, threshold: float) -> int:
        """Return the steps that a passage has at least if its score reaches `threshold`."""
        return int(threshold * self._scale * (1 - ROUNDING))
