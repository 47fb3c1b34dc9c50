"""CSV and TSV: a header row, then one document a row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from corpus.document import Document, Problem
from corpus.errors import CorpusError

from .encoding import damage
from .lines import Lines
from .records import Record, records
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
