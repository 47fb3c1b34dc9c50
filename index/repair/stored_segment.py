"""What the files of a damaged segment still tell."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, closing, suppress
from itertools import compress
from pathlib import Path

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import Int64s, Mask
from ..arrays.files import CorruptFile
from ..arrays.term_dictionary import text_of
from ..ingest.batch import Batch
from ..ingest.stored_text import batch_of, chunks
from ..schema import Field
from ..segment.content import Segment
from ..segment.postings_reader import FieldReader
from ..segment.segment_reader import SegmentReader, StoredRecords, deleted_passages

# Passages in a batch, in whole documents, at some ten kilobytes of memory each.
_AT_ONCE = 20_000


class StoredSegment:
    """A segment whose doc store and deletions are sound, but whose postings are damaged.

    Raises OSError, and CorruptFile if it cannot be told where its documents begin.
    """

    def __init__(self, directory: Path, segment: Segment) -> None:
        with ExitStack() as files:
            self._file = ArrayFile(directory / segment.text.name)
            files.callback(self._file.close)
            self._records = StoredRecords(self._file)
            deleted = deleted_passages(directory, segment)
            self._firsts = self._first_passages(directory, segment)
            self._alive = ~np.isin(self._firsts[:-1], deleted)
            self._files = files.pop_all()

    def close(self) -> None:
        """Close the file."""
        self._files.close()

    def batches(self) -> Iterator[Batch]:
        """Yield the documents that are not deleted."""
        for documents in chunks(self._firsts, most=_AT_ONCE):
            for run in _runs(documents, self._alive):
                yield batch_of(self._records, run, self._firsts)

    def _first_passages(self, directory: Path, segment: Segment) -> Int64s:
        """Return the first passage of each document, and their end.

        From the doc values, if their pages are sound; else from the passages themselves: one that
        starts before the end of the last is of another document. That misses a document that
        starts with more white space than the whole text before it.
        """
        with suppress(CorruptFile, OSError), closing(SegmentReader(directory, segment)) as reader:
            return reader.column("first_passage").astype(np.int64)
        firsts, end = [0], 0
        passages = len(self._records.passages)
        for number in range(passages):
            record = self._records.stored(number)
            if number and record["start"] < end:
                firsts.append(number)
            end = record["start"] + len(record["text"])
        if len(firsts) != len(self._records.documents):
            raise self._file.corrupt("it cannot be told where its documents begin")
        return np.array([*firsts, passages], np.int64)


def _runs(documents: range, alive: Mask) -> Iterator[range]:
    """Split documents into runs of those that are alive."""
    start = documents.start
    for document in (*documents, documents.stop):
        if document == documents.stop or not alive[document]:
            if start < document:
                yield range(start, document)
            start = document + 1


def paths_in(directory: Path, segment: Segment, *, damaged: Collection[str]) -> set[str] | None:
    """Return the paths of the documents of a damaged segment; None if no sound file has them.

    Those of deleted ones are among them if the deletions or the postings are damaged.
    """
    with suppress(CorruptFile, OSError):
        if segment.text.name not in damaged:
            with closing(ArrayFile(directory / segment.text.name)) as file:
                records = StoredRecords(file)
                numbers = range(len(records.documents))
                return {str(records.stored_document(number)["path"]) for number in numbers}
        if segment.postings.name not in damaged:
            with closing(ArrayFile(directory / segment.postings.name)) as file:
                field = FieldReader(file, Field.PATH, size=segment.passages)
                deleted = _deleted(directory, segment)
                numbers = range(len(field.terms))
                lists = (field.postings(number).passages.tolist() for number in numbers)
                alive = (not deleted.issuperset(passages) for passages in lists)
                return set(map(text_of, compress(field.terms, alive)))
    return None


def _deleted(directory: Path, segment: Segment) -> set[int]:
    with suppress(CorruptFile, OSError):
        return set(deleted_passages(directory, segment).tolist())
    return set()
