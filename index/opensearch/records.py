"""A segment as records of the two large indexes, the passages and the document they are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

import numpy as np

from corpus import LANGUAGES

from ..analysis.normalize import normal_form
from ..schema import Field
from ..segment.content import FieldPostings, SegmentContent
from ..segment.doc_store import Block, StoredFields, in_blocks, records_in
from ..segment.path_labels import LABELS
from ..value import NamedTuple
from .names import Epoch
from .stored_fields import stored_as
from .streams import document_terms, streams
from .terms import keyword

# An action of a bulk request, and the record that it indexes.
Action: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Any] | None]

# A number has the turn of its writer above so many bits, which count what that writer has added.
TURN = 36
_MONTH, _YEAR = 100, 100


class Numbering(NamedTuple):
    """The epoch that is written, and the number of the first passage."""

    epoch: Epoch
    first: int


def first_number(turn: int) -> int:
    """Return the first number of the writer whose turn it is; those of all before are less."""
    return turn << TURN


def bulk_records(
    content: SegmentContent, numbering: Numbering, counts: TermCounts
) -> Iterator[Action]:
    """Yield the documents of a segment, each after its passages, in order; count its terms."""
    segment = _Segment(content, counts)
    for document in range(segment.documents):
        yield from segment.actions(document, numbering)


class _Segment:
    """The columns of a segment, by passage and by document."""

    def __init__(self, content: SegmentContent, counts: TermCounts) -> None:
        values = content.doc_values
        count = len(values.document)
        self.documents = len(values.title_length)
        self._firsts = np.searchsorted(values.document, np.arange(self.documents + 1)).tolist()
        fields: defaultdict[Field, list[FieldPostings]] = defaultdict(list)
        for field, part in content.fields:
            fields[field].append(part)
            counts.add(field, part)
        self._body = streams(fields.pop(Field.BODY, ()), count)
        self._title = streams(fields.pop(Field.TITLE, ()), count)
        self._meta = streams(fields.pop(Field.META, ()), count)
        self._gram = streams(fields.pop(Field.BIGRAM, ()), count, positions=False)
        self._evidence = document_terms(fields[Field.BRIDGE], count)
        self._fields = document_terms(fields[Field.FIELD], count)
        self._paths = document_terms(fields[Field.PATH], count)
        self._passages = _records(content.passages)
        self._documents = _records(content.documents)
        self._numbers = {
            name: getattr(values, name).tolist()
            for name in ("body_length", "gram_length", "title_length", "title_key", "text_key")
        }
        self._languages = values.language.tolist()
        self._days = list(zip(values.first_day.tolist(), values.last_day.tolist(), strict=True))
        self._modified = values.modified.tolist()

    def actions(self, document: int, numbering: Numbering) -> Iterator[Action]:
        """Yield the actions that index the passages of a document, and itself."""
        epoch, base = numbering
        rows = range(*self._firsts[document : document + 2])
        number = base + rows.start
        stored = next(self._documents)
        of_file = self._of_file(document, rows.start, stored)
        routing = str(number)
        for row in rows:
            head = {"_index": epoch.passages, "_id": str(base + row), "routing": routing}
            yield {"index": head}, self._passage(row, rows.start, number, of_file)
        head = {"_index": epoch.documents, "_id": routing, "routing": routing}
        yield {"index": head}, {**self._document(document, rows, number, stored), **of_file}

    def _of_file(self, document: int, first: int, stored: StoredFields) -> dict[str, Any]:
        """Return what the passages of a document and itself have in common."""
        path = self._paths[first][0] if self._paths[first] else ""
        encoded = path.encode()
        start, end = self._days[document]
        language = self._languages[document]
        return {
            "field": [*map(keyword, self._fields[first])],
            "path": keyword(path),
            "path_normal": keyword(normal_form(path)),
            "id": keyword(str(stored["id"])),
            "language": LANGUAGES[language] if language < len(LANGUAGES) else "",
            **{name: keyword(label(encoded).decode()) for name, label in LABELS.items()},
            "year": year_label(start),
            "month": month_label(start, end),
            "first_day": start,
            "last_day": end,
            "modified": self._modified[document],
            "title_key": self._numbers["title_key"][document],
            "text_key": self._numbers["text_key"][document],
        }

    def _passage(
        self, row: int, first: int, number: int, of_file: Mapping[str, Any]
    ) -> dict[str, Any]:
        record = {
            "number": number + row - first,
            "doc": number,
            "ordinal": row - first,
            "body": self._body[row],
            "gram": self._gram[row],
            "title_all": self._title[first],
            "meta_all": self._meta[first],
            "body_length": self._numbers["body_length"][row],
            "gram_length": self._numbers["gram_length"][row],
            "stored": stored_as(next(self._passages)),
            **of_file,
        }
        if row == first:
            record |= {"title": self._title[row], "meta": self._meta[row]}
        return record

    def _document(
        self, document: int, rows: range, number: int, stored: StoredFields
    ) -> dict[str, Any]:
        lengths, grams = (
            self._numbers[name][rows.start : rows.stop] for name in ("body_length", "gram_length")
        )
        title = self._title[rows.start]
        title_length = self._numbers["title_length"][document]
        return {
            "number": number,
            "passages": len(rows),
            "text": [title, *self._body[rows.start : rows.stop]],
            "title": title,
            "gram": " ".join(filter(None, self._gram[rows.start : rows.stop])),
            "meta": self._meta[rows.start],
            "title_length": title_length,
            "length": title_length + sum(lengths),
            "gram_length": sum(grams),
            "evidence": [term for term in self._evidence[rows.start] if keyword(term) == term],
            "stored": stored_as(stored),
        }


def _records(stored: Iterable[StoredFields | Block]) -> Iterator[StoredFields]:
    """Yield records, packed or not, in their order."""
    return chain.from_iterable(
        records_in(block, range(block.records)) for block in in_blocks(stored)
    )


def year_label(first_day: int) -> str:
    """Return the year of a date (yyyymmdd) as a facet has it, "" for 0."""
    year = first_day // _MONTH // _YEAR
    return f"{year:04}" if year else ""


def month_label(first_day: int, last_day: int) -> str:
    """Return the month of a span of days as a facet has it, or its year; "" for 0."""
    month, year = first_day // _MONTH, year_label(first_day)
    if month != last_day // _MONTH or not month % _YEAR:
        return year
    return "-".join(filter(None, (year, f"{month % _YEAR:02}")))


class TermCounts:
    """Counts the passages with each term of the texts, titles and fields of some segments."""

    def __init__(self) -> None:
        self.counts: dict[bytes, int] = {}
        self.in_body: set[bytes] = set()
        self.in_title: set[bytes] = set()

    def add(self, field: Field, part: FieldPostings) -> None:
        """Count a part of a field, if it is one of those."""
        if field not in (Field.BODY, Field.TITLE, Field.META):
            return
        sizes: Sequence[int] = np.diff(part.bounds).tolist()
        counts = self.counts
        for term, size in zip(part.terms, sizes, strict=True):
            counts[term] = counts.get(term, 0) + size
        if field is Field.BODY:
            self.in_body.update(part.terms)
        elif field is Field.TITLE:
            self.in_title.update(part.terms)
