"""The analysis of one word: its terms, with role, position and offsets."""

from __future__ import annotations

from enum import IntEnum

from ..value import NamedTuple


class Role(IntEnum):
    """What a term is to its word.

    A phrase query needs all PRIMARY terms of a word at adjacent positions, or one COMPOUND; ranked
    queries use both. EXTRA terms are indexed and never queried. FALLBACK terms, of words that are
    all particles and endings, are queried when there are no others.
    """

    PRIMARY = 0
    COMPOUND = 1
    EXTRA = 2
    FALLBACK = 3


# A build makes hundreds of thousands; a tuple takes a third of the time of a frozen dataclass.
class Part(NamedTuple):
    """One term of a word: `position` from 0, `start` and `end` in characters of the normal form."""

    term: str
    role: Role
    position: int
    start: int
    end: int


class Word(NamedTuple):
    """The terms of a word, its width in positions, and its syllable bigrams."""

    parts: tuple[Part, ...]
    width: int
    bigrams: tuple[str, ...] = ()

    def terms(self, role: Role) -> list[str]:
        """Return the terms of one role, in the order of their positions."""
        return [part.term for part in self.parts if part.role is role]
