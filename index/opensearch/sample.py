"""Compares some documents on a cluster with their stored text, which is analyzed again.

The frequency of each term in each passage, and all numbers of a passage, must be the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.analyzer import Analyzer
from ..ingest.ingest_pipeline import SegmentBuffer
from ..ingest.stored_text import batch_of
from ..segment.content import SegmentContent
from ..segment.doc_store import StoredFields
from ..value import NamedTuple
from .names import Epoch
from .paging import every_hit
from .records import Numbering, TermCounts, bulk_records
from .stored_fields import stored_of
from .terms import GAP, STACKED

if TYPE_CHECKING:
    from .client import Client

_DOCUMENTS = 100
_MOST_PASSAGES = 500
_PAGE = 500
_CLAUSES = 1_000  # in a search
# The fields whose score is the frequency of a term, by the name of their text in a record.
_SCORED = {
    "body": "body.tf",
    "gram": "gram.tf",
    "title_all": "title_all",
    "meta_all": "meta_all",
}
_NUMBERS = (
    *("ordinal", "body_length", "gram_length", "first_day", "last_day", "modified"),
    *("title_key", "text_key"),
)


class Sample(NamedTuple):
    """How many passages were compared, and a message for each that differs."""

    passages: int
    differences: Sequence[str]


class _Stored:
    """Documents as a cluster has them, by ordinal, with their passages one after the other."""

    def __init__(self, documents: Sequence[StoredFields], passages: Sequence[StoredFields]) -> None:
        self._documents = documents
        self._passages = passages

    def stored(self, passage: int) -> dict[str, Any]:
        """Return the stored fields of a passage."""
        return self._passages[passage]

    def stored_document(self, document: int) -> dict[str, Any]:
        """Return the stored fields of a document."""
        return self._documents[document]


def differences(client: Client, epoch: Epoch, analyzer: Analyzer) -> Sample:
    """Compare some documents, chosen at random."""
    documents = _chosen(client, epoch)
    numbers = sorted(documents)
    hits = list(
        every_hit(
            client,
            epoch.passages,
            {"terms": {"doc": numbers}},
            fields=["number", "doc", *_NUMBERS],
            stored=True,
            page=_PAGE,
        )
    )
    counts = Counter(int(hit["fields"]["doc"][0]) for hit in hits)
    firsts = np.array([*accumulate((counts[number] for number in numbers), initial=0)], np.int64)
    source = _Stored(
        [documents[number] for number in numbers], [stored_of(hit["_source"]) for hit in hits]
    )
    batch = batch_of(source, range(len(numbers)), firsts)
    expected = _records(_inverted(batch, analyzer), epoch) if hits else ()
    return Sample(len(hits), list(_differences(client, epoch, hits, expected)))


def _inverted(batch: Any, analyzer: Analyzer) -> SegmentContent:  # noqa: ANN401 - a Batch
    buffer = SegmentBuffer(whole_fields=True)
    analyzer.learn(buffer.add(batch))
    return buffer.content(analyzer.words, analyzer.verdicts)


def _records(content: SegmentContent, epoch: Epoch) -> Iterator[Mapping[str, Any]]:
    """Yield the records of the passages, in order."""
    for head, record in bulk_records(content, Numbering(epoch, 0), TermCounts()):
        if head["index"]["_index"] == epoch.passages and record is not None:
            yield record


def _chosen(client: Client, epoch: Epoch) -> dict[int, StoredFields]:
    """Return some documents with not too many passages, by number."""
    query: dict[str, Any] = {"function_score": {"query": {"match_all": {}}, "random_score": {}}}
    body = {"size": _DOCUMENTS, "query": query, "docvalue_fields": ["number", "passages"]}
    hits = client.request("POST", f"/{epoch.documents}/_search", body)["hits"]["hits"]
    found: dict[int, StoredFields] = {}
    passages = 0
    for hit in hits:
        passages += int(hit["fields"]["passages"][0])
        if found and passages > _MOST_PASSAGES:
            break
        found[int(hit["fields"]["number"][0])] = stored_of(hit["_source"])
    return found


def _differences(
    client: Client,
    epoch: Epoch,
    hits: Sequence[Mapping[str, Any]],
    records: Iterable[Mapping[str, Any]],
) -> Iterator[str]:
    for hit, record in zip(hits, records, strict=True):
        number = int(hit["fields"]["number"][0])
        for name in _NUMBERS:
            if int(hit["fields"][name][0]) != record[name]:
                yield f"passage {number}: {name} does not match the stored text"
        expected = _frequencies(record)
        found = _found(client, epoch, number, hit["fields"]["doc"][0], list(expected))
        for (field, term), frequency in expected.items():
            if found.get((field, term), 0) != frequency:
                name = field.partition("_")[0].partition(".")[0]
                yield f"passage {number}: {term} in {name} does not match the stored text"


def _frequencies(record: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    """Return how often a passage should have each term, by the field whose score tells it."""
    found: dict[tuple[str, str], int] = {}
    for name, field in _SCORED.items():
        text = record[name] if name == "gram" else record[name].replace(STACKED, " ")
        counts = Counter(text.split())
        counts.pop(GAP, None)
        found |= {(field, term): frequency for term, frequency in counts.items()}
    return found


def _found(
    client: Client, epoch: Epoch, number: int, document: int, terms: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Return how often a passage has terms of fields whose score is that."""
    found: dict[tuple[str, str], int] = {}
    for first in range(0, len(terms), _CLAUSES):
        some = terms[first : first + _CLAUSES]
        clauses = [
            {"term": {field: {"value": term, "_name": str(row)}}}
            for row, (field, term) in enumerate(some)
        ]
        query = {"bool": {"filter": [{"term": {"number": number}}], "should": clauses}}
        hits = client.request(
            "POST",
            f"/{epoch.passages}/_search",
            {"size": 1, "_source": False, "query": query},
            parameters={"routing": document, "include_named_queries_score": True},
        )["hits"]["hits"]
        scores = hits[0].get("matched_queries", {}) if hits else {}
        found |= {some[int(row)]: round(score) for row, score in scores.items()}
    return found
