"""Buffers the passages of the next segment, as the ids of their words.

Each reader has word ids of its own; they are mapped to one id for each word. An id takes four
bytes, so that sixty million words fit in memory.
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
from .batch import Batch
from .inversion import CollectedBatches, Inversion
from .occurrences import WordTerms

Analysis = Callable[[Sequence[str]], Sequence[Word]]

_NO_ID = -1


class SegmentBuffer:
    """Collects batches until they become a segment."""

    def __init__(self, *, whole_fields: bool = False) -> None:
        """With `whole_fields`, the segments have each field in one part."""
        self._whole_fields = whole_fields
        self._readers: defaultdict[int, _ReaderWords] = defaultdict(_ReaderWords)
        self._start_anew()

    def _start_anew(self) -> None:
        self._ids: Distinct[str] = Distinct()
        self._words: list[str] = []
        self._terms = WordTerms()
        self._batches = CollectedBatches()
        self._passages = self.word_count = 0

    def __len__(self) -> int:
        return self._passages

    @property
    def distinct_words(self) -> int:
        """The number of different words in the buffer."""
        return len(self._words)

    def add(self, batch: Batch) -> list[str]:
        """Add a batch; return the words that were not in the buffer."""
        if batch.starts_anew:
            self._readers.pop(batch.reader, None)
        reader = self._readers[batch.reader]
        known = len(self._words)
        reader.add(self._ids_of(batch.words))
        bodies, titles = batch.bodies, batch.titles.cut(LAST_POSITION)
        for texts in (bodies, titles):
            reader.assign_missing(texts.numbers, self._ids_of)
        self._batches.add(batch, reader.renumbered(bodies), reader.renumbered(titles))
        self._passages += len(bodies.sizes)
        self.word_count += len(bodies.numbers)
        return self._words[known:]

    def _ids_of(self, words: Sequence[str]) -> list[int]:
        """Return the ids of words, after assigning ids to new ones."""
        ids = list(map(self._ids.__getitem__, words))
        self._words += self._ids.new()
        return ids

    def define(self, words: Sequence[Word]) -> None:
        """Set the analyses of the next words that `add` returned."""
        self._terms.add(words)

    def content(self, analysis: Analysis) -> SegmentContent:
        """Return the inverted content of the buffer, and empty it.

        `analysis` is called with the words that were not defined.
        """
        self._terms.add(analysis(self._words[len(self._terms) :]))
        terms, batches = self._terms, self._batches
        for reader in self._readers.values():
            reader.forget(self._words)
        self._start_anew()
        return Inversion(batches, terms.sorted(), whole_fields=self._whole_fields).content()


class _ReaderWords:
    """The word ids of one reader, mapped to those of the buffer."""

    def __init__(self) -> None:
        self._ids = np.zeros(0, np.intc)
        # The first words, whose ids were forgotten with an earlier segment.
        self._words: list[str] = []

    def add(self, ids: Sequence[int]) -> None:
        """Set the ids of the reader's next words."""
        self._ids = np.append(self._ids, np.array(ids, np.intc))

    def forget(self, words: Sequence[str]) -> None:
        """Forget all ids, which index `words`."""
        known = self._words
        self._words = [
            known[own] if number == _NO_ID else words[number]
            for own, number in enumerate(self._ids.tolist())
        ]
        self._ids = np.full(len(self._ids), _NO_ID, np.intc)

    def assign_missing(self, own: CInts, ids_of: Callable[[Sequence[str]], Sequence[int]]) -> None:
        """Assign ids to those of the reader's ids `own` whose id was forgotten."""
        if self._words:
            missing = distinct(own[self._ids[own] == _NO_ID])
            self._ids[missing] = ids_of([self._words[number] for number in missing.tolist()])

    def renumbered(self, texts: Texts) -> Texts:
        return Texts(self._ids[texts.numbers], texts.sizes)
