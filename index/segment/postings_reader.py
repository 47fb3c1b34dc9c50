"""Reads posting lists from a segment."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import AnyArray, Int64s
from ..arrays.term_dictionary import TermDictionary
from ..schema import POSITIONS, Field
from .content import BLOCK, COUNTED, FAR, FieldPostings, Postings
from .impacts import FREQUENCIES, MANY
from .passage_ids import PassageIds

_NO_NUMBERS = np.zeros(0, dtype=np.int64)
# The occurrences before each posting are counted once in lists up to this size, 8 bytes each.
_COUNTED_AT_ONCE = 1 << 17
# Counting the occurrences of one posting's block costs as much as scanning this many postings.
_SCANNED_POSTINGS = 32
# More than the terms of any passage: with less, sums in a forged file cannot overflow.
_MAX_FREQUENCY = 1 << 31


class FieldReader:
    """An inverted field of a segment: posting lists by the number of their term."""

    def __init__(self, file: ArrayFile, field: Field, *, size: int) -> None:
        """Take the field from the file of a segment that has `size` passages."""
        self._file = file
        self._size = size
        self.terms = TermDictionary(file, field.value)
        self.passages = PassageIds(file, field.value, block=BLOCK)
        self.impacts = file.column(f"{field.value}.impacts", "<u1")
        self.bounds = file[f"{field.value}.bounds"]
        self._many = file[f"{field.value}.many"]
        self._many_frequencies = file[f"{field.value}.many_frequencies"]
        self._has_runs = f"{field.value}.run_bounds" in file
        if self._has_runs:
            self._run_bounds = file[f"{field.value}.run_bounds"]
            self._run_sizes = file[f"{field.value}.run_sizes"]
            self._run_blocks = file[f"{field.value}.run_blocks"]
        self.has_positions = field in POSITIONS
        if self.has_positions:
            self._positions = file.column(f"{field.value}.positions", "<u1")
            self._occurrences = file[f"{field.value}.occurrences"]
            self._far = file[f"{field.value}.far"]
            self._far_positions = file[f"{field.value}.far_positions"]
        self._check_columns()

    def _check_columns(self) -> None:
        pairs = [(self._many, self._many_frequencies)]
        bounds = [self.bounds]
        if self.has_positions:
            pairs.append((self._far, self._far_positions))
        if self._has_runs:
            pairs.append((self._run_blocks, self._run_sizes))
            bounds.append(self._run_bounds)
        if any(len(some) != len(others) for some, others in pairs) or any(
            len(some) != len(self.terms) + 1 for some in bounds
        ):
            raise self._file.corrupt("the columns of a field do not fit together")

    @property
    def sizes(self) -> Int64s:
        """The number of passages with each term, deleted ones included."""
        return self.sizes_of(range(len(self.terms)))

    def sizes_of(self, terms: range) -> Int64s:
        """Return the same for a range of terms, by ordinal."""
        bounds = self._bounds_of(terms.start, terms.stop)
        return bounds[1:] - bounds[:-1]

    def _bounds_of(self, first: int, last: int) -> Int64s:
        """Return the bounds of the posting lists of the terms `first:last`."""
        bounds: Int64s = self.bounds.read(first, last + 1).astype(np.int64)
        if (bounds[1:] <= bounds[:-1]).any():
            raise self._file.corrupt("its posting lists do not ascend")
        return bounds

    def postings(self, number: int) -> Postings:
        """Return the posting list of a term."""
        part = self.part(number, number + 1)
        return Postings(part.passages, part.frequencies, part.positions)

    def stored_list(self, number: int) -> StoredList:
        """Return the posting list of a term, not decoded."""
        start, end = self.bounds.at(number), self.bounds.at(number + 1)
        if not start < end <= len(self.passages):
            raise self._file.corrupt("a posting list is outside its field")
        if not self._has_runs:
            return StoredList(self, start, end, np.zeros(1, np.int64), np.zeros(1, np.int64))
        sizes, blocks = self._runs(number, number + 1, end - start)
        return StoredList(self, start, end, sizes.cumsum() - sizes, blocks)

    def _runs(self, first: int, last: int, size: int) -> tuple[Int64s, Int64s]:
        """Return the size and first passage of each run of terms with `size` postings in all."""
        low, high = self._run_bounds.at(first), self._run_bounds.at(last)
        sizes: Int64s = self._run_sizes.read(low, high).astype(np.int64) + 1
        blocks: Int64s = self._run_blocks.read(low, high).astype(np.int64) * BLOCK
        if int(sizes.sum()) != size or ((sizes < 1) | (sizes > BLOCK)).any():
            raise self._file.corrupt("the runs of a posting list do not cover it")
        return sizes, blocks

    def part(self, first: int, last: int) -> FieldPostings:
        """Return the posting lists of the terms `first:last`, without the terms."""
        bounds = self._bounds_of(first, last)
        start, end = int(bounds[0]), int(bounds[-1])
        frequencies = self._frequencies_of(start, end)
        return FieldPostings(
            terms=[],
            bounds=bounds - start,
            passages=self._passages_of(first, last, start, end),
            frequencies=frequencies,
            positions=self.positions_from(start, int(frequencies.sum()))
            if self.has_positions
            else _NO_NUMBERS,
        )

    def _passages_of(self, first: int, last: int, start: int, end: int) -> Int64s:
        """Return the passages of the terms `first:last`, which have the postings `start:end`."""
        passages: Int64s = self.passages.read(start, end).astype(np.int64)
        if self._has_runs:
            sizes, blocks = self._runs(first, last, len(passages))
            passages += np.repeat(blocks, sizes)
        if len(passages) and not 0 <= int(passages.min()) <= int(passages.max()) < self._size:
            raise self._file.corrupt("a passage of a posting list is not there")
        return passages

    def low(self, start: int, end: int, starts: Int64s, blocks: Int64s) -> AnyArray:
        """Return the low bits of the postings `start:end`, which have runs at `starts`.

        Raises CorruptFile unless the passages ascend and the segment has the last one: searches
        rely on that, and the check costs less than a checksum.
        """
        low = self.passages.read(start, end)
        descents = low[1:] <= low[:-1]
        descents[starts[1:] - 1] = False
        if (
            descents.any()
            or (blocks[1:] <= blocks[:-1]).any()
            or int(low[starts[1:] - 1].max(initial=0)) >= BLOCK
            or not 0 <= int(blocks[0]) <= int(blocks[-1]) < self._size - int(low[-1])
        ):
            raise self._file.corrupt("the passages of a posting list do not ascend")
        return low

    def _frequencies_of(self, start: int, end: int) -> Int64s:
        """Return the frequencies of the postings `start:end`."""
        impacts = self.impacts.read(start, end)
        frequencies: Int64s = FREQUENCIES.take(impacts).astype(np.int64)
        if int(impacts.max(initial=0)) == MANY:
            low, high = np.searchsorted(self._many.all(), [start, end]).tolist()
            rows = self._many.read(low, high).astype(np.int64) - start
            if not np.array_equal(rows, (impacts == MANY).nonzero()[0]):
                raise self._file.corrupt("the high frequencies are of other postings")
            frequencies[rows] = self._checked(self._many_frequencies.read(low, high))
        return frequencies

    def many_at(self, postings: Int64s) -> Int64s:
        """Return the frequencies of postings whose impact is MANY."""
        found = np.searchsorted(self._many.all(), postings)
        return self._checked(self._many_frequencies.take(found))

    def _checked(self, frequencies: AnyArray) -> Int64s:
        """Return frequencies. Raises CorruptFile for those that no passage can have."""
        checked: Int64s = frequencies.astype(np.int64)
        if ((checked < 1) | (checked > _MAX_FREQUENCY)).any():
            raise self._file.corrupt("a frequency is none that a passage can have")
        return checked

    def positions_at(self, before: Int64s, counts: Int64s) -> Int64s:
        """Return the positions of postings with the frequencies `counts`.

        `before` has the number of occurrences before each posting, ascending.
        """
        total = int(np.add.reduce(counts, dtype=np.int64))
        if total > len(self._positions):
            raise self._file.corrupt("a posting list and its count of positions differ")
        rows = before
        if total != len(counts):  # else each frequency is 1, as most are
            rows = (before - counts.cumsum(dtype=np.int64) + counts).repeat(counts)
            rows += np.arange(total)
        positions: Int64s = self._positions.take(rows).astype(np.int64)
        if len(self._far):
            far = self._far.all()
            found = np.searchsorted(far, rows)
            is_far = far.take(found, mode="clip") == rows
            numbers = self._far_positions.take(found[is_far])
            positions[is_far] += FAR * numbers.astype(np.int64)
        return positions

    def before(self, postings: Int64s) -> Int64s:
        """Return how many occurrences the field has before each posting, which ascend."""
        if not len(postings):
            return _NO_NUMBERS
        first, last = int(postings[0]), int(postings[-1])
        if last - first < _SCANNED_POSTINGS * len(postings):
            start = first // COUNTED * COUNTED
            counts = self._frequencies_of(start, last)
            # Signed like the counts: numpy turns a mixture of both into floats.
            base = self._occurrences.take(postings[:1] // COUNTED).astype(np.int64)
            sums = np.concatenate((base, counts))
            before: Int64s = sums.cumsum(dtype=np.int64).take(postings - start)
            return before
        blocks = postings // COUNTED
        within = blocks[:, None] * COUNTED + np.arange(COUNTED)
        counts = self._frequencies_at(np.minimum(within, last).ravel()).reshape(within.shape)
        counts[within >= postings[:, None]] = 0
        base = self._occurrences.take(blocks).astype(np.int64)
        found: Int64s = counts.sum(axis=1, dtype=np.int64) + base
        return found

    def _frequencies_at(self, postings: Int64s) -> Int64s:
        impacts = self.impacts.take(postings)
        frequencies: Int64s = FREQUENCIES.take(impacts).astype(np.int64)
        if int(impacts.max(initial=0)) == MANY:
            many = (impacts == MANY).nonzero()[0]
            frequencies[many] = self.many_at(postings.take(many))
        return frequencies

    def positions_from(self, start: int, count: int) -> Int64s:
        """Return `count` positions, from the first one of the posting `start`."""
        first = int(self.before(np.array([start]))[0]) if count else 0
        positions: Int64s = self._positions.read(first, first + count).astype(np.int64)
        if len(self._far):
            low, high = np.searchsorted(self._far.all(), [first, first + count]).tolist()
            rows = self._far.read(low, high).astype(np.int64) - first
            positions[rows] += FAR * self._far_positions.read(low, high).astype(np.int64)
        return positions


class StoredList:
    """The posting list of a term in a segment, with passages by number in the segment.

    Run i starts at row `starts[i]` of the list, in the block with the first passage `blocks[i]`.
    """

    def __init__(
        self, field: FieldReader, start: int, end: int, starts: Int64s, blocks: Int64s
    ) -> None:
        self._field = field
        self._start = start
        self._end = end
        self.starts = starts
        self.blocks = blocks

    @property
    def size(self) -> int:
        """The number of postings."""
        return self._end - self._start

    @property
    def impacts(self) -> AnyArray:
        """The impact of each posting."""
        return self._field.impacts.read(self._start, self._end)

    @property
    def low(self) -> AnyArray:
        """The low 16 bits of each passage."""
        return self._field.low(self._start, self._end, self.starts, self.blocks)

    def many(self, rows: Int64s) -> Int64s:
        """Return the frequencies at rows whose impact is MANY."""
        return self._field.many_at(self._start + rows)

    def positions(self, rows: Int64s, counts: Int64s) -> Int64s:
        """Return the positions at rows, ascending, which have the frequencies `counts`."""
        is_short = self.size <= _COUNTED_AT_ONCE
        before = self._before.take(rows) if is_short else self._field.before(self._start + rows)
        return self._field.positions_at(before, counts)

    def all_positions(self, counts: Int64s) -> Int64s:
        """Return the positions of all postings, which have the frequencies `counts`."""
        return self._field.positions_from(self._start, int(counts.sum(dtype=np.int64)))

    @cached_property
    def _before(self) -> Int64s:
        """The number of occurrences in the field before each posting."""
        return self._field.before(np.arange(self._start, self._end))
