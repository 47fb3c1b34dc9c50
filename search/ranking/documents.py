"""The documents of the candidates, and the frequencies and positions of terms in them.

Only the postings of these documents are decoded: a posting list grows with the index, but the
passages of a document are adjacent in it.
"""

from __future__ import annotations

import numpy as np

from index.arrays.array_types import Floats, Int64s
from index.arrays.ragged import range_indices
from index.schema import POSITION_BITS, Field
from index.snapshot import Snapshot

# Up to this many documents, a query makes a table of all: as fast as two binary searches, and it
# saves one or two for each term.
_MOST_IN_A_TABLE = 1 << 17
# A lookup of a passage in the table costs as much as skipping this many in a longer list.
_LOOK_UP = 12
_NONE = -1


class CandidateDocuments:
    """Documents of a snapshot, ascending, with the first passage of each and the end."""

    def __init__(self, snapshot: Snapshot, documents: Int64s) -> None:
        self.snapshot = snapshot
        self.documents = documents
        self.firsts: Int64s = snapshot.firsts[documents].astype(np.int64)
        self._ends: Int64s = snapshot.firsts[documents + 1].astype(np.int64)
        # The row of each document of the snapshot, or _NONE.
        self._table: Int64s | None = None
        if len(snapshot.firsts) <= _MOST_IN_A_TABLE:
            self._table = np.full(len(snapshot.firsts), _NONE, np.intp)
            self._table[documents] = np.arange(len(documents))

    def frequencies(self, field: Field, term: bytes) -> Floats:
        """Return the frequency of a term in a field of each document."""
        postings = self.snapshot.posting_list(field, term)
        if postings is None:
            return np.zeros(len(self.documents))
        rows, owners = self._find(postings.passages)
        counts = postings.frequencies_at(rows)
        sums = np.bincount(owners, weights=counts, minlength=len(self.documents))
        return sums.astype(np.float64, copy=False)

    def text_frequencies(self, term: bytes) -> Floats:
        """Return the frequency of a term in the text and title of each document."""
        return self.frequencies(Field.BODY, term) + self.frequencies(Field.TITLE, term)

    def occurrences(self, field: Field, term: bytes) -> Int64s:
        """Return the occurrences of a term, ascending: passage << PLACE_BITS plus position."""
        postings = self.snapshot.posting_list(field, term)
        if postings is None:
            return np.zeros(0, dtype=np.int64)
        rows, _ = self._find(postings.passages)
        counts = postings.frequencies_at(rows)
        positions = postings.positions_at(rows, counts)  # validates the counts
        passages = np.repeat(postings.passages.take(rows), counts)
        occurrences: Int64s = (passages << POSITION_BITS) + positions
        return occurrences

    def owners(self, passages: Int64s) -> Int64s:
        """Return the row of the document of each passage."""
        owners: Int64s = self._ends.searchsorted(passages, side="right")
        return owners

    def _find(self, passages: Int64s) -> tuple[Int64s, Int64s]:
        """Return the rows of a posting list that belong to the documents, and their documents."""
        if self._table is not None and len(passages) < _LOOK_UP * len(self.documents):
            owners = self._table.take(self.snapshot.doc_values.document.take(passages))
            rows = (owners != _NONE).nonzero()[0]
            return rows, owners.take(rows)
        if len(passages) < len(self.documents):  # the shorter is looked up in the longer
            owners = self.owners(passages)
            inside = self.firsts.take(owners, mode="clip") <= passages
            rows = (inside & (owners < len(self.documents))).nonzero()[0]
            return rows, owners.take(rows)
        starts = passages.searchsorted(self.firsts)
        sizes = passages.searchsorted(self._ends) - starts
        return range_indices(starts, sizes), np.arange(len(sizes)).repeat(sizes)
