"""Term frequencies in passages and their documents, read from a cluster.

Each term is a query with a name, whose score is its frequency: so one search returns all
frequencies that the second stage reads, of hundreds of passages and their documents.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import chain, combinations
from typing import TYPE_CHECKING

import numpy as np

from index.arrays.array_types import Floats, Indices, Int64s
from index.opensearch.terms import GAP, indexed
from index.schema import Field
from index.value import NamedTuple

from .. import weights
from ..engine import Key
from ..query.tree import Pattern
from ..ranking.weighted_terms import WeightedTerms
from .conditions import all_of, any_of, term_of
from .known import WITHOUT_STORED, numbered
from .view import MOST_CLAUSES, PAGE, Body

if TYPE_CHECKING:
    from .state import ClusterState

# Fields whose scores are frequencies: of passages, and of documents.
_OF_PASSAGES = {Field.BODY: "body.tf", Field.BIGRAM: "gram.tf"}
_OF_DOCUMENTS = {Field.TITLE: "title", Field.META: "meta"}
TEXT, BIGRAMS = "text", "gram"
# What tells a key of documents from that of the field in passages.
WHOLE = "document"
# Where the second term of a pair may stand behind the first.
_DISTANCES = range(1, weights.PAIR_WINDOW + 1)
# Clauses that a search for frequencies has beside those queries: patterns have several.
_BESIDE = 100
# Passages whose frequencies one search reads; their documents are no more.
_AT_ONCE = PAGE // 2


class ClusterTerm(NamedTuple):
    """A term of a field, or a pattern, with its number of passages or documents."""

    key: Key | Pattern
    passage_frequency: int

    @property
    def is_of_documents(self) -> bool:
        """Whether it is a term of titles or metadata, which are scored by document."""
        return not isinstance(self.key, Pattern) and self.key[0] in _OF_DOCUMENTS


class _Named(NamedTuple):
    """A query whose score, over a number, is a frequency."""

    key: Hashable
    query: Body
    terms: int = 1


class Matrix:
    """The frequencies of named queries, one row each, in passages or documents."""

    def __init__(self, named: Sequence[_Named], size: int) -> None:
        self._numbers = {each.key: row for row, each in enumerate(named)}
        self._values = np.zeros((len(named), size))

    def put(self, column: int, row: int, frequency: float) -> None:
        """Set a frequency."""
        self._values[row, column] = frequency

    def of(self, key: Hashable) -> Floats:
        """Return the frequencies of a query."""
        number = self._numbers.get(key)
        return np.zeros(self._values.shape[1]) if number is None else self._values[number]

    def rows_of(self, lists: Sequence[ClusterTerm], passages: Indices) -> Floats:
        """Return the frequencies of terms in some columns."""
        rows = self._values.take([self._numbers[each.key] for each in lists], axis=0)
        return rows.take(passages, axis=1)


class FoundFrequencies:
    """What a search for frequencies returned."""

    def __init__(self, named: Sequence[_Named], passages: int, documents: int) -> None:
        self.of_passages = Matrix(named, passages)
        self.of_documents = Matrix(named, documents)
        self.lengths, self.bigram_lengths, self.title_lengths = np.zeros((3, documents), np.int64)
        self.sharing: dict[int, int] = {}


class FrequencyReader:
    """Reads the frequencies of named queries in passages and their documents, all ascending."""

    def __init__(
        self,
        state: ClusterState,
        passages: Int64s,
        documents: Int64s,
        title_keys: Mapping[int, int],
    ) -> None:
        self._view = state.view
        self._title_keys = title_keys
        self._passages = {number: row for row, number in enumerate(passages.tolist())}
        self._documents = {number: row for row, number in enumerate(documents.tolist())}

    def read(self, named: Sequence[_Named]) -> FoundFrequencies:
        """Return the frequencies of all queries; a search has as many as it may."""
        found = FoundFrequencies(named, len(self._passages), len(self._documents))
        passages, documents = [*self._passages], [*self._documents]
        for at in range(0, len(passages), _AT_ONCE):
            self._read(found, named, passages[at : at + _AT_ONCE], documents[at : at + _AT_ONCE])
        return found

    def _read(
        self,
        found: FoundFrequencies,
        named: Sequence[_Named],
        passages: Sequence[int],
        documents: Sequence[int],
    ) -> None:
        first = 0
        while first < len(named) or not first:
            some = named[first : first + MOST_CLAUSES - _BESIDE]
            body = self._body(some, first, passages, documents)
            self._keep(found, named, self._view.search(body, named=True))
            first += max(len(some), 1)

    def _body(
        self,
        named: Sequence[_Named],
        first: int,
        numbers: Sequence[int],
        documents_of: Sequence[int],
    ) -> Body:
        view = self._view
        title_keys = sorted({self._title_keys[each] for each in documents_of})
        passages = all_of([view.of("passages"), numbered(numbers)])
        documents = all_of([view.of("documents"), numbered(documents_of)])
        sharing = all_of([view.of("documents"), {"terms": {"title_key": title_keys}}])
        own = any_of([passages, documents])
        queries = [_with_name(each.query, str(first + row)) for row, each in enumerate(named)]
        return {
            "size": len(numbers) + len(documents_of),
            **WITHOUT_STORED,
            "docvalue_fields": ["number", "length", "gram_length", "title_length"],
            "sort": ["number"],
            "query": {"bool": {"filter": [any_of([own, sharing])], "should": queries}},
            "post_filter": own,
            "aggs": {
                "titles": {
                    "filter": view.of("documents"),
                    "aggs": {
                        "keys": {"terms": {"field": "title_key", "size": max(len(title_keys), 1)}}
                    },
                }
            },
        }

    def _keep(self, found: FoundFrequencies, named: Sequence[_Named], answer: Body) -> None:
        for hit in answer["hits"]["hits"]:
            values = hit["fields"]
            number = values["number"][0]
            if "length" in values:
                matrix, column = found.of_documents, self._documents[number]
                found.lengths[column] = values["length"][0]
                found.bigram_lengths[column] = values["gram_length"][0]
                found.title_lengths[column] = values["title_length"][0]
            else:
                matrix, column = found.of_passages, self._passages[number]
            for name, score in hit.get("matched_queries", {}).items():
                row = int(name)
                matrix.put(column, row, score / named[row].terms)
        buckets = answer["aggregations"]["titles"]["keys"]["buckets"]
        found.sharing |= {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def _with_name(query: Body, name: str) -> Body:
    ((kind, own),) = query.items()
    if kind == "constant_score":
        return {kind: {**own, "_name": name}}
    ((field, options),) = own.items()
    return {kind: {field: {**options, "_name": name}}}


def every_distance() -> Iterator[tuple[int, ...]]:
    """Yield the sets of distances, not empty."""
    sizes = range(1, len(_DISTANCES) + 1)
    return chain.from_iterable(combinations(_DISTANCES, size) for size in sizes)


def named_queries(state: ClusterState, weighted: WeightedTerms) -> Iterator[_Named]:
    """Yield a query for each frequency that ranking reads."""
    others = chain.from_iterable(weighted.translations.values())
    terms = [*dict.fromkeys([*weighted.terms, *others])]
    titles = [*dict.fromkeys([*terms, *weighted.title_terms])]
    of_fields = {
        Field.BODY: terms,
        Field.BIGRAM: [*weighted.bigrams],
        Field.TITLE: titles,
        Field.META: [*weighted.terms],
    }
    for field, own in of_fields.items():
        name = (_OF_PASSAGES | _OF_DOCUMENTS)[field]
        yield from (_Named((field, each), term_of(name, each)) for each in own)
    for name, own in ((TEXT, terms), (BIGRAMS, [*weighted.bigrams])):
        yield from (_Named((WHOLE, name, each), term_of(name, each)) for each in own)
    for pattern in weighted.patterns:
        assert isinstance(pattern, Pattern)
        condition = state.conditions.of(pattern)
        yield _Named(pattern, {"constant_score": {"filter": condition, "boost": 1.0}})
    for pair in dict.fromkeys(weighted.pairs):
        for name in ("text", "title"):
            for distances in every_distance():
                phrase = {"match_phrase": {name: {"query": _at(pair, distances)}}}
                yield _Named((name, pair, distances), phrase, 1 + len(distances))


def _at(pair: tuple[str, str], distances: Sequence[int]) -> str:
    """Return the phrase of a term with another at some distances behind it."""
    first, second = map(indexed, pair)
    behind = (second if place in distances else GAP for place in range(1, distances[-1] + 1))
    return " ".join((first, *behind))
