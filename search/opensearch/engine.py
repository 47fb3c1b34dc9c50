"""The engine on an OpenSearch cluster: the cluster finds and counts, ranking is done here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from corpus.language import LANGUAGES
from index.arrays.array_types import Int64s
from index.bridge.table import Table
from index.schema import Field, name_term

from ..engine import Key, MatchQuery, Retrieval, SameText, StoredPassage
from ..query.tree import Node, Pattern
from ..ranking.weighted_terms import WeightedTerms
from .conditions import all_of
from .escapes import wildcard_literal
from .retrieval import ClusterRetrieval, keys_of
from .state import ClusterState
from .stored import StoredFields
from .term_texts import TermTexts
from .view import Body

if TYPE_CHECKING:
    from index.analysis.lexicon import Lexicon

    from ..correction.vocabulary import Vocabulary

_MOST_LABELS = 10_000
_MOST_PATHS = 200  # of those like a path that is unknown
_DAYS_OF_A_YEAR = 10_000  # a day is numbered yyyymmdd

_T = TypeVar("_T")


class ClusterEngine:
    """An index on a cluster at one commit; threads may share it."""

    def __init__(self, state: ClusterState, bridge: Table | None) -> None:
        self.bridge = bridge
        self._state = state
        self._stored = StoredFields(state)
        self._texts = TermTexts(state)

    def close(self) -> None:
        """Close the view of the commit, and the bridge."""
        self._state.close()
        if self.bridge is not None:
            self.bridge.close()

    @property
    def passages(self) -> int:
        """The number of passages."""
        return self._state.statistics.passages

    @property
    def documents(self) -> int:
        """The number of documents."""
        return self._state.statistics.documents

    def settled(self, compute: Callable[[], _T]) -> _T:
        """Return what `compute` returns once all counts that it asks for are known."""
        return self._state.counts.settled(compute)

    def expect(self, keys: Iterable[Key]) -> None:
        """Take note of terms whose frequencies will be asked for."""
        self._state.counts.expect(keys)

    def expect_retrieval(self, weighted: WeightedTerms) -> None:
        """Take note of the terms of a query that will be retrieved."""
        self._state.counts.expect(keys_of(weighted))

    def frequency(self, field: Field, term: str) -> int:
        """Return how many passages have a term."""
        return self._state.counts.of((field, term))

    def frequencies(self, field: Field, terms: Sequence[str]) -> Int64s:
        """Return what `frequency` does, for many terms."""
        return self._state.counts.many([(field, term) for term in terms])

    def count(self, node: Node) -> int:
        """Return how many passages a node of a query matches."""
        return self._state.counts.of(node)

    def expanded(self, pattern: Pattern) -> list[str]:
        """Return the terms that match a pattern, in order."""
        return self._texts.expanded(pattern)

    def retrieval(self, query: MatchQuery) -> Retrieval:
        """Return the retrieval of a query."""
        return ClusterRetrieval(self._state, query)

    def documents_of(self, passages: Int64s) -> Int64s:
        """Return the document of each passage."""
        return self._state.known.documents(passages)

    def text_keys(self, documents: Int64s) -> Int64s:
        """Return a number for each document, which those with the same text share."""
        return self._state.known.text_keys(documents)

    def fetch(
        self, passages: Sequence[int], *, text_keys: Collection[int] = ()
    ) -> list[StoredPassage]:
        """Return passages as stored."""
        return self._stored.fetch(passages, text_keys=text_keys)

    def stored(self, passages: Sequence[int]) -> list[Mapping[str, Any]]:
        """Return the stored fields of passages alone."""
        return self._stored.stored(passages)

    def ids(self, documents: Sequence[int]) -> Iterator[str]:
        """Yield the ids of documents, asked for in parts."""
        return (str(stored["id"]) for stored in self._stored.documents(documents))

    def languages_of(self, documents: Int64s) -> list[str]:
        """Return the language of each document, "" for none."""
        return [*self._stored.values(documents.tolist(), "language")]

    def same_text(self, text_key: int, *, most: int) -> SameText:
        """Return the documents with a text, the first `most` of them as stored."""
        return self._stored.same_text(text_key, most=most)

    def passages_of_path(self, path: str) -> Int64s:
        """Return the passages of a file with all that it holds, ascending."""
        return self._stored.passages_of_path(path)

    def bounds(self, document: int) -> range:
        """Return the passages of a document."""
        return self._stored.bounds(document)

    def paths_like(self, path: str) -> Iterable[str]:
        """Return paths that have the name of a path, or nearly so."""
        name = path.rpartition("/")[2]
        likes: list[Body] = [
            {"fuzzy": {"path": {"value": path, "fuzziness": 2}}},
            {"wildcard": {"path_normal": {"value": f"*{wildcard_literal(name.lower())}*"}}},
            {"prefix": {"path": {"value": path[: len(path) // 2]}}},
        ]
        query = all_of([self._state.view.of("documents")], never=[])
        query["bool"] |= {"should": likes, "minimum_should_match": 1}
        return self._labels("path", query=query, most=_MOST_PATHS)

    def vocabulary(self, lexicon: Lexicon | None = None) -> Vocabulary:
        """Return the words of the index, and of the lexicon that it was built with."""
        # Imported late: most searches need no correction.
        from .vocabulary import OpenSearchVocabulary

        return OpenSearchVocabulary(
            self._state.view,
            self._state.epoch.words,
            frequency=self._texts.frequencies,
            texts=self._texts.with_terms,
            size=self.passages,
            lexicon=lexicon,
        )

    def has_times(self) -> bool:
        """Return whether the times of files are known."""
        return self._state.statistics.last_modified > 0

    def documents_by(self, label: str) -> Mapping[str, int]:
        """Return how many documents have each language, folder or filetype."""
        counts = self._labels(label)
        if label == "language":
            return {name: counts.get(name, 0) for name in (*LANGUAGES, "")}
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    def years(self) -> tuple[int, int] | None:
        """Return the first and last year of the dates of documents, None if none has a date."""
        dated: Body = {"range": {"first_day": {"gt": 0}}}
        body: Body = {
            "size": 0,
            "query": all_of([self._state.view.of("documents"), dated]),
            "aggs": {
                "first": {"min": {"field": "first_day"}},
                "last": {"max": {"field": "last_day"}},
            },
        }
        found = self._state.view.search(body)["aggregations"]
        if found["first"]["value"] is None:
            return None
        first, last = (int(found[end]["value"]) for end in ("first", "last"))
        return first // _DAYS_OF_A_YEAR, last // _DAYS_OF_A_YEAR

    def fields(self) -> Mapping[str, int]:
        """Return how many documents have each field, most first."""
        prefix = name_term("")
        counts = self._labels("field", include=f"{prefix}.*")
        named = ((name.removeprefix(prefix), count) for name, count in counts.items())
        return dict(sorted(named, key=lambda item: (-item[1], item[0])))

    def terms(self) -> int:
        """Return the number of terms that texts had when they were added."""
        body: Body = {"size": 0, "track_total_hits": True, "query": {"term": {"in_body": True}}}
        index = {"index": self._state.epoch.words}
        (answer,) = self._state.view.multi_search([(index, body)])
        return int(answer["hits"]["total"]["value"])

    def _labels(
        self,
        field: str,
        *,
        query: Body | None = None,
        include: str = "",
        most: int = _MOST_LABELS,
    ) -> dict[str, int]:
        """Return the number of documents by the values of a field, most first."""
        terms: Body = {"field": field, "size": most} | ({"include": include} if include else {})
        body: Body = {
            "size": 0,
            "query": query or self._state.view.of("documents"),
            "aggs": {"labels": {"terms": terms}},
        }
        buckets = self._state.view.search(body)["aggregations"]["labels"]["buckets"]
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets}
