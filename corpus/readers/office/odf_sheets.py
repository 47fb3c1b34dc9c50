"""Reads the rows of an OpenDocument sheet: values as they are shown, and dates as dates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..xml_cursor import Cursor, Element, whole_number
from .cell_values import iso_text
from .odf_styles import ListStyles
from .odf_text import Story

_MOST_COPIES = 100  # of one row or cell that has text; blank ones are repeated to the end


def rows_of(cursor: Cursor) -> Iterator[tuple[int, Mapping[int, str]]]:
    """Yield the rows of the sheet where the cursor is that have text, by their numbers."""
    number = 1
    for row in cursor.find("table-row"):
        repeated = _count(row.get("number-rows-repeated"))
        cells = _cells(cursor)
        if cells:
            for copy in range(min(repeated, _MOST_COPIES)):
                yield number + copy, cells
        number += repeated


def _cells(cursor: Cursor) -> dict[int, str]:
    cells: dict[int, str] = {}
    column = 1
    for element in cursor.children():
        repeated = _count(element.get("number-columns-repeated"))
        if element.name in ("table-cell", "covered-table-cell"):
            if value := _value(cursor, element):
                for copy in range(min(repeated, _MOST_COPIES)):
                    cells[column + copy] = value
            column += repeated
    return cells


def _value(cursor: Cursor, element: Element) -> str:
    """Return what a cell shows, and the comments on it."""
    blocks = [block.text for block in Story(ListStyles()).blocks(cursor) if block.text.strip()]
    if element.get("value-type") == "date" and (date := element.get("date-value")):
        blocks[:1] = [iso_text(date)]
    return " ".join(blocks)


def _count(value: str) -> int:
    return max(1, whole_number(value))
