"""The best passages of one term: those of the highest impacts, found without decoding the list."""

from __future__ import annotations

import numpy as np

from index.array_types import Floats, Indices, Mask

from .lists import Clause
from .selection import Hits, best_in_order, kth_highest
from .steps import ROUNDING


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
