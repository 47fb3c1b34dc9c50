"""The shapes of a document that its text depends on: lists, their numbers, and sizes of letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from struct import Struct, error, unpack_from

from ..list_numbers import Counter, Level
from ..number_forms import HANGUL
from .records import BULLET, CHARACTER_SHAPE, NUMBERING, PARAGRAPH_SHAPE, flat

# What stands before a paragraph, by the code of HWP.
PLAIN, OUTLINE, NUMBER, MARK = range(4)

_WORD = Struct("<H").unpack_from
_LONG = Struct("<I").unpack_from
_HEIGHT_AT = 42  # in the shape of a character
_LIST_AT = 30  # in the shape of a paragraph
_MARK_AT = 12  # in a bullet
_MOST_LEVELS = 10  # of which ^0 is the last
_REFERENCE = re.compile(r"\^([0-9nN])")
_FORMS = tuple(HANGUL)
_LEVELS = 7  # of a numbering; versions that know more write three further ones
_FIRST_PRIVATE, _LAST_PRIVATE = "\ue000", "\uf8ff"


@dataclass(frozen=True, slots=True)
class ParagraphShape:
    """What stands before a paragraph: nothing, a number of the outline or of a list, or a mark."""

    kind: int = PLAIN
    list_id: int = 0
    level: int = 0


NO_SHAPE = ParagraphShape()


@dataclass(slots=True)
class Shapes:
    """The shapes of a document by their numbers in it; the numberings count while it is read.

    `heights` are the sizes of letters, in a hundredth of a point; `outline` is the numbering of
    the outline in the present section.
    """

    paragraphs: dict[int, ParagraphShape]
    numberings: dict[int, Counter]
    marks: dict[int, str]
    heights: dict[int, int]
    outline: int = field(default=0)

    def shape(self, number: int) -> ParagraphShape:
        """Return the shape of a paragraph; a plain one if there is none of the number."""
        return self.paragraphs.get(number, NO_SHAPE)

    def head(self, shape: ParagraphShape) -> str:
        """Count a paragraph, and return its number or mark with a space, or ""."""
        if shape.kind == MARK:
            mark = self.marks.get(shape.list_id, "")
            return mark and mark + " "
        numbering = self.outline if shape.kind == OUTLINE else shape.list_id
        found = self.numberings.get(numbering) if shape.kind in (OUTLINE, NUMBER) else None
        return found.next(shape.level) if found and shape.level in found.levels else ""


def shown_mark(mark: str) -> str:
    """Return the mark of a bullet: a dot where its sign is in a font of symbols only."""
    return "•" if _FIRST_PRIVATE <= mark <= _LAST_PRIVATE else mark.strip("\0\uffff ")


def read_shapes(information: bytes) -> Shapes:
    """Return the shapes in the records of DocInfo, as far as they are sound."""
    paragraphs: list[ParagraphShape] = []
    numberings: list[Counter] = []
    marks: list[str] = []
    heights: list[int] = []
    with suppress(EOFError):
        for tag, _, start, end in flat(information):
            data = information[start:end]
            if tag == CHARACTER_SHAPE:
                heights.append(_LONG(data, _HEIGHT_AT)[0] if len(data) >= _HEIGHT_AT + 4 else 0)
            elif tag == PARAGRAPH_SHAPE:
                paragraphs.append(_paragraph_shape(data))
            elif tag == NUMBERING:
                numberings.append(Counter(dict(enumerate(_levels(data))), begins_above=True))
            elif tag == BULLET:
                mark = data[_MARK_AT : _MARK_AT + 2].decode("utf-16-le", "ignore")
                marks.append(shown_mark(mark))
    return Shapes(
        dict(enumerate(paragraphs)),
        dict(enumerate(numberings, 1)),
        dict(enumerate(marks, 1)),
        dict(enumerate(heights)),
    )


def _paragraph_shape(data: bytes) -> ParagraphShape:
    if len(data) < _LIST_AT + 2:
        return NO_SHAPE
    (attributes,) = _LONG(data)
    (number,) = _WORD(data, _LIST_AT)
    return ParagraphShape(attributes >> 23 & 3, number, attributes >> 25 & 7)


def _levels(data: bytes) -> Iterator[Level]:
    """Yield the levels of a numbering, up to where its record is cut off."""
    found, at = [], 0
    for _ in range(_LEVELS):
        if at + 14 > len(data):
            break
        (attributes,) = _LONG(data, at)
        (length,) = _WORD(data, at + 12)
        text = data[at + 14 : at + 14 + 2 * length].decode("utf-16-le", "ignore")
        code = attributes >> 5 & 31
        found.append((text, form(code)))
        at += 14 + 2 * length
    try:
        starts = unpack_from(f"<{_LEVELS}I", data, at + 2)
    except error:
        starts = (1,) * _LEVELS
    for level, ((text, name), start) in enumerate(zip(found, starts, strict=False)):
        yield Level(name, with_levels(text, level), start)


def with_levels(text: str, level: int) -> str:
    """Return the text of a level, from 0, with % for the ^ by which Hangul refers to a level."""

    def reference(found: re.Match[str]) -> str:
        if found[1].isdecimal():
            return f"%{found[1]}"
        path = ".".join(f"%{(at + 1) % _MOST_LEVELS}" for at in range(level + 1))
        return path + "." * (found[1] == "N")

    return _REFERENCE.sub(reference, text)


def form(code: int) -> str:
    """Return the name of the form of a number, by its code in HWP."""
    return _FORMS[code] if code < len(_FORMS) else _FORMS[0]
