"""Reads the parts of HWPX files, ZIP archives of XML files: shapes, properties, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, cast

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from ...errors import Damaged, OtherFormat, Protected, TooLarge
from ..archive import Archive
from .numbering import FORMATS, Level, Numbering
from .properties import Properties, in_korea
from .shapes import MARK, NUMBER, OUTLINE, ParagraphShape, Shapes, shown_mark
from .xml_element import Element, number

MAGIC = b"PK\x03\x04"
# Of what is held as a tree, which takes ten times as much: the header, or one paragraph.
_MOST_BYTES = 1 << 25

_SECTION = re.compile(r"Contents/section(\d{1,5})\.xml", re.IGNORECASE)
_HEADER, _PACKAGE, _MANIFEST = (
    "Contents/header.xml",
    "Contents/content.hpf",
    "META-INF/manifest.xml",
)
_KINDS = {"OUTLINE": OUTLINE, "NUMBER": NUMBER, "BULLET": MARK}
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "recover": True}


class Package:
    """An open HWPX file; `cut` is true once a file in it was damaged.

    Raises CorpusError, with the reason, for one that is damaged, protected, too large or of another
    kind.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._archive = Archive(file)
        names = map(_SECTION.fullmatch, self._archive.names())
        found = {int(match[1]): match[0] for match in names if match}
        self._sections = [found[number] for number in sorted(found)]
        self.cut = len(found) <= max(found, default=-1)  # one is missing
        if not self._sections:
            raise OtherFormat("is a ZIP archive or an office document, not an HWPX document")
        if b":encryption-data" in self._bytes(_MANIFEST):
            raise Protected("is protected by a password")

    def shapes(self) -> Shapes:
        """Return the shapes of the document, as far as they can be read."""
        root = self._tree(_HEADER)
        return Shapes(
            {number(each, "id"): _paragraph_shape(each) for each in root.iter("{*}paraPr")},
            {number(each, "id"): _numbering(each) for each in root.iter("{*}numbering")},
            {
                number(each, "id"): shown_mark(each.get("char", ""))
                for each in root.iter("{*}bullet")
            },
            {number(each, "id"): number(each, "height") for each in root.iter("{*}charPr")},
        )

    def properties(self) -> Properties:
        """Return what the package states of the document."""
        root = self._tree(_PACKAGE)
        named = {each.get("name", "").lower(): each.text or "" for each in root.iter("{*}meta")}
        return Properties(
            next((each.text or "" for each in root.iter("{*}title")), ""),
            named.get("creator", ""),
            named.get("keyword", ""),
            _day(named.get("modifieddate", "")),
        )

    def paragraphs(self) -> Iterator[Element]:
        """Yield the elements of the paragraphs of the top level, each emptied after its use."""
        for name in self._sections:
            try:
                yield from self._section(name)
            except etree.XMLSyntaxError:
                self.cut = True

    def _section(self, name: str) -> Iterator[Element]:
        parser = etree.XMLPullParser(events=("end",), tag="{*}p", **_SAFE)
        held = 0
        for chunk in self._chunks(name):
            held += len(chunk)
            if held > _MOST_BYTES:
                raise TooLarge(f"is too large: a paragraph has more than {_MOST_BYTES:,} bytes")
            parser.feed(chunk)
            for element in _top_level(parser.read_events()):
                yield element
                held = 0
        parser.close()
        yield from _top_level(parser.read_events())
        self.cut = self.cut or _has_fatal(parser.feed_error_log)

    def _chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file in the archive, up to where it is damaged."""
        try:
            yield from self._archive.chunks(name)
        except Damaged:
            self.cut = True

    def _tree(self, name: str) -> Element:
        """Return the root of an XML file in the archive; an empty one if it cannot be read."""
        data = self._bytes(name)
        root = etree.fromstring(data, etree.XMLParser(**_SAFE)) if data else None
        return cast("Element", etree.Element("none") if root is None else root)

    def _bytes(self, name: str) -> bytes:
        """Return a file in the archive; nothing if it is missing or damaged."""
        try:
            return self._archive.read(name, most=_MOST_BYTES)
        except Damaged:
            return b""


def _top_level(parsing: Iterable[tuple[str, Element]]) -> Iterator[Element]:
    for _, element in parsing:
        parent = element.getparent()
        if parent is None or parent.getparent() is not None:
            continue
        yield element
        element.clear()
        while element.getprevious() is not None:
            del parent[0]


def _has_fatal(log: Iterable[Any]) -> bool:
    return any(entry.level == etree.ErrorLevels.FATAL for entry in log)


def _day(moment: str) -> str:
    try:
        return in_korea(datetime.fromisoformat(moment))
    except ValueError:
        return ""


def _paragraph_shape(element: Element) -> ParagraphShape:
    for heading in element.iter("{*}heading"):
        kind = _KINDS.get(heading.get("type", ""), 0)
        return ParagraphShape(kind, number(heading, "idRef"), number(heading, "level"))
    return ParagraphShape()


def _numbering(element: Element) -> Numbering:
    levels = {
        number(head, "level", 1): Level(
            head.text or "", head.get("numFormat", FORMATS[0]), number(head, "start", 1)
        )
        for head in element.iter("{*}paraHead")
    }
    deepest = min(10, max(levels, default=0))
    return Numbering([levels.get(at, Level("")) for at in range(1, deepest + 1)])
