"""A read-only Whoosh codec over Chaja's segments."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import NoReturn

from whoosh.codec import base
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage, ReadOnlyError
from whoosh.index import TOC, FileIndex
from whoosh.reading import IndexReader

from ..directory.commit import Commit
from ..directory.damage import reported_damage
from ..directory.directory_reader import current_commit
from ..segment.content import Segment
from .segment import OpenSegment
from .terms import ArrayTerms


def open_reader(directory: Path, schema: Schema) -> IndexReader:
    """Return Whoosh's reader of the current commit. Raises IndexDamaged."""
    with reported_damage(directory, missing=True):
        toc = toc_of(current_commit(directory), directory, schema)
        storage = ReadOnlyStorage(directory)
        return FileIndex._reader(storage, schema, toc.segments, toc.generation)


def toc_of(commit: Commit, directory: Path, schema: Schema) -> TOC:
    """Return a commit as Whoosh's table of contents."""
    segments = [ArraySegment(directory, segment) for segment in commit.segments]
    return TOC(schema, segments, commit.generation)


def read_only(*_: object, **__: object) -> NoReturn:
    """Refuse to write. Raises Whoosh's ReadOnlyError."""
    raise ReadOnlyError("an index of Chaja is written by its own writer, never file by file")


class ReadOnlyStorage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """The files of an index; every method that would change one raises ReadOnlyError."""

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory), readonly=True)

    def create(self) -> ReadOnlyStorage:
        """Return the storage itself; no directory is made."""
        return self

    create_index = create_file = temp_storage = lock = read_only
    delete_file = rename_file = clean = destroy = read_only


class ArrayCodec(base.Codec):  # type: ignore[misc]  # Whoosh has no types
    """Reads Chaja's segments; its writers raise ReadOnlyError."""

    def terms_reader(self, storage: ReadOnlyStorage, segment: ArraySegment) -> ArrayTerms:
        """Return the reader of a segment's terms and posting lists."""
        return ArrayTerms(segment.opened)

    def per_document_reader(self, storage: ReadOnlyStorage, segment: ArraySegment) -> OpenSegment:
        """Return the reader of a segment's passages, which closes its files."""
        return segment.opened

    per_document_writer = field_writer = postings_writer = new_segment = read_only


class ArraySegment(base.Segment):  # type: ignore[misc]  # Whoosh has no types
    """A segment of one commit, which can be opened once."""

    def __init__(self, directory: Path, segment: Segment) -> None:
        self.indexname = segment.name
        self.compound = False
        self._directory = directory
        self._segment = segment

    @cached_property
    def opened(self) -> OpenSegment:
        """The segment with its files open, shared by both readers."""
        return OpenSegment(self._directory, self._segment)

    def codec(self) -> ArrayCodec:
        """Return the codec that reads it."""
        return ArrayCodec()

    def segment_id(self) -> str:
        """Return its name, which its file names start with."""
        return self._segment.name

    def doc_count_all(self) -> int:
        """Return the number of passages, with deleted ones."""
        return self._segment.passages

    def deleted_count(self) -> int:
        """Return the number of deleted passages."""
        return self._segment.deleted

    delete_document = set_doc_count = read_only
