"""Exact scores, summed in double precision in the order in which the terms were given."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from index.posting_list import counts_at, counts_of

from .bm25 import Scores
from .lists import Clause, Passages, Places


def scores_of(clauses: Sequence[Clause], passages: Passages) -> Scores:
    """Return the score of each passage, whether or not it holds all the terms (at least one)."""
    return _total(clauses, counts_of([clause.postings for clause in clauses], passages), passages)


def scores_at(clauses: Sequence[Clause], places: Sequence[Places], passages: Passages) -> Scores:
    """Return the score of passages that hold all terms, each at its places."""
    return _total(clauses, counts_at([clause.postings for clause in clauses], places), passages)


def _total(clauses: Sequence[Clause], counts: Scores, passages: Passages) -> Scores:
    """Return the sum over all terms; `counts` has a row for each, how often it stands there."""
    parts = _parts(clauses, counts, passages)
    total: Scores = parts[0] * clauses[0].weight
    # numpy's own sum would not keep to the order of the terms.
    for clause, part in zip(clauses[1:], parts[1:], strict=True):
        total += part * clause.weight
    return total


def _parts(clauses: Sequence[Clause], counts: Scores, passages: Passages) -> list[Scores]:
    """Return what each term gives before its weight."""
    parts: list[Scores] = []
    for bm25, alike in groupby(clauses, key=lambda clause: clause.bm25):
        rows = counts[len(parts) : len(parts) + len(list(alike))]
        parts.extend(bm25.saturation(rows, passages))
    return parts
