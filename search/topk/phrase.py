"""Terms side by side: first the passages that hold them all, then the positions in those only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.fields import LAST_POSITION, PLACE_BITS

from .bm25 import Scores
from .conjunction import Matches, match_all
from .lists import Clause, Mask, Numbers, Places, PostingList, Workspace
from .selection import NO_HITS, Hits, best


@dataclass(frozen=True, slots=True)
class PhraseMatches:
    """Passages that hold a phrase, as matches of its terms, and how often each holds it."""

    matches: Matches
    frequencies: Numbers


def match_phrase(
    lists: Sequence[PostingList],
    workspace: Workspace,
    *,
    slop: int = 0,
    allowed: Mask | None = None,
) -> PhraseMatches:
    """Return the passages in which the terms (at least one) stand in this order, side by side.

    Up to `slop` other terms may stand between two of them. The frequency of a phrase is how often
    its last term ends one.
    """
    matches = match_all(lists, workspace, allowed=allowed)
    ends = _places(lists[0], matches.places[0])
    for postings, places in zip(lists[1:], matches.places[1:], strict=True):
        starts = _places(postings, places)
        ends = starts[_follow(starts, ends, min(slop, LAST_POSITION))]
    counts = np.bincount(ends >> PLACE_BITS, minlength=len(matches.passages))
    rows = counts.nonzero()[0]
    kept = Matches(matches.passages.take(rows), [at.take(rows) for at in matches.places])
    return PhraseMatches(kept, counts.take(rows))


def best_of_phrase(
    clauses: Sequence[Clause],
    *,
    k: int,
    workspace: Workspace,
    slop: int = 0,
    allowed: Mask | None = None,
) -> Hits:
    """Return the `k` best of the passages with a phrase, scored as one term that weighs its sum.

    All clauses are of one field.
    """
    if not clauses or not all(clause.postings.size for clause in clauses):
        return NO_HITS
    lists = [clause.postings for clause in clauses]
    found = match_phrase(lists, workspace, slop=slop, allowed=allowed)
    weight = sum(clause.weight for clause in clauses)
    passages = found.matches.passages
    scores: Scores = weight * clauses[0].bm25.saturation(found.frequencies, passages)
    return best(passages, scores, k)


def _places(postings: PostingList, places: Places) -> Numbers:
    """Return where a term stands, as row and position in one number, ascending."""
    counts = postings.frequencies_at(places)
    positions = postings.positions_at(places, counts)  # checks how many there can be
    rows = np.arange(len(places)).repeat(counts)
    rows <<= PLACE_BITS
    rows += positions
    return rows


def _follow(starts: Numbers, ends: Numbers, slop: int) -> Mask:
    """Tell of each place of a term whether the term before ends at most `slop` terms before it."""
    if not len(ends):
        return np.zeros(len(starts), dtype=bool)
    at = ends.searchsorted(starts) - 1  # the last end before it; -1 takes the last of all
    gaps = starts - ends.take(at)
    return (gaps > 0) & (gaps <= slop + 1)
