"""The documents of the candidate passages, and how often a term stands in each of them.

Only their own postings are looked at: a posting list is as long as the index is large, but the
passages of a document stand side by side in it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from index.arrays.array_types import Floats, Int64s
from index.arrays.ragged import places_of
from index.schema import PLACE_BITS, Field
from index.snapshot import Snapshot

# A table of all documents is made for a query where there are no more than these: in less time
# than two searches take, and it spares one or two for every term.
_MOST_IN_A_TABLE = 1 << 17
# Looking a passage up in it costs as much as passing over so many in a longer list.
_LOOK_UP = 12
_NONE = -1


class Candidates(NamedTuple):
    """Some documents of a snapshot, ascending.

    `rows` tells of each document of the snapshot which of these it is, _NONE where it is another;
    it is None where the snapshot has very many.
    """

    snapshot: Snapshot
    documents: Int64s
    firsts: Int64s
    ends: Int64s
    rows: Int64s | None

    @classmethod
    def of(cls, snapshot: Snapshot, documents: Int64s) -> Candidates:
        """Return some documents with the passages they have."""
        firsts = snapshot.firsts
        rows = None
        if len(firsts) <= _MOST_IN_A_TABLE:
            rows = np.full(len(firsts), _NONE, np.intp)
            rows[documents] = np.arange(len(documents))
        return cls(
            snapshot,
            documents,
            firsts[documents].astype(np.int64),
            firsts[documents + 1].astype(np.int64),
            rows,
        )

    def frequencies(self, field: Field, term: bytes) -> Floats:
        """Return how often a term stands in the passages of each document."""
        found = self.snapshot.posting_list(field, term)
        if found is None:
            return np.zeros(len(self.documents))
        which, owners = self._within(found.passages)
        sums = np.bincount(
            owners, weights=found.frequencies_at(which), minlength=len(self.documents)
        )
        return sums.astype(np.float64, copy=False)

    def of_text(self, term: bytes) -> Floats:
        """Return how often a term stands in the text and title of each document."""
        return self.frequencies(Field.BODY, term) + self.frequencies(Field.TITLE, term)

    def places(self, field: Field, term: bytes) -> Int64s:
        """Return every place of a term in the documents, ascending."""
        found = self.snapshot.posting_list(field, term)
        if found is None:
            return np.zeros(0, dtype=np.int64)
        which, _ = self._within(found.passages)
        frequencies = found.frequencies_at(which)
        positions = found.positions_at(which, frequencies)  # checks how many there can be
        passages = np.repeat(found.passages.take(which), frequencies)
        places: Int64s = (passages << PLACE_BITS) + positions
        return places

    def owners(self, passages: Int64s) -> Int64s:
        """Return which of the documents each passage belongs to, by place."""
        owners: Int64s = self.ends.searchsorted(passages, side="right")
        return owners

    def _within(self, passages: Int64s) -> tuple[Int64s, Int64s]:
        """Return the places in a posting list that belong to the documents, and whose they are."""
        if self.rows is not None and len(passages) < _LOOK_UP * len(self.documents):
            owners = self.rows.take(self.snapshot.measures.document.take(passages))
            places = (owners != _NONE).nonzero()[0]
            return places, owners.take(places)
        if len(passages) < len(self.documents):  # the shorter is looked up in the longer
            owners = self.owners(passages)
            held = self.firsts.take(owners, mode="clip") <= passages
            places = (held & (owners < len(self.documents))).nonzero()[0]
            return places, owners.take(places)
        starts = passages.searchsorted(self.firsts)
        sizes = passages.searchsorted(self.ends) - starts
        return places_of(starts, sizes), np.arange(len(sizes)).repeat(sizes)
