"""Conjunction of posting lists, from the shortest to the longest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.arrays.array_types import Indices
from index.postings.posting_list import PostingList
from index.value import NamedTuple

# Up to this many passages are looked up in all longer lists at once.
_FEW = 64


class Matches(NamedTuple):
    """Passages with all terms, ascending, and by list (in the order given) the row of each."""

    passages: Indices
    rows: list[Indices]


def match_all(lists: Sequence[PostingList], *, within: Indices | None = None) -> Matches:
    """Return the passages in all lists (at least one) and in `within` (ascending)."""
    order = sorted(range(len(lists)), key=[postings.size for postings in lists].__getitem__)
    remaining = [lists[number] for number in order]
    passages = within
    found: list[Indices | None] = []  # rows by list; None: all rows of the list
    if passages is None:
        passages = remaining.pop(0).passages
        found.append(None)
    while remaining:
        if not len(passages):
            return Matches(passages, [passages for _ in lists])
        kept, rows = _narrowed(passages, remaining)
        passages = passages.take(kept)
        found = [kept if before is None else before.take(kept) for before in found]
        found += rows
        del remaining[: len(rows)]
    by_list = [passages] * len(lists)
    for number, own in zip(order, found, strict=True):
        by_list[number] = np.arange(len(passages)) if own is None else own
    return Matches(passages, by_list)


def _narrowed(passages: Indices, lists: Sequence[PostingList]) -> tuple[Indices, Sequence[Indices]]:
    """Return the indices of the passages that are in the first lists, and their rows in each."""
    if len(passages) <= _FEW:
        return _in_all(passages, lists)
    postings = lists[0]
    if postings.is_left_encoded(len(passages)):
        return _in_all(passages, lists[:1])
    rank_bitmap = postings.rank_bitmap
    kept, rows = (postings.hash_filter if rank_bitmap is None else rank_bitmap).find(passages)
    return kept, (rows,)


def _in_all(passages: Indices, lists: Sequence[PostingList]) -> tuple[Indices, list[Indices]]:
    """Return the indices of the passages that are in all lists, and their rows in each."""
    found = [postings.find(passages) for postings in lists]
    in_all = found[0][1]
    for _, mask in found[1:]:
        in_all &= mask
    kept = in_all.nonzero()[0]
    return kept, [rows.take(kept) for rows, _ in found]
