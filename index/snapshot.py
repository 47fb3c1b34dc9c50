"""The index at one commit: all its segments as one, deleted passages left out."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from .arrays.array_types import AnyArray, Int64s, Mask
from .arrays.ragged import distinct
from .postings.posting_list import PostingList, joined
from .schema import POSITIONS, Field
from .segment.content import DocValues, Postings
from .segment.postings_reader import FieldReader
from .segment.segment_reader import SegmentReader

if TYPE_CHECKING:
    from .bridge.table import Table

# Lists are kept until what they have decoded takes this many bytes; the oldest go first, but for
# those that were asked for again (the second chance, or clock, of operating systems). A list itself
# takes some hundred.
_CACHED_BYTES = 64_000_000
_LEAST_COST = 800
# Terms whose documents are counted once.
_MOST_COUNTS = 100_000
_NO_POSITIONS = np.zeros(0, dtype=np.int64)
_UNKNOWN: Any = object()


class Snapshot:
    """Passages by number, from 0 in the order of the segments; numbers of deleted ones are gaps.

    Statistics count what is alive only, so that an index grown and pruned in many steps ranks as
    one built at once. Threads may share a snapshot.
    """

    def __init__(self, readers: Sequence[SegmentReader], bridge: Table | None = None) -> None:
        self._readers = list(readers)
        self.bridge = bridge
        self._bases = list(accumulate((reader.size for reader in readers), initial=0))
        self._documents = list(accumulate((reader.documents for reader in readers), initial=0))
        self.size = self._bases[-1]
        self.has_deleted = any(len(reader.deleted) for reader in readers)
        self._lists: OrderedDict[tuple[Field, bytes], PostingList | None] = OrderedDict()
        self._cached = 0
        self._document_frequency: dict[bytes, int] = {}
        self._lock = Lock()

    def close(self) -> None:
        """Close the segments, and the bridge."""
        for reader in self._readers:
            reader.close()
        if self.bridge is not None:
            self.bridge.close()

    @cached_property
    def alive(self) -> Mask:
        """Which passages are not deleted."""
        alive = np.ones(self.size, dtype=bool)
        for reader, base in zip(self._readers, self._bases, strict=False):
            alive[base + reader.deleted] = False
        return alive

    @cached_property
    def measures(self) -> DocValues:
        """The measures of all passages and documents, deleted ones included.

        Those of a single segment are views of its file.
        """
        columns = {name: self._measure(name) for name in DocValues.__slots__ if name != "document"}
        return DocValues(document=self._measure("document", self._documents), **columns)

    def documents_of(self, passages: Int64s) -> Int64s:
        """Return the document of each of some passages."""
        documents: Int64s = self.measures.document[passages].astype(np.int64)
        return documents

    @cached_property
    def firsts(self) -> AnyArray:
        """The first passage of each document, and the end of the last."""
        return np.append(self._measure("first_passage", self._bases, count=-1), self.size)

    def _measure(
        self, name: str, bases: Sequence[int] = (), *, count: int | None = None
    ) -> AnyArray:
        """Return a measure of all segments in a row, `bases` added, the end of each left out."""
        parts = [reader.measure(name)[:count] for reader in self._readers]
        if bases:
            parts = [
                part if not base else part + np.int64(base)
                for part, base in zip(parts, bases, strict=False)
            ]
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    @cached_property
    def alive_documents(self) -> Mask:
        """Which documents are not deleted; one without a passage is in no segment."""
        return self.alive[self.firsts[:-1]] if self.size else np.zeros(0, dtype=bool)

    @cached_property
    def passages(self) -> int:
        """How many passages are alive."""
        return self.size - sum(len(reader.deleted) for reader in self._readers)

    @cached_property
    def documents(self) -> int:
        """How many documents are alive."""
        return int(self.alive_documents.sum())

    @cached_property
    def document_lengths(self) -> Int64s:
        """How many terms each document has, title and text together, deleted passages included."""
        titles = self.measures.title_length.astype(np.int64)  # two of one byte would overflow
        lengths: Int64s = titles + self._measure("document_body_length")
        return lengths

    @cached_property
    def document_bigram_lengths(self) -> AnyArray:
        """How many pairs of syllables each document has."""
        return self._measure("document_gram_length")

    @cached_property
    def document_average(self) -> float:
        """The average of `document_lengths` over what is alive."""
        return self._average(self.document_lengths, ("body_length", "title_length"))

    @cached_property
    def document_bigram_average(self) -> float:
        """The average of `document_bigram_lengths` over what is alive."""
        return self._average(self.document_bigram_lengths, ("gram_length",))

    def _average(self, lengths: AnyArray, facts: Sequence[str]) -> float:
        """Return the average over the living documents, from what the segments add up to."""
        if self.has_deleted:
            total = int(lengths[self.alive_documents].sum())
        else:
            total = sum(reader.sums[name] for reader in self._readers for name in facts)
        return total / max(self.documents, 1)

    def posting_list(self, field: Field, term: bytes) -> PostingList | None:
        """Return the posting list of a term as it lies on disk, deleted passages included."""
        key = (field, term)
        # Without the lock, and without a change of the order: most calls end here.
        kept: PostingList | None = self._lists.get(key, _UNKNOWN)
        if kept is not _UNKNOWN:
            if kept is not None:
                kept.asked_again = True
            return kept
        found = self._found(field, term)
        with self._lock:
            if key in self._lists:  # another thread was quicker
                return self._lists[key]
            self._lists[key] = found
            self._cached += _LEAST_COST
            if found is not None:
                found.on_keeping = self._count_kept
            while self._cached > _CACHED_BYTES and len(self._lists) > 1:
                self._let_go()
        return found

    def _count_kept(self, size: int) -> None:
        with self._lock:
            self._cached += size

    def _let_go(self) -> None:
        """Forget the oldest list that nobody asked for again since it was looked at here."""
        key, gone = self._lists.popitem(last=False)
        while gone is not None and gone.asked_again:
            gone.asked_again = False
            self._lists[key] = gone
            key, gone = self._lists.popitem(last=False)
        self._cached -= _LEAST_COST
        if gone is not None:
            gone.on_keeping = None
            self._cached -= gone.kept

    def _found(self, field: Field, term: bytes) -> PostingList | None:
        parts = [
            (base, reader.field(field).stored_list(number))
            for reader, base in zip(self._readers, self._bases, strict=False)
            if (number := reader.field(field).terms.find(term)) is not None
        ]
        if not parts:
            return None
        return joined(parts, alive=self.alive if self.has_deleted else None)

    def passage_average(self, name: str) -> float:
        """Return the average of a measure of passages over those alive."""
        if self.has_deleted:
            total = int(getattr(self.measures, name)[self.alive].sum())
        else:
            total = sum(reader.sums[name] for reader in self._readers)
        return total / max(self.passages, 1)

    @cached_property
    def title_average(self) -> float:
        """The average length of the titles of what is alive."""
        return self._average(self.measures.title_length, ("title_length",))

    def passage_frequency(self, field: Field, term: bytes) -> int:
        """Return how many passages hold a term."""
        found = self.posting_list(field, term)
        return 0 if found is None else found.passage_frequency

    def document_frequency(self, term: bytes) -> int:
        """Return how many documents hold a term in their title or their text."""
        known = self._document_frequency.get(term)
        if known is None:
            if len(self._document_frequency) >= _MOST_COUNTS:
                self._document_frequency.clear()
            known = self._document_frequency[term] = self._count_documents(term)
        return known

    def _count_documents(self, term: bytes) -> int:
        fields = (self.posting_list(field, term) for field in (Field.BODY, Field.TITLE))
        lists = [found.passages for found in fields if found is not None]
        if self.has_deleted:
            lists = [passages[self.alive.take(passages)] for passages in lists]
        documents = [self.measures.document.take(passages) for passages in lists]
        return len(distinct(np.concatenate(documents))) if documents else 0

    def postings(self, field: Field, term: bytes) -> Postings | None:
        """Return the posting list of a term without deleted passages, or None where it is empty."""
        found = self.posting_list(field, term)
        if found is None:
            return None
        passages = found.passages
        places = (
            self.alive.take(passages).nonzero()[0] if self.has_deleted else np.arange(found.size)
        )
        frequencies = found.frequencies_at(places).astype(np.int64)
        positions = found.positions_at(places, frequencies) if field in POSITIONS else _NO_POSITIONS
        return Postings(passages.take(places), frequencies, positions) if len(places) else None

    def fields(self, field: Field) -> list[FieldReader]:
        """Return an inverted field of each segment, in their order."""
        return [reader.field(field) for reader in self._readers]

    def terms(self, field: Field, prefix: bytes = b"") -> Iterator[bytes]:
        """Yield the distinct terms of a field that start with `prefix`; unordered."""
        seen: set[bytes] = set()
        for reader in self._readers:
            for term in reader.terms(field, prefix):
                if term not in seen:
                    seen.add(term)
                    yield term

    def stored(self, passage: int) -> dict[str, Any]:
        """Return what is stored of a passage."""
        segment, place = self._at(passage)
        return self._readers[segment].stored(place)

    def stored_document(self, passage: int) -> dict[str, Any]:
        """Return what is stored of the document that a passage belongs to."""
        segment, place = self._at(passage)
        reader = self._readers[segment]
        return reader.stored_document(int(reader.measure("document")[place]))

    def _at(self, passage: int) -> tuple[int, int]:
        """Return the segment of a passage, and its number there."""
        segment = bisect_right(self._bases, passage) - 1
        return segment, passage - self._bases[segment]
