"""Writes the rows of a sheet, with the names of their columns and what is said of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from ..placed_text import PlacedText
from ..table_rows import SAMPLE, Names, plain_line

_AFTER_ALL = 1 << 62  # a row


def add_sheet(
    text: PlacedText,
    title: str,
    rows: Iterable[tuple[int, Mapping[int, str]]],
    remarks: Mapping[int, list[str]],
) -> None:
    """Add a sheet: its title as a heading, and each row, by its number, as a line.

    `rows` have their cells by column, and no blank ones; `remarks` are comments and texts of
    drawings by the row where they are. A sheet with nothing in it has no heading either.
    """
    numbered = ((number, cells) for number, cells in rows if any(map(str.strip, cells.values())))
    sample = list(islice(numbered, SAMPLE))
    columns = sorted({column for _, cells in sample for column in cells})
    names = Names(
        [[cells.get(column, "") for column in columns] for _, cells in sample], is_list=True
    )
    positions = {column: position for position, column in enumerate(columns)}
    left = deque(sorted(place for place, said in remarks.items() if any(map(str.strip, said))))

    def add_remarks(end: int) -> None:
        while left and left[0] < end:
            place = left.popleft()
            for remark in remarks[place]:
                text.add_row(" ".join(remark.split()), place)

    if sample or left:
        first = min([number for number, _ in sample[:1]] + list(left)[:1])
        text.add(title, first, is_heading=True)
    for index, (number, cells) in enumerate(chain(sample, numbered)):
        add_remarks(number)
        text.add_row(_line(names, positions, index, cells), number)
        add_remarks(number + 1)
    add_remarks(_AFTER_ALL)


def _line(names: Names, positions: Mapping[int, int], index: int, cells: Mapping[int, str]) -> str:
    if index <= names.row:
        return plain_line(cell for _, cell in sorted(cells.items()))
    beyond = len(positions)
    return names.line(_placed(cells, positions, beyond))


def _placed(
    cells: Mapping[int, str], positions: Mapping[int, int], beyond: int
) -> Iterator[tuple[int, str]]:
    for column, cell in cells.items():
        yield positions.get(column, beyond), cell
