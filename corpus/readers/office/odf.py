"""Reads ODT, ODP and ODS: paragraphs, slides or sheets, by what the content says it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from corpus.document import PARAGRAPH, ROW, SLIDE, Document
from corpus.errors import Protected

from ..archive import Archive
from ..placed_text import Block, PlacedText
from ..xml_cursor import Cursor
from .odf_sheets import rows_of
from .odf_styles import ListStyles
from .odf_text import Story
from .properties import properties
from .sheet_rows import add_sheet

_CONTENT, _STYLES, _META = "content.xml", "styles.xml", "meta.xml"
_MANIFEST = "META-INF/manifest.xml"
_CACHED = "'file:"  # a copy of a sheet of another file
_KINDS = ("text", "presentation", "drawing", "spreadsheet")


def documents(archive: Archive, name: str) -> Iterator[Document]:
    """Yield the document, or one for each sheet; its places are paragraphs, slides or rows."""
    if _MANIFEST in archive and b"encryption-data" in archive.read(_MANIFEST):
        raise Protected("is protected by a password")
    metadata = properties(archive, _META)
    lists = ListStyles()
    running: list[str] = []
    with archive.reporting():
        if _STYLES in archive:
            running = _read_styles(Cursor(archive.chunks(_STYLES), _STYLES), lists)
    cursor = Cursor(archive.chunks(_CONTENT), _CONTENT)
    text = PlacedText()
    unit = PARAGRAPH
    with archive.reporting():
        for element in cursor.find("automatic-styles", *_KINDS):
            if element.name == "automatic-styles":
                lists.load(cursor)
            elif element.name == "spreadsheet":
                yield from _sheets(archive, name, cursor, metadata)
            elif element.name == "text":
                text.add_all(Story(lists).blocks(cursor))
                text.add_all(map(Block, running))
            else:
                unit = SLIDE
                _add_slides(text, cursor, lists, running)
    yield text.document(name, unit, metadata)


def _read_styles(cursor: Cursor, lists: ListStyles) -> list[str]:
    """Take the styles of lists, and return the paragraphs of headers and footers, each once."""
    found: dict[str, None] = {}
    for element in cursor.find("styles", "automatic-styles", "master-styles"):
        if element.name != "master-styles":
            lists.load(cursor)
            continue
        for part in cursor.find("header", "footer", "frame"):
            if part.name != "frame" or part.get("class") in ("header", "footer"):
                found.update(_lines(Story(lists).blocks(cursor)))
    return list(found)


def _lines(blocks: Iterable[Block]) -> dict[str, None]:
    """Return paragraphs that have letters, each once."""
    lines = (" ".join(block.text.split()) for block in blocks)
    return dict.fromkeys(line for line in lines if any(map(str.isalpha, line)))


def _add_slides(text: PlacedText, cursor: Cursor, lists: ListStyles, running: list[str]) -> None:
    place = 0
    for element in cursor.find("page", "footer-decl", "header-decl"):
        if element.name != "page":
            running.append(cursor.text())
            continue
        place += 1
        for block in Story(lists).blocks(cursor):
            text.add_block(block, place)
    for line in dict.fromkeys(running):
        text.add(line, max(1, place))


def _sheets(
    archive: Archive, name: str, cursor: Cursor, metadata: Mapping[str, str]
) -> Iterator[Document]:
    """Yield a document for each sheet; the only one has the id of the file."""
    last: tuple[str, PlacedText] | None = None
    several = False
    for table in cursor.find("table"):
        if table.get("name").startswith(_CACHED):
            continue
        if last:
            several = True
            yield last[1].document(name, ROW, metadata, part=last[0])
        last = table.get("name"), PlacedText()
        with archive.reporting():
            add_sheet(last[1], last[0], rows_of(cursor), {})
    if last:
        yield last[1].document(name, ROW, metadata, part=last[0] if several else "")
