"""Reads the parts of HWPX files, ZIP archives of XML files: shapes, properties, sections."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import BinaryIO

from ...errors import CorpusError, Damaged, OtherFormat, Protected
from ..archive import Archive
from ..list_numbers import Counter, Level
from ..office.drawing import graphic_texts
from ..xml_cursor import Cursor, whole_number
from .properties import Properties, in_korea
from .shapes import MARK, NUMBER, OUTLINE, ParagraphShape, Shapes, shown_mark, with_levels
from .walker import LOST

MAGIC = b"PK\x03\x04"

_SECTION = re.compile(r"Contents/section(\d{1,5})\.xml", re.IGNORECASE)
_OBJECT = re.compile(r"BinData/[^/]*\.ole", re.IGNORECASE)
_HEADER, _PACKAGE, _MANIFEST = (
    "Contents/header.xml",
    "Contents/content.hpf",
    "META-INF/manifest.xml",
)
_KINDS = {"OUTLINE": OUTLINE, "NUMBER": NUMBER, "BULLET": MARK}


class Package:
    """An open HWPX file; `faults` are the reasons why some of its text is missing.

    Raises CorpusError, with the reason, for one that is damaged, protected, too large or of another
    kind.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.faults: list[CorpusError] = []
        self._archive = Archive(file)
        names = map(_SECTION.fullmatch, self._archive.names())
        found = {int(match[1]): match[0] for match in names if match}
        self._sections = [found[number] for number in sorted(found)]
        if len(found) <= max(found, default=-1):  # one is missing
            self.faults.append(Damaged(LOST))
        if not self._sections:
            raise OtherFormat("is a ZIP archive or an office document, not an HWPX document")
        if self._is_protected():
            raise Protected("is protected by a password")

    def _is_protected(self) -> bool:
        with suppress(Damaged):  # few programs write a manifest
            return b":encryption-data" in self._archive.read(_MANIFEST)
        return False

    def shapes(self) -> Shapes:
        """Return the shapes of the document, as far as they can be read."""
        found = Shapes({}, {}, {}, {})
        with suppress(Damaged):
            cursor = Cursor(self._archive.chunks(_HEADER), _HEADER, faults=[])
            for element in cursor.find("paraPr", "numbering", "bullet", "charPr"):
                number = whole_number(element.get("id"))
                if element.name == "paraPr":
                    found.paragraphs[number] = _paragraph_shape(cursor)
                elif element.name == "numbering":
                    found.numberings[number] = _numbering(cursor)
                elif element.name == "bullet":
                    found.marks[number] = shown_mark(element.get("char"))
                else:
                    found.heights[number] = whole_number(element.get("height"))
        return found

    def properties(self) -> Properties:
        """Return what the package states of the document."""
        title, named = "", {}
        with suppress(Damaged):
            cursor = Cursor(self._archive.chunks(_PACKAGE), _PACKAGE, faults=[])
            for element in cursor.find("title", "meta"):
                if element.name == "title":
                    title = title or cursor.text()
                else:
                    named[element.get("name").lower()] = cursor.text()
        author, keywords = named.get("creator", ""), named.get("keyword", "")
        return Properties(title, author, keywords, _day(named.get("modifieddate", "")))

    def sections(self) -> Iterator[Cursor]:
        """Yield a place before the root of each section, in order; it is read on over damage."""
        for name in self._sections:
            faults: list[CorpusError] = []
            yield Cursor(self._chunks(name, faults), name, faults=faults)
            if faults:
                self.faults.append(Damaged(LOST))

    def chart(self, name: str) -> Iterator[str]:
        """Yield the texts of a chart, by the name of its file."""
        return graphic_texts(Cursor(self._archive.chunks(name), name))

    def objects(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """Yield the objects of other programs: a name, and what gives the OLE container."""
        for name in self._archive.names():
            if _OBJECT.fullmatch(name):
                yield name.rpartition("/")[2], partial(self._archive.read, name)

    def _chunks(self, name: str, faults: list[CorpusError]) -> Iterator[bytes]:
        """Yield the bytes of a file in the archive, up to where it is damaged."""
        try:
            yield from self._archive.chunks(name)
        except Damaged as error:
            faults.append(error)


def _day(moment: str) -> str:
    try:
        return in_korea(datetime.fromisoformat(moment))
    except ValueError:
        return ""


def _paragraph_shape(cursor: Cursor) -> ParagraphShape:
    for heading in cursor.find("heading"):
        kind = _KINDS.get(heading.get("type"), 0)
        number, level = (whole_number(heading.get(name)) for name in ("idRef", "level"))
        return ParagraphShape(kind, number, level)
    return ParagraphShape()


def _numbering(cursor: Cursor) -> Counter:
    levels = {}
    for head in cursor.find("paraHead"):
        level = whole_number(head.get("level"), 1) - 1
        form, start = head.get("numFormat"), whole_number(head.get("start"), 1)
        levels[level] = Level(form, with_levels(cursor.text(), level), start)
    return Counter(levels, begins_above=True)
