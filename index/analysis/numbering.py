"""Texts as the numbers of their words: what an inverted index is made of.

A text is cut at its white space first, and each stretch is looked up whole (`stretches.py`):
`words` sees a stretch only when it is new, so that a word of a text that repeats itself costs no
search for a regular expression.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..array_types import CInts
from .distinct import Distinct
from .normal import normal_form
from .rows import sums, unfolded
from .stretches import Stretches
from .words import LONGEST, words

# One word, whatever stands around it, that only its case keeps from its normal form.
_PLAIN = re.compile(rf"[A-Za-z0-9가-힣]{{1,{LONGEST}}}")
# Four bytes a number wherever Python runs.
_NUMBER = "i"
# Characters of a word, about, and the space behind it.
_WORD = 6
# Stretches remembered, some 200 bytes each, and the characters in them: a text that is spaced in
# another way than with blanks is one stretch. Beyond that, all are forgotten and met anew.
_MOST_STRETCHES = 1 << 19
_MOST_CHARACTERS = 1 << 25


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as word numbers: all in a row, with the number of words of each."""

    numbers: CInts
    sizes: CInts

    def cut(self, longest: int) -> Texts:
        """Return the texts, each with only the first `longest` of its words."""
        if self.sizes.max(initial=0) <= longest:
            return self
        firsts = np.cumsum(self.sizes) - self.sizes
        within = np.arange(len(self.numbers)) - np.repeat(firsts, self.sizes)
        return Texts(self.numbers[within < longest], np.minimum(self.sizes, np.intc(longest)))


NO_TEXTS = Texts(np.zeros(0, np.intc), np.zeros(0, np.intc))


class Numbering:
    """Gives words numbers from 0, in the order in which they are met."""

    def __init__(self) -> None:
        self._words: Distinct[str] = Distinct()
        self._stretches = _StretchWords(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def collector(self) -> Collector:
        """Return where texts are added to be numbered."""
        return Collector(self._stretches)

    def new_words(self) -> list[str]:
        """Return the words that were given a number since this was asked last, in their order."""
        self._stretches.forget_many()
        return self._words.new()


class Collector:
    """Texts on their way to numbers."""

    def __init__(self, stretches: _StretchWords) -> None:
        self._known = stretches
        self._texts: list[str] = []
        self._count = 0

    def __len__(self) -> int:
        """Return about how many words wait, by the characters of their texts."""
        return self._count

    def add(self, text: str) -> None:
        """Add a text."""
        self._texts.append(text)
        self._count += len(text) // _WORD + 1

    def take(self) -> Texts:
        """Return what was added since this was asked last."""
        texts, self._texts, self._count = self._texts, [], 0
        return self._known.numbered(texts) if texts else NO_TEXTS


class _StretchWords:
    """The numbers of the words in each stretch."""

    def __init__(self, words: Distinct[str]) -> None:
        self._words = words
        self._forget()

    def _forget(self) -> None:
        self._stretches = Stretches()
        self._numbers, self._sizes = array(_NUMBER), array(_NUMBER)
        self._characters = 0

    def forget_many(self) -> None:
        """Forget all stretches where they are too many."""
        if len(self._stretches) > _MOST_STRETCHES or self._characters > _MOST_CHARACTERS:
            self._forget()

    def numbered(self, texts: Sequence[str]) -> Texts:
        """Return texts as word numbers."""
        # No word reaches across white space, and no character there changes what stands beside it.
        stretches, counts = self._stretches.numbers(texts)
        numbers, sizes = self._of_stretches()
        words = numbers[unfolded(stretches, sizes)]
        return Texts(words, sums(sizes[stretches], counts).astype(np.intc))

    def _of_stretches(self) -> tuple[CInts, CInts]:
        """Return the words of all stretches in a row, and how many each has."""
        for stretch in self._stretches.new():
            plain = _PLAIN.fullmatch(stretch)
            found = (stretch.lower(),) if plain else words(normal_form(stretch))
            self._numbers.extend(map(self._words.__getitem__, found))
            self._sizes.append(len(found))
            self._characters += len(stretch)
        return np.array(self._numbers, np.intc), np.array(self._sizes, np.intc)
