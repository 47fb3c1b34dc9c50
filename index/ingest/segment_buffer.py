"""Collects passages until they are made a segment of, as the numbers of their words.

Each reader gives words numbers of its own; here they get one number each, whoever has read them.
A number takes four bytes, so that sixty million words can wait for the last of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from ..analysis.word import Word
from ..analysis.word_ids import Texts
from ..arrays.array_types import CInts
from ..arrays.ids import Distinct
from ..arrays.ragged import distinct
from ..schema import LAST_POSITION
from ..segment.content import SegmentContent
from ..segment.doc_store import in_blocks
from .batch import Batch
from .inversion import Collected, inverted_content
from .occurrences import WordTerms

Analysis = Callable[[Sequence[str]], Sequence[Word]]

_NONE = -1


class SegmentBuffer:
    """Collects batches until they are made a segment of."""

    def __init__(self, *, whole_fields: bool = False) -> None:
        """Make one whose segments have each field in one part, if that is asked for."""
        self._whole_fields = whole_fields
        self._readers: defaultdict[int, _ReadersWords] = defaultdict(_ReadersWords)
        self._start_anew()

    def _start_anew(self) -> None:
        self._numbers: Distinct[str] = Distinct()
        self._names: list[str] = []
        self._terms = WordTerms()
        self._collected = Collected()
        self._passages = self.word_count = 0

    def __len__(self) -> int:
        return self._passages

    @property
    def distinct_words(self) -> int:
        """How many different words were taken in."""
        return len(self._names)

    def add(self, batch: Batch) -> list[str]:
        """Take a batch in; return the words that nothing taken in before it has."""
        if batch.starts_anew:
            self._readers.pop(batch.reader, None)
        words = self._readers[batch.reader]
        known = len(self._names)
        words.add(self._numbered(batch.words))
        titles = batch.titles.cut(LAST_POSITION)
        for texts in (batch.bodies, titles):
            words.give(texts.numbers, self._numbered)
        self._collect(batch, words.renumbered(batch.bodies), words.renumbered(titles))
        return self._names[known:]

    def _numbered(self, names: Sequence[str]) -> list[int]:
        """Return the numbers of words, new ones for those that are new."""
        numbers = list(map(self._numbers.__getitem__, names))
        self._names += self._numbers.new()
        return numbers

    def _collect(self, batch: Batch, bodies: Texts, titles: Texts) -> None:
        collected = self._collected
        collected.passages += in_blocks(batch.passages)
        collected.documents += in_blocks(batch.documents)
        collected.add(batch, bodies, titles)
        self._passages += len(bodies.sizes)
        self.word_count += len(bodies.numbers)

    def define(self, words: Sequence[Word]) -> None:
        """Take in what the next of the words that `add` returned are made of."""
        self._terms.add(words)

    def content(self, analysis: Analysis) -> SegmentContent:
        """Invert what was taken in, and let go of it.

        `analysis` gives for each word its terms, of those that nobody has defined.
        """
        self._terms.add(analysis(self._names[len(self._terms) :]))
        terms, collected = self._terms, self._collected
        for words in self._readers.values():
            words.forget(self._names)
        self._start_anew()
        return inverted_content(collected, terms.sorted(), whole_fields=self._whole_fields)


class _ReadersWords:
    """The words of one reader: their numbers here, by its own."""

    def __init__(self) -> None:
        self._places = np.zeros(0, np.intc)
        # Names of the first ones, whose numbers were forgotten.
        self._names: list[str] = []

    def add(self, places: Sequence[int]) -> None:
        """Take in the numbers of the words that the reader has met."""
        self._places = np.append(self._places, np.array(places, np.intc))

    def forget(self, names: Sequence[str]) -> None:
        """Forget the numbers, of which `names` are the words: they are given anew when needed."""
        places = self._places.tolist()
        known = self._names
        self._names = [
            known[number] if place == _NONE else names[place] for number, place in enumerate(places)
        ]
        self._places = np.full(len(places), _NONE, np.intc)

    def give(self, numbers: CInts, numbered: Callable[[Sequence[str]], Sequence[int]]) -> None:
        """See to it that those of its `numbers` that were forgotten have one again."""
        if self._names:
            waiting = distinct(numbers[self._places[numbers] == _NONE])
            names = [self._names[number] for number in waiting.tolist()]
            self._places[waiting] = numbered(names)

    def renumbered(self, texts: Texts) -> Texts:
        return Texts(self._places[texts.numbers], texts.sizes)
