"""One entry of the bridge: Korean words, English words, and how far they mean the same."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


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
