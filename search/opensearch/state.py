"""What searches of one commit on a cluster share."""

from __future__ import annotations

from index.analysis.analyzer import Analyzer
from index.opensearch.client import Client
from index.opensearch.state import ClusterCommit
from index.value import NamedTuple

from ..engine import MatchQuery
from ..query.tree import Node, Phrase
from .clauses import FoundByParts
from .conditions import Conditions
from .counts import Counts
from .exact import ExactPhrases
from .known import KnownPassages
from .stored import Deferred
from .view import Body, ClusterView

_WITHOUT_FACTOR = 3  # the version of OpenSearch


class Statistics(NamedTuple):
    """The size of an index, averages of lengths, and the span of the times of files."""

    passages: int
    documents: int
    body_length: float
    gram_length: float
    title_length: float
    document_length: float
    document_bigrams: float
    first_modified: int
    last_modified: int


class ClusterState:
    """A view of a commit with what was learned through it; threads share it."""

    def __init__(
        self, client: Client, commit: ClusterCommit, view: ClusterView, analyzer: Analyzer
    ) -> None:
        self.epoch = commit.epoch
        self.view = view
        self.conditions = Conditions(analyzer, self._exactly, lambda: self.view.of("passages"))
        self._exact = ExactPhrases(self.view, self.conditions.in_field)
        self._parts = FoundByParts(self.view)
        self.known = KnownPassages(self.view)
        self.statistics = read_statistics(self.view)
        self.counts = Counts(self.view, self._condition, size=self.statistics.passages)
        self.deferred = Deferred()
        self.sizes: dict[int, int] = {}  # the number of passages of documents
        # Nodes of Lucene 10 have no constant factor in BM25.
        self.has_factor = client.check_product().major < _WITHOUT_FACTOR

    def close(self) -> None:
        """Close the view."""
        self.view.close()

    def condition_of(self, query: MatchQuery, *, by_bigrams: bool) -> Body:
        """Return the condition of a whole query, of plain words by their bigrams if so."""
        return self._parts.bounded(self.conditions.of_query(query, by_bigrams=by_bigrams))

    def _condition(self, node: Node) -> Body:
        return self._parts.bounded(self.conditions.of(node))

    def _exactly(self, phrase: Phrase, first: bool) -> Body:
        return self._exact.of(phrase, first=first)


def read_statistics(view: ClusterView) -> Statistics:
    """Return the statistics of a view."""

    def sums(*fields: str) -> Body:
        return {field: {"sum": {"field": field}} for field in fields}

    times: Body = {
        "times": {
            "filter": {"range": {"modified": {"gt": 0}}},
            "aggs": {"span": {"stats": {"field": "modified"}}},
        }
    }
    of_passages = sums("body_length", "gram_length")
    of_documents = sums("title_length", "length", "gram_length") | times
    bodies: list[Body] = [
        {"size": 0, "track_total_hits": True, "query": view.of("passages"), "aggs": of_passages},
        {"size": 0, "track_total_hits": True, "query": view.of("documents"), "aggs": of_documents},
    ]
    own, documents = view.searches(bodies)
    span = documents["aggregations"]["times"]["span"]
    totals = [answer["hits"]["total"]["value"] for answer in (own, documents)]

    def average(answer: Body, field: str, total: int) -> float:
        return float(answer["aggregations"][field]["value"]) / max(total, 1)

    return Statistics(
        passages=totals[0],
        documents=totals[1],
        body_length=average(own, "body_length", totals[0]),
        gram_length=average(own, "gram_length", totals[0]),
        title_length=average(documents, "title_length", totals[1]),
        document_length=average(documents, "length", totals[1]),
        document_bigrams=average(documents, "gram_length", totals[1]),
        first_modified=int(span["min"] or 0),
        last_modified=int(span["max"] or 0),
    )
