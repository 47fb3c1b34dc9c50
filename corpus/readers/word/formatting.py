"""What the formatting of a DOC says of its text: styles, rows of tables, and what was deleted.

It is in pages of 512 bytes, for ranges of the stream that has the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from struct import error, unpack_from

from .information import CHARACTER_PAGES, PARAGRAPH_PAGES, Information

_PAGE = 512  # bytes
_PAGE_NUMBER = (1 << 22) - 1
_PARAGRAPH_ITEM, _CHARACTER_ITEM = 13, 1  # bytes
_DELETED = 0x0800
_IN_TABLE, _ENDS_ROW, _IN_NESTED_TABLE, _IS_HEADER = 0x2416, 0x2417, 0x6649, 0x3404
# Bytes of an operand by the three highest bits of its operator; -1 where it states them itself.
_SIZES = (1, 1, 2, 4, 2, 2, -1, 3)
_LONG_TABLES = (0xD608, 0xD606)  # operators that state the size in two bytes
_LAST_HEADING = 9


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What holds of a paragraph."""

    is_heading: bool = False
    in_table: bool = False
    ends_row: bool = False
    is_header: bool = False


_PLAIN = Paragraph()


class Formatting:
    """The formatting of a document, by places in the stream that has its text."""

    def __init__(self, information: Information) -> None:
        self._paragraphs = sorted(
            (start, end, data) for start, end, data in _runs(information, PARAGRAPH_PAGES) if data
        )
        self._starts = [start for start, _, _ in self._paragraphs]
        self.deleted = sorted(
            (start, end)
            for start, end, data in _runs(information, CHARACTER_PAGES)
            if _DELETED in _operators(data)
        )

    def paragraph(self, place: int) -> Paragraph:
        """Return what holds of the paragraph that has a character at a place of the stream."""
        at = bisect_right(self._starts, place) - 1
        if at < 0 or place >= self._paragraphs[at][1]:
            return _PLAIN
        data = self._paragraphs[at][2]
        style = int.from_bytes(data[:2], "little")
        operators = _operators(data[2:])
        return Paragraph(
            is_heading=1 <= style <= _LAST_HEADING,
            in_table=_IN_TABLE in operators or _IN_NESTED_TABLE in operators,
            ends_row=_ENDS_ROW in operators,
            is_header=_IS_HEADER in operators,
        )


def _runs(information: Information, table: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield the ranges of a kind, start and end, with their formatting; those that are sound."""
    data = information.table(table)
    count = max(0, (len(data) - 4) // 8)
    for number in range(count):
        (page,) = unpack_from("<I", data, 4 * (count + 1) + 4 * number)
        start = (page & _PAGE_NUMBER) * _PAGE
        held = information.main[start : start + _PAGE]
        if len(held) == _PAGE:
            yield from _runs_of_page(held, is_paragraph=table == PARAGRAPH_PAGES)


def _runs_of_page(page: bytes, *, is_paragraph: bool) -> Iterator[tuple[int, int, bytes]]:
    count = page[-1]
    item = _PARAGRAPH_ITEM if is_paragraph else _CHARACTER_ITEM
    items = 4 * (count + 1)
    if items + item * count > _PAGE:
        return
    places = unpack_from(f"<{count + 1}I", page)
    for number in range(count):
        at = 2 * page[items + item * number]
        size = page[at] if at else 0
        if not is_paragraph:
            held = page[at + 1 : at + 1 + size]
        elif size:
            held = page[at + 1 : at + 2 * size]
        else:
            held = page[at + 2 : at + 2 + 2 * page[at + 1]] if at else b""
        yield places[number], places[number + 1], held


def _operators(data: bytes) -> set[int]:
    """Return the operators whose operand is not 0, as far as they are sound."""
    found = set()
    at = 0
    try:
        while at + 2 < len(data):
            (operator,) = unpack_from("<H", data, at)
            size, head = _SIZES[operator >> 13], 0
            if size < 0:
                head = 2 if operator in _LONG_TABLES else 1
                size = int.from_bytes(data[at + 2 : at + 2 + head], "little") - (head - 1)
            if any(data[at + 2 + head : at + 2 + head + size]):
                found.add(operator)
            at += 2 + head + max(0, size)
    except error:
        pass
    return found
