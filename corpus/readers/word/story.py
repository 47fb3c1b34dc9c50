"""The stories of a DOC: its text, notes, headers and boxes, with the marks in them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from ..marked_text import MarkedText
from ..placed_text import Block
from .formatting import Formatting, Paragraph
from .information import Information
from .pieces import Piece, pieces

_MARK = re.compile("[\x00-\x1f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PARAGRAPH, _CELL = "\r", "\x07"
_BREAKS = "\x0c\x0e"  # of pages, sections and columns
_FIELD, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_SIGNS = {"\t": "\t", "\x0b": "\n", "\x1e": "-"}


class Stories:
    """The whole text of a document, of which each story is a range; `length` is in characters.

    `notes` are the texts that belong to places of it. Raises Damaged.
    """

    def __init__(self, information: Information) -> None:
        self._formatting = Formatting(information)
        self._pieces = list(pieces(information))
        self._starts = [piece.start for piece in self._pieces]
        self.notes: dict[int, str] = {}
        self.length = sum(len(piece.text) for piece in self._pieces)

    def texts(self, ranges: Iterable[tuple[int, int]]) -> list[str]:
        """Return the text of each range, its blocks as lines."""
        return ["\n".join(block.text for block in self.blocks(*each)) for each in ranges]

    def blocks(self, start: int, end: int) -> list[Block]:
        """Return the paragraphs and rows of a range."""
        story = _Story()
        for piece, first, last in self._parts(start, end):
            self._read(story, piece, first, last)
        return story.text.blocks()

    def _parts(self, start: int, end: int) -> Iterator[tuple[Piece, int, int]]:
        """Yield the pieces of a range, and which characters of each are in it."""
        at = max(0, bisect_right(self._starts, start) - 1)
        for piece in self._pieces[at : bisect_left(self._starts, end)]:
            first = max(0, start - piece.start)
            last = min(len(piece.text), end - piece.start)
            if first < last:
                yield piece, first, last

    def _read(self, story: _Story, piece: Piece, first: int, last: int) -> None:
        for begin, stop in self._kept(piece, first, last):
            at = begin
            for mark in _MARK.finditer(piece.text, begin, stop):
                story.write(piece.text[at : mark.start()])
                at = mark.end()
                if note := self.notes.get(piece.start + mark.start()):
                    story.text.add_note(note)
                if mark[0] in (_PARAGRAPH, _CELL):
                    place = piece.place + mark.start() * piece.width
                    story.end(mark[0], self._formatting.paragraph(place))
                else:
                    story.mark(mark[0])
            story.write(piece.text[at:stop])

    def _kept(self, piece: Piece, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of a piece that were not deleted."""
        deleted = self._formatting.deleted
        at = first
        stop = piece.place + last * piece.width
        number = max(0, bisect_right(deleted, (piece.place + first * piece.width, 0)) - 1)
        while number < len(deleted) and deleted[number][0] < stop:
            start, end = ((place - piece.place) // piece.width for place in deleted[number])
            if start > at:
                yield at, min(start, last)
            at = max(at, end)
            number += 1
        if at < last:
            yield at, last


class _Story:
    """The text of a story while it is read, and whether the code of a field is open."""

    def __init__(self) -> None:
        self.text = MarkedText()
        self._fields: list[bool] = []  # of each open field, whether its result has begun

    def write(self, text: str) -> None:
        if text and all(self._fields):
            if _SURROGATE.search(text):
                text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            self.text.write(text.replace("\xad", ""))

    def mark(self, mark: str) -> None:
        if mark in _SIGNS:
            self.write(_SIGNS[mark])
        elif mark in _BREAKS:
            self.text.end_paragraph()
        elif mark == _FIELD:
            self._fields.append(False)
        elif mark == _RESULT and self._fields:
            self._fields[-1] = True
        elif mark == _FIELD_END and self._fields:
            self._fields.pop()

    def end(self, mark: str, paragraph: Paragraph) -> None:
        """End a paragraph, or a cell or row."""
        self._fields = [True for has_begun in self._fields if has_begun]
        if mark == _PARAGRAPH:
            kind = "heading" if paragraph.is_heading else ""
            self.text.end_paragraph(kind, in_table=paragraph.in_table)
        elif paragraph.ends_row:
            self.text.end_row(is_header=paragraph.is_header)
        else:
            self.text.end_cell()
