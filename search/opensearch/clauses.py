"""Conditions with more clauses than a cluster takes, as several searches for parts of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from index.fork_locks import CACHE_LOCK

from .known import WITHOUT_STORED, numbered
from .view import MOST_CLAUSES, PAGE, Body, ClusterView

# A cluster takes 1,024 clauses: the rest is left to those that score.
MOST_CONDITIONS = 400
# A list of numbers in a condition may be so long.
_LONGEST = 65_000
# What is found by parts is sent with every search: passages beyond these are left out.
_MOST_NUMBERS = 4 * _LONGEST
_MOST_KNOWN = 64  # parts, which several searches of a query have

# Returns the numbers of the passages that fulfil each of some conditions.
Find = Callable[[Sequence[Body]], Sequence[Sequence[int]]]


class FoundByParts:
    """Finds what parts of conditions match; threads share it."""

    def __init__(self, view: ClusterView) -> None:
        self._view = view
        self._known: dict[str, Sequence[int]] = {}

    def bounded(self, condition: Body) -> Body:
        """Return a condition with few enough clauses."""
        return bounded(condition, self._find)

    def _find(self, conditions: Sequence[Body]) -> Sequence[Sequence[int]]:
        named = {json.dumps(each): each for each in conditions}
        found = {name: self._known[name] for name in named if name in self._known}
        missing = [name for name in named if name not in found]
        bodies = [self._body(named[name]) for name in missing]
        for name, body, answer in zip(missing, bodies, self._view.searches(bodies), strict=True):
            found[name] = self._all(body, answer)
        with CACHE_LOCK:
            if len(self._known) + len(missing) > _MOST_KNOWN:
                self._known.clear()
            self._known |= {name: found[name] for name in missing}
        return [found[name] for name in named]

    def _body(self, condition: Body) -> Body:
        return {
            **WITHOUT_STORED,
            "size": PAGE,
            "docvalue_fields": ["number"],
            "sort": ["number"],
            "query": {"bool": {"filter": [self._view.of("passages"), condition]}},
        }

    def _all(self, body: Body, answer: Body) -> Sequence[int]:
        """Return what a search finds, with its first answer."""
        found: list[int] = []
        while True:
            hits = answer.get("hits", {}).get("hits", [])
            found += [int(hit["fields"]["number"][0]) for hit in hits]
            if len(hits) < PAGE or len(found) >= _MOST_NUMBERS:
                return found
            answer = self._view.search({**body, "search_after": hits[-1]["sort"]})


def clauses(condition: Body) -> int:
    """Return how many clauses Lucene counts in a condition."""
    ((kind, own),) = condition.items()
    if kind == "bool":
        return sum(map(clauses, chain.from_iterable(_lists(own).values())))
    if kind == "constant_score":
        return clauses(own["filter"])
    if kind == "intervals":
        return sum(map(_terms, own.values()))
    if kind == "match_phrase":
        (phrase,) = own.values()
        text = str(phrase["query"])
        return len(text.split()) if "|" in text else 1
    return 1


def _lists(own: Body) -> dict[str, list[Body]]:
    return {kind: own.get(kind, []) for kind in ("filter", "should", "must_not")}


def _terms(rule: Body) -> int:
    """Return the number of terms in a rule of intervals."""
    ((kind, own),) = rule.items()
    if kind == "match":
        return len(str(own["query"]).replace("|", " ").split())
    return sum(map(_terms, own["intervals"]))


def bounded(condition: Body, find: Find) -> Body:
    """Return a condition with few enough clauses, if need be by what `find` finds for its parts."""
    count = clauses(condition)
    if count <= MOST_CONDITIONS:
        return condition
    if "bool" not in condition:  # a phrase of so many terms that hardly a passage has them
        return condition if count <= MOST_CLAUSES else {"match_none": {}}
    own = condition["bool"]
    parts = {kind: [bounded(each, find) for each in every] for kind, every in _lists(own).items()}
    if sum(map(clauses, chain.from_iterable(parts.values()))) > MOST_CONDITIONS:
        # Of what is excluded and of alternatives, all that the parts find; of the rest, what is
        # found by one part narrows the next.
        parts["must_not"] = _any(parts["must_not"], find)
        parts["should"] = _any(parts["should"], find)
        parts["filter"] = _every(parts["filter"], find)
    return {"bool": {**own, **{kind: every for kind, every in parts.items() if kind in own}}}


def _any(conditions: Sequence[Body], find: Find) -> list[Body]:
    """Return conditions of which one holds where one of some does."""
    if sum(map(clauses, conditions)) <= MOST_CONDITIONS // 4:
        return [*conditions]
    searched = [
        {"bool": {"should": some, "minimum_should_match": 1}} for some in _parts(conditions)
    ]
    return _numbered(sorted(set(chain.from_iterable(find(searched)))))


def _every(conditions: Sequence[Body], find: Find) -> list[Body]:
    """Return conditions that hold where all of some do."""
    if sum(map(clauses, conditions)) <= MOST_CONDITIONS // 2:
        return [*conditions]
    narrowed: list[Body] = []
    for some in _parts(conditions):
        (found,) = find([{"bool": {"filter": [*narrowed, *some]}}])
        narrowed = [_one_of(_numbered(found))]
    return narrowed


def _numbered(numbers: Sequence[int]) -> list[Body]:
    starts = range(0, min(len(numbers), _MOST_NUMBERS), _LONGEST)
    return [numbered(numbers[start : start + _LONGEST]) for start in starts] or [numbered([])]


def _parts(conditions: Sequence[Body]) -> Iterator[list[Body]]:
    """Yield runs of conditions with few enough clauses."""
    some: list[Body] = []
    count = 0
    for each in conditions:
        own = clauses(each)
        if some and count + own > MOST_CONDITIONS:
            yield some
            some, count = [], 0
        some.append(each)
        count += own
    if some:
        yield some


def _one_of(conditions: Sequence[Body]) -> Body:
    return {"bool": {"should": [*conditions], "minimum_should_match": 1}}
