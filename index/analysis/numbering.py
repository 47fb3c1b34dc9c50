"""Texts as the numbers of their words: what an inverted index is made of.

A text is cut at its white space first, and each stretch is looked up whole: `words` sees a stretch
only when it is new. Texts repeat themselves, so that what is done for each word of a text is one
look-up, not a search for a regular expression.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from dataclasses import dataclass
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

from .normal import normal_form
from .rows import sums, unfolded
from .words import LONGEST, words

# One word, whatever stands around it, that only its case keeps from its normal form.
_PLAIN = re.compile(rf"[A-Za-z0-9가-힣]{{1,{LONGEST}}}")
# Four bytes a number wherever Python runs.
_NUMBER = "i"
# Stretches remembered, some 200 bytes each; beyond that, all are forgotten and met anew.
_MOST_STRETCHES = 1 << 19


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as word numbers: all in a row, with the number of words of each."""

    numbers: NDArray[np.intc]
    sizes: NDArray[np.intc]

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
        self._words = _Numbers()
        self._stretches = _Stretches(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def collector(self) -> Collector:
        """Return where texts are added to be numbered."""
        return Collector(self._stretches)

    def new_words(self) -> list[str]:
        """Return the words that were given a number since this was asked last, in their order.

        To be asked when no collector waits to be taken from.
        """
        if len(self._stretches) > _MOST_STRETCHES:
            self._stretches.clear()
        return self._words.new()


class Collector:
    """Texts on their way to numbers."""

    def __init__(self, stretches: _Stretches) -> None:
        self._known = stretches
        self._stretches: list[int] = []
        self._sizes: list[int] = []

    def __len__(self) -> int:
        """Return how many stretches wait, about as many as words."""
        return len(self._stretches)

    def add(self, text: str) -> None:
        """Add a text."""
        # No word reaches across white space, and no character there changes what stands beside it.
        stretches = text.split()
        self._stretches += map(self._known.number, stretches)
        self._sizes.append(len(stretches))

    def take(self) -> Texts:
        """Return what was added since this was asked last."""
        stretches, self._stretches = np.array(self._stretches, np.intc), []
        counts, self._sizes = np.array(self._sizes, np.intc), []
        numbers, sizes = self._known.words()
        words = numbers[unfolded(stretches, sizes)]
        return Texts(words, sums(sizes[stretches], counts).astype(np.intc))


class _Numbers(defaultdict[str, int]):
    """Strings with their numbers; one that is new gets the next."""

    def __init__(self) -> None:
        super().__init__(count().__next__)
        self._told = 0

    def new(self) -> list[str]:
        """Return what was given a number since this was asked last, in their order."""
        new = list(islice(reversed(self), len(self) - self._told))
        self._told = len(self)
        new.reverse()
        return new


class _Stretches:
    """Stretches without white space, numbered, and the numbers of the words in each."""

    def __init__(self, words: _Numbers) -> None:
        self._words = words
        self.clear()

    def __len__(self) -> int:
        return len(self._known)

    def clear(self) -> None:
        """Forget all."""
        self._known = _Numbers()
        self.number = self._known.__getitem__
        self._numbers, self._sizes = array(_NUMBER), array(_NUMBER)

    def words(self) -> tuple[NDArray[np.intc], NDArray[np.intc]]:
        """Return the words of all stretches in a row, and how many each has."""
        # All that are new at once: looked at when it is met, each would cost a call.
        for stretch in self._known.new():
            plain = _PLAIN.fullmatch(stretch)
            found = (stretch.lower(),) if plain else words(normal_form(stretch))
            self._numbers.extend(map(self._words.__getitem__, found))
            self._sizes.append(len(found))
        return np.array(self._numbers, np.intc), np.array(self._sizes, np.intc)
