"""Reads the sections of HWP 5 files: all text of their paragraphs, and of the controls in them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from struct import Struct
from sys import byteorder

from ...errors import Damaged
from ..number_forms import written
from ..placed_text import Block
from . import equation
from .blocks import paragraph, table
from .records import (
    CONTROL,
    EQUATION,
    FORM,
    LIST,
    MEMO,
    OBJECT,
    PARAGRAPH,
    PARAGRAPH_CHARACTERS,
    PARAGRAPH_TEXT,
    SHAPE,
    TABLE,
    TEXT_ART,
    Record,
    trees,
)
from .shapes import Shapes, form
from .walker import LEADER, LOST, Parts, Walker

_WORD = Struct("<H").unpack_from
_LONG = Struct("<I").unpack_from
# Characters below a space: those of a text, and those with 7 more that stand for a control.
_CODE = re.compile("([\x01-\x09\x0b\x0c\x0e-\x17]).{0,7}|[\0\n\r\x18-\x1f]", re.DOTALL)
_SHOWN = {"\t": "\t", "\n": "\n", "\x18": "-", "\x1e": " ", "\x1f": " "}
_WITH_RECORD = frozenset("\x01\x02\x03\x0b\x0c\x0e\x0f\x10\x11\x12\x15\x16\x17")
_LEADER_AT = 3  # in the characters of a tab
_FORM_TEXT = re.compile(r"(?:Caption|Text):wstring:(\d{1,5}):")
_PAGE_NUMBER, _PAGES = 0, 6  # what an automatic number counts
_OUTLINE_AT = 18  # in the control of a section
_RIGHT, _BELOW = b"\x01", b"\x03"  # where a caption is
_TEXT_ART_AT = 32  # behind the corners of the shape
_OBJECT_AT = 12
_OF_PARAGRAPH = (PARAGRAPH_TEXT, PARAGRAPH_CHARACTERS, CONTROL)
_CHARACTER_AT = 4


class Body(Walker):
    """Reads the text of a document; `chart` has the texts of an object that is one, by number."""

    def __init__(self, shapes: Shapes, chart: Callable[[int], Iterator[str]]) -> None:
        super().__init__(shapes)
        self._texts_of_chart = chart

    def paragraphs(self, section: bytes) -> Iterator[list[Block]]:
        """Yield the blocks of each paragraph of the top level."""
        try:
            for record in trees(section):
                is_paragraph = record.tag == PARAGRAPH
                yield self._paragraph(record) if is_paragraph else self._lists([record])
        except EOFError:
            self.faults.append(Damaged(LOST))

    def _paragraph(self, record: Record) -> list[Block]:
        parts = Parts()
        shape = self._shapes.shape(_WORD(record.data, 8)[0] if len(record.data) >= 10 else 0)
        all_controls = [child for child in record.children if child.tag == CONTROL]
        self._begin_section(all_controls)
        controls = iter(all_controls)
        head, height = "", 0
        for child in record.children:
            if child.tag == PARAGRAPH_TEXT:
                head = self._shapes.head(shape)
                self._text(child.data, controls, parts)
            elif child.tag == PARAGRAPH_CHARACTERS and len(child.data) >= 8:
                height = self._shapes.heights.get(_LONG(child.data, 4)[0], 0)
        for control in controls:
            self._control(control, parts)
        others = [child for child in record.children if child.tag not in _OF_PARAGRAPH]
        below = self._lists(others) if others else []  # memos stand so in the last paragraph
        own = paragraph("".join(parts.text), head, shape, height)
        return [*parts.above, *own, *parts.below, *below]

    def _begin_section(self, controls: Iterable[Record]) -> None:
        """Take over the numbering of the outline, if a section begins, before it counts."""
        for control in controls:
            if control.data[3::-1] == b"secd" and len(control.data) >= _OUTLINE_AT + 2:
                (self._shapes.outline,) = _WORD(control.data, _OUTLINE_AT)

    def _text(self, data: bytes, controls: Iterator[Record], parts: Parts) -> None:
        text, at = _decoded(data), 0
        for found in _CODE.finditer(text):
            parts.text.append(text[at : found.start()])
            at = found.end()
            code = found[0][0]
            if code in _WITH_RECORD:
                control = next(controls, None)
                if control:
                    self._control(control, parts)
            elif code == "\t" and ord(found[0][_LEADER_AT : _LEADER_AT + 1] or "\0") & 0xFF:
                parts.text.append(LEADER)
            else:
                parts.text.append(_SHOWN.get(code, ""))
        parts.text.append(text[at:])
        parts.text[:] = [_joined("".join(parts.text))]

    def _control(self, record: Record, parts: Parts) -> None:
        name, data = record.data[3::-1], record.data
        if name == b"tbl ":
            parts.around(_is_character(data)).extend(self._table(record))
        elif name == b"gso ":
            parts.around(_is_character(data)).extend(self._lists(record.children))
        elif name == b"atno":
            parts.text.append(_automatic_number(data))
        elif name in (b"tdut", b"tcps"):
            parts.text.append(_strings(data, 2 if name == b"tdut" else 1))
        elif name == b"eqed":
            scripts = (_strings(each, 1) for each in _below(record, EQUATION))
            parts.text += [" ", *map(equation.written, scripts), " "]
            parts.below += self._lists(record.children)
        elif name in (b"head", b"foot", b"secd"):
            side = parts.below if name == b"foot" else parts.above
            side += self._once(self._lists(record.children))
        elif name in (b"fn  ", b"en  "):
            parts.text.append(_note_mark(data))
            parts.below += self._lists(record.children)
        elif name == b"form":
            parts.text += map(_form_text, _below(record, FORM))
        else:
            parts.below += self._lists(record.children)

    def _lists(self, records: Iterable[Record]) -> list[Block]:
        """Return the blocks of all paragraphs in some records, those of controls apart."""
        found: list[Block] = []
        with self._deeper() as is_read:
            for record in records if is_read else ():
                if record.tag == PARAGRAPH:
                    found += self._paragraph(record)
                elif record.tag in (LIST, MEMO, SHAPE):
                    found += self._lists(record.children)
                elif record.tag == TEXT_ART:
                    found += paragraph(_strings(record.data, 1, _TEXT_ART_AT))
                elif record.tag == OBJECT and len(record.data) >= _OBJECT_AT + 2:
                    (number,) = _WORD(record.data, _OBJECT_AT)
                    found += self._chart(self._texts_of_chart(number))
        return found

    def _table(self, record: Record) -> Iterator[Block]:
        """Yield the caption and the rows of a table; a cell is in the row where it starts."""
        rows: dict[int, list[list[Block]]] = {}
        cell: list[Block] = []
        caption, is_caption, is_below = cell, True, False
        for child in record.children:
            if child.tag == TABLE:
                is_caption = False
            elif child.tag == LIST and is_caption:
                is_below = child.data[8:9] in (_BELOW, _RIGHT)
            elif child.tag == LIST:
                cell = self._lists(child.children)
                row = _WORD(child.data, 10)[0] if len(child.data) >= 12 else max(rows, default=0)
                rows.setdefault(row, []).append(cell)
            elif child.tag != CONTROL:
                cell += self._lists([child])
        yield from () if is_below else caption
        yield from table(rows[number] for number in sorted(rows))
        yield from caption if is_below else ()


def _decoded(data: bytes) -> str:
    """Return a text with one character for each unit of UTF-16, so that all codes are seen."""
    units = array("H", data[: len(data) // 2 * 2])
    if byteorder == "big":
        units.byteswap()
    return "".join(map(chr, units))


def _joined(text: str) -> str:
    """Return a text with its pairs of surrogates as the characters that they stand for."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_character(data: bytes) -> bool:
    """Return whether an object stands in its line as a character does."""
    return len(data) > _CHARACTER_AT and bool(data[_CHARACTER_AT] & 1)


def _below(record: Record, tag: int) -> Iterator[bytes]:
    return (child.data for child in record.children if child.tag == tag)


def _strings(data: bytes, count: int, at: int = 4) -> str:
    """Return the strings from a place on, each after its length, separated by spaces."""
    found = []
    for _ in range(count):
        if at + 2 > len(data):
            break
        end = at + 2 + 2 * _WORD(data, at)[0]
        found.append(data[at + 2 : end].decode("utf-16-le", "ignore"))
        at = end
    return " ".join(found)


def _form_text(data: bytes) -> str:
    text = data.decode("utf-16-le", "ignore")
    found = ((place.end(), int(place[1])) for place in _FORM_TEXT.finditer(text))
    return " ".join(text[start : start + length] for start, length in found)


def _automatic_number(data: bytes) -> str:
    """Return the number of a note, picture, table or equation; those of pages are none of text."""
    if len(data) < 16:
        return ""
    attributes, number, _, before, after = Struct("<IHHHH").unpack_from(data, 4)
    counted, code = attributes & 15, attributes >> 4 & 0xFF
    return "" if counted in (_PAGE_NUMBER, _PAGES) else _numbered(number, code, before, after)


def _note_mark(data: bytes) -> str:
    """Return the number with which a text refers to a note."""
    if len(data) < 16:
        return ""
    number, before, after, code = Struct("<IHHI").unpack_from(data, 4)
    return _numbered(number, code, before, after)


def _numbered(number: int, code: int, before: int, after: int) -> str:
    """Return a number in the format of a code, between two characters that may be missing."""
    shown = written(number, form(code))
    return (chr(before) if before else "") + shown + (chr(after) if after else "")
