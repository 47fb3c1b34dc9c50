"""All passages that a query matches, not only the best."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from index.arrays.array_types import Int64s
from index.arrays.ragged import changes, distinct
from index.snapshot import Snapshot

from .pipeline import QueryPipeline, QueryTerms
from .query.tree import Query


class Matched(NamedTuple):
    """A query with its terms, and all passages that it matches, ascending."""

    query: Query
    terms: QueryTerms
    passages: Int64s


def matched_passages(pipeline: QueryPipeline, query: Query, *, bridge: bool) -> Matched:
    """Return all passages that a query matches, with those of copies."""
    terms = pipeline.collect(query, translate=bridge)
    return Matched(query, terms, pipeline.find(query, terms).numbers)


def without_copies(snapshot: Snapshot, matched: Matched) -> Matched:
    """Return the same without passages of documents with the text of one before."""
    documents = snapshot.documents_of(matched.passages)
    own = distinct(documents)
    keys = snapshot.text_keys(own)
    order = np.argsort(keys, kind="stable")
    is_copy = np.zeros(len(own), dtype=np.bool_)
    is_copy[order] = ~changes(keys[order])
    kept = ~is_copy[own.searchsorted(documents)]
    return matched._replace(passages=matched.passages[kept])


def sample(passages: Int64s, most: int) -> Int64s:
    """Return at most so many passages, spread evenly over those given, in their order."""
    if len(passages) <= most:
        return passages
    rows = np.linspace(0, len(passages) - 1, most).astype(np.int64)
    return passages[rows]
