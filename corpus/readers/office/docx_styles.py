"""What the styles and lists of a DOCX say of its paragraphs: headings, and numbers of items."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..list_numbers import Counter, Level
from ..xml_cursor import Cursor, Element, whole_number

_BODY_TEXT = 9  # the outline level of what is no heading
_MOST_BASES = 20


@dataclass(slots=True)
class ParagraphStyle:
    """The properties of a paragraph or of its style; -1 and "" where it states none."""

    style: str = ""
    outline: int = -1
    list_id: str = ""
    level: int = -1
    name: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether its paragraphs are headings."""
        return 0 <= self.outline < _BODY_TEXT

    @property
    def is_title(self) -> bool:
        """Whether its paragraphs are the title of the document."""
        return self.name.casefold() == "title"


def paragraph_style(cursor: Cursor) -> ParagraphStyle:
    """Return the properties in the element where the cursor is."""
    found = ParagraphStyle()
    for element in cursor.children():
        value = element.get("val")
        if element.name == "pStyle":
            found.style = value
        elif element.name == "outlineLvl":
            found.outline = whole_number(value, -1)
        elif element.name == "numPr":
            values = _values(cursor)
            found.level = whole_number(values.get("ilvl", ""), -1)
            found.list_id = values.get("numId", "")
    return found


def _values(cursor: Cursor) -> dict[str, str]:
    """Return the values of the child elements by their names."""
    return {element.name: element.get("val") for element in cursor.children()}


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, cursor: Cursor | None = None) -> None:
        self._styles: dict[str, ParagraphStyle] = {}
        if cursor is None:
            return
        for element in cursor.find("style"):
            if element.get("type") == "paragraph":
                self._styles[element.get("styleId")] = _style(cursor)

    def resolved(self, own: ParagraphStyle) -> ParagraphStyle:
        """Return the properties of a paragraph with those of its style and of its bases."""
        found = ParagraphStyle(own.style, own.outline, own.list_id, own.level)
        style = own.style
        for _ in range(_MOST_BASES):
            base = self._styles.get(style)
            if base is None:
                break
            found.name = found.name or base.name
            found.outline = base.outline if found.outline < 0 else found.outline
            found.level = base.level if found.level < 0 else found.level
            found.list_id = found.list_id or base.list_id
            style = base.style
        return found


def _style(cursor: Cursor) -> ParagraphStyle:
    found, name, base = ParagraphStyle(), "", ""
    for element in cursor.children():
        if element.name == "pPr":
            found = paragraph_style(cursor)
        elif element.name == "name":
            name = element.get("val")
        elif element.name == "basedOn":
            base = element.get("val")
    found.name, found.style = name, base
    return found


@dataclass(slots=True)
class Lists:
    """The lists of a document, whose counters go on while it is read."""

    _levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    _counters: dict[str, Counter] = field(default_factory=dict)

    def load(self, cursor: Cursor) -> None:
        """Take the rules of the lists from their part."""
        shared: dict[str, Counter] = {}
        for element in cursor.find("abstractNum", "num"):
            if element.name == "abstractNum":
                levels = dict(_levels(cursor))
                self._levels[element.get("abstractNumId")] = levels
                shared[element.get("abstractNumId")] = Counter(levels)
            else:
                self._load_list(cursor, element.get("numId"), shared)

    def _load_list(self, cursor: Cursor, list_id: str, shared: dict[str, Counter]) -> None:
        abstract, overridden = "", dict[int, Level]()
        for element in cursor.children():
            if element.name == "abstractNumId":
                abstract = element.get("val")
            elif element.name == "lvlOverride":
                level = whole_number(element.get("ilvl"))
                inherited = self._levels.get(abstract, {}).get(level, Level())
                overridden[level] = _overridden(cursor, inherited)
        if overridden:
            levels = {**self._levels.get(abstract, {}), **overridden}
            self._counters[list_id] = Counter(levels)
        elif abstract in shared:
            self._counters[list_id] = shared[abstract]

    def mark(self, style: ParagraphStyle) -> str:
        """Return the number or bullet of the next paragraph, with a space, or ""."""
        counter = self._counters.get(style.list_id)
        return counter.next(max(0, style.level)) if counter else ""


def _overridden(cursor: Cursor, level: Level) -> Level:
    for element in cursor.children():
        if element.name == "startOverride":
            level = Level(level.form, level.text, whole_number(element.get("val"), level.start))
        elif element.name == "lvl":
            level = _level(cursor)
    return level


def _levels(cursor: Cursor) -> list[tuple[int, Level]]:
    return [(whole_number(element.get("ilvl")), _level(cursor)) for element in cursor.find("lvl")]


def _level(cursor: Cursor) -> Level:
    values = _values(cursor)
    start = whole_number(values.get("start", ""), 1)
    return Level(values.get("numFmt", "decimal"), values.get("lvlText", ""), start)


def is_on(element: Element) -> bool:
    """Return whether a property that is on or off is on."""
    return element.get("val") not in ("0", "false", "off")
