"""The retrieval of one query from a cluster."""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from index.arrays.array_types import Int64s
from index.schema import Field

from .. import weights
from ..engine import MatchQuery
from ..query.tree import Pattern, is_condition, is_plain
from ..ranking.bm25 import PRESENCE, idf
from ..ranking.rerank import Ranking, rerank
from ..ranking.term_scores import TermScores
from ..ranking.weighted_terms import WeightedTerms
from ..results import FacetCount, Total
from ..selection import DATE, MODIFIED
from .candidates import ClusterCandidates, ClusterCollection
from .clauses import clauses
from .conditions import all_of, term_of
from .counts import PASSAGE_FIELDS, CountKey, DocumentTerm
from .frequencies import ClusterTerm
from .known import PASSAGE_VALUES, WITHOUT_STORED, numbered
from .match_counts import DISTINCT_DOCUMENTS, MatchFacets, MatchTotal
from .view import MOST_CLAUSES, PAGE, Body

if TYPE_CHECKING:
    from .state import ClusterState

# What is asked of the first stage beyond what is reranked.
_OVERSAMPLED = 1.5
_BY_SCORE = ({"_score": "desc"}, {"number": "asc"})
_BY_NUMBER = ({"number": "asc"},)
_SORTED_BY = {DATE: "first_day", MODIFIED: "modified"}
# Clauses of the first stage; those that weigh least are left out, which the rerank makes good.
_MOST_SCORED = MOST_CLAUSES - 100
# Passages that are listed where all that match are asked for.
_MOST_LISTED = 1_000_000

_Count = TypeVar("_Count", MatchTotal, MatchFacets)


class ClusterRetrieval:
    """A query being answered by a cluster."""

    def __init__(self, state: ClusterState, query: MatchQuery) -> None:
        self._state = state
        self._weighted = query.weighted
        state.counts.look_up([*keys_of(query.weighted)])
        self._condition = state.condition_of(query, by_bigrams=self._needs_bigrams(query))
        self._counts: dict[Hashable, MatchTotal | MatchFacets] = {}
        self._most = sys.maxsize
        self._passages: Int64s | None = None

    def best(self, most: int) -> Int64s:
        """Return the best `most` passages of the first stage, ascending, and some more.

        Lucene rounds the lengths of passages: which of those at the end are among the best, the
        rerank finds out.
        """
        scoring = sorted(self._clauses(), key=lambda clause: -clause[0])
        left = _MOST_SCORED - clauses(self._condition)
        should = [clause for _, clause in scoring[:left]]
        scored = {"bool": {"filter": [self._condition], "should": should}}
        self._most = most
        return np.sort(self._first(scored, _BY_SCORE, math.ceil(_OVERSAMPLED * most)))

    def rerank(self, passages: Int64s) -> Ranking:
        """Return the ranking of some passages, ascending, that match."""
        if not len(passages):
            return Ranking(passages, np.zeros(0), {})
        candidates = ClusterCandidates(self._state, self._weighted, passages)
        if len(passages) > self._most:
            candidates.keep_best(self._weighted, self._most)
        return rerank(candidates.collection, self._weighted, candidates)

    def passages(self) -> Int64s:
        """Return all passages that match, ascending; the first million if there are more."""
        if self._passages is None:
            self._passages = self._first(self._condition, _BY_NUMBER, _MOST_LISTED)
        return self._passages

    def in_order(self, sort: str, most: int) -> Int64s:
        """Return the first `most` passages in another order than by score."""
        by = [{_SORTED_BY[sort]: "desc"}] if sort in _SORTED_BY else []
        return self._first(self._condition, (*by, {"path": "asc"}, *_BY_NUMBER), most)

    def repeated(self, documents: Int64s) -> Collection[int]:
        """Return the text keys that some documents share with others that match."""
        if not len(documents):
            return ()
        keys = sorted(set(self._state.known.text_keys(documents).tolist()))
        terms = {"terms": {"field": "text_key", "size": len(keys)}}
        body: Body = {
            "size": 0,
            "query": all_of([self._condition, {"terms": {"text_key": keys}}]),
            "aggs": {"keys": {**terms, "aggs": {"documents": DISTINCT_DOCUMENTS}}},
        }
        buckets = self._state.view.search(body)["aggregations"]["keys"]["buckets"]
        return {bucket["key"] for bucket in buckets if bucket["documents"]["value"] > 1}

    def expect_counts(self, facets: Sequence[str], without: Collection[int]) -> None:
        """Have the counts asked together with the passages that are fetched next."""
        counts: list[MatchTotal | MatchFacets] = [self._total_of(without)]
        if facets:
            counts.append(self._facets_of(facets, without, of_documents=False))
        self._state.deferred.put([(each.body, each.keep) for each in counts])

    def total(self, without: Collection[int] = ()) -> Total:
        """Return the number of passages that match but for some."""
        return self._answered(self._total_of(without)).total()

    def facets(
        self, names: Sequence[str], without: Collection[int] = (), *, of_documents: bool = False
    ) -> Mapping[str, tuple[FacetCount, ...]]:
        """Return facets of the passages that match but for some, or of their documents."""
        return self._answered(self._facets_of(names, without, of_documents=of_documents)).facets()

    def _total_of(self, without: Collection[int]) -> MatchTotal:
        key = ("total", frozenset(without))
        if key not in self._counts:
            self._counts[key] = MatchTotal(self._counted(without))
        found = self._counts[key]
        assert isinstance(found, MatchTotal)
        return found

    def _facets_of(
        self, names: Sequence[str], without: Collection[int], *, of_documents: bool
    ) -> MatchFacets:
        key = (tuple(names), frozenset(without), of_documents)
        if key not in self._counts:
            self._counts[key] = MatchFacets(
                self._counted(without), names, self._state.statistics, of_documents=of_documents
            )
        found = self._counts[key]
        assert isinstance(found, MatchFacets)
        return found

    def _counted(self, without: Collection[int]) -> Body:
        return all_of([self._condition], never=[numbered(sorted(without))] if without else [])

    def _answered(self, count: _Count) -> _Count:
        if count.answer is None:
            (answer,) = self._state.view.searches([count.body])
            count.keep(answer)
        return count

    def _first(self, query: Body, order: Sequence[Body], most: int) -> Int64s:
        """Return the first passages in an order, page by page."""
        found: list[int] = []
        body: Body = {
            **WITHOUT_STORED,
            "docvalue_fields": PASSAGE_VALUES,
            "query": query,
            "sort": list(order),
        }
        while len(found) < most:
            size = min(PAGE, most - len(found))
            hits = self._state.view.search({**body, "size": size}).get("hits", {}).get("hits", [])
            found += self._state.known.add(hit["fields"] for hit in hits)
            if len(hits) < size:
                break
            body["search_after"] = hits[-1]["sort"]
        return np.array(found, np.int64)

    def _needs_bigrams(self, query: MatchQuery) -> bool:
        """Return whether no passage has an optional part of the query, but for syllables."""
        root, counts = query.root, self._state.counts
        if root is None or not (root.may and query.plain.bigrams):
            return False
        if not all(map(is_condition, root.must)):
            return False
        fields = (Field.BODY, Field.TITLE, Field.META)
        plain = query.plain
        others = chain.from_iterable(plain.translations.values())
        terms = dict.fromkeys([*plain.terms, *plain.title_terms, *others])
        if any(counts.of((field, term)) for term in terms for field in fields):
            return False
        return not any(counts.of(node) for node in root.may if not is_plain(node))

    def _clauses(self) -> Iterator[tuple[float, Body]]:
        """Yield the clauses that score passages in the first stage, each with what it adds."""
        collection = ClusterCollection(self._state, dict.fromkeys(Field, PRESENCE))
        for clause in TermScores(collection).first_stage(self._weighted):
            yield clause.weight, self._scoring(clause.postings, clause.weight)

    def _scoring(self, term: ClusterTerm, weight: float) -> Body:
        """Return a clause for a term or pattern, whose idf is a part of its weight."""
        if isinstance(term.key, Pattern):
            return _constant(self._state.conditions.of(term.key), weight)
        field, text = term.key
        if field is Field.META:
            return _constant(term_of(PASSAGE_FIELDS[field], text), weight)
        statistics, is_title = self._state.statistics, field is Field.TITLE
        texts = statistics.documents if is_title else statistics.passages
        boost = weight / idf(term.passage_frequency, texts)  # Lucene multiplies by the idf
        if not self._state.has_factor:
            boost *= 1 + (weights.TITLE_K1 if is_title else weights.PASSAGE_K1)
        return term_of(PASSAGE_FIELDS[field], text, boost=boost)


def _constant(query: Body, score: float) -> Body:
    return {"constant_score": {"filter": query, "boost": score}}


def keys_of(weighted: WeightedTerms) -> Iterator[CountKey]:
    """Yield all that is counted to rank by some terms."""
    others = chain.from_iterable(weighted.translations.values())
    terms = dict.fromkeys([*weighted.terms, *others])
    for term in terms:
        yield from ((Field.BODY, term), (Field.TITLE, term), DocumentTerm(term))
    for term in weighted.terms:
        yield (Field.META, term)
    for term in weighted.title_terms:
        yield (Field.TITLE, term)
    for bigram in weighted.bigrams:
        yield (Field.BIGRAM, bigram)
    for pattern in weighted.patterns:
        assert isinstance(pattern, Pattern)
        yield pattern
