"""Posting lists as on disk: 16-bit numbers, in runs of 65,536 passages each.

Decoding a list takes time in proportion to its length, so it is decoded when all of it is needed;
a few passages are found, and a few rows read, without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..arrays.array_types import AnyArray, Floats, Indices, Mask, UInt8s, UInt16s
from ..arrays.ragged import distinct
from ..schema import POSITION_BITS
from ..segment.impacts import FREQUENCIES, MANY
from ..segment.postings_reader import StoredList
from .membership import HashFilter, RankBitmap

_BITS = 16
# Longer lists are decoded run by run, shorter ones at once: a call costs as much as 1,000 postings.
_DECODED_AT_ONCE = 16_000
# Only longer lists are left encoded for a few passages: a decoded list serves later queries too.
_DECODED_TO_FIND = 1 << 17
# Finding one passage in an encoded list costs as much as decoding this many postings.
_PROBE = 1_000
# A probe finds the block of a passage by its first posting, then compares all of the block.
_BLOCK = 64
# A list with at least one in so many passages gets a rank index, at most three times its size.
_DENSE = 128
# All occurrences of a term are decoded if there are at most so many, at 24 to 40 bytes each.
_FEW_OCCURRENCES = 1 << 18
# At least so many passages are found with a table of all passages up to the last, of limited size.
_WORTH_A_TABLE = 256
_MOST_IN_A_TABLE = 1 << 17
# Finding one passage in a list costs as much as looking up so many of its postings in the table.
_LOOK_UP = 12
_NONE = -1
# By impact: the frequency, as a float.
COUNTS = FREQUENCIES.astype(np.float64)


class PostingList:
    """The postings of one term in one field over all segments, by row from 0.

    Passages are numbered over all segments and ascend, deleted ones included. `low` has the low 16
    bits of each. Run i starts at row `starts[i]`, where the last of `starts` is the size of the
    list, in the block from passage `bases[i]`. `many` returns the frequencies of rows whose impact
    is MANY, `positions` the positions of rows with given frequencies, and `all_positions` those of
    all rows. `alive` is the mask of passages that are not deleted, or None if none is.
    Decoded arrays are cached: `cached_bytes` is their size, and `on_growth` is called with each
    growth. `used_again` is for the cache that the list is in.
    """

    def __init__(
        self,
        *,
        impacts: UInt8s,
        low: UInt16s,
        starts: Indices,
        bases: Indices,
        many: Callable[[Indices], AnyArray],
        positions: Callable[[Indices, AnyArray], AnyArray],
        all_positions: Callable[[AnyArray], AnyArray],
        alive: Mask | None = None,
    ) -> None:
        self.impacts = impacts
        self.size = len(impacts)
        self._low = low
        self.starts = starts
        self.bases = bases
        self._many = many
        self._positions = positions
        self._all_positions = all_positions
        self._alive = alive
        self.cached_bytes = 0
        self.used_again = False
        self.on_growth: Callable[[int], None] | None = None

    def _keep(self, size: int) -> None:
        """Count the bytes of an array that is cached now."""
        self.cached_bytes += size
        if self.on_growth is not None:
            self.on_growth(size)

    @cached_property
    def passage_frequency(self) -> int:
        """The number of passages that are not deleted."""
        return self.size if self._alive is None else int(self._alive.take(self.passages).sum())

    @cached_property
    def passages(self) -> Indices:
        """The passage of each posting."""
        self._keep(8 * self.size)
        if self.size <= _DECODED_AT_ONCE:
            return self._low + self.bases.repeat(self.starts[1:] - self.starts[:-1])
        decoded = self._low.astype(np.intp)
        starts = self.starts.tolist()
        for (start, end), base in zip(pairwise(starts), self.bases.tolist(), strict=True):
            decoded[start:end] += base
        return decoded

    def passages_at(self, rows: Indices) -> Indices:
        """Return the passages at `rows` without decoding the others."""
        runs = self.starts.searchsorted(rows, side="right") - 1
        return self._low.take(rows) + self.bases.take(runs)

    def find(self, passages: Indices) -> tuple[Indices, Mask]:
        """Return a row for each passage, and whether the passage is there.

        Where it is not, the row may be any, or one past the last. The list must not be empty.
        """
        if self.is_left_encoded(len(passages)):
            return self._probe(passages)
        known = self.passages
        rows = known.searchsorted(passages)
        return rows, known.take(rows, mode="clip") == passages

    def is_left_encoded(self, count: int) -> bool:
        """Return whether `count` passages are found without decoding the list."""
        return (
            self.size > _DECODED_TO_FIND
            and self.size > _PROBE * count
            and "passages" not in self.__dict__
        )

    def _probe(self, passages: Indices) -> tuple[Indices, Mask]:
        """Return the result of `find` without decoding the list."""
        blocks = np.maximum(self._heads.searchsorted(passages, side="right") - 1, 0)
        rows = np.minimum(blocks[:, None] * _BLOCK + np.arange(_BLOCK), self.size - 1)
        known = self.passages_at(rows.ravel()).reshape(rows.shape)
        same = known == passages[:, None]
        return blocks * _BLOCK + same.argmax(axis=1), same.any(axis=1)

    @cached_property
    def _heads(self) -> Indices:
        """The passage of the first posting of each block."""
        return self.passages_at(np.arange(0, self.size, _BLOCK))

    @cached_property
    def rank_bitmap(self) -> RankBitmap | None:
        """The rank index that finds many passages, or None where it would be too large."""
        if not self.size or self.size * _DENSE <= self.passages[-1]:
            return None
        index = RankBitmap(self.passages)
        self._keep(index.size)
        return index

    @cached_property
    def hash_filter(self) -> HashFilter:
        """The hash filter that finds many passages in a list without a rank index; not empty."""
        index = HashFilter(self.passages)
        self._keep(index.size - 8 * self.size)
        return index

    @cached_property
    def highest(self) -> int:
        """The highest impact of the list, which must not be empty."""
        return int(self.impacts.max())

    def frequencies_at(self, rows: Indices) -> AnyArray:
        """Return the frequency of the term at each of `rows`."""
        impacts = self.impacts.take(rows)
        frequencies = FREQUENCIES.take(impacts)
        if len(impacts) and self.highest == MANY:
            frequencies = frequencies.astype(np.int64)
            self.fill_many(frequencies, impacts, rows)
        return frequencies

    def fill_many(self, frequencies: AnyArray, impacts: UInt8s, rows: Indices) -> None:
        """Set the frequencies of those rows whose impact is MANY."""
        many = (impacts == MANY).nonzero()[0]
        frequencies[many] = self._many(rows.take(many))

    def positions_at(self, rows: Indices, counts: AnyArray) -> AnyArray:
        """Return the positions at `rows`, which ascend, in one array; `counts` of each row."""
        return self._positions(rows, counts)

    @cached_property
    def occurrences(self) -> HashFilter:
        """All occurrences, each as passage << POSITION_BITS plus position; not empty."""
        counts = self._frequencies
        positions = self._all_positions(counts)  # checks their number
        index = HashFilter((self.passages << POSITION_BITS).repeat(counts) + positions)
        self._keep(index.size)
        return index

    @cached_property
    def has_few_occurrences(self) -> bool:
        """Whether the term has so few occurrences that all may be decoded."""
        return self.size <= _FEW_OCCURRENCES and (
            int(self._frequencies.sum(dtype=np.int64)) <= _FEW_OCCURRENCES
        )

    @property
    def _frequencies(self) -> AnyArray:
        """The frequency of each row; the list must not be empty."""
        frequencies = FREQUENCIES.take(self.impacts)
        if self.highest == MANY:
            frequencies = frequencies.astype(np.int64)
            self.fill_many(frequencies, self.impacts, np.arange(self.size))
        return frequencies


def frequencies_of(lists: Sequence[PostingList], passages: Indices) -> Floats:
    """Return the frequency of each list's term (row) in each of some passages (column).

    The passages are distinct, and no list is empty.
    """
    if len(passages) >= _WORTH_A_TABLE and (most := int(passages.max())) < _MOST_IN_A_TABLE:
        return _counts_by_table(lists, passages, most)
    found = [list_.find(passages) for list_ in lists]
    counts = _counts_at(lists, [rows for rows, _ in found])
    counts *= np.array([matches for _, matches in found])
    return counts


def _counts_by_table(lists: Sequence[PostingList], passages: Indices, most: int) -> Floats:
    """Return the result of `frequencies_of`, from a table with the column of each passage.

    A binary search in a list of thousands takes some 40 ns, a look-up in the table one or two.
    """
    table = np.full(most + 2, _NONE, dtype=np.intp)  # later passages are clipped to the last entry
    table[passages] = np.arange(len(passages))
    counts = np.zeros((len(lists), len(passages)))
    for count, list_ in zip(counts, lists, strict=True):
        if list_.size < _LOOK_UP * len(passages):
            columns = table.take(list_.passages, mode="clip")
            rows = (columns != _NONE).nonzero()[0]
            columns = columns.take(rows)
        else:
            rows, matches = list_.find(passages)
            columns = matches.nonzero()[0]
            rows = rows.take(columns)
        count[columns] = list_.frequencies_at(rows)
    return counts


def _counts_at(lists: Sequence[PostingList], rows: Sequence[Indices]) -> Floats:
    """Return the frequencies of each list at its rows, as many for each; past the last, its own."""
    impacts = np.array(
        [list_.impacts.take(at, mode="clip") for list_, at in zip(lists, rows, strict=True)]
    )
    counts = COUNTS.take(impacts)
    for number, list_ in enumerate(lists):
        if list_.highest == MANY:
            at = np.minimum(rows[number], list_.size - 1)
            list_.fill_many(counts[number], impacts[number], at)
    return counts


def concatenated(
    parts: Sequence[tuple[int, StoredList]], *, alive: Mask | None = None
) -> PostingList:
    """Return the lists of a term in several segments, each with its first passage, as one list."""
    lists = [stored for _, stored in parts]
    if len(lists) == 1:  # without copies
        base, stored = parts[0]
        return PostingList(
            impacts=stored.impacts,
            low=stored.low,
            starts=np.append(stored.starts, stored.size),
            bases=stored.blocks + base,
            many=stored.many,
            positions=stored.positions,
            all_positions=stored.all_positions,
            alive=alive,
        )
    bounds = np.cumsum([0, *(stored.size for stored in lists)])
    offset = zip(lists, bounds.tolist(), strict=False)
    return PostingList(
        impacts=np.concatenate([stored.impacts for stored in lists]),
        low=np.concatenate([stored.low for stored in lists]),
        starts=np.concatenate([*(stored.starts + start for stored, start in offset), bounds[-1:]]),
        bases=np.concatenate([stored.blocks + base for base, stored in parts]),
        many=lambda rows: _many(lists, rows, bounds),
        positions=lambda rows, counts: _positions(lists, rows, counts, bounds),
        all_positions=lambda counts: _all_positions(lists, counts, bounds),
        alive=alive,
    )


def posting_list_of(passages: Indices) -> PostingList:
    """Return a posting list of some passages, ascending, each with frequency 1."""
    blocks = passages >> _BITS
    firsts = (np.diff(blocks, prepend=-1) != 0).nonzero()[0]
    return PostingList(
        impacts=np.zeros(len(passages), dtype=np.uint8),
        low=(passages & ((1 << _BITS) - 1)).astype(np.uint16),
        starts=np.append(firsts, len(passages)),
        bases=blocks.take(firsts) << _BITS,
        many=np.zeros_like,
        positions=lambda rows, _: np.zeros_like(rows),
        all_positions=np.zeros_like,
    )


def _many(lists: Sequence[StoredList], rows: Indices, bounds: AnyArray) -> AnyArray:
    owners = bounds.searchsorted(rows, side="right") - 1
    frequencies = np.zeros(len(rows), dtype=np.int64)
    for owner in distinct(owners).tolist():
        own = (owners == owner).nonzero()[0]
        frequencies[own] = lists[owner].many(rows.take(own) - bounds[owner])
    return frequencies


def _positions(
    lists: Sequence[StoredList], rows: Indices, counts: AnyArray, bounds: AnyArray
) -> AnyArray:
    cuts = pairwise(rows.searchsorted(bounds).tolist())
    parts = zip(lists, bounds.tolist(), cuts, strict=False)
    return np.concatenate(
        [list_.positions(rows[i:j] - first, counts[i:j]) for list_, first, (i, j) in parts]
    )


def _all_positions(lists: Sequence[StoredList], counts: AnyArray, bounds: AnyArray) -> AnyArray:
    parts = zip(lists, pairwise(bounds.tolist()), strict=True)
    return np.concatenate([list_.all_positions(counts[i:j]) for list_, (i, j) in parts])
