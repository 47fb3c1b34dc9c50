"""Posting lists as they lie on disk: numbers of 16 bits, in runs of 65,536 passages each.

Decoding a list costs time in proportion to it, so that is left until someone asks for all of it;
a few passages are found, and a few places decoded, without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from ..arrays.array_types import AnyArray, Floats, Indices, Mask, UInt8s, UInt16s
from ..arrays.ragged import distinct
from ..schema import PLACE_BITS
from ..segment.impacts import FREQUENCIES, MANY
from ..segment.postings_reader import StoredList
from .membership import HashFilter, RankBitmap

_BITS = 16
# Longer lists are decoded run by run, shorter ones at once: a call costs what 1,000 postings do.
_DECODED_AT_ONCE = 16_000
# Longer lists are not decoded for a few passages: what is decoded serves the next query as well.
_DECODED_TO_FIND = 1 << 17
# Finding one passage without decoding the list costs what decoding this many postings does.
_PROBE = 1_000
# A probe finds the block of a passage by its first posting, then looks at all of it at once.
_BLOCK = 64
# A list with one passage in so many, or more, gets a rank index: three times its room, at most.
_DENSE = 128
# Terms with up to so many places are asked for all of them: some 24 to 40 bytes each,
# which their lists keep.
_FEW_PLACES = 1 << 18
# So many passages, or more, are found by a table of all up to the last, unless that is longer.
_WORTH_A_TABLE = 256
_MOST_IN_A_TABLE = 1 << 17
# Finding one passage in a list costs as much as looking so many of its postings up in the table.
_LOOK_UP = 12
_NONE = -1
# By impact: the frequency, as scores are counted.
_COUNTS = FREQUENCIES.astype(np.float64)


class PostingList:
    """The postings of one term in one field, over all segments as one; place 0 is the first.

    Passages are numbered over all segments and ascend; deleted ones may be among them: a mask of
    what is allowed leaves them out. `low` has the low 16 bits of each passage. Run i starts at
    place `starts[i]` (the last of `starts` is the size of the list) and counts from passage
    `bases[i]`. `many` tells the frequency at places whose impact is MANY, `positions` where the
    term stands at some places, by the frequencies it has there; `all_positions` does so for all.
    `alive` tells which passages are not deleted, where some are.
    What is decoded is kept: `kept` bytes, and whoever asks for it is told of every growth;
    `asked_again` is a mark for whoever keeps the list itself.
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
        self.kept = 0
        self.asked_again = False
        self.on_keeping: Callable[[int], None] | None = None

    def _keep(self, size: int) -> None:
        """Tell whoever counts that so many bytes more are kept."""
        self.kept += size
        if self.on_keeping is not None:
            self.on_keeping(size)

    @cached_property
    def passage_frequency(self) -> int:
        """How many of its passages are not deleted."""
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

    def passages_at(self, places: Indices) -> Indices:
        """Return the passages at `places` without decoding the others."""
        runs = self.starts.searchsorted(places, side="right") - 1
        return self._low.take(places) + self.bases.take(runs)

    def find(self, passages: Indices) -> tuple[Indices, Mask]:
        """Return for each of some passages a place, and whether it stands there.

        Where it does not, the place is any, and may be one behind the last. The list is not empty.
        """
        if self.is_left_encoded(len(passages)):
            return self._probed(passages)
        known = self.passages
        places = known.searchsorted(passages)
        return places, known.take(places, mode="clip") == passages

    def is_left_encoded(self, count: int) -> bool:
        """Tell whether so few passages are found without decoding the list."""
        return (
            self.size > _DECODED_TO_FIND
            and self.size > _PROBE * count
            and "passages" not in self.__dict__
        )

    def _probed(self, passages: Indices) -> tuple[Indices, Mask]:
        """Return what `find` does, without decoding the list."""
        blocks = np.maximum(self._heads.searchsorted(passages, side="right") - 1, 0)
        places = np.minimum(blocks[:, None] * _BLOCK + np.arange(_BLOCK), self.size - 1)
        known = self.passages_at(places.ravel()).reshape(places.shape)
        same = known == passages[:, None]
        return blocks * _BLOCK + same.argmax(axis=1), same.any(axis=1)

    @cached_property
    def _heads(self) -> Indices:
        """The passage of the first posting of each block."""
        return self.passages_at(np.arange(0, self.size, _BLOCK))

    @cached_property
    def ranks(self) -> RankBitmap | None:
        """What finds many passages in the list, or None where that would take much room."""
        if not self.size or self.size * _DENSE <= self.passages[-1]:
            return None
        index = RankBitmap(self.passages)
        self._keep(index.size)
        return index

    @cached_property
    def hashed(self) -> HashFilter:
        """What finds many passages in a list that has no rank index; it is not empty."""
        index = HashFilter(self.passages)
        self._keep(index.size - 8 * self.size)
        return index

    @cached_property
    def highest(self) -> int:
        """The highest impact of the list, which is not empty."""
        return int(self.impacts.max())

    def frequencies_at(self, places: Indices) -> AnyArray:
        """Return how often the term stands in the passages at `places`, in their order."""
        impacts = self.impacts.take(places)
        frequencies = FREQUENCIES.take(impacts)
        if len(impacts) and self.highest == MANY:
            frequencies = frequencies.astype(np.int64)
            self.count_many(frequencies, impacts, places)
        return frequencies

    def count_many(self, frequencies: AnyArray, impacts: UInt8s, places: Indices) -> None:
        """Put in the frequencies at some places that their impacts don't tell."""
        many = (impacts == MANY).nonzero()[0]
        frequencies[many] = self._many(places.take(many))

    def positions_at(self, places: Indices, counts: AnyArray) -> AnyArray:
        """Return where the term stands at `places`, ascending, with the frequencies `counts` there.

        Positions count from 0, and ascend in each passage; those of all are in a row.
        """
        return self._positions(places, counts)

    @cached_property
    def occurrences(self) -> HashFilter:
        """Every place of the term, passage and position in one number (PLACE_BITS).

        The list is not empty.
        """
        counts = self._frequencies()
        positions = self._all_positions(counts)  # checks how many there can be
        index = HashFilter((self.passages << PLACE_BITS).repeat(counts) + positions)
        self._keep(index.size)
        return index

    @cached_property
    def has_few_places(self) -> bool:
        """Whether the term has so few places that all may be asked for."""
        return self.size <= _FEW_PLACES and (
            int(self._frequencies().sum(dtype=np.int64)) <= _FEW_PLACES
        )

    def _frequencies(self) -> AnyArray:
        """Return how often the term stands in each passage; the list is not empty."""
        frequencies = FREQUENCIES.take(self.impacts)
        if self.highest == MANY:
            frequencies = frequencies.astype(np.int64)
            self.count_many(frequencies, self.impacts, np.arange(self.size))
        return frequencies


def counts_of(lists: Sequence[PostingList], passages: Indices) -> Floats:
    """Return how often the term of each list stands in each of some passages: a row for a list.

    No list is empty, and no passage there twice.
    """
    if len(passages) >= _WORTH_A_TABLE and (most := int(passages.max())) < _MOST_IN_A_TABLE:
        return _counts_by_table(lists, passages, most)
    found = [some.find(passages) for some in lists]
    counts = _counts_at(lists, [places for places, _ in found])
    counts *= np.array([held for _, held in found])
    return counts


def _counts_by_table(lists: Sequence[PostingList], passages: Indices, most: int) -> Floats:
    """Return what `counts_of` does: a table tells of each passage up to `most` which it is.

    A search in a list of thousands takes some 40 ns, a look into the table one or two.
    """
    table = np.full(most + 2, _NONE, dtype=np.intp)  # what is clipped meets the last, which is none
    table[passages] = np.arange(len(passages))
    counts = np.zeros((len(lists), len(passages)))
    for row, some in zip(counts, lists, strict=True):
        if some.size < _LOOK_UP * len(passages):
            rows = table.take(some.passages, mode="clip")
            places = (rows != _NONE).nonzero()[0]
            rows = rows.take(places)
        else:
            places, held = some.find(passages)
            rows = held.nonzero()[0]
            places = places.take(rows)
        row[rows] = some.frequencies_at(places)
    return counts


def _counts_at(lists: Sequence[PostingList], places: Sequence[Indices]) -> Floats:
    """Return how often the term of each list stands at its places: a row for a list.

    Places behind the last are the last; there are as many of each list, and no list is empty.
    """
    impacts = np.array(
        [some.impacts.take(at, mode="clip") for some, at in zip(lists, places, strict=True)]
    )
    counts = _COUNTS.take(impacts)
    for number, some in enumerate(lists):
        if some.highest == MANY:
            at = np.minimum(places[number], some.size - 1)
            some.count_many(counts[number], impacts[number], at)
    return counts


def joined(parts: Sequence[tuple[int, StoredList]], *, alive: Mask | None = None) -> PostingList:
    """Return the lists of one term in one or more segments, each with its first passage, as one."""
    lists = [stored for _, stored in parts]
    if len(lists) == 1:
        return _alone(lists[0], parts[0][0], alive)
    places = np.cumsum([0, *(stored.size for stored in lists)])
    offset = zip(lists, places.tolist(), strict=False)
    return PostingList(
        impacts=np.concatenate([stored.impacts for stored in lists]),
        low=np.concatenate([stored.low for stored in lists]),
        starts=np.concatenate([*(stored.starts + at for stored, at in offset), places[-1:]]),
        bases=np.concatenate([stored.blocks + base for base, stored in parts]),
        many=lambda at: _many(lists, at, places),
        positions=lambda at, counts: _positions(lists, at, counts, places),
        all_positions=lambda counts: _all_positions(lists, counts, places),
        alive=alive,
    )


def listed(passages: Indices) -> PostingList:
    """Return a list of some passages (ascending), each of which counts once, as if on disk."""
    blocks = passages >> _BITS
    firsts = (np.diff(blocks, prepend=-1) != 0).nonzero()[0]
    return PostingList(
        impacts=np.zeros(len(passages), dtype=np.uint8),
        low=(passages & ((1 << _BITS) - 1)).astype(np.uint16),
        starts=np.append(firsts, len(passages)),
        bases=blocks.take(firsts) << _BITS,
        many=_nothing,
        positions=_nothing,
        all_positions=_nothing,
    )


def _nothing(places: Indices, _counts: AnyArray | None = None) -> AnyArray:
    return np.zeros_like(places)


def _alone(stored: StoredList, base: int, alive: Mask | None) -> PostingList:
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


def _many(lists: Sequence[StoredList], at: Indices, bounds: AnyArray) -> AnyArray:
    owners = bounds.searchsorted(at, side="right") - 1
    frequencies = np.zeros(len(at), dtype=np.int64)
    for owner in distinct(owners).tolist():
        own = (owners == owner).nonzero()[0]
        frequencies[own] = lists[owner].many(at.take(own) - bounds[owner])
    return frequencies


def _positions(
    lists: Sequence[StoredList], at: Indices, counts: AnyArray, bounds: AnyArray
) -> AnyArray:
    cuts = at.searchsorted(bounds).tolist()
    return np.concatenate(
        [
            stored.positions(at[low:high] - first, counts[low:high])
            for stored, low, high, first in zip(
                lists, cuts, cuts[1:], bounds.tolist(), strict=False
            )
        ]
    )


def _all_positions(lists: Sequence[StoredList], counts: AnyArray, bounds: AnyArray) -> AnyArray:
    owned = zip(lists, pairwise(bounds.tolist()), strict=True)
    return np.concatenate([stored.all_positions(counts[low:high]) for stored, (low, high) in owned])
