"""Passages that hold all of some terms: from the rarest list on, each next one narrows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .bm25 import Scores
from .exact import scores_at
from .lists import Clause, Mask, Passages, Places, PostingList, Workspace
from .selection import NO_HITS, Hits, best_by_bounds
from .steps import ROUNDING

# So few passages are looked for in all longer lists at once.
_FEW = 256
# Finding one passage in a list costs as much as passing over this many of its postings.
_FIND = 40


class Matches(NamedTuple):
    """Passages that hold all terms, ascending, and the place of each in each list, as given."""

    passages: Passages
    places: list[Places]


def match_all(
    lists: Sequence[PostingList],
    workspace: Workspace,
    *,
    allowed: Mask | None = None,
    within: Passages | None = None,
) -> Matches:
    """Return the passages, of those `allowed` and `within`, that stand in all lists (at least one).

    `within` ascends.
    """
    order = sorted(range(len(lists)), key=lambda index: lists[index].size)
    places: list[Places] = []
    if within is None:
        passages = lists[order[0]].passages
        places = [np.arange(len(passages))]
    else:
        passages = within
    if allowed is not None:
        kept = allowed.take(passages).nonzero()[0]
        passages, places = passages.take(kept), [kept for _ in places]
    while len(places) < len(lists):
        if not len(passages):
            return Matches(passages, [passages for _ in lists])
        later = [lists[number] for number in order[len(places) :]]
        if len(passages) <= _FEW < later[0].size:
            rows, found = _in_all(passages, later)
        else:
            rows, at = _common(passages, later[0], workspace)
            found = [at]
        passages = passages.take(rows)
        places = [*(before.take(rows) for before in places), *found]
    return Matches(passages, [places[order.index(number)] for number in range(len(lists))])


def _in_all(passages: Passages, lists: Sequence[PostingList]) -> tuple[Places, list[Places]]:
    """Return which of some passages are in all lists, by row, and their places in each."""
    found = [postings.find(passages) for postings in lists]
    everywhere = found[0][1]
    for _, held in found[1:]:
        everywhere = everywhere & held
    rows = everywhere.nonzero()[0]
    return rows, [places.take(rows) for places, _ in found]


def _common(
    passages: Passages, postings: PostingList, workspace: Workspace
) -> tuple[Places, Places]:
    """Return which of some passages are in a list, by row, and their places there."""
    if _FIND * len(passages) < postings.size:
        places, held = postings.find(passages)
        rows = held.nonzero()[0]
        return rows, places.take(rows)
    if postings.ranks is not None:
        return postings.ranks.find(passages)
    marks = workspace.marks
    marks[passages] = True
    places = marks.take(postings.passages).nonzero()[0]
    marks[passages] = False
    return passages.searchsorted(postings.passages.take(places)), places


def best_of_all(
    clauses: Sequence[Clause], *, k: int, workspace: Workspace, allowed: Mask | None = None
) -> Hits:
    """Return the `k` best of the passages that hold all terms."""
    if not clauses or not all(clause.postings.size for clause in clauses):
        return NO_HITS
    matches = match_all([clause.postings for clause in clauses], workspace, allowed=allowed)
    return best_of_matches(clauses, matches, k=k)


def best_of_matches(clauses: Sequence[Clause], matches: Matches, *, k: int) -> Hits:
    """Return the `k` best of passages whose places are known."""

    def score(rows: Places | None) -> Scores:
        if rows is None:
            return scores_at(clauses, matches.places, matches.passages)
        places = [at.take(rows) for at in matches.places]
        return scores_at(clauses, places, matches.passages.take(rows))

    def bounds() -> Scores:
        total = np.zeros(len(matches.passages))
        for clause, places in zip(clauses, matches.places, strict=True):
            table = clause.bm25.ceilings * clause.weight
            total += table.take(clause.postings.impacts.take(places))
        return total

    return best_by_bounds(
        matches.passages, bounds, score, k=k, reached=lambda least: least * (1 - ROUNDING)
    )
