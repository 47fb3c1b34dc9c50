"""Entries of the bridge: a Korean and an English term, how well they translate, and the source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

WEIGHT_DIGITS = 4


class Source(StrEnum):
    """The source of an entry, the most trusted first."""

    USER = "user"
    PARALLEL = "parallel documents"
    GLOSS = "gloss"
    GENERAL = "glossary"
    NAME = "sound"


class Entry(NamedTuple):
    """A Korean and an English term that translate each other, in their usual spelling.

    `weight` is above 0 and at most 1, the best; 0 removes the pair for good.
    """

    korean: str
    english: str
    weight: float
    source: Source


def heavier(known: Entry, other: Entry) -> Entry:
    """Return `known` with the higher weight of two entries; a user's entry keeps its weight."""
    if known.source is Source.USER or known.weight >= other.weight:
        return known
    return known._replace(weight=other.weight)


def merge_entries(table: Sequence[Entry], general: Sequence[Entry]) -> list[Entry]:
    """Return the entries of an index merged with the general glossary, sorted by their terms."""
    found = _merged(general, {(entry.korean, entry.english): entry for entry in table})
    return [found[terms] for terms in sorted(found)]


def deduplicate(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return one entry for each pair of terms, sorted by terms, with weights as a table has them.

    It is the first of the pair, with the weight of the heaviest unless the user gave it.
    """
    found = _merged(entries, {})
    return tuple(_rounded(found[terms]) for terms in sorted(found))


def _merged(
    entries: Iterable[Entry], found: dict[tuple[str, str], Entry]
) -> dict[tuple[str, str], Entry]:
    for entry in entries:
        terms = (entry.korean, entry.english)
        found[terms] = heavier(found[terms], entry) if terms in found else entry
    return found


def _rounded(entry: Entry) -> Entry:
    weight = round(entry.weight, WEIGHT_DIGITS)
    return entry if weight == entry.weight else entry._replace(weight=weight)
