"""Reads the paragraphs of HWPX files: all their text, and that of the objects in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .blocks import Block, paragraph, table
from .numbering import formatted
from .shapes import Shapes
from .walker import LEADER, Parts, Walker

# Elements in the text that stand for a character; all others stand for none.
_CHARACTERS = {"tab": "\t", "lineBreak": "\n", "hyphen": "-", "nbSpace": " ", "fwSpace": " "}
_PAGE_NUMBERS = ("PAGE", "TOTAL_PAGE")
# Without text of the document, but with some that is for the program.
_SETTINGS = frozenset(("parameters", "linesegarray", "shapeComment", "metaTag", "charPr"))
_CHOICES = ("case", "default")
_SURROGATES = 0xD800


class XmlBody(Walker):
    """Reads the text of a document."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__(shapes)
        self._is_deleted = False

    def paragraph(self, element: Any) -> list[Block]:
        """Return the blocks of a paragraph."""
        parts = Parts()
        shape = self._shapes.shape(_integer(element.get("paraPrIDRef", "")))
        head, height = "", 0
        for run in _children(element, "run"):
            for child in run:
                self._part(child, parts)
            if not head and any(parts.text):
                head = self._shapes.head(shape)
            height = height or self._shapes.heights.get(_integer(run.get("charPrIDRef", "")), 0)
        own = paragraph("".join(parts.text), head, shape, height)
        return [*parts.above, *own, *parts.below]

    def _part(self, element: Any, parts: Parts) -> None:
        name = _name(element)
        if name == "t":
            self._text(element, parts)
        elif name == "tbl":
            parts.below += self._table(element)
        elif name == "secPr":
            self._shapes.outline = _integer(element.get("outlineShapeIDRef", ""))
        elif name in ("ctrl", "switch"):
            for child in element if name == "ctrl" else _chosen(element):
                self._part(child, parts)
        elif name in ("header", "footer"):
            side = parts.above if name == "header" else parts.below
            side += self._once(self._boxes(element))
        else:
            self._object(element, name, parts)

    def _object(self, element: Any, name: str, parts: Parts) -> None:
        if name in ("footNote", "endNote"):
            parts.text.append(_note_mark(element))
            parts.below += self._boxes(element)
        elif name == "autoNum":
            parts.text.append(_automatic_number(element))
        elif name == "equation":
            scripts = ("".join(each.itertext()) for each in _children(element, "script"))
            parts.text += [" ", *scripts, " "]
            parts.below += self._boxes(element)
        elif name == "compose":
            parts.text.append(element.get("composeText", ""))
        elif name == "dutmal":
            words = (each.text or "" for each in element if _name(each) in ("mainText", "subText"))
            parts.text.append(" ".join(words))
        elif name in ("edit", "comboBox", "listBox", "btn", "checkBtn", "radioBtn"):
            parts.text.append(element.get("caption", ""))
            parts.text += (each.text or "" for each in _children(element, "text"))
        elif name == "textart":
            parts.below += paragraph(element.get("text", ""))
            parts.below += self._boxes(element)
        else:
            parts.below += self._boxes(element)

    def _text(self, element: Any, parts: Parts) -> None:
        """Add the text of a run, without what is deleted in it."""
        self._add(element.text, parts)
        for child in element:
            name = _name(child)
            if name in ("deleteBegin", "deleteEnd"):
                self._is_deleted = name == "deleteBegin"
            elif not name:  # a reference to an entity, or a comment
                self.cut = self.cut or not isinstance(child.text, str) or child.text[:1] == "&"
            else:
                leads = name == "tab" and child.get("leader", "0") not in ("0", "NONE")
                self._add(LEADER if leads else _CHARACTERS.get(name), parts)
                self._add(child.text, parts)
            self._add(child.tail, parts)

    def _add(self, text: str | None, parts: Parts) -> None:
        if text and not self._is_deleted:
            parts.text.append(text)

    def _boxes(self, element: Any) -> list[Block]:
        """Return the blocks of all paragraphs in an object, those of objects in them included."""
        found: list[Block] = []
        with self._deeper() as is_read:
            for child in element if is_read else ():
                name = _name(child)
                if name == "p":
                    found += self.paragraph(child)
                elif name == "tbl":
                    found += self._table(child)
                elif name not in _SETTINGS and len(child):
                    found += self._boxes(child)
        return found

    def _table(self, element: Any) -> Iterator[Block]:
        """Yield the caption and the rows of a table."""
        captions = list(_children(element, "caption"))
        above = [each for each in captions if each.get("side", "") not in ("BOTTOM", "RIGHT")]
        for caption in above:
            yield from self._boxes(caption)
        rows = _children(element, "tr")
        yield from table([self._boxes(cell) for cell in _children(row, "tc")] for row in rows)
        for caption in captions:
            if caption not in above:
                yield from self._boxes(caption)


def _name(element: Any) -> str:
    """Return the name of an element without its namespace, which depends on the version."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _children(element: Any, name: str) -> Iterator[Any]:
    return (child for child in element if _name(child) == name)


def _chosen(element: Any) -> Iterable[Any]:
    """Return what is in the first of several versions of an object that has any."""
    return next((each for each in element if _name(each) in _CHOICES and len(each)), ())


def _integer(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


def _automatic_number(element: Any) -> str:
    """Return the number of a note, picture, table or equation; those of pages are none of text."""
    number = element.get("num", "")
    if element.get("numType", "") in _PAGE_NUMBERS:
        return ""
    for style in _children(element, "autoNumFormat"):
        number = formatted(_integer(number), style.get("type", ""))
        return style.get("prefixChar", "") + number + style.get("suffixChar", "")
    return str(number)


def _note_mark(element: Any) -> str:
    """Return the number with which a text refers to a note."""
    before, after = (_integer(element.get(name, "")) for name in ("prefixChar", "suffixChar"))
    signs = (chr(code) if 0 < code < _SURROGATES else "" for code in (before, after))
    return element.get("number", "").join(signs)
