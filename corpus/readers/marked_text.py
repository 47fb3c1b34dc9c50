"""Builds the blocks of a text whose paragraphs, cells and rows end with marks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .placed_text import Block
from .table_rows import lines_of

# Each part takes all that it can: else a line of dashes takes the fifth power of its length.
_PAGE_NUMBER = re.compile(
    r"\W*+(?>(?:page|쪽|페이지)?)\W*+\d*+\W*+(?>(?:(?>(?:of|중)?)\W*+\d++)?)\W*+", re.IGNORECASE
)


def running_blocks(texts: Iterable[str]) -> list[Block]:
    """Return the lines of headers and footers, each once, without bare page numbers."""
    lines = dict.fromkeys(" ".join(line.split()) for text in texts for line in text.split("\n"))
    return [Block(line) for line in lines if not _PAGE_NUMBER.fullmatch(line)]


class MarkedText:
    """A text while it is read; the rows that follow each other are one table."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._pieces: list[str] = []
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._notes: list[str] = []
        self._notes_of_rows: list[str] = []
        self._is_marked = False

    def write(self, text: str) -> None:
        """Add characters to the paragraph."""
        self._pieces.append(text)

    def add_note(self, text: str) -> None:
        """Add what belongs to the paragraph or table: a note, a comment, a frame."""
        if text.strip():
            self._notes.append(text)

    def end_paragraph(self, kind: str = "", *, in_table: bool = False) -> None:
        """End a paragraph, which has the kind of a Block; one `in_table` is a line of its cell."""
        if in_table or self._cells:
            self._pieces.append("\n")
            return
        text = self._taken()
        if text.strip() or self._notes:
            self._end_table()
            self._blocks += (Block(text, kind),) if text.strip() else ()
            self._take(self._notes)

    def end_cell(self) -> None:
        """End the cell of a row."""
        self._cells.append(self._taken())

    def end_row(self, *, is_header: bool = False) -> None:
        """End the row of a table, which may be marked as its header."""
        self._is_marked = self._is_marked or (is_header and not self._rows)
        if self._cells:
            self._rows.append(self._cells)
            self._notes_of_rows += self._notes
            self._notes = []
        self._cells = []

    def blocks(self) -> list[Block]:
        """Return the blocks; what the text was cut off in is one as well."""
        if self._cells:
            self.end_cell()
            self.end_row()
        self.end_paragraph()
        self._end_table()
        self._take(self._notes)
        return self._blocks

    def text(self) -> str:
        """Return the blocks as lines."""
        return "\n".join(block.text for block in self.blocks() if block.text.strip())

    def _taken(self) -> str:
        text = "".join(self._pieces)
        self._pieces = []
        return text

    def _end_table(self) -> None:
        rows, self._rows = self._rows, []
        self._blocks += (Block(line, "row") for line in lines_of(rows, is_marked=self._is_marked))
        self._is_marked = False
        self._take(self._notes_of_rows)

    def _take(self, notes: list[str]) -> None:
        self._blocks += (Block(note, belongs=True) for note in notes)
        notes.clear()
