"""Stock Whoosh as an oracle: the same passages, written by its own writer and codec."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unittest.mock import patch

from whoosh import fields, formats
from whoosh.codec import whoosh3
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from corpus import Document, Passage
from index.analysis.analyzer import Analyzer
from index.analysis.word import Role
from index.bridge.evidence.extract import evidence_terms
from index.ingest.field_terms import field_terms, other_text
from index.schema import span_of
from index.segment.segment_reader import SegmentReader
from index.whoosh.schema import Day

_OF_A_DOCUMENT = ("id", "path", "title", "language", "metadata")
_ROLES = (Role.PRIMARY, Role.COMPOUND)


@dataclass(slots=True)
class Counted:
    """A text to index: the positions of each term, and its length."""

    positions: dict[str, list[int]] = field(default_factory=dict)
    length: int = 0


class TextField(fields.FieldType):
    """A field that indexes Counted texts."""

    def __init__(self, format_: formats.Format) -> None:
        super().__init__(format_, analyzer=None, scorable=True)

    def index(self, value: Counted, **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for number, (term, positions) in enumerate(value.positions.items()):
            # Whoosh sums the second values to the length of the text.
            length = 0 if number else value.length
            yield term.encode(), length, float(len(positions)), self._value(positions)

    def _value(self, positions: list[int]) -> bytes:
        if isinstance(self.format, formats.Positions):
            return self.format.encode(positions)
        return len(positions).to_bytes(4, "big")


class TermField(fields.FieldType):
    """A field that indexes lists of terms, without frequencies."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), analyzer=None)

    def index(self, value: Sequence[str], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term in value:
            yield term.encode(), 1, 1.0, b""


def stock_index(folder: str, readers: Sequence[SegmentReader], analyzer: Analyzer) -> FileIndex:
    """Write the stored fields of segments with Whoosh's codec, and delete the same passages."""
    schema = fields.Schema(
        body=TextField(formats.Positions()),
        title=TextField(formats.Positions()),
        gram=TextField(formats.Frequency()),
        bridge=TermField(),
        field=TermField(),
        meta=TextField(formats.Positions()),
        path=fields.ID,
        language=fields.ID,
        date=Day(),
        key=fields.STORED,
    )
    index = FileStorage(folder).create_index(schema)
    base = 0
    for reader in readers:
        _write(index, list(_passages(reader, analyzer)))
        for passage in reader.deleted.tolist():
            _delete(index, base + passage)
        base += reader.size
    return index


def _write(index: FileIndex, passages: Sequence[dict[str, object]]) -> None:
    writer = index.writer(codec=whoosh3.W3Codec(), compound=False)
    for passage in passages:
        writer.add_document(**passage)
    writer.commit(merge=False)


def _delete(index: FileIndex, passage: int) -> None:
    writer = index.writer(codec=whoosh3.W3Codec(), compound=False)
    writer.delete_document(passage)
    writer.commit(merge=False)


def _passages(reader: SegmentReader, analyzer: Analyzer) -> Iterator[dict[str, object]]:
    owners = reader.column("document").tolist()
    for number, owner in enumerate(owners):
        document, passage = reader.stored_document(owner), reader.stored(number)
        is_first = number == 0 or owners[number - 1] != owner
        title = document["title"] if is_first else ""
        yield {
            "body": _words(passage["text"], analyzer),
            "title": _words(title, analyzer),
            "gram": _bigrams((passage["text"], title), analyzer),
            **(_of_document(reader, owners, owner, analyzer) if is_first else {}),
            "path": document["path"],
            "language": document["language"] or None,
            "date": _day(document["date"]),
            "key": key_of({**document, **passage}),
        }


def _day(date: str) -> datetime | None:
    day = span_of(date)[0]
    return datetime.strptime(str(day), "%Y%m%d") if day else None


def _of_document(
    reader: SegmentReader, owners: Sequence[int], owner: int, analyzer: Analyzer
) -> dict[str, object]:
    stored = reader.stored_document(owner)
    document = Document(text="", **{name: stored[name] for name in _OF_A_DOCUMENT})
    texts = [reader.stored(number)["text"] for number, its in enumerate(owners) if its == owner]
    passages = [Passage(0, text, 0, len(text), 1) for text in texts]
    return {
        "bridge": evidence_terms(document, texts),
        "field": field_terms(document),
        "meta": _words(other_text(document, passages), analyzer),
    }


def key_of(stored: dict[str, Any]) -> tuple[str, str, int]:
    """Return the key of a passage."""
    return stored["path"], stored["id"], stored["start"]


def _words(text: str, analyzer: Analyzer) -> Counted:
    positions: dict[str, set[int]] = defaultdict(set)
    length = 0
    for token in analyzer.tokens(text):
        for part in token.word.parts:
            positions[part.term].add(token.position + part.position)
            length += part.role in _ROLES
    return Counted({term: sorted(positions[term]) for term in positions}, length)


def _bigrams(texts: Sequence[str], analyzer: Analyzer) -> Counted:
    bigrams = Counter(
        bigram for text in texts for token in analyzer.tokens(text) for bigram in token.word.bigrams
    )
    return Counted({bigram: [0] * count for bigram, count in bigrams.items()}, bigrams.total())


@contextmanager
def exact_lengths() -> Iterator[None]:
    """Let Whoosh store lengths up to 255 exactly, which it otherwise rounds to fit into a byte."""
    with (
        patch.object(whoosh3, "length_to_byte", lambda length: length or 0),
        patch.object(whoosh3, "byte_to_length", lambda byte: byte),
    ):
        yield
