"""The ways from terms of a query into the other language, and which of them a passage took."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from .hit import Bridged


class Crossing(NamedTuple):
    """A term of the query, by way of an entry, as a term of the other language.

    `weight` is what the other term counts beside the one asked for, which counts 1; `written` is
    the other term as a word of the entry.
    """

    term: str
    other: str
    written: str
    weight: float
    through: Bridged


def by_term(crossings: Sequence[Crossing]) -> Mapping[str, Mapping[str, float]]:
    """Return, by term of the query, the terms of the other language and what each counts."""
    weights: dict[str, dict[str, float]] = {}
    for crossing in crossings:
        of_term = weights.setdefault(crossing.term, {})
        of_term[crossing.other] = max(of_term.get(crossing.other, 0.0), crossing.weight)
    return weights


def met(crossings: Sequence[Crossing], terms: Container[str]) -> tuple[Bridged, ...]:
    """Return which entries led to some terms of a passage, each term by the best that did.

    Of an entry that stands there in part, only that part is told.
    """
    best: dict[str, Crossing] = {}
    for crossing in crossings:
        if crossing.other in terms:
            known = best.setdefault(crossing.other, crossing)
            if known.weight < crossing.weight:
                best[crossing.other] = crossing
    missing = {crossing.through for crossing in crossings if crossing.other not in terms}
    found = (
        crossing.through._replace(other=crossing.written)
        if crossing.through in missing
        else crossing.through
        for crossing in best.values()
    )
    return tuple(dict.fromkeys(found))
