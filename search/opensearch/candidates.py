"""The candidates of a query and their documents, with term frequencies read from a cluster.

Each term is a query with a name, whose score is its frequency: so one search returns all
frequencies that the second stage reads, of hundreds of passages and their documents.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import chain, combinations
from typing import TYPE_CHECKING

import numpy as np

from index.arrays.array_types import AnyArray, Floats, Indices, Int64s
from index.arrays.ragged import distinct
from index.opensearch.terms import GAP, indexed
from index.schema import Field
from index.value import NamedTuple

from .. import weights
from ..query.tree import Pattern
from ..ranking.bm25 import PRESENCE, Bm25
from ..ranking.clauses import Clause, scores_of
from ..ranking.collection import Frequencies
from ..ranking.term_scores import TermScores
from ..ranking.weighted_terms import WeightedTerms
from .conditions import all_of, any_of
from .counts import DocumentTerm
from .known import WITHOUT_STORED, PassageValues, numbered
from .view import MOST_CLAUSES, PAGE, Body

if TYPE_CHECKING:
    from .state import ClusterState

# Fields whose scores are frequencies: of passages, and of documents.
_OF_PASSAGES = {Field.BODY: "body.tf", Field.BIGRAM: "gram.tf"}
_OF_DOCUMENTS = {Field.TITLE: "title", Field.META: "meta"}
_TEXT, _BIGRAMS = "text", "gram"
# What tells a key of documents from that of the field in passages.
_WHOLE = "document"
# Where the second term of a pair may stand behind the first.
_DISTANCES = range(1, weights.PAIR_WINDOW + 1)
# Clauses that a search for frequencies has beside those queries: patterns have several.
_BESIDE = 100
# Passages whose frequencies one search reads; their documents are no more.
_AT_ONCE = PAGE // 2


class ClusterTerm(NamedTuple):
    """A term of a field, or a pattern, with its number of passages or documents."""

    key: Hashable
    passage_frequency: int


class _Named(NamedTuple):
    """A query whose score, over a number, is a frequency."""

    key: Hashable
    query: Body
    terms: int = 1


class ClusterCollection:
    """An index on a cluster as ranking reads it, with the lengths of some candidates."""

    def __init__(self, state: ClusterState, bm25: Mapping[Field, Bm25]) -> None:
        self.bm25 = bm25
        self.passages = state.statistics.passages
        self.documents = state.statistics.documents
        self._counts = state.counts

    def postings_of(self, field: Field, term: str) -> ClusterTerm | None:
        """Return a term of a field, None if it is in no passage."""
        frequency = self._counts.of((field, term))
        return ClusterTerm((field, term), frequency) if frequency else None

    def postings_of_pattern(self, pattern: Hashable) -> ClusterTerm | None:
        """Return a pattern, None if no passage matches it."""
        frequency = self._counts.of(pattern)
        return ClusterTerm(pattern, frequency) if frequency else None

    def frequency(self, field: Field, term: str) -> int:
        """Return the number of passages with a term."""
        return self._counts.of((field, term))

    def document_frequency(self, term: str) -> int:
        """Return the number of documents with a term in their title or text."""
        return self._counts.of(DocumentTerm(term))


class ClusterCandidates:
    """Passages of a cluster, ascending, to rerank by some terms; at least one."""

    def __init__(self, state: ClusterState, weighted: WeightedTerms, passages: Int64s) -> None:
        self._state = state
        self.numbers = passages
        self.passages: Int64s = np.arange(len(passages))
        values = state.known.of(passages.tolist())
        owners = np.array([each.document for each in values], np.int64)
        documents = distinct(owners)
        self.rows: Int64s = documents.searchsorted(owners)
        title_keys = dict(zip(owners.tolist(), (each.title_key for each in values), strict=True))
        found = _Reader(state, passages, documents, title_keys).read([*_named(state, weighted)])
        self.documents = ClusterDocuments(state, found, [title_keys[d] for d in documents.tolist()])
        self.frequencies_of: Frequencies = found.of_passages.rows_of
        self.collection = ClusterCollection(state, self._scorers(values))
        self._is_first = passages == owners

    def keep_best(self, weighted: WeightedTerms, most: int) -> None:
        """Keep the best by the first stage, which the cluster scores with rounded lengths."""
        scores = TermScores(self.collection)
        titles_bm25 = self.collection.bm25[Field.TITLE]
        translated = scores.translated(weighted)
        of_titles = [each for each in translated if each.bm25 is titles_bm25]
        own = [
            *scores.terms(weighted),
            *scores.bigrams(weighted, weight=weights.BIGRAM_WEIGHT),
            *(each for each in translated if each.bm25 is not titles_bm25),
        ]
        totals = _scores(own, self.passages, self.frequencies_of)
        around = [*scores.titles(weighted), *scores.metadata(weighted), *of_titles]
        documents = self.documents
        titles = _scores(around, documents.firsts, documents.frequencies_of)
        totals += np.where(self._is_first, titles.take(self.rows), 0.0)
        kept = np.sort(np.lexsort((self.numbers, -totals))[:most])
        self.numbers, self.rows = self.numbers.take(kept), self.rows.take(kept)
        self.passages = kept

    def _scorers(self, values: Sequence[PassageValues]) -> Mapping[Field, Bm25]:
        statistics = self._state.statistics
        body = np.array([each.body_length for each in values])
        gram = np.array([each.gram_length for each in values])
        titles = self.documents.title_lengths
        k1, b = weights.PASSAGE_K1, weights.PASSAGE_B
        return {
            Field.META: PRESENCE,
            Field.TITLE: Bm25(
                titles, average=statistics.title_length, k1=weights.TITLE_K1, b=weights.TITLE_B
            ),
            Field.BODY: Bm25(body, average=statistics.body_length, k1=k1, b=b),
            Field.BIGRAM: Bm25(gram, average=statistics.gram_length, k1=k1, b=b),
        }


class ClusterDocuments:
    """The documents of candidates; `firsts` are their rows, by which titles are scored."""

    def __init__(self, state: ClusterState, found: _Found, title_keys: Sequence[int]) -> None:
        statistics = state.statistics
        self._frequencies = found.of_documents
        self._title_keys = title_keys
        self._sharing = found.sharing
        self.firsts: Int64s = np.arange(len(title_keys))
        self.frequencies_of: Frequencies = found.of_documents.rows_of
        self.lengths: Int64s = found.lengths
        self.bigram_lengths: AnyArray = found.bigram_lengths
        self.title_lengths: AnyArray = found.title_lengths
        self.average_length = statistics.document_length
        self.average_bigrams = statistics.document_bigrams

    def title_frequencies(self) -> Int64s:
        """Return how many documents of the index have the title of each."""
        return np.array([self._sharing[key] for key in self._title_keys], np.int64)

    def text_frequencies(self, term: str) -> Floats:
        """Return the frequency of a term in the text and title of each."""
        return self._frequencies.of((_WHOLE, _TEXT, term))

    def bigram_frequencies(self, bigram: str) -> Floats:
        """Return the frequency of a syllable bigram in each."""
        return self._frequencies.of((_WHOLE, _BIGRAMS, bigram))

    def neighbours(self, pair: tuple[str, str]) -> Int64s:
        """Return how often the first term has the second close behind it, in text and title."""
        return self._neighbours("text", pair)

    def title_neighbours(self, pair: tuple[str, str]) -> Int64s:
        """Return the same for the title alone."""
        return self._neighbours("title", pair)

    def _neighbours(self, field: str, pair: tuple[str, str]) -> Int64s:
        """Return the size of the union of what is at each distance, by inclusion and exclusion."""
        counts = np.zeros(len(self.firsts))
        for distances in _every_distance():
            sign = 1 if len(distances) % 2 else -1
            counts += sign * self._frequencies.of((field, pair, distances))
        return np.rint(counts).astype(np.int64)


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


class _Found:
    """What a search for frequencies returned."""

    def __init__(self, named: Sequence[_Named], passages: int, documents: int) -> None:
        self.of_passages = Matrix(named, passages)
        self.of_documents = Matrix(named, documents)
        self.lengths, self.bigram_lengths, self.title_lengths = np.zeros((3, documents), np.int64)
        self.sharing: dict[int, int] = {}


class _Reader:
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

    def read(self, named: Sequence[_Named]) -> _Found:
        """Return the frequencies of all queries; a search has as many as it may."""
        found = _Found(named, len(self._passages), len(self._documents))
        passages, documents = [*self._passages], [*self._documents]
        for at in range(0, len(passages), _AT_ONCE):
            self._read(found, named, passages[at : at + _AT_ONCE], documents[at : at + _AT_ONCE])
        return found

    def _read(
        self,
        found: _Found,
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

    def _keep(self, found: _Found, named: Sequence[_Named], answer: Body) -> None:
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


def _scores(clauses: Sequence[Clause], passages: Int64s, read: Frequencies) -> Floats:
    return scores_of(clauses, passages, read=read) if clauses else np.zeros(len(passages))


def _with_name(query: Body, name: str) -> Body:
    ((kind, own),) = query.items()
    if kind == "constant_score":
        return {kind: {**own, "_name": name}}
    ((field, options),) = own.items()
    return {kind: {field: {**options, "_name": name}}}


def _every_distance() -> Iterator[tuple[int, ...]]:
    """Yield the sets of distances, not empty."""
    sizes = range(1, len(_DISTANCES) + 1)
    return chain.from_iterable(combinations(_DISTANCES, size) for size in sizes)


def _named(state: ClusterState, weighted: WeightedTerms) -> Iterator[_Named]:
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
        yield from (_Named((field, each), _term(name, each)) for each in own)
    for name, own in ((_TEXT, terms), (_BIGRAMS, [*weighted.bigrams])):
        yield from (_Named((_WHOLE, name, each), _term(name, each)) for each in own)
    for pattern in weighted.patterns:
        assert isinstance(pattern, Pattern)
        condition = state.conditions.of(pattern)
        yield _Named(pattern, {"constant_score": {"filter": condition, "boost": 1.0}})
    for pair in dict.fromkeys(weighted.pairs):
        for name in ("text", "title"):
            for distances in _every_distance():
                phrase = {"match_phrase": {name: {"query": _at(pair, distances)}}}
                yield _Named((name, pair, distances), phrase, 1 + len(distances))


def _term(field: str, term: str) -> Body:
    return {"term": {field: {"value": indexed(term)}}}


def _at(pair: tuple[str, str], distances: Sequence[int]) -> str:
    """Return the phrase of a term with another at some distances behind it."""
    first, second = map(indexed, pair)
    behind = (second if place in distances else GAP for place in range(1, distances[-1] + 1))
    return " ".join((first, *behind))
