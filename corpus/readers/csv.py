"""Reads CSV and TSV: a header row, then one document per row."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator
from itertools import accumulate
from typing import BinaryIO, NamedTuple

from corpus.document import Document, Problem
from corpus.errors import CorpusError

from ..encoding import bad_bytes
from ..text_file import LONGEST_LINE, Line, Lines
from .rows import TEXT_FIELDS, Rows

_DELIMITERS = ",;\t"
_NO_DELIMITER = "\x1f"  # for a single column, whose values may contain any delimiter

# The default, 131,072 characters, is shorter than many documents. The limit is global to the
# process, and this is the greatest that every platform accepts.
csv.field_size_limit(2**31 - 1)


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield a document for each row below the header, or a Problem for a row that gives none."""
    lines = Lines(file)
    rows = records(iter(lines), delimiter=_delimiter(lines))
    header = _header(next(rows, None))
    joined = not any(column.casefold() in TEXT_FIELDS for column in header)
    documents = Rows(name, joined=joined)
    empty = True
    for record in rows:
        empty = False
        yield _document(record, header, documents, name=name)
        if record.bad:
            yield from bad_bytes(name, lines.encoding, record.bad, record.line)
    if empty:
        yield Problem(path=name, reason="has no rows below its header")


def _delimiter(lines: Lines) -> str:
    """Return the most frequent delimiter of the first line that is not blank, outside quotes."""
    first = next((line.text for line in lines if line.text.strip()), "")
    counts = Counter("".join(first.split('"')[::2]))
    most = max(_DELIMITERS, key=counts.__getitem__)
    return most if counts[most] else _NO_DELIMITER


def _header(record: Record | None) -> list[str]:
    """Return the names of the columns, all different and none empty."""
    if record is None:
        raise CorpusError("has no rows")
    if record.fault:
        raise CorpusError(f"has no readable header: its first row {record.fault}")
    names: dict[str, None] = {}  # a set in order
    for number, value in enumerate(record.values, start=1):
        name = " ".join(value.split()) or f"column {number}"
        while name in names:
            name = f"{name} ({number})"
        names[name] = None
    return list(names)


def _document(
    record: Record, header: list[str], documents: Rows, *, name: str
) -> Document | Problem:
    if record.fault:
        return Problem(path=name, reason=record.fault, line=record.line)
    lines = accumulate((value.count("\n") for value in record.values), initial=record.line)
    row = dict(zip(header, record.values, strict=True))
    starts = dict(zip(header, lines, strict=False))
    return documents.document(row, line=record.line, starts=starts)


class Record(NamedTuple):
    """One record: its first line, its values, its count of bad bytes, and its fault or ""."""

    line: int
    values: list[str]
    bad: int
    fault: str


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


def records(lines: Iterator[Line], *, delimiter: str) -> Iterator[Record]:
    """Yield the records in order; the first sets the number of columns.

    Only the first line of a broken record is skipped: its other lines are read again.
    """
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, skipinitialspace=True)
    columns = 0
    while True:
        feed.begin()
        values = next(reader, None)
        if values is None:
            return
        if not any(map(str.strip, values)):  # spreadsheets write many of these below their tables
            continue
        columns = columns or len(values)
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
    if count != columns:
        return f"has {count} columns where the header has {columns}"
    return ""
