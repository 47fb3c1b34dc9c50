"""Reads DOC: paragraphs, tables, notes, comments, text boxes, headers and footers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from ...document import PARAGRAPH, Document, Problem, State
from ...errors import NoText
from ..marked_text import running_blocks
from ..office.properties import believed
from ..ole import Container
from ..placed_text import Block, PlacedText
from .information import (
    BOXES,
    COMMENT_MARKS,
    COMMENTS,
    ENDNOTE_MARKS,
    ENDNOTES,
    FOOTNOTE_MARKS,
    FOOTNOTES,
    HEADER_BOXES,
    HEADERS,
    Information,
)
from .story import Stories

_TEXT, _FOOTNOTES, _HEADERS, _MACROS, _COMMENTS, _ENDNOTES, _BOXES, _HEADER_BOXES = range(8)
_BOX = 22  # bytes of what is said of a box
_SEPARATORS = 6  # stories before the first header, such as the line above footnotes
# Where notes are marked in the text, the size of what is said of a mark, and the notes.
_NOTES = (
    (FOOTNOTE_MARKS, 2, FOOTNOTES, _FOOTNOTES),
    (COMMENT_MARKS, 30, COMMENTS, _COMMENTS),
    (ENDNOTE_MARKS, 2, ENDNOTES, _ENDNOTES),
)
_CUT = "was read in part; some of its text is cut off"


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield the document; its places are paragraphs with text, or rows of tables, from 1."""
    container = Container(file)
    information = Information(container)
    stories = Stories(information)
    for marks, size, texts, story in _NOTES:
        notes = stories.texts(_ranges(information, texts, story))
        stories.notes |= dict(zip(information.places(marks, size), notes, strict=False))
    text = PlacedText()
    text.add_all(stories.blocks(0, information.lengths[_TEXT]))
    for box in stories.texts(_ranges(information, BOXES, _BOXES)):
        text.add_all([Block(box)])
    headers = _ranges(information, HEADERS, _HEADERS)[_SEPARATORS:]
    boxes = _ranges(information, HEADER_BOXES, _HEADER_BOXES)
    text.add_all(running_blocks(stories.texts([*headers, *boxes])))
    if not text:
        raise NoText("has no text")
    yield text.document(name, PARAGRAPH, believed(container.stated()))
    if stories.length < information.lengths[_TEXT]:
        yield Problem(path=name, reason=_CUT, state=State.DAMAGED)


def _ranges(information: Information, table: int, story: int) -> list[tuple[int, int]]:
    """Return the ranges of the whole text that a table of places in a story lists.

    Where they are not in order, as in a damaged file, they would repeat text: those are empty.
    """
    start, length = sum(information.lengths[:story]), information.lengths[story]
    item = _BOX if story in (_BOXES, _HEADER_BOXES) else 0
    last = 0
    found = []
    for first, end in pairwise(information.places(table, item)):
        end = min(end, length)  # the last may be one of nothing
        is_sound = last <= first <= end
        found.append((start + first, start + end if is_sound else start + first))
        last = max(last, end) if is_sound else last
    return found
