"""One entry of the bridge: Korean words, English words, and how far they mean the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

WEIGHT_DIGITS = 4


class Source(StrEnum):
    """Where an entry is from, the most trusted first."""

    USER = "user"
    PARALLEL = "parallel documents"
    GLOSS = "gloss"
    GENERAL = "glossary"
    NAME = "sound"


class Entry(NamedTuple):
    """Korean and English words that translate each other, as a person would write them.

    `weight` is above 0, at most 1 for the best; 0 strikes the pair out for good.
    """

    korean: str
    english: str
    weight: float
    source: Source


def heavier(known: Entry, other: Entry) -> Entry:
    """Return an entry as heavy as another of the same words; the user's weighs what they say."""
    if known.source is Source.USER or known.weight >= other.weight:
        return known
    return known._replace(weight=other.weight)


def all_entries(table: Sequence[Entry], general: Sequence[Entry]) -> list[Entry]:
    """Return all entries of an index and of the general glossary, each pair of words once."""
    found = {(entry.korean, entry.english): entry for entry in table}
    for entry in general:
        words = (entry.korean, entry.english)
        found[words] = heavier(found[words], entry) if words in found else entry
    return [found[words] for words in sorted(found)]


def each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the first entry of each pair of words, as heavy as the heaviest, as a table has them.

    One that the user gave weighs what the user says.
    """
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        words = (entry.korean, entry.english)
        found[words] = heavier(found[words], entry) if words in found else entry
    return tuple(_rounded(found[words]) for words in sorted(found))


def _rounded(entry: Entry) -> Entry:
    weight = round(entry.weight, WEIGHT_DIGITS)
    return entry if weight == entry.weight else entry._replace(weight=weight)
