"""All passages that a query matches, not only the best."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from index.arrays.array_types import Int64s
from index.arrays.ragged import distinct
from index.snapshot import Snapshot

from .pipeline import QueryPipeline, QueryTerms
from .query.tree import Query


class Matched(NamedTuple):
    """A query with its terms, and all passages that it matches, ascending."""

    query: Query
    terms: QueryTerms
    passages: Int64s


def matched_passages(
    snapshot: Snapshot, pipeline: QueryPipeline, query: Query, *, bridge: bool
) -> Matched:
    """Return all passages that a query matches, of documents with the same text those of one."""
    terms = pipeline.collect(query, translate=bridge)
    _, passages = pipeline.first_stage(query, terms, depth=snapshot.size)
    return Matched(query, terms, _without_copies(snapshot, passages))


def _without_copies(snapshot: Snapshot, passages: Int64s) -> Int64s:
    """Return passages without those of documents with the text of one before."""
    documents = snapshot.documents_of(passages)
    own = distinct(documents)
    keys = snapshot.text_keys(own)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    is_copy = np.zeros(len(own), dtype=np.bool_)
    is_copy[order[1:]] = ordered[1:] == ordered[:-1]
    if not is_copy.any():
        return passages
    return passages[~is_copy[own.searchsorted(documents)]]


def sample(passages: Int64s, most: int) -> Int64s:
    """Return at most so many passages, spread evenly over those given, in their order."""
    if len(passages) <= most:
        return passages
    rows = np.linspace(0, len(passages) - 1, most).astype(np.int64)
    return passages[rows]
