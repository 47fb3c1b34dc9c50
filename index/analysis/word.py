"""What the analyser makes of one word: terms, each at its place."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Role(IntEnum):
    """What a term is to its word.

    A phrase asks for all PRIMARY terms of a word, side by side, or for one COMPOUND. Ranking asks
    for both. EXTRA terms are there to be found and never asked for. A FALLBACK term (a word made of
    particles and endings only) is asked for when nothing better is left.
    """

    PRIMARY = 0
    COMPOUND = 1
    EXTRA = 2
    FALLBACK = 3


# A build makes hundreds of thousands of these, and a tuple is made in a third of the time that a
# frozen dataclass takes.
class Part(NamedTuple):
    """One term of a word.

    `position` counts terms from the first of the word; `start` and `end` are characters of the
    word in its normal form.
    """

    term: str
    role: Role
    position: int
    start: int
    end: int


class Word(NamedTuple):
    """The terms of a word, how many positions it takes, and its syllable pairs."""

    parts: tuple[Part, ...]
    width: int
    bigrams: tuple[str, ...] = ()

    def terms(self, role: Role) -> list[str]:
        """Return the terms of one role, in the order of their positions."""
        return [part.term for part in self.parts if part.role is role]
