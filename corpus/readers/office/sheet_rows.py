"""Writes the rows of a sheet, with the names of their columns and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from ..placed_text import PlacedText
from ..table_rows import SAMPLE, Names, plain_line


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
    left = {place: said for place, said in remarks.items() if any(map(str.strip, said))}
    is_first = True
    for index, (number, cells) in enumerate(chain(sample, numbered)):
        if is_first:
            text.add(title, min(number, *left, number), is_heading=True)
            is_first = False
        for place in sorted(place for place in left if place < number):
            _add_remarks(text, left.pop(place), place)
        text.add_row(_line(names, positions, index, cells), number)
        _add_remarks(text, left.pop(number, []), number)
    for place in sorted(left):
        if is_first:
            text.add(title, place, is_heading=True)
            is_first = False
        _add_remarks(text, left[place], place)


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


def _add_remarks(text: PlacedText, remarks: Iterable[str], place: int) -> None:
    for remark in remarks:
        text.add_row(" ".join(remark.split()), place)
