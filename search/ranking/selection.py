"""The best of many passages by score; equal scores by passage number."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from index.arrays.array_types import AnyArray, Floats, Indices, Mask

# Scoring so many passages costs hardly more than scoring one.
AT_ONCE = 256
# Of the highest value, where there may be enough.
_SHARES = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)


class Hits(NamedTuple):
    """Passages, best first, and their scores."""

    passages: Indices
    scores: Floats


NO_HITS = Hits(np.zeros(0, dtype=np.intp), np.zeros(0))


def best(passages: Indices, scores: Floats, k: int) -> Hits:
    """Return the `k` best; of equal scores, the passage with the lower number comes first."""
    if len(passages) > k + AT_ONCE:
        places = top_places(scores, k)
        passages, scores = passages.take(places), scores.take(places)
    order = passages.argsort()
    return best_in_order(passages.take(order), scores.take(order), k)


def best_in_order(passages: Indices, scores: Floats, k: int) -> Hits:
    """Return what `best` does, of passages that ascend: one sort less."""
    if len(passages) > k + AT_ONCE:
        places = top_places(scores, k)
        passages, scores = passages.take(places), scores.take(places)
    order = (-scores).argsort(kind="stable")[:k]
    return Hits(passages.take(order), scores.take(order))


def top_places(values: AnyArray, count: int) -> Indices:
    """Return where the `count` highest values are, all that tie with the last, or some more."""
    if len(values) <= count:
        return np.arange(len(values))
    places = _high_places(values, count)
    if len(places) > 2 * count:
        high = values.take(places)
        places = places[high >= np.partition(high, -count)[-count]]
    return places


def _high_places(values: AnyArray, count: int) -> Indices:
    """Return where values are high, `count` places or more: comparing costs less than sorting."""
    most = float(values.max())
    for share in _SHARES:
        high = values >= most * share
        if np.count_nonzero(high) >= count:
            return high.nonzero()[0]
    return np.arange(len(values))


def kth_highest(scores: Floats, k: int) -> float:
    """Return the k-th highest score, 0 where there are fewer."""
    return float(np.partition(scores, -k)[-k]) if len(scores) >= k else 0.0


def best_by_bounds(
    passages: Indices,
    bounds: AnyArray,
    score: Callable[[Indices], Floats],
    *,
    k: int,
    reached: Callable[[float], float],
) -> Hits:
    """Return the `k` best of `passages`, with exact scores of those only that may be among them.

    `score` tells the exact scores at some places; a passage whose score is a threshold has at
    least the bound that `reached` tells of it.
    """
    first = top_places(bounds, k + AT_ONCE // 8)
    scores = score(first)
    open_: Mask = bounds >= reached(kth_highest(scores, k))
    open_[first] = False
    others = open_.nonzero()[0]
    if len(others):
        scores = np.concatenate((scores, score(others)))
        first = np.concatenate((first, others))
    return best(passages.take(first), scores, k)
