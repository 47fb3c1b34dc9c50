"""Inverts texts into postings: words are replaced by their terms, which are then sorted.

Nothing is done for each posting: an occurrence is a number in an array. The occurrences of a field
are sorted in runs of about a million; then those of a range of terms are taken from all runs and
sorted together into a part of the field. NumPy releases the interpreter, so two threads do this.
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
from ..arrays.ragged import concatenated, sums
from ..schema import POSITIONS, Field
from ..segment.content import DocValues, FieldPostings, SegmentContent
from ..segment.doc_store import Block, in_blocks
from .batch import Batch
from .occurrences import (
    TERM,
    SortedTerms,
    SortedWords,
    WordTexts,
    inverted,
    numbered,
    without_positions,
)

Result = TypeVar("Result")

# Words in a run, and occurrences in a part: they bound the memory, at some 60 bytes each, in each
# thread.
_BLOCK_WORDS = 1_000_000
_PART = 1_000_000
# Occurrences in all runs together, eight bytes each; a larger field is inverted range of terms by
# range of terms, and its texts are read again for each.
_AT_ONCE = 60_000_000
_THREADS = 2


class _TextBlocks:
    """Texts, concatenated into blocks of about _BLOCK_WORDS."""

    def __init__(self) -> None:
        self._blocks: list[Texts] = []
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
        self._blocks.append(Texts(numbers, np.concatenate([texts.sizes for texts in waiting])))

    def replace(self, replaced: Callable[[Texts], Texts]) -> None:
        """Replace all texts; their sizes stay."""
        if self._waiting:
            self._join()
        self._blocks = list(map(replaced, self._blocks))

    def blocks(self, passages: Int64s) -> Iterator[WordTexts]:
        """Yield all blocks; `passages` has the passage of each text."""
        if self._waiting:
            self._join()
        start = 0
        for texts in self._blocks:
            end = start + len(texts.sizes)
            yield WordTexts(texts.numbers, texts.sizes.astype(np.int64), passages[start:end])
            start = end


@dataclass(slots=True)
class CollectedBatches:
    """The batches of a segment, column by column."""

    passages: list[Block] = field(default_factory=list)
    documents: list[Block] = field(default_factory=list)
    bodies: _TextBlocks = field(default_factory=_TextBlocks)
    titles: _TextBlocks = field(default_factory=_TextBlocks)
    others: _TextBlocks = field(default_factory=_TextBlocks)
    passage_counts: list[Int64s] = field(default_factory=list)
    title_keys: list[Int64s] = field(default_factory=list)
    text_keys: list[Int64s] = field(default_factory=list)
    languages: list[Int64s] = field(default_factory=list)
    days: list[Int64s] = field(default_factory=list)
    modified: list[Int64s] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    evidence: list[Sequence[str]] = field(default_factory=list)
    fields: list[Sequence[str]] = field(default_factory=list)

    def add(self, batch: Batch, bodies: Texts, titles: Texts, others: Texts) -> None:
        """Add a batch, its texts as word ids of the segment."""
        self.passages += in_blocks(batch.passages)
        self.documents += in_blocks(batch.documents)
        self.bodies.add(bodies)
        self.titles.add(titles)
        self.others.add(others)
        self.passage_counts.append(np.array(batch.passage_counts, np.int64))
        self.title_keys.append(np.array(batch.title_keys, np.int64))
        self.text_keys.append(np.array(batch.text_keys, np.int64))
        self.languages.append(np.array(batch.languages, np.int64))
        self.days.append(np.array(batch.days, np.int64).reshape(-1, 2))
        self.modified.append(np.array(batch.modified, np.int64))
        self.paths += batch.paths
        self.evidence += batch.evidence
        self.fields += batch.fields

    def join(self, joined: Callable[[Texts], Texts]) -> None:
        """Join the words of joints in all texts."""
        for texts in (self.bodies, self.titles, self.others):
            texts.replace(joined)


class Inversion:
    """The texts of a segment, and the terms of their words."""

    def __init__(
        self, batches: CollectedBatches, words: SortedWords, *, whole_fields: bool
    ) -> None:
        self._batches = batches
        self._words = words
        self._whole_fields = whole_fields
        counts = concatenated(batches.passage_counts)
        self._documents = np.repeat(np.arange(len(counts)), counts)
        # The terms of a title and of fields are indexed in the first passage of their document.
        self._firsts = np.cumsum(counts) - counts
        self._bodies = list(batches.bodies.blocks(np.arange(len(self._documents))))
        self._titles = list(batches.titles.blocks(self._firsts))
        self._others = list(batches.others.blocks(self._firsts))

    def content(self) -> SegmentContent:
        """Return the segment; its fields are inverted when they are iterated."""
        stored = self._batches.passages, self._batches.documents
        return SegmentContent(*stored, doc_values=self._doc_values(), fields=self._fields())

    def _doc_values(self) -> DocValues:
        words, batches = self._words, self._batches
        bigrams = _sums(self._bodies, words.bigrams.counts)
        bigrams[self._firsts] += _sums(self._titles, words.bigrams.counts)
        days = np.concatenate([np.zeros((0, 2), np.int64), *batches.days])
        return DocValues(
            document=self._documents,
            body_length=_sums(self._bodies, words.lengths),
            gram_length=bigrams,
            title_length=_sums(self._titles, words.lengths),
            title_key=concatenated(batches.title_keys),
            text_key=concatenated(batches.text_keys),
            language=concatenated(batches.languages),
            first_day=days[:, 0],
            last_day=days[:, 1],
            modified=concatenated(batches.modified),
        )

    def _fields(self) -> Iterator[tuple[Field, FieldPostings]]:
        """Yield the parts of the fields in the order of their names, some inverted ahead."""
        words, bodies, titles = self._words, self._bodies, self._titles
        yield from self._field(Field.BODY, bodies, words.terms)
        yield Field.BRIDGE, self._of_documents(self._batches.evidence)
        yield Field.FIELD, self._of_documents(self._batches.fields)
        yield from self._field(Field.BIGRAM, [*bodies, *titles], words.bigrams)
        yield from self._field(Field.META, self._others, words.terms)
        yield Field.PATH, self._paths()
        yield from self._field(Field.TITLE, titles, words.terms)

    def _field(
        self, field: Field, blocks: Sequence[WordTexts], terms: SortedTerms
    ) -> Iterator[tuple[Field, FieldPostings]]:
        names = terms.names
        words = np.zeros(len(terms.counts), np.int64)
        for block in blocks:
            words += np.bincount(block.numbers, minlength=len(words))
        ends = np.cumsum(terms.frequencies(words))
        runs: list[Int64s] = []

        def run(block: WordTexts, low: int, high: int) -> Int64s:
            found = terms.occurrences_in(block)
            if high - low < len(names):
                found = found[(found >= low << TERM) & (found < high << TERM)]
            found.sort()
            return found

        def part(low: int, high: int) -> FieldPostings:
            return inverted(_of_terms(runs, low, high), names, positions=field in POSITIONS)

        with ThreadPoolExecutor(_THREADS) as threads:
            for first, last in pairwise(self._cuts(ends, _AT_ONCE)):
                runs[:] = _ahead(threads, run, ((block, first, last) for block in blocks))
                cuts = self._cuts(ends[first:last], _PART)
                parts = ((first + low, first + high) for low, high in pairwise(cuts))
                for postings in _ahead(threads, part, parts):
                    yield field, postings

    def _cuts(self, ends: Int64s, count: int) -> list[int]:
        """Return bounds of ranges of terms with about `count` occurrences; at least one range."""
        if self._whole_fields:
            return [0, len(ends)]
        return [0, *(np.flatnonzero(np.diff(ends // count)) + 1).tolist(), len(ends)]

    def _of_documents(self, lists: Sequence[Sequence[str]]) -> FieldPostings:
        """Return the postings of terms that are given for each document."""
        terms, ordinals = numbered(chain.from_iterable(lists))
        passages = np.repeat(self._firsts, [len(some) for some in lists])
        return without_positions(terms, ordinals, passages)

    def _paths(self) -> FieldPostings:
        terms, ordinals = numbered(self._batches.paths)
        passages = np.arange(len(self._documents))
        return without_positions(terms, ordinals[self._documents], passages)


def _sums(blocks: Sequence[WordTexts], values: Int64s) -> Int64s:
    """Return for each text the sum of its words' `values`."""
    if not values.any():
        return np.zeros(sum(len(block.sizes) for block in blocks), np.int64)
    return concatenated([sums(values[block.numbers], block.sizes) for block in blocks])


def _of_terms(runs: Sequence[Int64s], low: int, high: int) -> Int64s:
    """Return the occurrences of the terms `low:high` in all sorted runs, ascending."""
    bounds = np.array([low, high], np.int64) << TERM
    slices = [run[slice(*np.searchsorted(run, bounds).tolist())] for run in runs]
    if len(slices) == 1:
        return slices[0]
    found = concatenated(slices)
    found.sort()
    return found


def _ahead(
    threads: ThreadPoolExecutor, work: Callable[..., Result], arguments: Iterable[tuple[Any, ...]]
) -> Iterator[Result]:
    """Yield the results of `work` in order, with at most _THREADS computed ahead.

    `ThreadPoolExecutor.map` would compute all of them, and keep them in memory.
    """
    pending: deque[Future[Result]] = deque()
    for some in arguments:
        pending.append(threads.submit(work, *some))
        if len(pending) > _THREADS:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()
