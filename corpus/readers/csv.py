"""CSV and TSV: a header row, then one document a row."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from corpus.document import Document, Problem
from corpus.errors import CorpusError

from ..encoding import damage
from ..text_file import LONGEST_LINE, Line, Lines
from .rows import TEXT_FIELDS, Rows

_DELIMITERS = ",;\t"
_NO_DELIMITER = "\x1f"  # of one column, whose values may hold any of the above


# The module's own limit, 131,072 characters, is shorter than many documents; it is one for the
# whole process, and this is the most that every platform takes.
csv.field_size_limit(2**31 - 1)


def read(path: Path, *, name: str) -> Iterator[Document | Problem]:
    """Yield a document for each row below the header, and a Problem for each that gives none."""
    lines = Lines(path)
    rows = records(iter(lines), delimiter=_delimiter(lines))
    header = _header(next(rows, None))
    joined = not any(column.casefold() in TEXT_FIELDS for column in header)
    documents = Rows(name, joined=joined)
    empty = True
    for record in rows:
        empty = False
        yield _document(record, header, documents, name=name)
        if record.bad:
            reason = damage(lines.encoding, record.bad)
            yield Problem(path=name, reason=reason, line=record.line)
    if empty:
        yield Problem(path=name, reason="has no rows below its header")


def _delimiter(lines: Lines) -> str:
    """Return the one that the first line that is not blank has most of, outside its quotes."""
    first = next((line.text for line in lines if line.text.strip()), "")
    outside = Counter("".join(first.split('"')[::2]))
    most = max(_DELIMITERS, key=outside.__getitem__)
    return most if outside[most] else _NO_DELIMITER


def _header(record: Record | None) -> list[str]:
    """Return the names of the columns, all of them different and none empty."""
    if record is None:
        raise CorpusError("has no rows")
    if record.fault:
        raise CorpusError(f"has no readable header: its first row {record.fault}")
    names: list[str] = []
    for number, cell in enumerate(record.cells, start=1):
        name = " ".join(cell.split()) or f"column {number}"
        names.append(name if name not in names else f"{name} ({number})")
    return names


def _document(
    record: Record, header: list[str], documents: Rows, *, name: str
) -> Document | Problem:
    if record.fault:
        return Problem(path=name, reason=record.fault, line=record.line)
    breaks = accumulate((cell.count("\n") for cell in record.cells), initial=record.line)
    row = dict(zip(header, record.cells, strict=True))
    starts = dict(zip(header, breaks, strict=False))
    return documents.document(row, line=record.line, starts=starts)


class Record(NamedTuple):
    """One record: the line it starts on, its cells, its bytes gone bad, and what is wrong with it.

    `fault` is "" where nothing is.
    """

    line: int
    cells: list[str]
    bad: int
    fault: str


class _Feed:
    """Feeds lines to a csv.reader, and can take back those of the present record."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._length = 0
        self.taken: list[Line] = []
        self.stopped = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._next()
        if line is None or self._length > LONGEST_LINE:
            # The reader then gives what it has: a mark that is never closed must not make one
            # record of the rest of the file.
            if line is not None:
                self._again.appendleft(line)
            self.stopped = True
            raise StopIteration
        self.taken.append(line)
        self._length += len(line.text)
        return line.text

    def _next(self) -> Line | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def begin(self) -> None:
        """Forget the present record: the next line begins another."""
        self.taken, self._length, self.stopped = [], 0, False

    def take_back(self) -> None:
        """Feed the present record again but for its first line."""
        self._again.extendleft(reversed(self.taken[1:]))


def records(lines: Iterator[Line], *, delimiter: str) -> Iterator[Record]:
    """Yield the records in order, the first one setting how many cells the others have.

    A record that is broken is told of by its first line only: its other lines are read anew.
    """
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, skipinitialspace=True)
    columns = 0
    while True:
        feed.begin()
        cells = next(reader, None)
        if cells is None:
            return
        if not any(map(str.strip, cells)):  # spreadsheets write many of these below their tables
            continue
        columns = columns or len(cells)
        fault = _fault(feed, len(cells), columns)
        if fault:
            feed.take_back()
        used = feed.taken[:1] if fault else feed.taken
        yield Record(used[0].number, cells, sum(line.bad for line in used), fault)


def _fault(feed: _Feed, cells: int, columns: int) -> str:
    if any(line.cut for line in feed.taken):
        return "is too long for a row"
    if feed.stopped and sum(line.text.count('"') for line in feed.taken) % 2:
        return "has a quotation mark that is not closed"
    if cells != columns:
        return f"has {cells} columns where the header has {columns}"
    return ""
