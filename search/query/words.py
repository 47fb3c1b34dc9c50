"""Analyzed words of a query, and the terms to search for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, islice, product

from index.analysis.analyzer import Analyzer
from index.analysis.english import STOP_WORDS
from index.analysis.hanja import is_hanja
from index.analysis.normalize import PART
from index.analysis.word import Part, Role, Word
from index.value import NamedTuple

from ..weights import COMPOUND_WEIGHT, OTHER_READING_WEIGHT

# Ways to spell a word that has Han characters beside others.
_MOST_SEQUENCES = 8


class QueryWord(NamedTuple):
    """A word of a query: as typed, in its normal form, and its analysis.

    `asked` is False for a stop word (a, the, 및) of a text that has other words: not searched for.
    """

    typed: str
    surface: str
    word: Word
    asked: bool = True

    @property
    def readings(self) -> tuple[tuple[str, int], ...]:
        """The terms of its most likely reading, with their positions."""
        return tuple((part.term, part.position) for part in self._parts)

    @property
    def sequences(self) -> Sequence[tuple[tuple[str, int], ...]]:
        """The terms that give the word one after another, with positions.

        Those of its most likely reading first; 美국무부 is also 미 and 국무부.
        """
        if not any(is_hanja(term) for term, _ in self.readings):
            return (self.readings,)
        possible = product(*map(self._spellings_of, self._parts))
        found = [tuple(chain.from_iterable(terms)) for terms in islice(possible, _MOST_SEQUENCES)]
        wholes = self.wholes if len(self._parts) == 1 else ()
        return [terms for terms in found if len(terms) > 1 or terms[0][0] not in wholes]

    def _spellings_of(self, primary: Part) -> list[tuple[tuple[str, int], ...]]:
        """Return how a term is spelled: itself, the readings of Han characters, and their words."""
        own = [
            part
            for part in self.word.parts
            if part.role is Role.COMPOUND and primary.start <= part.start < part.end <= primary.end
        ]
        whole = [part for part in own if part.end - part.start == primary.end - primary.start]
        words = tuple((part.term, part.position) for part in own if part not in whole)
        single = (((part.term, part.position),) for part in (primary, *whole))
        return [*single, words] if words else [*single]

    @property
    def _parts(self) -> Sequence[Part]:
        role = Role.PRIMARY if self.word.width else Role.FALLBACK
        return [part for part in self.word.parts if part.role is role]

    @property
    def length(self) -> int:
        """The number of its terms, as they are counted in the length of a title."""
        readings = [term for term, _ in self.readings]
        return len(readings) + len(self.weights.keys() - set(readings))

    @property
    def wholes(self) -> tuple[str, ...]:
        """The terms that each stand for the whole word: compounds and other readings."""
        return tuple(
            part.term
            for part in self.word.parts
            if part.role is Role.COMPOUND and part.position == 0 and part.end >= self._end
        )

    @property
    def _end(self) -> int:
        """The end of the last term of the most likely reading."""
        ends = (part.end for part in self.word.parts if part.role is Role.PRIMARY)
        return max(ends, default=0)

    @property
    def weights(self) -> Mapping[str, float]:
        """All terms to rank by, each with its weight.

        Of state-of-the-art, these are not its stop words: only a phrase asks for them.
        """
        parts = self._parts
        joined = "".join(part.term for part in parts).lower()
        content = [part for part in parts if not self._is_stop_word(part)]
        weights: dict[str, float] = dict(Counter(part.term for part in content or parts))
        for part in self.word.parts:
            if part.role is Role.COMPOUND:
                weight = COMPOUND_WEIGHT if part.term in joined else OTHER_READING_WEIGHT
                weights[part.term] = weights.get(part.term, 0) + weight
        return weights

    def _is_stop_word(self, part: Part) -> bool:
        """Return whether a part is a stop word, and not in capitals: IT in IT-supported is not."""
        written = slice(part.start, part.end)
        in_capitals = len(self.typed) == len(self.surface) and self.typed[written].isupper()
        return self.surface[written] in STOP_WORDS and not in_capitals

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms to rank by."""
        return tuple(self.weights)


def read_words(analyzer: Analyzer, text: str) -> tuple[QueryWord, ...]:
    """Analyze the words of a query text, in order; if all are stop words, all are searched for."""
    words = []
    for token in analyzer.tokens(text):
        typed = text[slice(*token.span)]
        surface = token.surface.replace(PART, "")
        words.append(QueryWord(typed, surface, token.word, _is_content(typed, token.word)))
    if not any(word.asked for word in words):
        return tuple(word._replace(asked=True) for word in words)
    return tuple(words)


def _is_content(typed: str, word: Word) -> bool:
    """Return whether a word is a content word; a stop word in capitals is a name: US, WHO."""
    is_name = len(typed) > 1 and typed.isupper()
    return word.width > 0 and (is_name or typed.lower().replace("’", "'") not in STOP_WORDS)


def phrase_words(words: Sequence[QueryWord]) -> Sequence[QueryWord]:
    """Return the words of a phrase that have positions, or all if none has (particles only)."""
    return [word for word in words if word.word.width] or words
