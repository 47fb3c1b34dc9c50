"""What the words of a query ask the index for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.analysis.analyzer import Analyzer
from index.analysis.english import STOP_WORDS
from index.analysis.word import Role, Word

from ..weights import COMPOUND_WEIGHT, OTHER_READING_WEIGHT


class QueryWord(NamedTuple):
    """A word of the query: as typed, in its normal form, and its analysis.

    `asked` is False for a word that carries no subject (a, the, 및) beside others that do.
    """

    typed: str
    surface: str
    word: Word
    asked: bool = True

    @property
    def readings(self) -> tuple[tuple[str, int], ...]:
        """The terms of its first reading, with their positions."""
        role = Role.PRIMARY if self.word.width else Role.FALLBACK
        return tuple((part.term, part.position) for part in self.word.parts if part.role is role)

    @property
    def wholes(self) -> tuple[str, ...]:
        """Terms each of which stands for the whole word: its other spellings and readings."""
        ends = [part.end for part in self.word.parts if part.role is Role.PRIMARY]
        last = max(ends, default=0)
        return tuple(
            part.term
            for part in self.word.parts
            if part.role is Role.COMPOUND and part.position == 0 and part.end >= last
        )

    @property
    def weights(self) -> Mapping[str, float]:
        """All terms that ranking asks for, each with its weight."""
        readings = [term for term, _ in self.readings]
        joined = "".join(readings)
        weights: dict[str, float] = dict(Counter(readings))
        for part in self.word.parts:
            if part.role is Role.COMPOUND:
                weight = COMPOUND_WEIGHT if part.term in joined else OTHER_READING_WEIGHT
                weights[part.term] = weights.get(part.term, 0) + weight
        return weights

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms that ranking asks for."""
        return tuple(self.weights)


def read_words(analyzer: Analyzer, text: str) -> tuple[QueryWord, ...]:
    """Analyse the words of a query, in order."""
    found = []
    for token in analyzer.tokens(text):
        start, end = token.span
        typed = text[start:end]
        found.append(QueryWord(typed, token.surface, token.word, _has_subject(typed, token.word)))
    if not any(word.asked for word in found):
        found = [QueryWord(word.typed, word.surface, word.word) for word in found]
    return tuple(found)


def _has_subject(typed: str, word: Word) -> bool:
    """Tell whether a word says what is looked for; US and WHO in capitals do."""
    if not word.width:
        return False
    is_name = len(typed) > 1 and typed.isupper()
    return is_name or typed.lower().replace("’", "'") not in STOP_WORDS


def with_places(words: Sequence[QueryWord]) -> Sequence[QueryWord]:
    """Return the words that a phrase asks for: those of particles only where no other is."""
    return [word for word in words if word.word.width] or words
