"""Reads the paragraphs of HWPX files: all their text, and that of the objects in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ...errors import Damaged
from ..placed_text import Block
from . import equation
from .blocks import paragraph, table
from .numbering import formatted
from .shapes import Shapes
from .walker import LEADER, LOST, Parts, Walker
from .xml_element import Element, children, local_name, number

# Elements in the text that stand for a character; all others stand for none.
_CHARACTERS = {"tab": "\t", "lineBreak": "\n", "hyphen": "-", "nbSpace": " ", "fwSpace": " "}
_PAGE_NUMBERS = ("PAGE", "TOTAL_PAGE")
# Without text of the document, but with some that is for the program.
_SETTINGS = frozenset(("parameters", "linesegarray", "shapeComment", "metaTag", "charPr"))
_CHOICES = ("case", "default")
_SURROGATES = 0xD800


class XmlBody(Walker):
    """Reads the text of a document; `chart` has the texts of a chart, by the name of its file."""

    def __init__(self, shapes: Shapes, chart: Callable[[str], Iterator[str]]) -> None:
        super().__init__(shapes)
        self._texts_of_chart = chart
        self._is_deleted = False

    def paragraph(self, element: Element) -> list[Block]:
        """Return the blocks of a paragraph."""
        parts = Parts()
        shape = self._shapes.shape(number(element, "paraPrIDRef", -1))
        head, height = "", 0
        for run in children(element, "run"):
            for child in run:
                self._part(child, parts)
            if not head and any(parts.text):
                head = self._shapes.head(shape)
            height = height or self._shapes.heights.get(number(run, "charPrIDRef", -1), 0)
        own = paragraph("".join(parts.text), head, shape, height)
        return [*parts.above, *own, *parts.below]

    def _part(self, element: Element, parts: Parts) -> None:
        name = local_name(element)
        if name == "t":
            self._text(element, parts)
        elif name == "tbl":
            parts.around(_is_character(element)).extend(self._table(element))
        elif name == "secPr":
            self._shapes.outline = number(element, "outlineShapeIDRef")
        elif name in ("ctrl", "switch"):
            for child in element if name == "ctrl" else _chosen(element):
                self._part(child, parts)
        elif name in ("header", "footer"):
            side = parts.above if name == "header" else parts.below
            side += self._once(self._boxes(element))
        else:
            self._object(element, name, parts)

    def _object(self, element: Element, name: str, parts: Parts) -> None:
        if name in ("footNote", "endNote"):
            parts.text.append(_note_mark(element))
            parts.below += self._boxes(element)
        elif name == "autoNum":
            parts.text.append(_automatic_number(element))
        elif name == "equation":
            scripts = ("".join(each.itertext()) for each in children(element, "script"))
            parts.text += [" ", *map(equation.written, scripts), " "]
            parts.below += self._boxes(element)
        elif name == "compose":
            parts.text.append(element.get("composeText", ""))
        elif name == "dutmal":
            for part in ("mainText", "subText"):
                parts.text += (f"{each.text or ''} " for each in children(element, part))
        elif name in ("edit", "comboBox", "listBox", "btn", "checkBtn", "radioBtn"):
            parts.text.append(element.get("caption", ""))
            parts.text += (each.text or "" for each in children(element, "text"))
        elif name == "textart":
            parts.below += paragraph(element.get("text", ""))
            parts.below += self._boxes(element)
        elif name == "chart":
            texts = self._texts_of_chart(element.get("chartIDRef", ""))
            parts.around(_is_character(element)).extend(self._chart(texts))
        else:
            parts.around(_is_character(element)).extend(self._boxes(element))

    def _text(self, element: Element, parts: Parts) -> None:
        """Add the text of a run, without what is deleted in it."""
        self._add(element.text, parts)
        for child in element:
            name = local_name(child)
            if name in ("deleteBegin", "deleteEnd"):
                self._is_deleted = name == "deleteBegin"
            elif not name:  # a reference to an entity, or a comment
                if not isinstance(child.text, str) or child.text[:1] == "&":
                    self.faults.append(Damaged(LOST))
            else:
                leads = name == "tab" and child.get("leader", "0") not in ("0", "NONE")
                self._add(LEADER if leads else _CHARACTERS.get(name), parts)
                self._add(child.text, parts)
            self._add(child.tail, parts)

    def _add(self, text: str | None, parts: Parts) -> None:
        if text and not self._is_deleted:
            parts.text.append(text)

    def _boxes(self, element: Element) -> list[Block]:
        """Return the blocks of all paragraphs in an object, those of objects in them included."""
        found: list[Block] = []
        with self._deeper() as is_read:
            for child in element if is_read else ():
                name = local_name(child)
                if name == "p":
                    found += self.paragraph(child)
                elif name == "tbl":
                    found += self._table(child)
                elif name not in _SETTINGS and len(child):
                    found += self._boxes(child)
        return found

    def _table(self, element: Element) -> Iterator[Block]:
        """Yield the caption and the rows of a table."""
        captions = list(children(element, "caption"))
        above = [each for each in captions if each.get("side", "") not in ("BOTTOM", "RIGHT")]
        for caption in above:
            yield from self._boxes(caption)
        rows = children(element, "tr")
        yield from table([self._boxes(cell) for cell in children(row, "tc")] for row in rows)
        for caption in captions:
            if caption not in above:
                yield from self._boxes(caption)


def _is_character(element: Element) -> bool:
    """Return whether an object stands in its line as a character does."""
    return any(each.get("treatAsChar", "") == "1" for each in children(element, "pos"))


def _chosen(element: Element) -> Iterable[Element]:
    """Return what is in the first of several versions of an object that has any."""
    return next((each for each in element if local_name(each) in _CHOICES and len(each)), ())


def _automatic_number(element: Element) -> str:
    """Return the number of a note, picture, table or equation; those of pages are none of text."""
    if element.get("numType", "") in _PAGE_NUMBERS:
        return ""
    for style in children(element, "autoNumFormat"):
        shown = formatted(number(element, "num"), style.get("type", ""))
        return style.get("prefixChar", "") + shown + style.get("suffixChar", "")
    return element.get("num", "")


def _note_mark(element: Element) -> str:
    """Return the number with which a text refers to a note."""
    before, after = (number(element, name) for name in ("prefixChar", "suffixChar"))
    signs = (chr(code) if 0 < code < _SURROGATES else "" for code in (before, after))
    return element.get("number", "").join(signs)
