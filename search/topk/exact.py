"""Exact scores, summed in double precision in the order in which the terms were given."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from .bm25 import Scores
from .lists import Clause, Numbers, Passages, Places
from .lookup import Lookup


class Exact:
    """Scores passages by all clauses of a query; made once, then asked as often as needed."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._clauses = clauses
        self._weights = np.array([clause.weight for clause in clauses])
        self.lookup = Lookup([clause.postings for clause in clauses])

    def scores(self, passages: Passages) -> Scores:
        """Return the score of each passage, whether or not it holds all the terms."""
        found = self.lookup.find(passages)
        bounds = found.lists.searchsorted(np.arange(len(self._clauses) + 1)).tolist()
        places = [found.places[low:high] for low, high in pairwise(bounds)]
        parts = _parts(self._clauses, places, passages.take(found.rows))
        parts *= self._weights.take(found.lists)
        table = np.zeros((len(self._clauses), len(passages)))
        table[found.lists, found.rows] = parts
        return _in_order(table)


def scores_at(clauses: Sequence[Clause], places: Sequence[Places], passages: Passages) -> Scores:
    """Return the score of passages that hold all terms, each at its places."""
    parts = _parts(clauses, places, np.concatenate([passages] * len(clauses)))
    table = parts.reshape(len(clauses), len(passages))
    for row, clause in zip(table, clauses, strict=True):
        row *= clause.weight
    return _in_order(table)


def _in_order(table: Scores) -> Scores:
    """Return the sums of the columns; numpy's own sum would not keep to the order of the rows."""
    total: Scores = table[0].copy()
    for row in table[1:]:
        total += row
    return total


def _parts(clauses: Sequence[Clause], places: Sequence[Places], passages: Passages) -> Scores:
    """Return what each posting gives before its weight, list by list."""
    frequencies = _frequencies(clauses, places)
    if all(clause.bm25 is clauses[0].bm25 for clause in clauses[1:]):
        return clauses[0].bm25.saturation(frequencies, passages)
    parts = []
    end = 0
    for clause, at in zip(clauses, places, strict=True):
        own = slice(end, end := end + len(at))
        parts.append(clause.bm25.saturation(frequencies[own], passages[own]))
    return np.concatenate(parts)


def _frequencies(clauses: Sequence[Clause], places: Sequence[Places]) -> Numbers:
    pairs = list(zip(clauses, places, strict=True))
    return np.concatenate([clause.postings.frequencies_at(at) for clause, at in pairs])
