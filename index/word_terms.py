"""The terms of the words of a segment, as arrays that texts are turned into terms with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .analysis.rows import sums, unfolded
from .analysis.word import Role, Word
from .fields import LAST_POSITION
from .occurrences import TERM, WordTexts
from .segment.content import Numbers

_COUNTED = (Role.READING, Role.WHOLE)


class WordTerms:
    """What each word, by its number, gives; `terms` and `grams` are in the order of their bytes.

    `lengths` are how many terms a word counts for in the length of its text.
    """

    def __init__(self, analyses: Sequence[Word]) -> None:
        parts = [part for word in analyses for part in word.parts]
        self.terms, term_numbers = _numbered([part.term for part in parts])
        self._terms = term_numbers << TERM
        self._places = np.array([part.position for part in parts], np.int64)
        self._counts = np.array([len(word.parts) for word in analyses], np.int64)
        self._widths = np.array([word.width for word in analyses], np.int64)
        counted = np.array([part.role in _COUNTED for part in parts], np.int64)
        self.lengths = sums(counted, self._counts)
        self.grams, gram_numbers = _numbered([gram for word in analyses for gram in word.grams])
        self._grams = gram_numbers << TERM
        self.gram_counts = np.array([len(word.grams) for word in analyses], np.int64)

    def places_in(self, texts: WordTexts) -> Numbers:
        """Return every term of the texts as an occurrence, unsorted."""
        counts = self._counts[texts.numbers]
        parts = unfolded(texts.numbers, self._counts)
        found = np.repeat(texts.starts(self._widths), counts)
        found += self._places[parts]
        np.minimum(found, LAST_POSITION, out=found)
        found |= self._terms[parts]
        found |= np.repeat(texts.homes(), counts)
        return found

    def grams_in(self, texts: WordTexts) -> Numbers:
        """Return every syllable pair of the texts as an occurrence without a position."""
        counts = self.gram_counts[texts.numbers]
        found = self._grams[unfolded(texts.numbers, self.gram_counts)]
        found |= np.repeat(texts.homes(), counts)
        return found


def _numbered(names: list[str]) -> tuple[list[bytes], Numbers]:
    """Return the distinct names in the order of their bytes, and the number of each given one."""
    distinct = sorted(set(names))  # characters sort as their bytes in UTF-8 do
    numbers = {name: number for number, name in enumerate(distinct)}
    found = np.fromiter(map(numbers.__getitem__, names), np.int64, len(names))
    return [name.encode() for name in distinct], found
