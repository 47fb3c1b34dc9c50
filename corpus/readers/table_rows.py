"""Writes the rows of a table as lines, each cell with the name of its column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .table import Record, header_of

_SEPARATOR = " | "
_LONGEST_NAME = 60  # characters
_NUMBER = re.compile(r"[-+(]?[\d.,:/%-]*\d[\d.,:/%)-]*")
_NAME = re.compile(r"[^\W\d_]|\d{4}")  # a word or a year; columns that are counted have no name
# Rows that tell whether the first of a table are its header.
SAMPLE = 20


class Names:
    """The names of the columns of a table, and the number of the row that has them, or -1."""

    def __init__(
        self, rows: Sequence[Sequence[str]], *, is_marked: bool = False, is_list: bool = False
    ) -> None:
        """Find the header among the first rows of a table; if it `is_marked`, it is the first.

        A table that `is_list` has rows that are alike, as those of sheets are; others may be forms,
        with names and values side by side, unless a column has numbers only.
        """
        self.row, self._names = -1, [""]
        if not rows:
            return
        records = [Record(number, list(row), 0, "") for number, row in enumerate(rows[:SAMPLE])]
        found = header_of(records)
        row = 0 if is_marked else found.row
        below = [each for each in rows[row + 1 : SAMPLE] if any(each)]
        if not is_marked and not (found.is_row and _is_table(rows[row], below, is_list=is_list)):
            return
        if _are_names(rows[row]) and below:
            names = (" ".join(name.split()) for name in rows[row])
            self.row = row
            self._names = [name if _NAME.search(name) else "" for name in names]

    def line(self, cells: Iterable[tuple[int, str]]) -> str:
        """Return the cells of a row, by their columns, as a line: "name: value | name: value"."""
        names = self._names
        found = []
        for number, cell in cells:
            value = " ".join(cell.split())
            if value:
                name = names[number] if number < len(names) else ""
                found.append(f"{name}: {value}" if name and name != value else value)
        return _SEPARATOR.join(found)


def plain_line(cells: Iterable[str]) -> str:
    """Return a row as a line of its cells."""
    return _SEPARATOR.join(filter(None, (" ".join(cell.split()) for cell in cells)))


def lines_of(
    rows: Sequence[Sequence[str]], *, is_marked: bool = False, is_list: bool = False
) -> Iterator[str]:
    """Yield the rows of a whole table as lines, in order; blank ones are left out."""
    names = Names(rows, is_marked=is_marked, is_list=is_list)
    for number, row in enumerate(rows):
        line = names.line(enumerate(row)) if number > names.row else plain_line(row)
        if line:
            yield line


def _are_names(names: Sequence[str]) -> bool:
    filled = [name for name in names if name.strip()]
    return 1 < len(filled) == len(set(filled)) and max(map(len, filled)) <= _LONGEST_NAME


def _is_table(names: Sequence[str], below: Sequence[Sequence[str]], *, is_list: bool) -> bool:
    """Return whether the rows below a first one are values of what it names.

    In a form of two columns, the first has the names of the values beside them.
    """
    if is_list and sum(1 for name in names if name.strip()) > 2:
        return True
    return any(
        name.strip() and not _NUMBER.fullmatch(name) and _is_numbers(below, number)
        for number, name in enumerate(names)
    )


def _is_numbers(rows: Sequence[Sequence[str]], number: int) -> bool:
    cells = [row[number].strip() for row in rows if number < len(row) and row[number].strip()]
    return len(cells) > 1 and all(map(_NUMBER.fullmatch, cells))
