"""Where passages stand in posting lists: a few in many lists at once, or many in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .lists import BLOCK, Numbers, Passages, Places, PostingList, Workspace

# Passages of list i are numbered from i << _SHIFT in the joined list.
_SHIFT = 40
# Finding one passage in a list costs as much as passing over this many of its postings.
_FIND = 16
# More passages than this are found in decoded lists: looking at whole blocks for each costs more.
_MANY = 400


class Found(NamedTuple):
    """Postings that were found, list by list: in which list, of which passage (by row), where."""

    lists: Numbers
    rows: Places
    places: Places


class Lookup:
    """Several lists joined to one, so that one search answers for all of them."""

    def __init__(self, lists: Sequence[PostingList]) -> None:
        self._lists = lists
        blocks = [len(some.blocks) for some in lists]
        self._offsets = np.array([0, *blocks]).cumsum() * BLOCK
        offsets = self._offsets.tolist()
        joined = list(zip(lists, offsets, strict=False))
        self._starts = np.concatenate([some.starts[:-1] + offset for some, offset in joined])
        self._ends = np.concatenate([some.starts[1:] + offset for some, offset in joined])
        self._bases = np.concatenate([some.bases + (i << _SHIFT) for i, some in enumerate(lists)])
        low = np.concatenate([some.blocks[:, 0] for some in lists])
        runs = self._starts.searchsorted(np.arange(0, offsets[-1], BLOCK), side="right") - 1
        self._block_starts = low + self._bases.take(runs)

    def find(self, passages: Passages, *, of: int | None = None) -> Found:
        """Return which of `passages` are in which lists, in the order of lists, then of rows.

        With `of`, in that list only.
        """
        asked = range(len(self._lists)) if of is None else range(of, of + 1)
        if len(passages) > _MANY:
            return found_one_by_one(self._lists, asked, passages)
        numbers = np.array(asked) << _SHIFT
        wanted = (passages + numbers[:, None]).ravel()
        runs = self._bases.searchsorted(wanted, side="right") - 1
        low = wanted - self._bases.take(runs)  # negative where no run starts below
        blocks = self._block_starts.searchsorted(wanted, side="right") - 1
        same = self._blocks(blocks, asked) == low.astype(np.uint16)[:, None]
        hits = same.ravel().nonzero()[0]
        rows = hits // BLOCK
        places = blocks.take(rows) * BLOCK + hits % BLOCK
        # A block may hold the end of one run and the start of the next, and fill after the last.
        own = runs.take(rows)
        kept = (places >= self._starts.take(own)) & (places < self._ends.take(own))
        kept &= low.take(rows) >> 16 == 0
        if not kept.all():
            rows, places = rows[kept], places[kept]
        groups = rows // max(len(passages), 1)
        lists = groups + asked.start
        return Found(lists, rows - groups * len(passages), places - self._offsets.take(lists))

    def _blocks(self, blocks: Places, asked: range) -> Numbers:
        """Return the low bits of blocks of the joined list: as many of each list asked."""
        found = np.empty((len(blocks), BLOCK), dtype=np.uint16)
        each = len(blocks) // len(asked)
        for number, at in zip(asked, range(0, len(blocks), max(each, 1)), strict=False):
            own = blocks[at : at + each] - int(self._offsets[number]) // BLOCK
            # A passage before the first of the list asks for a block of the list before.
            self._lists[number].blocks.take(own, axis=0, out=found[at : at + each], mode="clip")
        return found


def found_one_by_one(lists: Sequence[PostingList], asked: range, passages: Passages) -> Found:
    """Return what `Lookup.find` does, by decoded lists."""
    found = []
    for number in asked:
        known = lists[number].passages
        places = np.minimum(known.searchsorted(passages), len(known) - 1)
        rows = (known.take(places) == passages).nonzero()[0]
        found.append((rows, places.take(rows)))
    sizes = [len(rows) for rows, _ in found]
    rows, places = (np.concatenate(column) for column in zip(*found, strict=True))
    return Found(np.array(asked).repeat(sizes), rows, places)


def common(
    passages: Passages, postings: PostingList, workspace: Workspace
) -> tuple[Places, Places]:
    """Return which of `passages` (ascending) are in a list, by row, and their places there."""
    if _FIND * len(passages) < postings.size:
        found = Lookup([postings]).find(passages)
        return found.rows, found.places
    marks = workspace.marks
    marks[passages] = True
    places = marks.take(postings.passages).nonzero()[0]
    marks[passages] = False
    return passages.searchsorted(postings.passages.take(places)), places
