"""Posting lists as they lie on disk: numbers of 16 bits, in runs of 65,536 passages each.

Decoding a list costs time in proportion to it, so that is left until someone asks for all of it;
a few passages are found, and a few places decoded, without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .analysis.rows import distinct
from .segment.field_reader import StoredList
from .segment.impacts import FREQUENCIES, MANY, Impacts

Passages: TypeAlias = NDArray[np.intp]
Places: TypeAlias = NDArray[np.intp]
Numbers: TypeAlias = NDArray[Any]

_BITS = 16
# Postings in a block: a search for a passage finds its block, then looks at all of it at once.
BLOCK = 64
# Longer lists are decoded run by run, shorter ones at once: a call costs what 1,000 postings do.
_DECODED_AT_ONCE = 16_000


class PostingList:
    """The postings of one term in one field, over all segments as one; place 0 is the first.

    Passages are numbered over all segments and ascend; deleted ones may be among them: a mask of
    what is allowed leaves them out. `low` has the low 16 bits of each passage, filled up with
    anything to a whole number of blocks. Run i starts at place `starts[i]` (the last of `starts`
    is the size of the list) and counts from passage `bases[i]`. `many` tells the frequency at
    places whose impact is MANY, and `positions` where the term stands at some places, by the
    frequencies it has there.
    """

    def __init__(
        self,
        *,
        impacts: Impacts,
        low: NDArray[np.uint16],
        starts: Places,
        bases: Passages,
        many: Callable[[Places], Numbers],
        positions: Callable[[Places, Numbers], Numbers],
    ) -> None:
        self.impacts = impacts
        self.size = len(impacts)
        self.blocks = low[: -(-self.size // BLOCK) * BLOCK].reshape(-1, BLOCK)
        self.starts = starts
        self.bases = bases
        self._many = many
        self._positions = positions

    @cached_property
    def passages(self) -> Passages:
        """The passage of each posting."""
        low = self.blocks.ravel()[: self.size]
        if self.size <= _DECODED_AT_ONCE:
            return low + self.bases.repeat(self.starts[1:] - self.starts[:-1])
        decoded = low.astype(np.intp)
        starts = self.starts.tolist()
        for (start, end), base in zip(pairwise(starts), self.bases.tolist(), strict=True):
            decoded[start:end] += base
        return decoded

    def passages_at(self, places: Places) -> Passages:
        """Return the passages at `places` without decoding the others."""
        runs = self.starts.searchsorted(places, side="right") - 1
        return self.blocks.ravel().take(places) + self.bases.take(runs)

    def frequencies_at(self, places: Places) -> Numbers:
        """Return how often the term stands in the passages at `places`, in their order."""
        impacts = self.impacts.take(places)
        frequencies = FREQUENCIES.take(impacts)
        if len(impacts) and int(impacts.max()) == MANY:
            many = (impacts == MANY).nonzero()[0]
            frequencies = frequencies.astype(np.int64)
            frequencies[many] = self._many(places.take(many))
        return frequencies

    def positions_at(self, places: Places, counts: Numbers) -> Numbers:
        """Return where the term stands at `places`, ascending, with the frequencies `counts` there.

        Positions count from 0, and ascend in each passage; those of all are in a row.
        """
        return self._positions(places, counts)


def joined(parts: Sequence[tuple[int, StoredList]]) -> PostingList:
    """Return the lists of one term in one or more segments, each with its first passage, as one."""
    lists = [stored for _, stored in parts]
    if len(lists) == 1:
        return _alone(lists[0], parts[0][0])
    places = np.cumsum([0, *(stored.size for stored in lists)])
    low = np.concatenate([stored.low(1) for stored in lists])
    offset = zip(lists, places.tolist(), strict=False)
    return PostingList(
        impacts=np.concatenate([stored.impacts for stored in lists]),
        low=np.pad(low, (0, -len(low) % BLOCK)),
        starts=np.concatenate([*(stored.starts + at for stored, at in offset), places[-1:]]),
        bases=np.concatenate([stored.blocks + base for base, stored in parts]),
        many=lambda at: _many(lists, at, places),
        positions=lambda at, counts: _positions(lists, at, counts, places),
    )


def listed(passages: Passages) -> PostingList:
    """Return a list of some passages (ascending), each of which counts once, as if on disk."""
    blocks = passages >> _BITS
    firsts = (np.diff(blocks, prepend=-1) != 0).nonzero()[0]
    return PostingList(
        impacts=np.zeros(len(passages), dtype=np.uint8),
        low=np.pad(passages & ((1 << _BITS) - 1), (0, -len(passages) % BLOCK)).astype(np.uint16),
        starts=np.append(firsts, len(passages)),
        bases=blocks.take(firsts) << _BITS,
        many=_nothing,
        positions=_nothing,
    )


def _nothing(places: Places, _counts: Numbers | None = None) -> Numbers:
    return np.zeros_like(places)


def _alone(stored: StoredList, base: int) -> PostingList:
    return PostingList(
        impacts=stored.impacts,
        low=stored.low(BLOCK),
        starts=np.append(stored.starts, stored.size),
        bases=stored.blocks + base,
        many=stored.many,
        positions=stored.positions,
    )


def _many(lists: Sequence[StoredList], at: Places, bounds: Numbers) -> Numbers:
    owners = bounds.searchsorted(at, side="right") - 1
    frequencies = np.zeros(len(at), dtype=np.int64)
    for owner in distinct(owners).tolist():
        own = (owners == owner).nonzero()[0]
        frequencies[own] = lists[owner].many(at.take(own) - bounds[owner])
    return frequencies


def _positions(
    lists: Sequence[StoredList], at: Places, counts: Numbers, bounds: Numbers
) -> Numbers:
    cuts = at.searchsorted(bounds).tolist()
    return np.concatenate(
        [
            stored.positions(at[low:high] - first, counts[low:high])
            for stored, low, high, first in zip(
                lists, cuts, cuts[1:], bounds.tolist(), strict=False
            )
        ]
    )
