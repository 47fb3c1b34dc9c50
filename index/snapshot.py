"""A read-only view of all segments of one commit, without deleted passages."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from .arrays.array_types import AnyArray, Int64s, Mask
from .arrays.ragged import distinct
from .fork_locks import CACHE_LOCK
from .postings.posting_list import PostingList, concatenated
from .schema import POSITIONS, Field
from .segment.content import COLUMNS, DocValues, Postings
from .segment.path_labels import Labels, united
from .segment.postings_reader import FieldReader
from .segment.segment_reader import SegmentReader

if TYPE_CHECKING:
    from .bridge.table import Table

# The decoded posting lists are cached up to this many bytes. The oldest are evicted first, except
# for those that were used again since (the second-chance algorithm of operating systems).
_CACHED_BYTES = 64_000_000
_LIST_BYTES = 800  # what a list takes that has decoded nothing, about
# Document frequencies are cached for at most so many terms.
_MAX_CACHED_COUNTS = 100_000
_NO_POSITIONS = np.zeros(0, dtype=np.int64)
_UNKNOWN: Any = object()


class Snapshot:
    """All passages of a commit, numbered from 0 over the segments, with gaps for deleted ones.

    Statistics count only what is alive, so that an index grown and pruned in many steps ranks as
    one built at once. Threads may share a snapshot.
    """

    def __init__(self, readers: Sequence[SegmentReader], bridge: Table | None = None) -> None:
        self._readers = list(readers)
        self.bridge = bridge
        self._passage_bases = list(accumulate((reader.size for reader in readers), initial=0))
        self._document_bases = list(accumulate((reader.documents for reader in readers), initial=0))
        self.size = self._passage_bases[-1]
        self.has_deleted = any(len(reader.deleted) for reader in readers)
        self._lists: OrderedDict[tuple[Field, bytes], PostingList | None] = OrderedDict()
        self._cached = 0
        self._document_frequency: dict[bytes, int] = {}
        self._labels: dict[str, Labels] = {}

    def close(self) -> None:
        """Close the segments, and the bridge."""
        for reader in self._readers:
            reader.close()
        if self.bridge is not None:
            self.bridge.close()

    @cached_property
    def alive(self) -> Mask:
        """A mask of the passages that are not deleted."""
        alive = np.ones(self.size, dtype=bool)
        for reader, base in zip(self._readers, self._passage_bases, strict=False):
            alive[base + reader.deleted] = False
        return alive

    @cached_property
    def doc_values(self) -> DocValues:
        """The doc values of all passages and documents, deleted ones included.

        Those of a single segment are views of its file.
        """
        columns = {name: self._column(name) for name in COLUMNS if name != "document"}
        return DocValues(document=self._column("document", self._document_bases), **columns)

    def documents_of(self, passages: Int64s) -> Int64s:
        """Return the document of each passage."""
        documents: Int64s = self.doc_values.document[passages].astype(np.int64)
        return documents

    @cached_property
    def firsts(self) -> AnyArray:
        """The first passage of each document, and the end of the last one."""
        return np.append(self._column("first_passage", self._passage_bases, count=-1), self.size)

    def firsts_of(self, passages: Int64s) -> Int64s:
        """Return the first passages of the documents of some passages, ascending."""
        documents = distinct(self.documents_of(passages))
        firsts: Int64s = self.firsts[documents].astype(np.int64)
        return firsts

    def _column(
        self, name: str, bases: Sequence[int] = (), *, count: int | None = None
    ) -> AnyArray:
        """Return the first `count` of a column of each segment, its base added."""
        columns = (reader.column(name)[:count] for reader in self._readers)
        parts = [
            column + np.int64(base) if base else column
            for column, base in zip(columns, bases or repeat(0), strict=False)
        ]
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def labels(self, name: str, make: Callable[[Snapshot], Labels] | None = None) -> Labels:
        """Return the labels of each document, deleted ones included, kept under their name.

        `make` makes them; without it, they are the `folder` or the `filetype`.
        """
        known = self._labels.get(name)
        if known is None:
            stored = (reader.labels(name) for reader in self._readers)
            known = self._labels[name] = make(self) if make else united([*stored])
        return known

    @cached_property
    def path_ranks(self) -> Int64s:
        """The rank of each document's path among all paths, deleted ones included."""
        paths = [reader.paths() for reader in self._readers]
        ordered = sorted({term for part in paths for term in part.terms})
        ranks = dict(zip(ordered, range(len(ordered)), strict=True))
        own = np.zeros(len(self.firsts) - 1, np.int64)
        for part, base in zip(paths, self._passage_bases, strict=False):
            numbers = np.array([ranks[term] for term in part.terms], np.int64)
            documents = self.doc_values.document[base + part.passages]
            own[documents] = np.repeat(numbers, np.diff(part.bounds))
        return own

    @cached_property
    def alive_documents(self) -> Mask:
        """A mask of the documents that are not deleted."""
        return self.alive[self.firsts[:-1]] if self.size else np.zeros(0, dtype=bool)

    @cached_property
    def passages(self) -> int:
        """The number of passages that are not deleted."""
        return self.size - sum(len(reader.deleted) for reader in self._readers)

    @cached_property
    def documents(self) -> int:
        """The number of documents that are not deleted."""
        return int(self.alive_documents.sum())

    @cached_property
    def document_lengths(self) -> Int64s:
        """The length of each document in terms, title and text together, deleted ones included."""
        titles = self.doc_values.title_length.astype(np.int64)  # the sum may overflow one byte
        lengths: Int64s = titles + self._column("document_body_length")
        return lengths

    @cached_property
    def document_bigram_lengths(self) -> AnyArray:
        """The number of syllable bigrams of each document."""
        return self._column("document_gram_length")

    @cached_property
    def document_average(self) -> float:
        """The average of `document_lengths` without deleted documents."""
        return self._average(self.document_lengths, ("body_length", "title_length"))

    @cached_property
    def document_bigram_average(self) -> float:
        """The average of `document_bigram_lengths` without deleted documents."""
        return self._average(self.document_bigram_lengths, ("gram_length",))

    def _average(self, lengths: AnyArray, names: Sequence[str]) -> float:
        """Return the average over documents, from the sums of segments if none is deleted."""
        if self.has_deleted:
            total = int(lengths[self.alive_documents].sum())
        else:
            total = sum(reader.sums[name] for reader in self._readers for name in names)
        return total / max(self.documents, 1)

    def title_frequencies(self, documents: Int64s) -> Int64s:
        """Return how many documents, deleted ones excluded, have the title of each of these."""
        keys = self._column("title_key")[documents]
        ends = self._title_keys.searchsorted(keys, side="right")
        frequencies: Int64s = ends - self._title_keys.searchsorted(keys)
        return frequencies

    @cached_property
    def _title_keys(self) -> AnyArray:
        """The title keys of documents that are not deleted, sorted."""
        return np.sort(self._column("title_key")[self.alive_documents])

    def text_keys(self, documents: Int64s) -> Int64s:
        """Return a number for each of these documents, which those with the same text share."""
        keys: Int64s = self.doc_values.text_key.take(documents)
        return keys

    def documents_with(self, text_key: int) -> Int64s:
        """Return the documents with a text, deleted ones excluded."""
        found: Int64s = (self.doc_values.text_key == text_key).nonzero()[0]
        return found[self.alive_documents.take(found)] if self.has_deleted else found

    def posting_list(self, field: Field, term: bytes) -> PostingList | None:
        """Return the posting list of a term, deleted passages included, or None."""
        key = (field, term)
        # Most calls end here: no lock, and no change of the order.
        cached: PostingList | None = self._lists.get(key, _UNKNOWN)
        if cached is not _UNKNOWN:
            if cached is not None:
                cached.used_again = True
            return cached
        found = self._read(field, term)
        with CACHE_LOCK:
            if key in self._lists:  # another thread was faster
                return self._lists[key]
            self._lists[key] = found
            self._cached += _LIST_BYTES
            if found is not None:
                found.on_growth = self._add_cached
            while self._cached > _CACHED_BYTES and len(self._lists) > 1:
                self._evict()
        return found

    def _add_cached(self, size: int) -> None:
        with CACHE_LOCK:
            self._cached += size

    def _evict(self) -> None:
        """Evict the oldest list that was not used again since it was last examined here."""
        key, oldest = self._lists.popitem(last=False)
        while oldest is not None and oldest.used_again:
            oldest.used_again = False
            self._lists[key] = oldest
            key, oldest = self._lists.popitem(last=False)
        self._cached -= _LIST_BYTES
        if oldest is not None:
            oldest.on_growth = None
            self._cached -= oldest.cached_bytes

    def _read(self, field: Field, term: bytes) -> PostingList | None:
        parts = [
            (base, reader.field(field).stored_list(number))
            for reader, base in zip(self._readers, self._passage_bases, strict=False)
            if (number := reader.field(field).terms.find(term)) is not None
        ]
        if not parts:
            return None
        return concatenated(parts, alive=self.alive if self.has_deleted else None)

    def passage_average(self, name: str) -> float:
        """Return the average of a column of doc values of passages, without deleted ones."""
        if self.has_deleted:
            total = int(getattr(self.doc_values, name)[self.alive].sum())
        else:
            total = sum(reader.sums[name] for reader in self._readers)
        return total / max(self.passages, 1)

    @cached_property
    def title_average(self) -> float:
        """The average title length of documents that are not deleted."""
        return self._average(self.doc_values.title_length, ("title_length",))

    def passage_frequency(self, field: Field, term: bytes) -> int:
        """Return the number of passages with a term."""
        found = self.posting_list(field, term)
        return 0 if found is None else found.passage_frequency

    def passage_frequencies(self, field: Field, terms: Sequence[bytes]) -> Int64s:
        """Return what `passage_frequency` does for many terms, of which no list is kept."""
        if self.has_deleted:
            counts = [self.passage_frequency(field, term) for term in terms]
            return np.array(counts, np.int64)
        totals = np.zeros(len(terms), np.int64)
        for own in self.fields(field):
            found = ((row, own.terms.find(term)) for row, term in enumerate(terms))
            for row, number in found:
                if number is not None:
                    totals[row] += own.sizes_of(range(number, number + 1))[0]
        return totals

    def document_frequency(self, term: bytes) -> int:
        """Return the number of documents with a term in their title or text."""
        count = self._document_frequency.get(term)
        if count is None:
            if len(self._document_frequency) >= _MAX_CACHED_COUNTS:
                self._document_frequency.clear()
            count = self._document_frequency[term] = self._count_documents(term)
        return count

    def _count_documents(self, term: bytes) -> int:
        fields = (self.posting_list(field, term) for field in (Field.BODY, Field.TITLE))
        lists = [found.passages for found in fields if found is not None]
        if self.has_deleted:
            lists = [passages[self.alive.take(passages)] for passages in lists]
        documents = [self.doc_values.document.take(passages) for passages in lists]
        return len(distinct(np.concatenate(documents))) if documents else 0

    def postings(self, field: Field, term: bytes) -> Postings | None:
        """Return the postings of a term without deleted passages, or None if there are none."""
        found = self.posting_list(field, term)
        if found is None:
            return None
        passages = found.passages
        rows = self.alive.take(passages).nonzero()[0] if self.has_deleted else np.arange(found.size)
        frequencies = found.frequencies_at(rows).astype(np.int64)
        positions = found.positions_at(rows, frequencies) if field in POSITIONS else _NO_POSITIONS
        return Postings(passages.take(rows), frequencies, positions) if len(rows) else None

    def fields(self, field: Field) -> list[FieldReader]:
        """Return the readers of a field, in the order of the segments."""
        return [reader.field(field) for reader in self._readers]

    def terms(self, field: Field, prefix: bytes = b"") -> Iterator[bytes]:
        """Yield the distinct terms of a field that start with `prefix`; unordered."""
        seen: set[bytes] = set()
        for term in self.terms_of_segments(field, prefix):
            if term not in seen:
                seen.add(term)
                yield term

    def terms_of_segments(self, field: Field, prefix: bytes = b"") -> Iterator[bytes]:
        """Yield the terms of each segment as `terms` does; one of several segments comes again."""
        for reader in self._readers:
            yield from reader.terms(field, prefix)

    def stored(self, passage: int) -> dict[str, Any]:
        """Return the stored fields of a passage."""
        reader, number = self._locate(passage)
        return reader.stored(number)

    def stored_document(self, passage: int) -> dict[str, Any]:
        """Return the stored fields of the document of a passage."""
        reader, number = self._locate(passage)
        return reader.stored_document(int(reader.column("document")[number]))

    def _locate(self, passage: int) -> tuple[SegmentReader, int]:
        """Return the segment of a passage, and its number there."""
        segment = bisect_right(self._passage_bases, passage) - 1
        return self._readers[segment], passage - self._passage_bases[segment]
