"""Bounds of scores in whole steps, so small that the sums of a million passages stay in a cache."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .lists import Clause

_MOST = 65_535
# Scores are sums of rounded numbers: a threshold gives this share away.
ROUNDING = 1e-9


class Steps:
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
