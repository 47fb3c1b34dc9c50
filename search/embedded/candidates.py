"""The candidates of a query and their documents, with their term frequencies, in a snapshot."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.arrays.array_types import AnyArray, Floats, Int64s
from index.arrays.ragged import changes, range_indices
from index.postings.posting_list import frequencies_of
from index.schema import POSITION_BITS, Field
from index.snapshot import Snapshot

from .. import weights
from ..ranking.weighted_terms import WeightedTerms
from .first_stage import FirstStage
from .gathered import NONE, Counts, GatheredPostings

if TYPE_CHECKING:
    from ..ranking.collection import Frequencies

# Up to this many documents, a query makes a table of all: as fast as two binary searches, and it
# saves one or two for each term.
_MOST_IN_A_TABLE = 1 << 17
# A lookup of a passage in the table costs as much as skipping this many in a longer list.
_LOOK_UP = 12


class SnapshotCandidates:
    """Passages of a snapshot, ascending, to rerank by some terms."""

    def __init__(self, first_stage: FirstStage, weighted: WeightedTerms, passages: Int64s) -> None:
        snapshot = first_stage.collection.snapshot
        self.passages = self.numbers = passages
        self.frequencies_of: Frequencies = frequencies_of
        gathered = first_stage.gathered(weighted)
        if gathered is not None:
            self.frequencies_of = _passage_counts(snapshot, gathered, passages).frequencies_of
        owners = snapshot.documents_of(passages)  # ascending, as the passages are
        firsts = changes(owners)
        self.documents = SnapshotDocuments(snapshot, owners[firsts], gathered)
        self.rows: Int64s = firsts.cumsum() - 1


def _passage_counts(snapshot: Snapshot, gathered: GatheredPostings, candidates: Int64s) -> Counts:
    table = np.full(snapshot.size, NONE, np.intp)
    table[candidates] = np.arange(len(candidates))
    return Counts(gathered, table.take(gathered.passages), len(candidates))


class SnapshotDocuments:
    """Documents of a snapshot, ascending, with the first passage of each and the end.

    `frequencies_of` reads lists of titles and metadata, which have first passages only.
    """

    def __init__(
        self, snapshot: Snapshot, documents: Int64s, gathered: GatheredPostings | None = None
    ) -> None:
        self.snapshot = snapshot
        self.documents = documents
        self.firsts: Int64s = snapshot.firsts[documents].astype(np.int64)
        self._ends: Int64s = snapshot.firsts[documents + 1].astype(np.int64)
        # The row of each document of the snapshot, or NONE.
        self._table: Int64s | None = None
        self._known_occurrences: dict[tuple[Field, bytes], Int64s] = {}
        if len(snapshot.firsts) <= _MOST_IN_A_TABLE:
            self._table = np.full(len(snapshot.firsts), NONE, np.intp)
            self._table[documents] = np.arange(len(documents))
        self.frequencies_of: Frequencies = frequencies_of
        self._counts: Counts | None = None
        if gathered is not None and self._table is not None:
            owners = self._table.take(snapshot.doc_values.document.take(gathered.passages))
            self._counts = Counts(gathered, owners, len(documents))
            self.frequencies_of = self._counts.frequencies_of

    @cached_property
    def lengths(self) -> Int64s:
        """The number of terms of each document, title and text together."""
        return self.snapshot.document_lengths[self.documents]

    @property
    def average_length(self) -> float:
        """The average of these lengths over all documents."""
        return self.snapshot.document_average

    @property
    def bigram_lengths(self) -> AnyArray:
        """The number of syllable bigrams of each document."""
        return self.snapshot.document_bigram_lengths[self.documents]

    @property
    def average_bigrams(self) -> float:
        """The average number of syllable bigrams over all documents."""
        return self.snapshot.document_bigram_average

    @property
    def title_lengths(self) -> AnyArray:
        """The number of terms in the title of each document."""
        return self.snapshot.doc_values.title_length[self.documents]

    def title_frequencies(self) -> Int64s:
        """Return how many documents have the title of each."""
        return self.snapshot.title_frequencies(self.documents)

    def bigram_frequencies(self, bigram: str) -> Floats:
        """Return the frequency of a syllable bigram in each document."""
        return self._frequencies(Field.BIGRAM, bigram.encode())

    def _frequencies(self, field: Field, term: bytes) -> Floats:
        postings = self.snapshot.posting_list(field, term)
        if postings is None:
            return np.zeros(len(self.documents))
        known = None if self._counts is None else self._counts.of(postings)
        if known is not None:
            return known
        rows, owners = self._find(postings.passages)
        counts = postings.frequencies_at(rows)
        sums = np.bincount(owners, weights=counts, minlength=len(self.documents))
        return sums.astype(np.float64, copy=False)

    def text_frequencies(self, term: str) -> Floats:
        """Return the frequency of a term in the text and title of each document."""
        key = term.encode()
        return self._frequencies(Field.BODY, key) + self._frequencies(Field.TITLE, key)

    def neighbours(self, pair: tuple[str, str]) -> Int64s:
        """Return by document how often the first term has the second close behind it."""
        return self._neighbours(Field.BODY, pair) + self._neighbours(Field.TITLE, pair)

    def title_neighbours(self, pair: tuple[str, str]) -> Int64s:
        """Return the same for the titles alone."""
        return self._neighbours(Field.TITLE, pair)

    def _neighbours(self, field: Field, pair: tuple[str, str]) -> Int64s:
        first, second = (self._occurrences(field, term.encode()) for term in pair)
        if not len(first) or not len(second):
            return np.zeros(len(self.documents), np.int64)
        following = second.searchsorted(first, side="right")
        found = first[second.searchsorted(first + weights.PAIR_WINDOW, side="right") > following]
        counts: Int64s = np.bincount(
            self._owners(found >> POSITION_BITS), minlength=len(self.documents)
        )
        return counts

    def _occurrences(self, field: Field, term: bytes) -> Int64s:
        """Return the occurrences of a term, ascending: passage << POSITION_BITS plus position."""
        # Most terms are in two pairs.
        found = self._known_occurrences.get((field, term))
        if found is None:
            found = self._known_occurrences[field, term] = self._read_occurrences(field, term)
        return found

    def _read_occurrences(self, field: Field, term: bytes) -> Int64s:
        postings = self.snapshot.posting_list(field, term)
        if postings is None:
            return np.zeros(0, dtype=np.int64)
        known = None if self._counts is None else self._counts.found(postings)
        rows, _ = self._find(postings.passages) if known is None else known
        counts = postings.frequencies_at(rows)
        positions = postings.positions_at(rows, counts)  # validates the counts
        passages = np.repeat(postings.passages.take(rows), counts)
        occurrences: Int64s = (passages << POSITION_BITS) + positions
        return occurrences

    def _owners(self, passages: Int64s) -> Int64s:
        """Return the row of the document of each passage."""
        owners: Int64s = self._ends.searchsorted(passages, side="right")
        return owners

    def _find(self, passages: Int64s) -> tuple[Int64s, Int64s]:
        """Return the rows of a posting list that belong to the documents, and their documents."""
        if self._table is not None and len(passages) < _LOOK_UP * len(self.documents):
            owners = self._table.take(self.snapshot.doc_values.document.take(passages))
            rows = (owners != NONE).nonzero()[0]
            return rows, owners.take(rows)
        if len(passages) < len(self.documents):  # the shorter is looked up in the longer
            owners = self._owners(passages)
            inside = self.firsts.take(owners, mode="clip") <= passages
            rows = (inside & (owners < len(self.documents))).nonzero()[0]
            return rows, owners.take(rows)
        starts = passages.searchsorted(self.firsts)
        sizes = passages.searchsorted(self._ends) - starts
        return range_indices(starts, sizes), np.arange(len(sizes)).repeat(sizes)
