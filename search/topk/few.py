"""The best of a few passages, scored in Python: one call of numpy costs what some postings do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .lists import Clause, Passages, Places
from .selection import Hits

# So many postings cost in Python what they cost in calls of numpy.
FEW_POSTINGS = 48


def best_of_few(
    clauses: Sequence[Clause], places: Sequence[Places], passages: Passages, *, k: int
) -> Hits:
    """Return the `k` best of passages that ascend and hold all terms, each at its places.

    Scores are summed as those in exact.py are, to the last bit.
    """
    totals = [0.0] * len(passages)
    scorer = None
    most, norms = 0.0, totals
    for (postings, weight, bm25), at in zip(clauses, places, strict=True):
        if bm25 is not scorer:
            scorer, most, norms = bm25, bm25.most, bm25.norms(passages).tolist()
        totals = [
            total + frequency * most / (frequency + norm) * weight
            for total, frequency, norm in zip(
                totals, postings.few_frequencies_at(at), norms, strict=True
            )
        ]
    # Sorting keeps what ties in order, reversed or not.
    order = sorted(range(len(totals)), key=totals.__getitem__, reverse=True)[:k]
    return Hits(passages.take(order), np.array([totals[row] for row in order]))
