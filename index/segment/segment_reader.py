"""Reads a segment: postings and doc values as arrays, stored fields one record at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import AnyArray, Int64s, Mask
from ..arrays.files import CorruptFile, WrittenFile
from ..schema import STORED_DOCUMENT, STORED_PASSAGE, TRANSLATIONS, Field
from .content import DocValues, FieldPostings, Postings, Segment
from .doc_store import Block, DocStore, StoredFields
from .doc_values import StoredDocValues
from .path_labels import Labels, PathLabels, stored_labels
from .postings_reader import FieldReader

_NO_NUMBERS = np.zeros(0, dtype=np.int64)


class StoredRecords:
    """The records of a doc store, checked when they are read. Raises CorruptFile."""

    def __init__(self, file: ArrayFile) -> None:
        self._name = file.path.name
        self.passages = DocStore(file, "passages")
        self.documents = DocStore(file, "documents")

    def stored(self, passage: int) -> StoredFields:
        """Return the stored fields of a passage."""
        return self._checked(self.passages[passage], STORED_PASSAGE)

    def stored_document(self, document: int) -> StoredFields:
        """Return the stored fields of a document."""
        record = self._checked(self.documents[document], STORED_DOCUMENT)
        translations = record.get(TRANSLATIONS, [])
        if type(translations) is not list:
            raise self._invalid(TRANSLATIONS)
        if any(type(text) is not str for text in (*record["metadata"].values(), *translations)):
            raise self._invalid("metadata")
        return record

    def _checked(self, record: StoredFields, types: Mapping[str, type]) -> StoredFields:
        for name, kind in types.items():
            if type(record.get(name)) is not kind:
                raise self._invalid(name)
        return record

    def _invalid(self, name: str) -> CorruptFile:
        return CorruptFile(f"{self._name}: a record lacks {name}")


class SegmentReader:
    """One open segment. Raises CorruptFile where its files contradict each other or themselves."""

    def __init__(self, folder: Path, segment: Segment) -> None:
        self.segment = segment
        with ExitStack() as files:
            self._postings = _open(files, folder, segment.postings)
            self._text = _open(files, folder, segment.text)
            self._records = StoredRecords(self._text)
            self._doc_values = StoredDocValues(self._postings)
            self.sums = self._doc_values.sums
            self.size = self._doc_values.passages
            self.documents = self._doc_values.documents
            self._check_sizes()
            self._fields = {
                field: FieldReader(self._postings, field, size=self.size) for field in Field
            }
            self.deleted = deleted_passages(folder, segment)
            self._files = files.pop_all()

    def _check_sizes(self) -> None:
        if (
            not self._doc_values.has_valid_sizes
            or self.size != self.segment.passages
            or len(self._records.passages) != self.size
            or len(self._records.documents) != self.documents
        ):
            raise CorruptFile(f"{self.segment.name}: its parts differ in size")

    def close(self) -> None:
        """Close the files."""
        self._files.close()

    def release(self) -> None:
        """Give back the memory of what was read; it is read again when needed."""
        self._postings.release()
        self._text.release()

    def column(self, name: str) -> AnyArray:
        """Return a column of StoredDocValues."""
        return self._doc_values[name]

    @property
    def doc_values(self) -> DocValues:
        """All doc values, copied out of the file."""
        return DocValues(*(self.column(name).astype(np.int64) for name in DocValues.__slots__))

    def labels(self, name: str) -> Labels:
        """Return the folder or the filetype of each document."""
        stored = stored_labels(self._postings, name, self.documents)
        return stored or self.labels_of_paths(name)

    def labels_of_paths(self, name: str) -> Labels:
        """Return what `labels` does, made of the paths."""
        labels = PathLabels(self.column("document"))
        labels.add(self.paths())
        return labels.labels(name)

    def paths(self) -> FieldPostings:
        """Return the whole field PATH."""
        field = self._fields[Field.PATH]
        part = field.part(0, len(field.terms))
        part.terms = list(field.terms)
        return part

    def field(self, field: Field) -> FieldReader:
        """Return an inverted field."""
        return self._fields[field]

    def postings(self, field: Field, term: bytes) -> Postings | None:
        """Return the whole posting list of a term, deleted passages included, or None."""
        number = self._fields[field].terms.find(term)
        return None if number is None else self._fields[field].postings(number)

    def terms(self, field: Field, prefix: bytes = b"") -> Iterator[bytes]:
        """Yield the terms of a field that start with `prefix`, in the order of their bytes."""
        terms = self._fields[field].terms
        return terms.some(terms.starting_with(prefix))

    def stored(self, passage: int) -> StoredFields:
        """Return the stored fields of a passage."""
        return self._records.stored(passage)

    def stored_document(self, document: int) -> StoredFields:
        """Return the stored fields of a document."""
        return self._records.stored_document(document)

    def stored_passages(self, kept: Mask) -> Iterable[StoredFields | Block]:
        """Yield the stored fields of the passages to keep; whole blocks stay packed."""
        return self._records.passages.blocks(kept)

    def stored_documents(self, kept: Mask) -> Iterable[StoredFields | Block]:
        """Yield the stored fields of the documents to keep; whole blocks stay packed."""
        return self._records.documents.blocks(kept)


def _open(files: ExitStack, folder: Path, written: WrittenFile) -> ArrayFile:
    """Open a file, and check that it is the one that the commit lists."""
    file = ArrayFile(folder / written.name)
    files.callback(file.close)
    if (file.size, file.footer_checksum) != (written.size, written.checksum):
        raise file.corrupt("does not match the commit file")
    return file


def deleted_passages(folder: Path, segment: Segment) -> Int64s:
    """Return the deleted passages of a segment, ascending."""
    if segment.deletions is None:
        return _NO_NUMBERS
    with ExitStack() as files:
        file = _open(files, folder, segment.deletions)
        deleted: Int64s = file["passages"].all().astype(np.int64)
    is_valid = not len(deleted) or 0 <= int(deleted.min()) <= int(deleted.max()) < segment.passages
    if len(deleted) != segment.deleted or not is_valid:
        raise file.corrupt("deletes passages that do not exist")
    return deleted
