"""Passages that hold all of some terms: from the rarest list on, each next one narrows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from index.arrays.array_types import Indices
from index.postings.posting_list import PostingList

# So few passages are looked for in all longer lists at once.
_FEW = 64


class Matches(NamedTuple):
    """Passages that hold all terms, ascending, and the place of each in each list, as given."""

    passages: Indices
    places: list[Indices]


def match_all(lists: Sequence[PostingList], *, within: Indices | None = None) -> Matches:
    """Return the passages that all lists (at least one) hold, of those `within` (ascending)."""
    order = sorted(range(len(lists)), key=[postings.size for postings in lists].__getitem__)
    later = [lists[number] for number in order]
    passages = within
    known: list[Indices | None] = []  # by list so far; None: every place of it
    if passages is None:
        passages = later.pop(0).passages
        known.append(None)
    while later:
        if not len(passages):
            return Matches(passages, [passages for _ in lists])
        rows, found = _narrowed(passages, later)
        passages = passages.take(rows)
        known = [rows if before is None else before.take(rows) for before in known]
        known += found
        del later[: len(found)]
    places = [passages] * len(lists)
    for number, at in zip(order, known, strict=True):
        places[number] = np.arange(len(passages)) if at is None else at
    return Matches(passages, places)


def _narrowed(passages: Indices, lists: Sequence[PostingList]) -> tuple[Indices, Sequence[Indices]]:
    """Return which of some passages are in the first lists, by row, and their places in each."""
    if len(passages) <= _FEW:
        return _in_all(passages, lists)
    postings = lists[0]
    if postings.is_left_encoded(len(passages)):
        return _in_all(passages, lists[:1])
    ranks = postings.ranks
    rows, places = (postings.hashed if ranks is None else ranks).find(passages)
    return rows, (places,)


def _in_all(passages: Indices, lists: Sequence[PostingList]) -> tuple[Indices, list[Indices]]:
    """Return which of some passages are in all lists, by row, and their places in each."""
    found = [postings.find(passages) for postings in lists]
    everywhere = found[0][1]
    for _, held in found[1:]:
        everywhere &= held
    rows = everywhere.nonzero()[0]
    return rows, [places.take(rows) for places, _ in found]
