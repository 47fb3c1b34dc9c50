"""Reads EPUB: the chapters of a book in the order of its spine, as blocks of their pages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from corpus.document import CHAPTER, Document
from corpus.errors import Damaged

from ...encoding import decode
from ..archive import Archive
from ..html.blocks import blocks_of
from ..html.dom import body_of, parse
from ..html.reader import declared_charset
from ..placed_text import PlacedText, description
from ..xml_cursor import Cursor
from .properties import properties

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document")


def documents(archive: Archive, name: str) -> Iterator[Document]:
    """Yield the book; its places are the chapters of the spine, from 1."""
    package = _package(archive)
    protected = _protected(archive)
    text = PlacedText()
    with archive.reporting():
        for place, chapter in enumerate(_chapters(archive, package), start=1):
            if chapter in protected:
                archive.faults.append("is protected against copying (DRM)")
            elif chapter:
                with archive.reporting():
                    _add(text, archive.read(chapter), place)
    yield text.document(name, CHAPTER, properties(archive, package, date="published"))


def _package(archive: Archive) -> str:
    """Return the part that describes the book."""
    cursor = Cursor(archive.chunks(_CONTAINER), _CONTAINER)
    for element in cursor.find("rootfile"):
        return element.get("full-path")
    raise Damaged("is damaged: it names no package of a book")


def _protected(archive: Archive) -> set[str]:
    """Return the parts that are encrypted; most books have fonts of that kind only."""
    if _ENCRYPTION not in archive:
        return set()
    cursor = Cursor(archive.chunks(_ENCRYPTION), _ENCRYPTION)
    return {unquote(element.get("URI")) for element in cursor.find("CipherReference")}


def _chapters(archive: Archive, package: str) -> list[str]:
    """Return the parts of the spine, in order; "" for one that is no page, or the contents."""
    pages: dict[str, str] = {}
    items: set[str] = set()
    order: list[str] = []
    for element in Cursor(archive.chunks(package), package).find("item", "itemref"):
        if element.name == "item":
            items.add(element.get("id"))
            if element.get("media-type") in _PAGES and "nav" not in element.get("properties"):
                path = posixpath.join(posixpath.dirname(package), unquote(element.get("href")))
                pages[element.get("id")] = posixpath.normpath(path)
        else:
            order.append(pages.get(element.get("idref"), ""))
            if element.get("idref") not in items:
                archive.faults.append("is damaged: one of its chapters is missing")
    return order


def _add(text: PlacedText, data: bytes, place: int) -> None:
    page = parse(decode(data, declared=declared_charset(data)).text)
    for image in page.iter("img"):
        words = description(image.get("alt", ""))
        image.tail = f" {words} {image.tail or ''}" if words else image.tail
    for block in blocks_of(body_of(page)):
        if block.kind in ("row", "item"):
            text.add_row(block.text, place)
        else:
            text.add(block.text, place, is_heading=block.kind == "heading")
