"""Counts of terms are asked of a cluster together, and once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import pytest

from index.schema import Field
from search.opensearch import counts as module
from search.opensearch.counts import Counts, DocumentTerm
from search.opensearch.view import Body

SIZE = 50


class View:
    """A view whose terms are in as many passages as they have letters."""

    def __init__(self) -> None:
        self.requests: list[int] = []

    def of(self, kind: str) -> Body:
        return {"term": {"_index": kind}}

    def searches(self, bodies: Sequence[Body]) -> list[Body]:
        if not bodies:
            return []
        asked = [body["aggs"]["counts"]["filters"]["filters"] for body in bodies]
        self.requests.append(sum(map(len, asked)))
        return [
            {
                "aggregations": {
                    "counts": {
                        "buckets": {row: {"doc_count": _letters(each)} for row, each in own.items()}
                    }
                }
            }
            for own in asked
        ]


def _letters(condition: Body) -> int:
    (field,) = condition["term"].values()
    return len(field["value"])


@pytest.fixture
def view() -> View:
    return View()


@pytest.fixture
def counts(view: View) -> Counts:
    return Counts(view, lambda key: {"term": {"node": {"value": key}}}, size=SIZE)  # type: ignore[arg-type]  # all that it asks


def key(term: str) -> Hashable:
    return Field.BODY, term


def test_what_a_query_needs_is_asked_in_one_request(counts: Counts, view: View) -> None:
    terms = ["ferry", "harbour", "storm"]
    passes: list[list[int]] = []

    def read() -> list[int]:
        counts.expect([key("captain")])
        passes.append([counts.of(key(term)) for term in terms])
        return passes[-1]

    assert counts.settled(read) == [5, 7, 5]
    assert passes[0] == [1_000] * 3  # of which the reader must take none for rare
    # Documents with a term are counted along, as ranking will ask for them.
    assert view.requests == [8]
    assert counts.of(DocumentTerm("captain")) == 7
    assert view.requests == [8]


def test_what_follows_from_a_count_is_asked_next(counts: Counts, view: View) -> None:
    def read() -> int:
        first = counts.of(key("ferry"))
        return first + counts.of(key("rare")) if first < SIZE else first

    assert counts.settled(read) == 9
    assert len(view.requests) == 2


def test_outside_of_a_query_each_count_is_asked_by_itself(counts: Counts, view: View) -> None:
    assert counts.of(key("ferry")) == 5
    assert counts.of(key("ferry")) == 5
    assert view.requests == [1]


def test_counts_are_right_though_the_oldest_are_forgotten(
    counts: Counts, view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_CACHED", 4)
    for start in range(6):
        keys = [key("x" * length) for length in range(start + 1, start + 5)]
        assert counts.many(keys).tolist() == [*range(start + 1, start + 5)]
