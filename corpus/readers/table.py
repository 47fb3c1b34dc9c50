"""How a table is laid out: its delimiter, the lines above its header, and the header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import dropwhile, pairwise
from typing import NamedTuple

from corpus.document import Document
from corpus.language import detect

from ..text_file import Line
from .metadata import file_title
from .rows import FIELDS

_DELIMITERS = ",;\t|"
_NO_DELIMITER = "\x1f"  # for a single column, whose values may contain any delimiter
# Excel reads the delimiter from such a first line.
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)

# Records that tell the width of a table, and the most that stand above a header.
_SAMPLE = 20
_MOST_ABOVE = 10
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = re.compile(r"[0-9]{1,4}")
# A number, date, time or phone number; an address of mail or of a page. Sentences are no sign: the
# columns of a survey are called by its questions.
_VALUE = re.compile(r"[-+]?[\d.,:/\s()%-]*\d[\d.,:/\s()%-]*|\S+@\S+\.\w+|(?:https?://|www\.)\S+")


class Record(NamedTuple):
    """One record: its first line, its values, its count of bad bytes, and its fault or ""."""

    line: int
    values: list[str]
    bad: int
    fault: str


class Header(NamedTuple):
    """The names of the columns, and the number of the record in the sample where rows begin.

    That record has the names if it `is_row`; else the table has no header.
    """

    names: Sequence[str]
    row: int
    is_row: bool


def separator_line(lines: Sequence[Line]) -> tuple[str, int]:
    """Return the delimiter that a line `sep=` gives, or "", and how many lines to skip."""
    found = _SEPARATOR.fullmatch(lines[0].text) if lines else None
    return (found[1], 1) if found else ("", 0)


def delimiter_of(lines: Sequence[Line]) -> str:
    """Return the delimiter of a table from its first lines, or one that no text has."""
    texts = [line.text for line in lines if line.text.strip()]
    found = list(map(_delimiters, texts))
    if not found or (not found[0] and (_has_known_name(texts[:1]) or not _is_regular(found))):
        return _NO_DELIMITER
    return _first_delimiter([counts for counts in found if counts])


def _first_delimiter(found: Sequence[Counter[str]]) -> str:
    """Return the most frequent delimiter of the first line, if the line below has it as well.

    A title above the header may have a comma, and then the header has other delimiters.
    """
    for counts, below in pairwise((*found, Counter[str]())):
        most = max(_DELIMITERS, key=counts.__getitem__)
        if counts[most] > 1 or most in below or not below:
            return most
    return _NO_DELIMITER


def _is_regular(found: Sequence[Counter[str]]) -> bool:
    """Return whether all lines from the first with a delimiter have some, and half as many."""
    rows = list(dropwhile(lambda counts: not counts, found))[:_SAMPLE]
    usual = max(map(rows.count, rows), default=0)
    return all(rows) and usual > 1 and 2 * usual >= len(rows)


def _delimiters(line: str) -> Counter[str]:
    counts = Counter("".join(line.split('"')[::2]))
    return Counter({each: counts[each] for each in _DELIMITERS if counts[each]})


def header_of(records: Sequence[Record]) -> Header:
    """Find the header among the first records of a table, of which there is at least one.

    Where most rows are wider than the header, the columns at their end have no name.
    """
    usual = _usual_width(records)
    row = _header_row(records, usual)
    values, below = records[row].values, records[row + 1 : row + _SAMPLE]
    blank = [""] * (usual - len(values))
    if records[row].fault or not _is_data(values, below):
        return Header(_column_names([*values, *blank]), row, is_row=True)
    width = max(len(record.values) for record in (records[row], *below))
    return Header(_column_names([""] * width), row, is_row=False)


def _usual_width(records: Sequence[Record]) -> int:
    widths = Counter(_width(record.values) for record in records[:_SAMPLE] if not record.fault)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _header_row(records: Sequence[Record], usual: int) -> int:
    """Return the number of the first record that is as wide as most; above it stand notes only."""
    for number, record in enumerate(records[: _MOST_ABOVE + 1]):
        if record.fault:
            break
        if _has_known_name(record.values) or _width(record.values) >= usual:
            return number
        if not _is_note(record.values):
            break
    return 0


def _width(values: Sequence[str]) -> int:
    """Return the number of values up to the last that is not blank."""
    return max((number for number, value in enumerate(values, 1) if value.strip()), default=0)


def _is_note(values: Sequence[str]) -> bool:
    """Return whether a record is no row: a title, or a name and its value."""
    filled = [value.strip() for value in values if value.strip()]
    return len(filled) == 1 or (
        len(filled) == 2 and (filled[0].endswith((":", "：")) or _is_value(filled[1]))
    )


def _has_known_name(values: Sequence[str]) -> bool:
    return any(" ".join(value.split()).casefold() in FIELDS for value in values)


def _is_data(values: Sequence[str], below: Sequence[Record]) -> bool:
    """Return whether a first record is a row like those below it, and not their header."""
    if _has_known_name(values) or not below:
        return False
    if any(map(_is_value, values)) and not _counts_up(values):
        return True
    rows = [record.values for record in below if record.values != values]
    return any(
        value.strip() and len(row) > number and row[number] == value
        for row in rows
        for number, value in enumerate(values)
    )


def _is_value(text: str) -> bool:
    """Return whether no column is called so."""
    text = text.strip()
    return _VALUE.fullmatch(text) is not None and _YEAR.fullmatch(text) is None


def _counts_up(values: Sequence[str]) -> bool:
    """Return whether the numbers of a record follow each other, as hours or years of a header."""
    numbers = [int(value) if _COUNTED.fullmatch(value.strip()) else None for value in values]
    counted = [number for number in numbers if number is not None]
    steps = {after - before for before, after in pairwise(counted)}
    return steps == {1} and not any(
        _is_value(value) for value, number in zip(values, numbers, strict=True) if number is None
    )


def _column_names(values: Sequence[str]) -> list[str]:
    """Return the names of the columns, all different and none empty."""
    names: dict[str, None] = {}  # a set in order
    for number, value in enumerate(values, start=1):
        name = " ".join(value.split()) or f"column {number}"
        while name in names:
            name = f"{name} ({number})"
        names[name] = None
    return list(names)


def preamble(records: Sequence[Record], name: str) -> Iterator[Document]:
    """Yield the records above a header as one document, if there are any."""
    text, starts = "", []
    for record in records:
        starts.append((len(text), record.line))
        text += " ".join(filter(None, map(str.strip, record.values))) + "\n"
    if records:
        yield Document(
            id=f"{name}#{records[0].line}",
            path=name,
            title=file_title(name),
            text=text,
            language=detect(text),
            lines=tuple(starts),
        )
