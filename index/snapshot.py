"""The index at one commit: all its segments as one, deleted passages left out."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from .fields import Field
from .segment.content import NO_POSTINGS, Measures, Numbers, Postings
from .segment.merge import joined_postings, kept_postings
from .segment.reader import SegmentReader

# Decoded posting lists are kept up to this many numbers (8 bytes each), the oldest go first.
_CACHED_NUMBERS = 4_000_000


class Snapshot:
    """Passages by number, from 0 in the order of the segments; numbers of deleted ones are gaps.

    Statistics count what is alive only, so that an index grown and pruned in many steps ranks as
    one built at once.
    """

    def __init__(self, readers: Sequence[SegmentReader]) -> None:
        self._readers = list(readers)
        sizes = [reader.size for reader in readers]
        self._bases = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        self._starts: list[int] = self._bases[:-1].tolist()
        self.size = int(self._bases[-1])
        self.has_deleted = any(len(reader.deleted) for reader in readers)
        self._lists: OrderedDict[tuple[Field, bytes], Postings] = OrderedDict()
        self._cached = 0

    def close(self) -> None:
        """Close the segments."""
        for reader in self._readers:
            reader.close()

    @cached_property
    def alive(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which passages are not deleted."""
        alive = np.ones(self.size, dtype=bool)
        for reader, base in zip(self._readers, self._bases[:-1], strict=True):
            alive[base + reader.deleted] = False
        return alive

    @cached_property
    def measures(self) -> Measures:
        """The measures of all passages and documents, deleted ones included."""
        columns: dict[str, list[Numbers]] = {name: [] for name in Measures.__slots__}
        documents = 0
        for reader in self._readers:
            for name, column in columns.items():
                column.append(getattr(reader.measures, name))
            columns["document"][-1] = columns["document"][-1] + documents
            documents += len(reader.measures.title_length)
        nothing = [np.zeros(0, dtype=np.int64)]
        return Measures(*(np.concatenate(column or nothing) for column in columns.values()))

    @cached_property
    def firsts(self) -> Numbers:
        """The first passage of each document, and the end of the last."""
        document = self.measures.document
        return np.searchsorted(document, np.arange(len(self.measures.title_length) + 1))

    @cached_property
    def alive_documents(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which documents are not deleted; one without a passage is in no segment."""
        return self.alive[self.firsts[:-1]] if self.size else np.zeros(0, dtype=bool)

    @cached_property
    def passages(self) -> int:
        """How many passages are alive."""
        return int(self.alive.sum())

    @cached_property
    def documents(self) -> int:
        """How many documents are alive."""
        return int(self.alive_documents.sum())

    def postings(self, field: Field, term: bytes) -> Postings | None:
        """Return the posting list of a term without deleted passages, or None where it is empty."""
        known = self._lists.get((field, term))
        if known is None:
            known = self._read(field, term)
            self._lists[field, term] = known
            self._cached += _numbers(known)
            while self._cached > _CACHED_NUMBERS and len(self._lists) > 1:
                self._cached -= _numbers(self._lists.popitem(last=False)[1])
        else:
            self._lists.move_to_end((field, term))
        return known if len(known.passages) else None

    def _read(self, field: Field, term: bytes) -> Postings:
        lists: list[Postings] = []
        for reader, base in zip(self._readers, self._bases.tolist(), strict=False):
            found = reader.postings(field, term)
            if found is not None:
                numbers = found.passages + base
                if len(reader.deleted):
                    numbers = np.where(self.alive[numbers], numbers, -1)
                lists.append(kept_postings(found, numbers))
        return joined_postings(lists) if lists else NO_POSTINGS

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
        return reader.stored_document(int(reader.measures.document[place]))

    def _at(self, passage: int) -> tuple[int, int]:
        """Return the segment of a passage, and its number there."""
        segment = bisect_right(self._starts, passage) - 1
        return segment, passage - self._starts[segment]


def _numbers(postings: Postings) -> int:
    return 2 * len(postings.passages) + len(postings.positions)
