"""Reads an inverted field of a segment: posting lists by the number of their term."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import AnyArray, Int64s
from ..arrays.term_dictionary import TermDictionary
from ..schema import POSITIONS, Field
from .content import FieldPostings, Postings
from .impacts import FREQUENCIES, MANY
from .passage_ids import PassageNumbers
from .segment_writer import BLOCK, COUNTED, FAR

_NO_NUMBERS = np.zeros(0, dtype=np.int64)
# The occurrences of a list are counted once, if it is not longer than this; 8 bytes a posting.
_COUNTED_AT_ONCE = 1 << 17
# Counting the occurrences of a posting's block costs what passing over this many postings does.
_WORTH_COUNTING_ALL = 32
# No passage has so many terms: sums of frequencies, of a file that lies, stay within their numbers.
_MOST_OFTEN = 1 << 31


class FieldReader:
    """An inverted field of a segment: posting lists by the number of their term."""

    def __init__(self, file: ArrayFile, field: Field, *, size: int) -> None:
        """Take the field from the file of a segment that has `size` passages."""
        self._file = file
        self._size = size
        self.terms = TermDictionary(file, field.value)
        self.passages = PassageNumbers(file, field.value, block=BLOCK)
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
        """Raise CorruptFile where columns are not of one length, or of another type."""
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
        """How many passages hold each term, deleted ones included."""
        bounds = self._bounds_of(0, len(self.terms))
        return bounds[1:] - bounds[:-1]

    def _bounds_of(self, first: int, last: int) -> Int64s:
        """Return where the posting lists of the terms `first:last` begin, and the last one ends."""
        bounds: Int64s = self.bounds.read(first, last + 1).astype(np.int64)
        if (bounds[1:] <= bounds[:-1]).any():
            raise self._file.corrupt("its posting lists do not ascend")
        return bounds

    def postings(self, number: int) -> Postings:
        """Return the posting list of a term."""
        part = self.part(number, number + 1)
        return Postings(part.passages, part.frequencies, part.positions)

    def stored_list(self, number: int) -> StoredList:
        """Return the posting list of a term as it lies in the file."""
        start, end = self.bounds.at(number), self.bounds.at(number + 1)
        if not start < end <= len(self.passages):
            raise self._file.corrupt("a posting list is outside its field")
        if not self._has_runs:
            return StoredList(self, start, end, np.zeros(1, np.int64), np.zeros(1, np.int64))
        sizes, blocks = self._runs(number, number + 1, end - start)
        return StoredList(self, start, end, sizes.cumsum() - sizes, blocks)

    def _runs(self, first: int, last: int, size: int) -> tuple[Int64s, Int64s]:
        """Return size and first passage of each run of some terms, `size` postings together."""
        low, high = self._run_bounds.at(first), self._run_bounds.at(last)
        sizes: Int64s = self._run_sizes.read(low, high).astype(np.int64) + 1
        blocks: Int64s = self._run_blocks.read(low, high).astype(np.int64) * BLOCK
        if int(sizes.sum()) != size or ((sizes < 1) | (sizes > BLOCK)).any():
            raise self._file.corrupt("the runs of a posting list do not cover it")
        return sizes, blocks

    def part(self, first: int, last: int) -> FieldPostings:
        """Return the posting lists of the terms `first:last` in a row, without the terms."""
        bounds = self._bounds_of(first, last)
        start, end = int(bounds[0]), int(bounds[-1])
        frequencies = self._frequencies_of(start, end)
        return FieldPostings(
            terms=[],
            bounds=bounds - start,
            passages=self._whole_numbers(first, last, start, end),
            frequencies=frequencies,
            positions=self.positions_from(start, int(frequencies.sum()))
            if self.has_positions
            else _NO_NUMBERS,
        )

    def _whole_numbers(self, first: int, last: int, start: int, end: int) -> Int64s:
        """Return passages with the blocks they stand in."""
        passages: Int64s = self.passages.read(start, end).astype(np.int64)
        if self._has_runs:
            sizes, blocks = self._runs(first, last, len(passages))
            passages += np.repeat(blocks, sizes)
        if len(passages) and not 0 <= int(passages.min()) <= int(passages.max()) < self._size:
            raise self._file.corrupt("a passage of a posting list is not there")
        return passages

    def low(self, start: int, end: int, starts: Int64s, blocks: Int64s) -> AnyArray:
        """Return the low bits of the postings `start:end`, which have runs at `starts`.

        Raises CorruptFile unless passages ascend, and the segment has the last: all who search a
        list rely on that, and looking at two bytes of each costs less than their checksum.
        """
        low = self.passages.read(start, end)
        falls = low[1:] <= low[:-1]
        falls[starts[1:] - 1] = False
        if (
            falls.any()
            or (blocks[1:] <= blocks[:-1]).any()
            or int(low[starts[1:] - 1].max(initial=0)) >= BLOCK
            or not 0 <= int(blocks[0]) <= int(blocks[-1]) < self._size - int(low[-1])
        ):
            raise self._file.corrupt("the passages of a posting list do not ascend")
        return low

    def _frequencies_of(self, start: int, end: int) -> Int64s:
        """Return frequencies, those that no impact tells from their list."""
        impacts = self.impacts.read(start, end)
        frequencies: Int64s = FREQUENCIES.take(impacts).astype(np.int64)
        if int(impacts.max(initial=0)) == MANY:
            low, high = np.searchsorted(self._many.all(), [start, end]).tolist()
            places = self._many.read(low, high).astype(np.int64) - start
            if not np.array_equal(places, (impacts == MANY).nonzero()[0]):
                raise self._file.corrupt("the high frequencies are of other postings")
            frequencies[places] = self._counted(self._many_frequencies.read(low, high))
        return frequencies

    def many_at(self, postings: Int64s) -> Int64s:
        """Return the frequencies of postings whose impact is MANY."""
        found = np.searchsorted(self._many.all(), postings)
        return self._counted(self._many_frequencies.take(found))

    def _counted(self, frequencies: AnyArray) -> Int64s:
        """Return frequencies, none of which can be 0. Raises CorruptFile."""
        counted: Int64s = frequencies.astype(np.int64)
        if ((counted < 1) | (counted > _MOST_OFTEN)).any():
            raise self._file.corrupt("a frequency is none that a passage can have")
        return counted

    def positions_at(self, before: Int64s, counts: Int64s) -> Int64s:
        """Return the positions of postings that have the frequencies `counts`.

        `before` is how many occurrences stand before each, ascending.
        """
        total = int(np.add.reduce(counts, dtype=np.int64))
        if total > len(self._positions):
            raise self._file.corrupt("a posting list and its count of positions differ")
        places = before
        if total != len(counts):  # else each stands there once, as most do
            places = (before - counts.cumsum(dtype=np.int64) + counts).repeat(counts)
            places += np.arange(total)
        positions: Int64s = self._positions.take(places).astype(np.int64)
        if len(self._far):
            far = self._far.all()
            found = np.searchsorted(far, places)
            is_far = far.take(found, mode="clip") == places
            numbers = self._far_positions.take(found[is_far])
            positions[is_far] += FAR * numbers.astype(np.int64)
        return positions

    def before(self, postings: Int64s) -> Int64s:
        """Return how many occurrences stand before each posting (ascending) in the whole field."""
        if not len(postings):
            return _NO_NUMBERS
        first, last = int(postings[0]), int(postings[-1])
        if last - first < _WORTH_COUNTING_ALL * len(postings):
            start = first // COUNTED * COUNTED
            counts = self._frequencies_of(start, last)
            # Signed, as the others: of both kinds, numpy makes floating numbers.
            behind = self._occurrences.take(postings[:1] // COUNTED).astype(np.int64)
            sums = np.concatenate((behind, counts))
            before: Int64s = sums.cumsum(dtype=np.int64).take(postings - start)
            return before
        blocks = postings // COUNTED
        within = blocks[:, None] * COUNTED + np.arange(COUNTED)
        counts = self._frequencies_at(np.minimum(within, last).ravel()).reshape(within.shape)
        counts[within >= postings[:, None]] = 0
        behind = self._occurrences.take(blocks).astype(np.int64)
        found: Int64s = counts.sum(axis=1, dtype=np.int64) + behind
        return found

    def _frequencies_at(self, postings: Int64s) -> Int64s:
        impacts = self.impacts.take(postings)
        frequencies: Int64s = FREQUENCIES.take(impacts).astype(np.int64)
        if int(impacts.max(initial=0)) == MANY:
            many = (impacts == MANY).nonzero()[0]
            frequencies[many] = self.many_at(postings.take(many))
        return frequencies

    def positions_from(self, start: int, count: int) -> Int64s:
        """Return `count` positions from those of the posting `start` on."""
        first = int(self.before(np.array([start]))[0]) if count else 0
        positions: Int64s = self._positions.read(first, first + count).astype(np.int64)
        if len(self._far):
            low, high = np.searchsorted(self._far.all(), [first, first + count]).tolist()
            places = self._far.read(low, high).astype(np.int64) - first
            positions[places] += FAR * self._far_positions.read(low, high).astype(np.int64)
        return positions


class StoredList:
    """The posting list of one term of a field, in the segment's own numbers.

    Run i starts at place `starts[i]` of the list, and counts from passage `blocks[i]`.
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
        """How many postings there are."""
        return self._end - self._start

    @property
    def impacts(self) -> AnyArray:
        """The impact of each posting, a view of the file."""
        return self._field.impacts.read(self._start, self._end)

    @property
    def low(self) -> AnyArray:
        """The low 16 bits of each passage."""
        return self._field.low(self._start, self._end, self.starts, self.blocks)

    def many(self, places: Int64s) -> Int64s:
        """Return the frequencies at places whose impact is MANY."""
        return self._field.many_at(self._start + places)

    def positions(self, places: Int64s, counts: Int64s) -> Int64s:
        """Return the positions at places, ascending, that have the frequencies `counts`."""
        is_short = self.size <= _COUNTED_AT_ONCE
        before = self._before.take(places) if is_short else self._field.before(self._start + places)
        return self._field.positions_at(before, counts)

    def all_positions(self, counts: Int64s) -> Int64s:
        """Return the positions of all postings, which have the frequencies `counts`."""
        return self._field.positions_from(self._start, int(counts.sum(dtype=np.int64)))

    @cached_property
    def _before(self) -> Int64s:
        """How many occurrences stand before each posting, in the whole field."""
        return self._field.before(np.arange(self._start, self._end))
