"""Stored documents become batches again, without their files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from corpus import Document, Passage

from ..arrays.array_types import Int64s
from ..schema import LABELS, LINE, MODIFIED, OCR, ON_DISK, PLACES, TRANSLATIONS, UNIT
from .batch import Batch, Batcher


class StoredDocuments(Protocol):
    """The records of a segment, by passage and by document."""

    def stored(self, passage: int) -> dict[str, Any]:
        """Return the stored fields of a passage."""

    def stored_document(self, document: int) -> dict[str, Any]:
        """Return the stored fields of a document."""


def chunks(firsts: Int64s, *, most: int) -> Iterator[range]:
    """Split documents into ranges of at most `most` passages, but at least one document.

    `firsts` are the first passage of each document, and the end of the last one.
    """
    start, documents = 0, len(firsts) - 1
    while start < documents:
        end = int(np.searchsorted(firsts, firsts[start] + most, side="right")) - 1
        yield range(start, min(max(end, start + 1), documents))
        start = max(end, start + 1)


def batch_of(source: StoredDocuments, documents: range, firsts: Int64s) -> Batch:
    """Return some documents as the batch that their files gave."""
    batcher = Batcher()
    for document in documents:
        rows = range(int(firsts[document]), int(firsts[document + 1]))
        passages = [_passage(source.stored(row)) for row in rows]
        batcher.add(_document(source.stored_document(document)), passages)
    return batcher.take()


def _passage(record: dict[str, Any]) -> Passage:
    text, start = str(record["text"]), int(record["start"])
    line, heading = record["line"], str(record["heading"])
    places = tuple(map(tuple, record.get(PLACES, ())))
    return Passage(0, text, start, start + len(text), line, heading, places)


def _document(record: dict[str, Any]) -> Document:
    return Document(
        id=str(record["id"]),
        path=str(record["path"]),
        title=str(record["title"]),
        text="",
        language=str(record["language"]),
        date=str(record["date"]),
        metadata=record["metadata"],
        translations=tuple(record.get(TRANSLATIONS, ())),
        on_disk=str(record.get(ON_DISK, "")),
        unit=str(record.get(UNIT, LINE)),
        labels=tuple(map(tuple, record.get(LABELS, ()))),
        ocr=tuple(map(tuple, record.get(OCR, ()))),
        modified=int(record.get(MODIFIED, 0)),
    )
