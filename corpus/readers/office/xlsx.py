"""Reads XLSX: each sheet as a document, its rows as lines with the names of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase

from corpus.document import ROW, Document

from ..archive import Archive
from ..placed_text import PlacedText, description
from ..xml_cursor import Cursor, Element, whole_number
from .cell_values import NUMBER, iso_text, kinds_of_cells, number_text, unescaped
from .drawing import graphic_text, paragraph
from .relations import of_kind, relations
from .sheet_rows import add_sheet

_BOOLEANS = {"0": "FALSE", "1": "TRUE"}


@dataclass(slots=True)
class _Book:
    """What the sheets of a book share."""

    strings: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    is_1904: bool = False
    lacks_strings: bool = False


def documents(
    archive: Archive, name: str, *, part: str, metadata: Mapping[str, str]
) -> Iterator[Document]:
    """Yield a document for each sheet, hidden ones too; its places are rows."""
    found = relations(archive, part)
    book, sheets = _Book(), dict[str, str]()
    with archive.reporting():
        for element in Cursor(archive.chunks(part), part).find("sheet", "workbookPr"):
            if element.name == "workbookPr":
                book.is_1904 = element.get("date1904") in ("1", "true")
            elif target := found.get(element.get("r:id")):
                sheets.setdefault(target.target, element.get("name"))
            else:
                archive.faults.append(f"is damaged: its sheet {element.get('name')} is missing")
    with archive.reporting():
        for source in of_kind(archive, found, "styles"):
            book.kinds = _kinds(Cursor(archive.chunks(source), source))
    with archive.reporting():
        for source in of_kind(archive, found, "sharedStrings"):
            cursor = Cursor(archive.chunks(source), source)
            book.strings.extend(_string(cursor) for _ in cursor.find("si"))
    for source, title in sheets.items():
        text = PlacedText()
        with archive.reporting():
            remarks = _remarks(archive, source)
            rows = _rows(Cursor(archive.chunks(source), source), book)
            add_sheet(text, title, rows, remarks)
        yield text.document(name, ROW, metadata, part=title if len(sheets) > 1 else "")
    if book.lacks_strings:
        archive.faults.append("is damaged: texts of its cells are missing")


def _kinds(cursor: Cursor) -> list[str]:
    codes: dict[int, str] = {}
    formats: list[int] = []
    for element in cursor.find("numFmt", "cellXfs"):
        if element.name == "numFmt":
            codes[whole_number(element.get("numFmtId"))] = element.get("formatCode")
        else:
            formats += [whole_number(each.get("numFmtId")) for each in cursor.find("xf")]
    return kinds_of_cells(codes, formats)


def _string(cursor: Cursor) -> str:
    """Return a text without the readings that stand above its words."""
    pieces = []
    for element in cursor.children():
        if element.name == "t":
            pieces.append(cursor.text())
        elif element.name == "r":
            pieces.append(_string(cursor))
    return unescaped("".join(pieces))


def _rows(cursor: Cursor, book: _Book) -> Iterator[tuple[int, dict[int, str]]]:
    number = 0
    for row in cursor.find("row"):
        number = whole_number(row.get("r")) or number + 1
        cells: dict[int, str] = {}
        column = 0
        for cell in cursor.children():
            column = _column(cell.get("r")) or column + 1
            if value := _value(cursor, cell, book):
                cells[column] = value
        yield number, cells


def _value(cursor: Cursor, cell: Element, book: _Book) -> str:
    kind, value = cell.get("t"), ""
    for element in cursor.children():
        if element.name == "v":
            value = cursor.text()
        elif element.name == "is":
            value, kind = _string(cursor), "is"
    if kind == "is":
        return value
    if not value or kind == "e":
        return ""
    if kind == "s":
        index = whole_number(value)
        book.lacks_strings = book.lacks_strings or index >= len(book.strings)
        return book.strings[index] if index < len(book.strings) else ""
    if kind == "b":
        return _BOOLEANS.get(value, value)
    if kind == "d":
        return iso_text(value)
    if kind in ("str", "inlineStr"):
        return unescaped(value)
    style = whole_number(cell.get("s"))
    shown = book.kinds[style] if style < len(book.kinds) else NUMBER
    return number_text(value, shown, is_1904=book.is_1904)


def _remarks(archive: Archive, part: str) -> dict[int, list[str]]:
    """Return the comments and the texts of drawings of a sheet, by row."""
    found = relations(archive, part)
    comments: dict[str, str] = {}
    for kind in ("comments", "threadedComment"):  # the first repeat the second with an apology
        for source in of_kind(archive, found, kind):
            with archive.reporting():
                comments |= _comments(Cursor(archive.chunks(source), source))
    remarks: dict[int, list[str]] = {}
    for cell, said in comments.items():
        remarks.setdefault(whole_number(cell.lstrip(ascii_uppercase)) or 1, []).append(said)
    for source in of_kind(archive, found, "drawing"):
        with archive.reporting():
            _drawings(archive, source, remarks)
    return remarks


def _comments(cursor: Cursor) -> dict[str, str]:
    """Return the comments of a part, by their cells."""
    found: dict[str, str] = {}
    for element in cursor.find("comment", "threadedComment"):
        cell = element.get("ref")
        found[cell] = f"{found.get(cell, '')} {cursor.text()}"
    return found


def _drawings(archive: Archive, part: str, remarks: dict[int, list[str]]) -> None:
    found = relations(archive, part)
    cursor = Cursor(archive.chunks(part), part)
    row = 1
    for element in cursor.find("from", "p", "cNvPr", "chart", "relIds"):
        texts = remarks.setdefault(row, [])
        if element.name == "from":
            row = next((whole_number(cursor.text()) + 1 for _ in cursor.find("row")), row)
        elif element.name == "p":
            texts.append(paragraph(cursor))
        elif element.name == "cNvPr":
            texts.append(description(element.get("descr"), element.get("title")))
        elif target := found.get(element.get("r:id") or element.get("r:dm")):
            texts.append(graphic_text(archive, target.target))


def _column(reference: str) -> int:
    """Return the number of the column of a cell such as "AB12", from 1; 0 if it has none."""
    column = 0
    for letter in reference[:3]:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column
