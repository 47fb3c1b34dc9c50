"""Reads the text of DrawingML: paragraphs, tables, charts and descriptions of pictures."""

from __future__ import annotations

from collections.abc import Iterator

from ..archive import Archive
from ..xml_cursor import Cursor

# Fields whose text is of the page and not of the author.
_PAGE_FIELDS = ("slidenum", "datetime")
_NUMBERS = ("numCache", "numLit")  # the values of a chart


def enter_branch(cursor: Cursor) -> bool:
    """Move into the first branch of an element that offers several; return whether it has one."""
    return any(branch.name in ("Choice", "Fallback") for branch in cursor.children())


def paragraphs(cursor: Cursor) -> list[str]:
    """Return the paragraphs of a text body."""
    return [paragraph(cursor) for _ in cursor.find("p")]


def paragraph(cursor: Cursor) -> str:
    """Return the text of a paragraph."""
    pieces: list[str] = []
    _runs(cursor, pieces)
    return "".join(pieces)


def _runs(cursor: Cursor, pieces: list[str]) -> None:
    for element in cursor.children():
        if element.name == "t":
            pieces.append(cursor.text())
        elif element.name == "br":
            pieces.append("\n")
        elif element.name == "tab":
            pieces.append("\t")
        elif element.name == "AlternateContent":
            if enter_branch(cursor):
                _runs(cursor, pieces)
        elif not (element.name == "fld" and element.get("type").startswith(_PAGE_FIELDS)):
            _runs(cursor, pieces)


def table(cursor: Cursor) -> list[list[str]]:
    """Return the rows of a table as the texts of their cells; merged cells are blank."""
    return [[" ".join(paragraphs(cursor)) for _ in cursor.find("tc")] for _ in cursor.find("tr")]


def graphic_text(archive: Archive, part: str) -> str:
    """Return the texts of a chart or a diagram; what of it is damaged is among the faults."""
    found: dict[str, None] = {}
    with archive.reporting():
        for text in graphic_texts(Cursor(archive.chunks(part), part)):
            found[text] = None
    return "\n".join(found)


def graphic_texts(cursor: Cursor) -> Iterator[str]:
    """Yield the texts of a chart or a diagram: titles, names of series, categories."""
    for element in cursor.find("p", "v", *_NUMBERS):
        if element.name == "p":
            yield paragraph(cursor)
        elif element.name == "v":
            yield cursor.text()
