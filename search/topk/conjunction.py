"""Passages that hold all of some terms: from the rarest list on, each next one narrows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .bm25 import Scores
from .exact import scores_at
from .few import FEW_POSTINGS, best_of_few
from .lists import Clause, Mask, Passages, Places, PostingList
from .selection import AT_ONCE, NO_HITS, Hits, best_by_bounds, best_in_order
from .steps import ROUNDING

# So few passages are looked for in all longer lists at once.
_FEW = 64


class Matches(NamedTuple):
    """Passages that hold all terms, ascending, and the place of each in each list, as given."""

    passages: Passages
    places: list[Places]


def match_all(
    lists: Sequence[PostingList],
    *,
    allowed: Mask | None = None,
    within: Passages | None = None,
) -> Matches:
    """Return the passages, of those `allowed` and `within`, that stand in all lists (at least one).

    `within` ascends.
    """
    order = sorted(range(len(lists)), key=[postings.size for postings in lists].__getitem__)
    later = [lists[number] for number in order]
    passages = within
    known: list[Places | None] = []  # by list so far; None: every place of it
    if passages is None:
        passages = later.pop(0).passages
        known.append(None)
    if allowed is not None:
        kept = allowed.take(passages).nonzero()[0]
        passages, known = passages.take(kept), [kept for _ in known]
    while later:
        if not len(passages):
            return Matches(passages, [passages for _ in lists])
        rows, found = _narrowed(passages, later)
        passages = passages.take(rows)
        known = [rows if before is None else before.take(rows) for before in known]
        known += found
        del later[: len(found)]
    places = [passages] * len(lists)
    for number, at in zip(order, known, strict=True):
        places[number] = np.arange(len(passages)) if at is None else at
    return Matches(passages, places)


def _narrowed(passages: Passages, lists: Sequence[PostingList]) -> tuple[Places, Sequence[Places]]:
    """Return which of some passages are in the first lists, by row, and their places in each."""
    if len(passages) <= _FEW:
        return _in_all(passages, lists)
    postings = lists[0]
    if postings.is_left_encoded(len(passages)):
        return _in_all(passages, lists[:1])
    ranks = postings.ranks
    rows, places = (postings.hashed if ranks is None else ranks).find(passages)
    return rows, (places,)


def _in_all(passages: Passages, lists: Sequence[PostingList]) -> tuple[Places, list[Places]]:
    """Return which of some passages are in all lists, by row, and their places in each."""
    found = [postings.find(passages) for postings in lists]
    everywhere = found[0][1]
    for _, held in found[1:]:
        everywhere &= held
    rows = everywhere.nonzero()[0]
    return rows, [places.take(rows) for places, _ in found]


def best_of_all(clauses: Sequence[Clause], *, k: int, allowed: Mask | None = None) -> Hits:
    """Return the `k` best of the passages that hold all terms."""
    lists = [clause.postings for clause in clauses]
    if not lists or 0 in [postings.size for postings in lists]:
        return NO_HITS
    return best_of_matches(clauses, match_all(lists, allowed=allowed), k=k)


def best_of_matches(clauses: Sequence[Clause], matches: Matches, *, k: int) -> Hits:
    """Return the `k` best of passages whose places are known."""
    passages, places = matches
    if not len(passages):
        return NO_HITS
    if len(passages) * len(clauses) <= FEW_POSTINGS:
        return best_of_few(clauses, places, passages, k=k)
    if len(passages) <= k + AT_ONCE:
        return best_in_order(passages, scores_at(clauses, places, passages), k)

    def score(rows: Places) -> Scores:
        return scores_at(clauses, [at.take(rows) for at in places], passages.take(rows))

    bounds = np.zeros(len(passages))
    for (postings, weight, bm25), at in zip(clauses, places, strict=True):
        bounds += (bm25.ceilings * weight).take(postings.impacts.take(at))
    return best_by_bounds(
        passages, bounds, score, k=k, reached=lambda least: least * (1 - ROUNDING)
    )
