"""Turns words into postings: a word is replaced by its terms, and sorting does the rest.

Nothing is done posting by posting. An occurrence is one number. Those of a field are sorted about
a million at a time; then those of a range of terms are taken from all of these runs and sorted
together: that is a part of the field. Python lets several threads do that at once, so two do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any, TypeVar

import numpy as np

from ..analysis.word_ids import Texts
from ..arrays.array_types import Int64s
from ..arrays.ragged import concatenated
from ..schema import POSITIONS, Field
from ..segment.content import DocValues, FieldPostings, SegmentContent
from ..segment.doc_store import Block
from .batch import Batch
from .occurrences import TERM, SortedTerms, WordTexts, inverted, numbered, occurrences

Made = TypeVar("Made")

# Words whose occurrences are sorted together, and occurrences that become postings together: these
# bound the memory, at some 60 bytes each, for as many as there are threads.
_BLOCK_WORDS = 1_000_000
_PART = 1_000_000
# Occurrences that wait, sorted, to become postings, eight bytes each; a field that has more is
# made range of terms by range of terms, and its texts are looked at for each.
_AT_ONCE = 60_000_000
_THREADS = 2


class _Texts:
    """Texts in a row, joined as soon as there are many of them."""

    def __init__(self) -> None:
        self._joined: list[Texts] = []
        self._waiting: list[Texts] = []
        self._words = 0

    def add(self, texts: Texts) -> None:
        self._waiting.append(texts)
        self._words += len(texts.numbers)
        if self._words >= _BLOCK_WORDS:
            self._join()

    def _join(self) -> None:
        waiting, self._waiting, self._words = self._waiting, [], 0
        numbers = np.concatenate([texts.numbers for texts in waiting])
        self._joined.append(Texts(numbers, np.concatenate([texts.sizes for texts in waiting])))

    def blocks(self, passages: Int64s) -> Iterator[WordTexts]:
        """Yield all texts, each part of one of `passages`, those that were joined together."""
        if self._waiting:
            self._join()
        done = 0
        for texts in self._joined:
            count = len(texts.sizes)
            sizes = texts.sizes.astype(np.int64)
            yield WordTexts(texts.numbers, sizes, passages[done : done + count])
            done += count


@dataclass(slots=True)
class Collected:
    """What segments are made of, batch by batch."""

    passages: list[Block] = field(default_factory=list)
    documents: list[Block] = field(default_factory=list)
    bodies: _Texts = field(default_factory=_Texts)
    titles: _Texts = field(default_factory=_Texts)
    held: list[Int64s] = field(default_factory=list)
    languages: list[Int64s] = field(default_factory=list)
    days: list[Int64s] = field(default_factory=list)
    paths: list[Sequence[str]] = field(default_factory=list)
    told: list[Sequence[Sequence[str]]] = field(default_factory=list)

    def add(self, batch: Batch, bodies: Texts, titles: Texts) -> None:
        """Add a batch, its texts as the numbers of words in all batches."""
        self.bodies.add(bodies)
        self.titles.add(titles)
        self.held.append(np.array(batch.held, np.int64))
        self.languages.append(np.array(batch.languages, np.int64))
        self.days.append(np.array(batch.days, np.int64).reshape(-1, 2))
        self.paths.append(batch.paths)
        self.told.append(batch.told)


def inverted_content(
    collected: Collected, terms: SortedTerms, *, whole_fields: bool
) -> SegmentContent:
    """Return a segment of what was collected; its fields are made when they are asked for."""
    inversion = _Inversion(collected, terms, whole_fields=whole_fields)
    return SegmentContent(
        passages=collected.passages,
        documents=collected.documents,
        measures=inversion.measures(),
        fields=inversion.fields(),
    )


class _Inversion:
    """The texts of a segment, and the terms of the words in them."""

    def __init__(self, collected: Collected, terms: SortedTerms, *, whole_fields: bool) -> None:
        self._collected = collected
        self._terms = terms
        self._whole_fields = whole_fields
        held = concatenated(collected.held)
        self._owners = np.repeat(np.arange(len(held)), held)
        # The terms of a title stand at the first passage of its document.
        self._firsts = np.cumsum(held) - held
        self._bodies = list(collected.bodies.blocks(np.arange(len(self._owners))))
        self._titles = list(collected.titles.blocks(self._firsts))

    def measures(self) -> DocValues:
        terms, collected = self._terms, self._collected
        bigrams = _sums(self._bodies, terms.bigram_counts)
        bigrams[self._firsts] += _sums(self._titles, terms.bigram_counts)
        days = np.concatenate([np.zeros((0, 2), np.int64), *collected.days])
        return DocValues(
            document=self._owners,
            body_length=_sums(self._bodies, terms.lengths),
            gram_length=bigrams,
            title_length=_sums(self._titles, terms.lengths),
            language=concatenated(collected.languages),
            first_day=days[:, 0],
            last_day=days[:, 1],
        )

    def fields(self) -> Iterator[tuple[Field, FieldPostings]]:
        """Yield the parts of the fields as they are asked for, some of them made ahead."""
        terms, bodies, titles = self._terms, self._bodies, self._titles
        words, pairs = (terms.places_in, terms.sizes), (terms.bigrams_in, terms.bigram_sizes)
        yield from self._field(Field.BODY, bodies, *words, terms.terms)
        yield Field.BRIDGE, self._told()
        yield from self._field(Field.GRAM, [*bodies, *titles], *pairs, terms.bigrams)
        yield Field.PATH, self._paths()
        yield from self._field(Field.TITLE, titles, *words, terms.terms)

    def _field(
        self,
        field: Field,
        blocks: Sequence[WordTexts],
        found: Callable[[WordTexts], Int64s],
        sizes: Callable[[Int64s], Int64s],
        terms: Sequence[bytes],
    ) -> Iterator[tuple[Field, FieldPostings]]:
        words = np.zeros(self._terms.words, np.int64)
        for block in blocks:
            words += np.bincount(block.numbers, minlength=len(words))
        ends = np.cumsum(sizes(words))
        runs: list[Int64s] = []

        def run(block: WordTexts, low: int, high: int) -> Int64s:
            return _sorted(_between(found(block), low, high, len(terms)))

        def part(low: int, high: int) -> FieldPostings:
            return inverted(_of_terms(runs, low, high), terms, positions=field in POSITIONS)

        with ThreadPoolExecutor(_THREADS) as threads:
            for first, last in pairwise(self._cuts(ends, _AT_ONCE)):
                given = ((block, first, last) for block in blocks)
                runs[:] = _ahead(threads, run, given)
                cuts = self._cuts(ends[first:last], _PART)
                parts = ((first + low, first + high) for low, high in pairwise(cuts))
                for postings in _ahead(threads, part, parts):
                    yield field, postings

    def _cuts(self, ends: Int64s, count: int) -> list[int]:
        """Cut terms where about `count` occurrences are full; none are one part as well."""
        if self._whole_fields:
            return [0, len(ends)]
        return [0, *(np.flatnonzero(np.diff(ends // count)) + 1).tolist(), len(ends)]

    def _told(self) -> FieldPostings:
        told = list(chain.from_iterable(self._collected.told))
        terms, numbers = numbered(chain.from_iterable(told))
        owners = np.repeat(self._firsts, [len(some) for some in told])
        return _each_once(terms, numbers, owners)

    def _paths(self) -> FieldPostings:
        terms, numbers = numbered(chain.from_iterable(self._collected.paths))
        return _each_once(terms, numbers[self._owners], np.arange(len(self._owners)))


def _sums(blocks: Sequence[WordTexts], values: Int64s) -> Int64s:
    """Return for each text the sum of its words' `values`."""
    if not values.any():
        return np.zeros(sum(len(block.sizes) for block in blocks), np.int64)
    return concatenated([block.sums(values) for block in blocks])


def _sorted(occurrences: Int64s) -> Int64s:
    occurrences.sort()
    return occurrences


def _between(occurrences: Int64s, low: int, high: int, terms: int) -> Int64s:
    """Return the occurrences of the terms `low:high`, where these are not all."""
    if high - low == terms:
        return occurrences
    return occurrences[(occurrences >= low << TERM) & (occurrences < high << TERM)]


def _of_terms(runs: Sequence[Int64s], low: int, high: int) -> Int64s:
    """Return, in order, the occurrences of the terms `low:high` in all the sorted runs."""
    bounds = np.array([low, high], np.int64) << TERM
    slices = [run[slice(*np.searchsorted(run, bounds).tolist())] for run in runs]
    if len(slices) == 1:
        return slices[0]
    return _sorted(concatenated(slices))


def _each_once(terms: Sequence[bytes], numbers: Int64s, passages: Int64s) -> FieldPostings:
    """Return postings of terms without positions, each in one of `passages`."""
    return inverted(_sorted(occurrences(numbers, passages)), terms, positions=False)


def _ahead(
    threads: ThreadPoolExecutor, work: Callable[..., Made], given: Iterable[tuple[Any, ...]]
) -> Iterator[Made]:
    """Yield what `work` makes of each, in order, with as many more under way as there are threads.

    `ThreadPoolExecutor.map` would begin all of them, and hold what they make.
    """
    begun: deque[Future[Made]] = deque()
    for arguments in given:
        begun.append(threads.submit(work, *arguments))
        if len(begun) > _THREADS:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()
