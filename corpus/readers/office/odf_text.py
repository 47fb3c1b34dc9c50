"""Reads the text of an OpenDocument: paragraphs, lists, tables, notes, comments, frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..list_numbers import BULLET, Counter
from ..placed_text import Block, description
from ..table_rows import lines_of
from ..xml_cursor import Cursor, Element, whole_number
from .odf_styles import ListStyles

_UNREAD = (
    "tracked-changes forms sequence-decls variable-decls user-field-decls scripts settings "
    "table-of-content-source illustration-index-source table-index-source object-index-source "
    "user-index-source alphabetical-index-source bibliography-source note-citation "
    "placeholder event-listeners binary-data page-number named-expressions "
    "glue-point animations par object-ole plugin thumbnail"
)
_NOT_TEXT = frozenset(_UNREAD.split())
_OF_THE_PAGE = ("page-number", "date-time", "notes-page", "page")
_MOST_SPACES = 1000
_MOST_REPEATED = 64  # columns that one cell stands for


@dataclass(slots=True)
class _Paragraph:
    pieces: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _List:
    """A list that is being read: its counter, its level from 0, and whether an item begins."""

    counter: Counter
    level: int = 0
    begins: bool = False


class Story:
    """Reads one text; the counters of its lists go on while it is read."""

    def __init__(self, lists: ListStyles) -> None:
        self._lists = lists
        self._counters: dict[str, Counter] = {}  # by the id or style of a list, to continue it

    def blocks(self, cursor: Cursor, within: _List | None = None) -> Iterator[Block]:
        """Yield the blocks in the element where the cursor is, `within` a list or none."""
        for element in cursor.children():
            name = element.name
            if name == "p":
                yield from self._paragraph(cursor, "item" if within else "", within)
            elif name == "h":
                yield from self._heading(cursor, element, within)
            elif name == "list":
                yield from self.blocks(cursor, self._list(element, within))
            elif name in ("list-item", "list-header"):
                if within:
                    within.begins = name == "list-item"
                yield from self.blocks(cursor, within)
            elif name == "table":
                rows, headers = self._rows(cursor)
                for line in lines_of(rows, is_marked=headers > 0):
                    yield Block(line, "row")
            elif name in ("title", "desc"):
                yield Block(description(cursor.text()), belongs=True)
            elif name == "frame":
                yield from self._frame(cursor, element)
            elif name not in _NOT_TEXT:
                yield from self.blocks(cursor, within)

    def _frame(self, cursor: Cursor, element: Element) -> Iterator[Block]:
        """Yield what is in a frame: on a slide, the title of the slide is a heading."""
        kind = element.get("class")
        if kind in _OF_THE_PAGE or element.get("placeholder") == "true":
            return
        for block in self.blocks(cursor):
            yield block._replace(kind="heading") if kind == "title" else block

    def _list(self, element: Element, around: _List | None) -> _List:
        """Return the list that begins: in another list its next level, else a new one."""
        style = element.get("style-name")
        if around and not style:
            return _List(around.counter, around.level + 1)
        level = around.level + 1 if around else 0
        known = element.get("continue-list") or (element.get("continue-numbering") and style)
        counter = self._counters.get(known) if known else None
        counter = counter or self._lists.counter(style)
        self._counters[style] = counter
        self._counters[element.get("id") or style] = counter
        return _List(counter, level)

    def _heading(self, cursor: Cursor, element: Element, within: _List | None) -> Iterator[Block]:
        level = element.get("outline-level")
        mark = ""
        if not within and element.get("is-list-header") != "true":
            rules = self._lists.headings.levels
            number = whole_number(level, 1) - 1
            mark = self._lists.headings.next(number) if number in rules else ""
        yield from self._paragraph(cursor, "heading", within, mark)

    def _paragraph(
        self, cursor: Cursor, kind: str, within: _List | None, mark: str = ""
    ) -> Iterator[Block]:
        paragraph = _Paragraph()
        self._inline(cursor, paragraph)
        text = "".join(paragraph.pieces)
        if within and within.begins:
            mark, within.begins = within.counter.next(within.level), False
        if text.strip():
            yield Block(mark + text, kind)
        for each in paragraph.after:
            yield Block(each, belongs=True)

    def _inline(self, cursor: Cursor, paragraph: _Paragraph) -> None:
        """Read what is in a paragraph or a part of it."""
        for found in cursor.content():
            if isinstance(found, str):
                paragraph.pieces.append(found)
            elif found.name == "s":
                count = whole_number(found.get("c"), 1)
                paragraph.pieces.append(" " * min(count, _MOST_SPACES))
            elif found.name in ("tab", "line-break"):
                paragraph.pieces.append("\t" if found.name == "tab" else "\n")
            elif found.name in ("note", "annotation", "frame", "custom-shape", "rect", "g"):
                texts = (block.text for block in self._anchored(cursor, found))
                paragraph.after.append("\n".join(filter(None, texts)))
            elif found.name == "ruby-text":
                paragraph.pieces.append(f"({cursor.text()})")
            elif found.name not in _NOT_TEXT:
                self._inline(cursor, paragraph)

    def _anchored(self, cursor: Cursor, element: Element) -> Iterator[Block]:
        return self._frame(cursor, element) if element.name == "frame" else self.blocks(cursor)

    def _rows(self, cursor: Cursor) -> tuple[list[list[str]], int]:
        """Return the rows of a table, and how many of them are headers."""
        rows: list[list[str]] = []
        headers = 0
        for element in cursor.children():
            if element.name == "table-row":
                rows.append(self._cells(cursor))
            elif element.name in ("table-header-rows", "table-rows", "table-row-group"):
                inner, _ = self._rows(cursor)
                headers += len(inner) if element.name == "table-header-rows" else 0
                rows += inner
        return rows, headers

    def _cells(self, cursor: Cursor) -> list[str]:
        cells: list[str] = []
        for element in cursor.children():
            if element.name in ("table-cell", "covered-table-cell"):
                repeated = whole_number(element.get("number-columns-repeated"), 1)
                texts = (block.text.removeprefix(BULLET) for block in self.blocks(cursor))
                cell = " ".join(filter(None, texts))
                cells += [cell] * min(repeated, _MOST_REPEATED)
        return cells
