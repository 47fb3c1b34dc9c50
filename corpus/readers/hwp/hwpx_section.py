"""Reads the sections of HWPX files: all text of their paragraphs, and of the objects in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...errors import Damaged
from ..number_forms import written
from ..placed_text import Block
from ..xml_cursor import Cursor, Element, whole_number
from . import equation
from .blocks import paragraph, table
from .shapes import Shapes
from .walker import LEADER, LOST, Parts, Walker

# Elements in the text that stand for a character; all others stand for none.
_CHARACTERS = {"tab": "\t", "lineBreak": "\n", "hyphen": "-", "nbSpace": " ", "fwSpace": " "}
_PAGE_NUMBERS = ("PAGE", "TOTAL_PAGE")
_CHOICES = ("case", "default")
_BELOW = ("BOTTOM", "RIGHT")  # where a caption is
_FORMS = ("edit", "comboBox", "listBox", "btn", "checkBtn", "radioBtn")
_SURROGATES = 0xD800


class XmlBody(Walker):
    """Reads the text of a document; `chart` has the texts of a chart, by the name of its file."""

    def __init__(self, shapes: Shapes, chart: Callable[[str], Iterator[str]]) -> None:
        super().__init__(shapes)
        self._texts_of_chart = chart
        self._is_deleted = False

    def paragraphs(self, section: Cursor) -> Iterator[list[Block]]:
        """Yield the blocks of each paragraph of the top level."""
        try:
            for _ in section.children():
                for element in section.children():
                    if element.name == "p":
                        yield self._paragraph(element, section)
        except Damaged:
            self.faults.append(Damaged(LOST))

    def _paragraph(self, element: Element, cursor: Cursor) -> list[Block]:
        parts = Parts()
        shape = self._shapes.shape(whole_number(element.get("paraPrIDRef"), -1))
        head, height = "", 0
        for run in cursor.children():
            if run.name != "run":
                continue
            for child in cursor.children():
                self._part(child, cursor, parts)
            if not head and any(parts.text):
                head = self._shapes.head(shape)
            number = whole_number(run.get("charPrIDRef"), -1)
            height = height or self._shapes.heights.get(number, 0)
        own = paragraph("".join(parts.text), head, shape, height)
        return [*parts.above, *own, *parts.below]

    def _part(self, element: Element, cursor: Cursor, parts: Parts) -> None:
        name = element.name
        if name == "t":
            self._text(cursor, parts)
        elif name == "tbl":
            blocks, is_character = self._table(cursor)
            parts.around(is_character).extend(blocks)
        elif name == "secPr":
            self._shapes.outline = whole_number(element.get("outlineShapeIDRef"))
        elif name == "ctrl":
            for child in cursor.children():
                self._part(child, cursor, parts)
        elif name == "switch":
            self._choice(cursor, parts)
        elif name in ("header", "footer"):
            side = parts.above if name == "header" else parts.below
            side += self._once(self._boxes(cursor)[0])
        else:
            self._object(element, cursor, parts)

    def _choice(self, cursor: Cursor, parts: Parts) -> None:
        """Add what is in the first of several versions of an object that has any."""
        for branch in cursor.children():
            is_filled = False
            for child in cursor.children() if branch.name in _CHOICES else ():
                self._part(child, cursor, parts)
                is_filled = True
            if is_filled:
                break

    def _object(self, element: Element, cursor: Cursor, parts: Parts) -> None:
        name = element.name
        if name == "autoNum":
            parts.text.append(_automatic_number(element, cursor))
        elif name == "compose":
            parts.text.append(element.get("composeText"))
        elif name == "dutmal":
            parts.text += (f"{cursor.text()} " for _ in cursor.find("mainText", "subText"))
        elif name in _FORMS:
            parts.text.append(element.get("caption"))
            parts.text += (cursor.text() for _ in cursor.find("text"))
        elif name == "equation":
            self._equation(cursor, parts)
        elif name == "chart":
            parts.below += self._chart(self._texts_of_chart(element.get("chartIDRef")))
        else:
            if name in ("footNote", "endNote"):
                parts.text.append(_note_mark(element))
            elif name == "textart":
                parts.below += paragraph(element.get("text"))
            blocks, is_character = self._boxes(cursor)
            parts.around(is_character).extend(blocks)

    def _equation(self, cursor: Cursor, parts: Parts) -> None:
        for child in cursor.children():
            if child.name == "script":
                parts.text += [" ", equation.written(cursor.text()), " "]
            else:
                parts.below += self._boxes(cursor)[0]

    def _text(self, cursor: Cursor, parts: Parts) -> None:
        """Add the text of a run, without what is deleted in it."""
        for found in cursor.content():
            if isinstance(found, str):
                self._add(found, parts)
            elif found.name in ("deleteBegin", "deleteEnd"):
                self._is_deleted = found.name == "deleteBegin"
            else:
                leads = found.name == "tab" and found.get("leader") not in ("", "0", "NONE")
                self._add(LEADER if leads else _CHARACTERS.get(found.name, ""), parts)
                self._add(cursor.text(), parts)

    def _add(self, text: str, parts: Parts) -> None:
        if text and not self._is_deleted:
            parts.text.append(text)

    def _boxes(self, cursor: Cursor) -> tuple[list[Block], bool]:
        """Return the blocks of all paragraphs in an object, those of objects in them included.

        And whether it stands in its line as a character does.
        """
        found: list[Block] = []
        is_character = False
        with self._deeper() as is_read:
            for element in cursor.find("p", "tbl", "pos") if is_read else ():
                if element.name == "p":
                    found += self._paragraph(element, cursor)
                elif element.name == "tbl":
                    found += self._table(cursor)[0]
                else:
                    is_character = _is_character(element)
        return found, is_character

    def _table(self, cursor: Cursor) -> tuple[list[Block], bool]:
        """Return the caption and the rows of a table, and whether it stands as a character."""
        above: list[Block] = []
        below: list[Block] = []
        rows: list[list[list[Block]]] = []
        is_character = False
        for child in cursor.children():
            if child.name == "caption":
                side = below if child.get("side") in _BELOW else above
                side += self._boxes(cursor)[0]
            elif child.name == "tr":
                cells = (cell for cell in cursor.children() if cell.name == "tc")
                rows.append([self._boxes(cursor)[0] for _ in cells])
            elif child.name == "pos":
                is_character = _is_character(child)
        return [*above, *table(rows), *below], is_character


def _is_character(position: Element) -> bool:
    return position.get("treatAsChar") == "1"


def _automatic_number(element: Element, cursor: Cursor) -> str:
    """Return the number of a note, picture, table or equation; those of pages are none of text."""
    if element.get("numType") in _PAGE_NUMBERS:
        return ""
    number = element.get("num")
    for style in cursor.children():
        if style.name == "autoNumFormat":
            shown = written(whole_number(number), style.get("type"))
            return style.get("prefixChar") + shown + style.get("suffixChar")
    return number


def _note_mark(element: Element) -> str:
    """Return the number with which a text refers to a note."""
    before, after = (whole_number(element.get(name)) for name in ("prefixChar", "suffixChar"))
    signs = (chr(code) if 0 < code < _SURROGATES else "" for code in (before, after))
    return element.get("number").join(signs)
