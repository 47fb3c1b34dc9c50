"""The total and the facets of what a query matches, counted by a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..engine import MOST_COUNTED
from ..facets import MONTH, OF_FILES, facet_of, label_of_date, periods
from ..query.dates import day_start
from ..results import FacetCount, Total
from .view import Body

if TYPE_CHECKING:
    from .state import Statistics

# Labels of a facet that are counted: more than a person reads, fewer than a cluster refuses.
_MOST_LABELS = 10_000
# The number of different documents of passages; those of a document are in one shard.
DISTINCT_DOCUMENTS: Body = {
    "scripted_metric": {
        "init_script": "state.found = new HashSet()",
        "map_script": "state.found.add(doc['doc'].value)",
        "combine_script": "return state.found.size()",
        "reduce_script": "long sum = 0; for (size in states) { sum += size } return sum",
    }
}
# Of a larger index they are estimated, or the set could take the memory of a node.
_MOST_DISTINCT = 1_000_000
_ABOUT: Body = {"cardinality": {"field": "doc", "precision_threshold": 40_000}}


class MatchTotal:
    """The total of the passages that fulfil a condition, asked by `body`."""

    def __init__(self, condition: Body) -> None:
        self.answer: Any = None
        self.body: Body = {
            "size": 0,
            "track_total_hits": MOST_COUNTED + 1,
            "terminate_after": MOST_COUNTED + 1,
            "query": condition,
            "aggs": {"documents": DISTINCT_DOCUMENTS},
        }

    def keep(self, answer: Body) -> None:
        """Take the answer."""
        self.answer = answer

    def total(self) -> Total:
        """Return the total, exact up to MOST_COUNTED."""
        passages = self.answer["hits"]["total"]["value"]
        documents = int(self.answer["aggregations"]["documents"]["value"])
        counted = min(passages, MOST_COUNTED)
        return Total(counted, min(documents, counted), passages <= MOST_COUNTED)


class MatchFacets:
    """The facets of the passages that fulfil a condition, or of their documents."""

    def __init__(
        self, condition: Body, names: Sequence[str], statistics: Statistics, *, of_documents: bool
    ) -> None:
        self.answer: Any = None
        self._names, self._of_documents = tuple(names), of_documents
        facets = {name: facet_body(name, statistics, of_documents=of_documents) for name in names}
        self.body: Body = {
            "size": 0,
            "track_total_hits": False,
            "query": condition,
            "aggs": facets,
        }

    def keep(self, answer: Body) -> None:
        """Take the answer."""
        self.answer = answer

    def facets(self) -> Mapping[str, tuple[FacetCount, ...]]:
        """Return the facets, in the order of their names."""
        aggregations = self.answer["aggregations"]
        return {
            name: facet_counts(name, aggregations[name], of_documents=self._of_documents)
            for name in self._names
        }


def facet_body(name: str, statistics: Statistics, *, of_documents: bool) -> Body:
    """Return the aggregation that counts the passages, or their documents, by a label."""
    body: Body
    if name in OF_FILES:
        numbers = _periods(name, statistics)
        starts = [day_start((number + (number % MONTH == 0)) * MONTH + 1) for number in numbers]
        ends = [*starts[1:], None]
        ranges = [
            {"key": label_of_date(number), "from": start} | ({"to": end} if end else {})
            for number, start, end in zip(numbers, starts, ends, strict=True)
        ]
        ranges.append({"key": "", "to": max(1, starts[0] if starts else 1)})
        body = {"range": {"field": "modified", "ranges": ranges}}
    else:
        body = {"terms": {"field": name, "size": _MOST_LABELS}}
    if not of_documents:
        return body
    is_large = statistics.documents > _MOST_DISTINCT
    return body | {"aggs": {"documents": _ABOUT if is_large else DISTINCT_DOCUMENTS}}


def _periods(name: str, statistics: Statistics) -> list[int]:
    if not statistics.last_modified:
        return []
    first, last = statistics.first_modified, statistics.last_modified
    return periods(first, last, months=name.endswith("month"))


def facet_counts(name: str, answer: Body, *, of_documents: bool) -> tuple[FacetCount, ...]:
    """Return a facet from the answer to its aggregation."""
    counts: dict[str, int] = {}
    buckets: Sequence[Body] = answer["buckets"]
    for bucket in buckets:
        count = bucket["documents"]["value"] if of_documents else bucket["doc_count"]
        if bucket["doc_count"]:
            counts[bucket["key"]] = int(count)
    return facet_of(name, counts)
