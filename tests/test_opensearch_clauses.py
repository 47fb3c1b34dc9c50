"""A condition with too many clauses is replaced by one that holds for the same passages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.opensearch.clauses import MOST_CONDITIONS, bounded, clauses
from search.opensearch.conditions import _combined

PASSAGES = frozenset(range(12))
# A leaf that holds for one passage, and counts as many clauses.
MANY = 150

LEAVES = st.sampled_from(sorted(PASSAGES)).map(
    lambda number: {"match_phrase": {"body": {"query": " ".join([f"{number}|x"] * MANY)}}}
)


def _bools(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(children, max_size=4)
    optional = st.builds(
        lambda every: {"bool": {"should": every, "minimum_should_match": 1}},
        st.lists(children, min_size=1, max_size=4),
    )
    both = st.builds(lambda must, never: {"bool": {"filter": must, "must_not": never}}, some, some)
    return optional | both


CONDITIONS = st.recursive(LEAVES, _bools, max_leaves=20)


def holds(condition: dict[str, Any]) -> frozenset[int]:
    """Return the passages for which a condition holds."""
    ((kind, own),) = condition.items()
    if kind == "terms":
        return frozenset(own["number"])
    if kind == "match_phrase":
        return PASSAGES - {int(own["body"]["query"].partition("|")[0])}
    found = PASSAGES.intersection(*map(holds, own.get("filter", [])))
    if own.get("should"):
        found &= frozenset().union(*map(holds, own["should"]))
    return found.difference(*map(holds, own.get("must_not", [])))


def find(conditions: Sequence[dict[str, Any]]) -> list[list[int]]:
    assert all(clauses(each) <= 2 * MOST_CONDITIONS for each in conditions)
    return [sorted(holds(each)) for each in conditions]


@given(CONDITIONS)
def test_it_has_few_clauses_and_holds_for_the_same_passages(condition: dict[str, Any]) -> None:
    made = bounded(condition, find)
    assert clauses(made) <= MOST_CONDITIONS
    assert holds(made) == holds(condition)
    if clauses(condition) <= MOST_CONDITIONS:
        assert made == condition


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ({"term": {"body": {"value": "a"}}}, 1),
        ({"terms": {"body": ["a", "b"]}}, 1),
        ({"match_none": {}}, 1),
        ({"match_phrase": {"body": {"query": "a b c"}}}, 1),
        ({"match_phrase": {"body": {"query": "a b|c d"}}}, 3),
        ({"constant_score": {"filter": {"bool": {"filter": [{"match_all": {}}] * 2}}}}, 2),
        ({"intervals": {"body": {"match": {"query": "a|b c"}}}}, 3),
        ({"intervals": {"body": {"all_of": {"intervals": [{"match": {"query": "a b"}}] * 2}}}}, 4),
    ],
)
def test_clauses_are_counted_as_lucene_does(condition: dict[str, Any], count: int) -> None:
    assert clauses(condition) == count


def test_the_usual_ways_to_write_a_phrase_come_before_the_unusual_ones() -> None:
    words: list[Any] = [["a", "A"], ["b"], ["c", "C", "Γ"]]
    made = ["".join(each) for each in _combined(words)]  # type: ignore[arg-type]  # letters for variants
    assert made == ["abc", "Abc", "abC", "abΓ", "AbC", "AbΓ"]
    assert [*_combined([["a"], []])] == []  # type: ignore[list-item]
    assert len([*_combined([["a"]] * 60)]) == 1  # type: ignore[list-item]
