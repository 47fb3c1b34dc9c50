"""Turns passages into postings: a word is replaced by its terms, and sorting does the rest.

Nothing is done posting by posting. A passage is kept as the numbers of its words; when a segment
is due, the words are replaced by their terms, and one sort per field brings equal terms together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from .analysis.word import Word
from .batch import Batch
from .fields import LAST_POSITION, Field
from .occurrences import NO_POSITIONS, WordTexts, inverted
from .segment.content import FieldPostings, Measures, Numbers, SegmentContent
from .segment.records import Block, in_blocks
from .word_terms import WordTerms

Analysis = Callable[[Sequence[str]], Sequence[Word]]


@dataclass(slots=True)
class _Stored:
    """What is stored of a segment, packed."""

    passages: list[Block] = field(default_factory=list)
    documents: list[Block] = field(default_factory=list)


class Inverter:
    """Collects batches until they are made a segment of."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._batches: list[Batch] = []
        self._stored = _Stored()
        self._passages = 0
        self.word_count = 0

    def __len__(self) -> int:
        return self._passages

    def add(self, batch: Batch) -> None:
        """Take a batch in; before one that starts anew, what was taken in must be inverted."""
        if batch.starts_anew:
            if self._passages:
                raise ValueError("words would be taken for others")
            self._names = []
        self._names += batch.words
        # Packed at once: a segment's text takes a third of the room, and who sends batches is
        # busier than who takes them.
        self._stored.passages += in_blocks(batch.passages)
        self._stored.documents += in_blocks(batch.documents)
        self._batches.append(replace(batch, passages=[], documents=[]))
        self._passages += len(batch.bodies.sizes)
        self.word_count += len(batch.bodies.numbers)

    def content(self, analysis: Analysis) -> SegmentContent:
        """Invert what was taken in, and let go of it; `analysis` gives for each word its terms."""
        batches, self._batches = self._batches, []
        stored, self._stored = self._stored, _Stored()
        self._passages = self.word_count = 0
        return _Inversion(batches, self._names, analysis).content(stored)


class _Inversion:
    """The texts of a segment, and the terms of the words in them."""

    def __init__(self, batches: Sequence[Batch], names: Sequence[str], analysis: Analysis) -> None:
        self._batches = batches
        bodies = WordTexts.joined([batch.bodies for batch in batches])
        titles = WordTexts.joined([batch.titles.cut(LAST_POSITION) for batch in batches])
        used = np.zeros(len(names), bool)
        used[bodies.numbers] = used[titles.numbers] = True
        self._terms = WordTerms(analysis([names[word] for word in np.flatnonzero(used).tolist()]))
        places = np.cumsum(used) - 1
        self._bodies = bodies.renumbered(places)
        held = np.concatenate([np.array(batch.held, np.int64) for batch in batches])
        self._owners = np.repeat(np.arange(len(held)), held)
        # The terms of a title stand at the first passage of its document.
        self._firsts = np.cumsum(held) - held
        self._titles = titles.renumbered(places, passages=self._firsts)

    def content(self, stored: _Stored) -> SegmentContent:
        return SegmentContent(
            passages=stored.passages,
            documents=stored.documents,
            measures=self._measures(),
            fields=self._fields(),
        )

    def _measures(self) -> Measures:
        grams = self._bodies.sums(self._terms.gram_counts)
        grams[self._titles.passages] += self._titles.sums(self._terms.gram_counts)
        languages = chain.from_iterable(batch.languages for batch in self._batches)
        days = chain.from_iterable(batch.days for batch in self._batches)
        first_and_last = np.array(list(days), np.int64).reshape(-1, 2)
        return Measures(
            document=self._owners,
            body_length=self._bodies.sums(self._terms.lengths),
            gram_length=grams,
            title_length=self._titles.sums(self._terms.lengths),
            language=np.fromiter(languages, np.int64),
            first_day=first_and_last[:, 0],
            last_day=first_and_last[:, 1],
        )

    def _fields(self) -> Iterator[tuple[Field, FieldPostings]]:
        """Yield the fields, one by one: each takes some hundred bytes a word while it is made."""
        terms = self._terms
        yield Field.BODY, inverted(terms.places_in(self._bodies), terms.terms)
        both = (terms.grams_in(self._bodies), terms.grams_in(self._titles))
        yield Field.BRIDGE, self._told()
        yield Field.GRAM, inverted(np.concatenate(both), terms.grams, positions=False)
        yield Field.PATH, self._paths()
        yield Field.TITLE, inverted(terms.places_in(self._titles), terms.terms)

    def _told(self) -> FieldPostings:
        told = [terms for batch in self._batches for terms in batch.told]
        owners = np.repeat(self._firsts, [len(terms) for terms in told])
        return _each_once([term for terms in told for term in terms], owners)

    def _paths(self) -> FieldPostings:
        paths = [path for batch in self._batches for path in batch.paths]
        owners = np.arange(len(self._owners))
        return _each_once([paths[document] for document in self._owners.tolist()], owners)


def _each_once(names: Sequence[str], passages: Numbers) -> FieldPostings:
    """Return postings of terms that stand once where they stand: each in one of `passages`."""
    terms = {name.encode(): name for name in set(names)}
    ordered = sorted(terms)
    numbers = {terms[term]: number for number, term in enumerate(ordered)}
    of_passages = np.fromiter(map(numbers.__getitem__, names), np.int64, len(names))
    order = np.lexsort((passages, of_passages))
    sizes = np.bincount(of_passages, minlength=len(ordered))
    return FieldPostings(
        terms=ordered,
        bounds=np.append(0, np.cumsum(sizes)),
        passages=passages[order].astype(np.int64),
        frequencies=np.ones(len(order), dtype=np.int64),
        positions=NO_POSITIONS,
    )
