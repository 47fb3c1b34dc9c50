"""All passages that a query matches, not only the best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np

from index.arrays.array_types import Int64s
from index.arrays.ragged import changes, distinct
from index.value import NamedTuple

from .engine import Engine, Retrieval, StoredPassage
from .pipeline import QueryPipeline, QueryTerms
from .query.tree import Query

# Passages are fetched so many at once: a request costs as much as dozens of them, and the answer
# is to stay small.
_FETCHED = 500


class Matched(NamedTuple):
    """A query with its terms, and all passages that it matches, ascending."""

    query: Query
    terms: QueryTerms
    retrieval: Retrieval
    passages: Int64s


def matched_passages(pipeline: QueryPipeline, query: Query, *, bridge: bool) -> Matched:
    """Return all passages that a query matches, with those of copies."""
    terms = pipeline.collect(query, translate=bridge)
    retrieval = pipeline.retrieval(query, terms)
    return Matched(query, terms, retrieval, retrieval.passages())


def without_copies(engine: Engine, matched: Matched) -> Matched:
    """Return the same without passages of documents with the text of one before."""
    documents = engine.documents_of(matched.passages)
    own = distinct(documents)
    keys = engine.text_keys(own)
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


def fetched(engine: Engine, passages: Sequence[int]) -> Iterator[StoredPassage]:
    """Yield any number of passages as stored, in their order."""
    return chain.from_iterable(map(engine.fetch, _parts(passages)))


def texts_of(engine: Engine, passages: Sequence[int]) -> Iterator[str]:
    """Yield the texts of any number of passages, in their order."""
    stored = chain.from_iterable(map(engine.stored, _parts(passages)))
    return (str(each["text"]) for each in stored)


def _parts(passages: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(passages), _FETCHED):
        yield passages[start : start + _FETCHED]
