"""A snapshot as ranking reads it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property

from index.arrays.array_types import Indices
from index.postings.posting_list import PostingList, posting_list_of
from index.schema import Field
from index.snapshot import Snapshot

from ..ranking.bm25 import PRESENCE, Bm25
from ..weights import PASSAGE_B, PASSAGE_K1, TITLE_B, TITLE_K1


class SnapshotCollection:
    """The terms and statistics of a snapshot; `find_pattern` returns the passages of a pattern."""

    def __init__(self, snapshot: Snapshot, find_pattern: Callable[[Hashable], Indices]) -> None:
        self.snapshot = snapshot
        self._find_pattern = find_pattern

    @property
    def passages(self) -> int:
        """The number of passages that are not deleted."""
        return self.snapshot.passages

    @property
    def documents(self) -> int:
        """The number of documents that are not deleted."""
        return self.snapshot.documents

    def postings_of(self, field: Field, term: str) -> PostingList | None:
        """Return the posting list of a term, deleted passages included, or None."""
        return self.snapshot.posting_list(field, term.encode())

    def postings_of_pattern(self, pattern: Hashable) -> PostingList | None:
        """Return a posting list of the passages that match a pattern, or None."""
        found = self._find_pattern(pattern)
        return posting_list_of(found) if len(found) else None

    def frequency(self, field: Field, term: str) -> int:
        """Return the number of passages with a term."""
        return self.snapshot.passage_frequency(field, term.encode())

    def document_frequency(self, term: str) -> int:
        """Return the number of documents with a term in their title or text."""
        return self.snapshot.document_frequency(term.encode())

    @cached_property
    def bm25(self) -> Mapping[Field, Bm25]:
        """The scorer of each field."""
        snapshot, doc_values = self.snapshot, self.snapshot.doc_values
        titles = doc_values.title_length.take(doc_values.document)
        scorers: dict[Field, Bm25] = {
            Field.META: PRESENCE,
            Field.TITLE: Bm25(titles, average=snapshot.title_average, k1=TITLE_K1, b=TITLE_B),
        }
        for field, name in ((Field.BODY, "body_length"), (Field.BIGRAM, "gram_length")):
            average = snapshot.passage_average(name)
            lengths = getattr(doc_values, name)
            scorers[field] = Bm25(lengths, average=average, k1=PASSAGE_K1, b=PASSAGE_B)
        return scorers
