"""Reads CSV and TSV: a header row, then one document per row."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import accumulate, dropwhile
from typing import BinaryIO

from corpus.document import Document, Problem, State
from corpus.errors import CorpusError, NoText

from ..encoding import bad_bytes
from ..text_file import LONGEST_LINE, Line, Lines
from .rows import TEXT_FIELDS, Rows
from .table import Header, Record, delimiter_of, header_of, preamble, separator_line

# Of lines, as the beginning of a table, which tells its delimiter and its header.
_HEAD_LINES = 100
_HEAD_CHARACTERS = 1 << 20

# The default, 131,072 characters, is shorter than many documents. The limit is global to the
# process, and this is the greatest that every platform accepts.
csv.field_size_limit(2**31 - 1)


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield a document for each row below the header, or a Problem for a row that gives none.

    Lines above the header, such as the title of the table, are a document of their own.
    """
    lines = Lines(file)
    beginning = _beginning(lines)
    delimiter, first = separator_line(beginning)
    delimiter = delimiter or delimiter_of(beginning)
    sample = list(records(iter(beginning[first:]), delimiter=delimiter))
    if not sample:
        raise NoText("has no rows")
    header = header_of(sample)
    if sample[header.row].fault:
        raise CorpusError(f"has no readable header: its first row {sample[header.row].fault}")
    yield from preamble(sample[: header.row], name)
    line = sample[header.row].line
    rest = dropwhile(lambda each: each.number < line, lines)
    rows = records(rest, delimiter=delimiter, columns=len(header.names))
    if header.is_row:
        next(rows)
    yield from _documents(rows, header, lines.encoding, name)


def _beginning(lines: Lines) -> list[Line]:
    """Return the first lines of a table."""
    found: list[Line] = []
    characters = 0
    for line in lines:
        found.append(line)
        characters += len(line.text)
        if len(found) == _HEAD_LINES or characters > _HEAD_CHARACTERS:
            break
    return found


def _documents(
    rows: Iterator[Record], header: Header, encoding: str, name: str
) -> Iterator[Document | Problem]:
    joined = not any(column.casefold() in TEXT_FIELDS for column in header.names)
    documents = Rows(name, joined=joined, named=header.is_row)
    empty = True
    for record in rows:
        empty = False
        yield _document(record, header.names, documents, name=name)
        if record.bad:
            yield from bad_bytes(name, encoding, record.bad, record.line)
    if empty:
        reason = "has no rows below its header"
        yield Problem(path=name, reason=reason, state=State.NO_TEXT)


def _document(
    record: Record, header: Sequence[str], documents: Rows, *, name: str
) -> Document | Problem:
    """Return the document of a row; the cells that a short one lacks are empty."""
    if record.fault:
        return Problem(path=name, reason=record.fault, line=record.line)
    lines = accumulate((value.count("\n") for value in record.values), initial=record.line)
    row = dict(zip(header, record.values, strict=False))
    starts = dict(zip(header, lines, strict=False))
    return documents.document(row, line=record.line, starts=starts)


class _Feed:
    """An iterator of lines for csv.reader that can push back all but the first of a record."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._pushed_back: deque[Line] = deque()
        self._length = 0
        self.taken: list[Line] = []
        self.stopped = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._pushed_back.popleft() if self._pushed_back else next(self._lines, None)
        if line is None or self._length > LONGEST_LINE:
            # The reader then returns what it has: an unclosed quotation mark must not turn the
            # rest of the file into one record.
            if line is not None:
                self._pushed_back.appendleft(line)
            self.stopped = True
            raise StopIteration
        self.taken.append(line)
        self._length += len(line.text)
        return line.text

    def begin(self) -> None:
        """Begin a record with the next line."""
        self.taken, self._length, self.stopped = [], 0, False

    def push_back(self) -> None:
        """Push back the lines of the record but for the first."""
        self._pushed_back.extendleft(reversed(self.taken[1:]))


def records(lines: Iterator[Line], *, delimiter: str, columns: int = 0) -> Iterator[Record]:
    """Yield the records in order; one with more values than there are `columns` has a fault.

    Only the first line of a broken record is skipped: its other lines are read again.
    """
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, skipinitialspace=True)
    while True:
        feed.begin()
        values = next(reader, None)
        if values is None:
            return
        if not any(map(str.strip, values)):  # spreadsheets write many of these below their tables
            continue
        while columns and len(values) > columns and not values[-1].strip():
            values.pop()
        fault = _fault(feed, len(values), columns)
        if fault:
            feed.push_back()
        used = feed.taken[:1] if fault else feed.taken
        yield Record(used[0].number, values, sum(line.bad for line in used), fault)


def _fault(feed: _Feed, count: int, columns: int) -> str:
    if any(line.cut for line in feed.taken):
        return "is too long for a row"
    if feed.stopped and sum(line.text.count('"') for line in feed.taken) % 2:
        return "has a quotation mark that is not closed"
    if columns and count > columns:
        return f"has {count} columns where the header has {columns}"
    return ""
