"""Opens HWPX files: ZIP archives of XML files, of whatever program."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BufferedIOBase
from typing import IO, Any, BinaryIO, cast
from zipfile import BadZipFile, ZipFile

from lxml import etree  # type: ignore[import-untyped]  # ships no types

from ...errors import Damaged, OtherFormat, Protected, TooLarge
from .numbering import FORMATS, Level, Numbering
from .properties import Properties, in_korea
from .shapes import MARK, NUMBER, OUTLINE, ParagraphShape, Shapes, shown_mark
from .xml_element import Element, number

MAGIC = b"PK\x03\x04"
# Of all files together, inflated; a book of a thousand pages has 100 MB.
MOST_BYTES = 1 << 27
_MOST_HEADER_BYTES = 1 << 25  # as a tree, it takes ten times as much
_MOST_MEMBERS = 100_000

_SECTION = re.compile(r"Contents/section(\d{1,5})\.xml", re.IGNORECASE)
_HEADER, _PACKAGE, _MANIFEST = (
    "Contents/header.xml",
    "Contents/content.hpf",
    "META-INF/manifest.xml",
)
_ENCRYPTED = 1  # flag of a member
_KINDS = {"OUTLINE": OUTLINE, "NUMBER": NUMBER, "BULLET": MARK}
_SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "recover": True}
# What reading a damaged archive raises.
_DAMAGE = (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


class _Limited(BufferedIOBase):
    """A member of an archive up to a limit; damage is its end. `cut` is true after either."""

    def __init__(self, member: IO[bytes], limit: int) -> None:
        self._member = member
        self.left = limit
        self.cut = False

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return some bytes, none at the end."""
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        try:
            data: bytes = self._member.read(max(1, wanted))
        except _DAMAGE:
            self.cut, data = True, b""
        self.cut = self.cut or len(data) > self.left
        data = data[: self.left]
        self.left -= len(data)
        return data


class Package:
    """An open HWPX file; `cut` is true once a file in it was longer than the limit, or damaged.

    Raises CorpusError, with the reason, for one that is damaged, protected or of another kind.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.cut = False
        self._left = MOST_BYTES
        try:
            self._archive = ZipFile(file)
        except _DAMAGE as error:
            raise Damaged("is damaged: its archive cannot be opened") from error
        names = self._archive.namelist()
        if len(names) > _MOST_MEMBERS:
            raise TooLarge(f"has more than {_MOST_MEMBERS:,} files in its archive")
        found = {int(match[1]): match[0] for match in map(_SECTION.fullmatch, names) if match}
        self._sections = [found[number] for number in sorted(found)]
        if not self._sections:
            raise OtherFormat("is a ZIP archive or an office document, not an HWPX document")
        if self._archive.getinfo(self._sections[0]).flag_bits & _ENCRYPTED or self._is_protected():
            raise Protected("is protected by a password")

    def _is_protected(self) -> bool:
        return b":encryption-data" in self._bytes(_MANIFEST)

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
                with self._archive.open(name) as member:
                    yield from self._section(_Limited(member, self._left))
            except (RuntimeError, *_DAMAGE):  # encrypted, or damaged
                self.cut = True

    def _section(self, source: _Limited) -> Iterator[Element]:
        parsing = etree.iterparse(source, events=("end",), tag="{*}p", **_SAFE)
        try:
            yield from _top_level(parsing)
        except etree.XMLSyntaxError:
            self.cut = True
        self.cut = self.cut or source.cut or _has_fatal(parsing.error_log)
        self._left = source.left

    def _tree(self, name: str) -> Element:
        """Return the root of an XML file in the archive; an empty one if it cannot be read."""
        data = self._bytes(name)
        root = etree.fromstring(data, etree.XMLParser(**_SAFE)) if data else None
        return cast("Element", etree.Element("none") if root is None else root)

    def _bytes(self, name: str) -> bytes:
        try:
            with self._archive.open(name) as member:
                return _Limited(member, _MOST_HEADER_BYTES).read()
        except (KeyError, RuntimeError, *_DAMAGE):  # missing, encrypted or damaged
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
