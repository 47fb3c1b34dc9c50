"""Whoosh's codec: who reads the terms and the documents of a segment."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from whoosh.codec import base

from ..segment.content import Segment
from .documents import ArrayDocuments
from .segment import OpenSegment
from .storage import ReadOnlyStorage, read_only
from .terms import ArrayTerms


class ArrayCodec(base.Codec):  # type: ignore[misc]  # Whoosh has no types
    """Reads segments of Chaja; every writer it is asked for raises ReadOnlyError."""

    def terms_reader(self, storage: ReadOnlyStorage, segment: ArraySegment) -> ArrayTerms:
        """Return the reader of a segment's terms and posting lists."""
        return ArrayTerms(segment.opened)

    def per_document_reader(
        self, storage: ReadOnlyStorage, segment: ArraySegment
    ) -> ArrayDocuments:
        """Return the reader of a segment's lengths, deletions and stored fields; it closes it."""
        return ArrayDocuments(segment.opened)

    per_document_writer = field_writer = postings_writer = new_segment = read_only


class ArraySegment(base.Segment):  # type: ignore[misc]  # Whoosh has no types
    """A segment of one commit as Whoosh knows it, to be opened once."""

    def __init__(self, directory: Path, segment: Segment) -> None:
        self.indexname = segment.name
        self.compound = False
        self._directory = directory
        self._segment = segment

    @cached_property
    def opened(self) -> OpenSegment:
        """The arrays, opened when asked for: both readers share them."""
        return OpenSegment(self._directory, self._segment)

    def codec(self) -> ArrayCodec:
        """Return what reads it."""
        return ArrayCodec()

    def segment_id(self) -> str:
        """Return its name, which its files begin with."""
        return self._segment.name

    def doc_count_all(self) -> int:
        """Return how many passages it has, deleted ones included."""
        return self._segment.passages

    def deleted_count(self) -> int:
        """Return how many of its passages are deleted."""
        return self._segment.deleted

    delete_document = set_doc_count = read_only
