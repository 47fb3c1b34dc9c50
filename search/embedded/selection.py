"""Selection of the top k passages by score, ties by passage number."""

from __future__ import annotations

import numpy as np

from index.arrays.array_types import AnyArray, Floats, Indices
from index.value import NamedTuple

# Scoring this many passages costs hardly more than scoring one.
AT_ONCE = 256
# Thresholds to try before sorting, as shares of the maximum.
_SHARES = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)


class Hits(NamedTuple):
    """Passages, best first, and their scores."""

    passages: Indices
    scores: Floats


NO_HITS = Hits(np.zeros(0, dtype=np.intp), np.zeros(0))


def best(passages: Indices, scores: Floats, k: int, *, ascending: bool = False) -> Hits:
    """Return the top `k`, ties by passage number; `ascending` passages need no sort."""
    if len(passages) > k + AT_ONCE:
        rows = top_rows(scores, k)
        passages, scores = passages.take(rows), scores.take(rows)
    if not ascending:
        order = passages.argsort()
        passages, scores = passages.take(order), scores.take(order)
    order = (-scores).argsort(kind="stable")[:k]
    return Hits(passages.take(order), scores.take(order))


def top_rows(values: AnyArray, count: int) -> Indices:
    """Return the rows of the `count` highest values, with ties of the last, or some more."""
    if len(values) <= count:
        return np.arange(len(values))
    rows = _high_rows(values, count)
    if len(rows) > 2 * count:
        high = values.take(rows)
        rows = rows[high >= np.partition(high, -count)[-count]]
    return rows


def _high_rows(values: AnyArray, count: int) -> Indices:
    """Return the rows above a threshold, at least `count`: comparing is cheaper than sorting."""
    highest = float(values.max())
    for share in _SHARES:
        high = values >= highest * share
        if np.count_nonzero(high) >= count:
            return high.nonzero()[0]
    return np.arange(len(values))


def kth_highest(scores: Floats, k: int) -> float:
    """Return the k-th highest score, 0 for fewer than k scores."""
    return float(np.partition(scores, -k)[-k]) if len(scores) >= k else 0.0
