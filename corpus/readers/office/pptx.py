"""Reads PPTX: slides in their order, with titles, tables, notes, comments and descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corpus.document import SLIDE, Document

from ..archive import Archive
from ..placed_text import PlacedText, description
from ..table_rows import lines_of
from ..xml_cursor import Cursor, Element
from .drawing import enter_branch, graphic_text, paragraph, paragraphs, table
from .relations import Relation, of_kind, relations

_TITLES = ("title", "ctrTitle")
_FOOTERS = ("ftr", "hdr")
_OF_THE_PAGE = ("sldNum", "dt", "sldImg")
_NOT_TEXT = ("timing", "transition", "extLst", "clrMapOvr", "style", "spPr", "bg")


@dataclass(slots=True)
class _Slide:
    """What a slide has: titles, paragraphs and rows in their order, and its footer."""

    titles: list[str] = field(default_factory=list)
    blocks: list[tuple[str, bool]] = field(default_factory=list)  # and whether it is a row
    footers: list[str] = field(default_factory=list)


def documents(
    archive: Archive, name: str, *, part: str, metadata: Mapping[str, str]
) -> Iterator[Document]:
    """Yield the document; its places are slides, from 1."""
    text = PlacedText()
    footers: set[str] = set()
    with archive.reporting():
        for place, target in enumerate(_slides(archive, part), start=1):
            slide = _Slide()
            with archive.reporting():
                _read_slide(archive, target, slide)
            footers = _add(text, slide, place, footers)
    yield text.document(name, SLIDE, metadata)


def _slides(archive: Archive, part: str) -> list[str]:
    """Return the parts of the slides in the order of the presentation."""
    found = relations(archive, part)
    order = []
    with archive.reporting():
        for element in Cursor(archive.chunks(part), part).find("sldId"):
            if relation := found.get(element.get("r:id")):
                order.append(relation.target)
            else:
                archive.faults.append("is damaged: one of its slides is missing")
    return order


def _add(text: PlacedText, slide: _Slide, place: int, footers: set[str]) -> set[str]:
    """Add a slide; return the footers that were added until then, each of them once."""
    for title in slide.titles:
        text.add(title, place, is_heading=True)
    for block, is_row in slide.blocks:
        (text.add_row if is_row else text.add)(block, place)
    for footer in slide.footers:
        if footer not in footers:
            text.add(footer, place)
    return footers.union(slide.footers)


def _read_slide(archive: Archive, part: str, slide: _Slide) -> None:
    found = relations(archive, part)
    _shapes(Cursor(archive.chunks(part), part), _Shapes(archive, found, slide))
    for notes in of_kind(archive, found, "notesSlide"):
        spoken = _Slide()
        _shapes(Cursor(archive.chunks(notes), notes), _Shapes(archive, {}, spoken))
        slide.blocks += spoken.blocks
    for comments in of_kind(archive, found, "comments", "comment"):
        cursor = Cursor(archive.chunks(comments), comments)
        for element in cursor.find("text", "p"):
            said = cursor.text() if element.name == "text" else paragraph(cursor)
            slide.blocks.append((said, False))


@dataclass(slots=True)
class _Shapes:
    """The shapes of one part: where their parts are, and the slide that gets their text."""

    archive: Archive
    relations: Mapping[str, Relation]
    slide: _Slide


def _shapes(cursor: Cursor, shapes: _Shapes, kind: str = "") -> None:
    """Read the shapes in the element where the cursor is; `kind` is that of their placeholder."""
    for element in cursor.children():
        if element.name == "AlternateContent":
            if enter_branch(cursor):
                _shapes(cursor, shapes, kind)
        elif element.name in ("nvSpPr", "nvPicPr", "nvGraphicFramePr", "nvGrpSpPr", "nvCxnSpPr"):
            kind = _properties(cursor, shapes)
        elif element.name == "txBody":
            _write(shapes.slide, paragraphs(cursor), kind)
        elif element.name == "tbl":
            shapes.slide.blocks += [(line, True) for line in lines_of(table(cursor), is_list=True)]
        elif element.name in ("chart", "relIds"):
            _graphic(element, shapes)
        elif element.name not in _NOT_TEXT:
            _shapes(cursor, shapes)


def _properties(cursor: Cursor, shapes: _Shapes) -> str:
    """Take the description of a shape; return the kind of its placeholder, or ""."""
    kind = ""
    for element in cursor.find("cNvPr", "ph"):
        if element.name == "ph":
            kind = element.get("type")
        elif words := description(element.get("descr"), element.get("title")):
            shapes.slide.blocks.append((words, False))
    return kind


def _write(slide: _Slide, found: list[str], kind: str) -> None:
    if kind in _TITLES:
        slide.titles.append(" ".join(" ".join(found).split()))
    elif kind in _FOOTERS:
        slide.footers += found
    elif kind not in _OF_THE_PAGE:
        slide.blocks += [(each, False) for each in found]


def _graphic(element: Element, shapes: _Shapes) -> None:
    relation = shapes.relations.get(element.get("r:id") or element.get("r:dm"))
    if relation and relation.target in shapes.archive:
        shapes.slide.blocks.append((graphic_text(shapes.archive, relation.target), False))
