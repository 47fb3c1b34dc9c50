"""Facets counted by a cluster."""

from __future__ import annotations

from collections.abc import Sequence

from ..facets import MONTH, OF_FILES, facet_of, label_of_date, periods
from ..query.dates import day_start
from ..results import FacetCount
from .state import Statistics
from .view import Body

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
    return body | ({"aggs": {"documents": DISTINCT_DOCUMENTS}} if of_documents else {})


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
