"""Blocks of text, as both formats of Hangul give them, and the text that they make together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Heading

from ...encoding import compose_syllables
from ...text_file import replace_surrogates
from ..metadata import parse_date, tidy_title
from . import own_signs
from .shapes import NO_SHAPE, OUTLINE, PLAIN, ParagraphShape

ROW, ITEM, HEADING = "row", "item", "heading"

# A row with a longer cell is layout.
_LONGEST_CELL = 600  # characters
_COLUMN_SEPARATOR = "\t"
_LONGEST_HEADING = 100
_SENTENCE_END = re.compile(r"[.。,;!?…]$|다$")

_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f\ufffe\uffff]")

_TITLE_BLOCKS = 12  # among which a title stands
_LONGEST_TITLE = 100
_LARGER = 1.15  # of the letters of a title against those of the text


@dataclass(slots=True)
class Block:
    """A paragraph, or a row of a table. `kind` is ROW, ITEM, HEADING or ""."""

    text: str
    kind: str = ""
    height: int = 0


def paragraph(
    text: str, head: str = "", shape: ParagraphShape = NO_SHAPE, height: int = 0
) -> Iterator[Block]:
    """Yield the block of a paragraph with what stands before its text, unless it has none."""
    text = shown(text)
    if not text:
        return
    kind = "" if shape.kind == PLAIN else ITEM
    if shape.kind == OUTLINE and len(text) <= _LONGEST_HEADING and not _SENTENCE_END.search(text):
        kind = HEADING
    yield Block(shown(head + text), kind, height)


def shown(text: str) -> str:
    """Return a text without controls and outer space, its syllables composed."""
    if not text.isascii():
        text = replace_surrogates(compose_syllables(own_signs.replaced(text)))
    return _CONTROLS.sub("", text).strip()


def table(rows: Iterable[Sequence[Sequence[Block]]]) -> Iterator[Block]:
    """Yield the blocks of a table, given the blocks of each cell of its rows.

    A row is a line, unless it has one cell, or is layout: with long cells, or tables in them.
    """
    for row in rows:
        cells = [cell for cell in row if cell]
        if len(cells) > 1 and all(map(_is_plain, cells)):
            texts = (" ".join(" ".join(b.text for b in cell).split()) for cell in cells)
            height = max(block.height for cell in cells for block in cell)
            yield Block(_COLUMN_SEPARATOR.join(texts), ROW, height)
        else:
            for cell in cells:
                yield from (_in_table(block) for block in cell)


def _in_table(block: Block) -> Block:
    """Return a block of a cell; no heading is in a table, as it is not one of what is below."""
    return Block(block.text, ITEM if block.kind == HEADING else block.kind, block.height)


def _is_plain(cell: Sequence[Block]) -> bool:
    length = sum(len(block.text) for block in cell)
    return length <= _LONGEST_CELL and all(block.kind != ROW for block in cell)


class Text:
    """The text of the blocks so far, with the number of the paragraph where each starts."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._end = 0
        self._before = ""
        self._first: list[Block] = []
        self.lines: list[tuple[int, int]] = []
        self.headings: list[Heading] = []
        self._heights: dict[int, int] = {}

    def add(self, block: Block, number: int) -> None:
        """Add a block of the paragraph `number`, from 1, of the document."""
        if self._pieces:
            is_list = block.kind == self._before and block.kind in (ROW, ITEM)
            self._pieces.append("\n" if is_list else "\n\n")
            self._end += len(self._pieces[-1])
        if not self.lines or self.lines[-1][1] != number:
            self.lines.append((self._end, number))
        start, self._end = self._end, self._end + len(block.text)
        self._pieces.append(block.text)
        self._before = block.kind
        if block.kind == HEADING and (words := tidy_title(block.text)):
            self.headings.append(Heading(start=start, end=self._end, text=words))
        if len(self._first) < _TITLE_BLOCKS:
            self._first.append(block)
        self._heights[block.height] = self._heights.get(block.height, 0) + len(block.text)

    def text(self) -> str:
        """Return the whole text."""
        return "".join(self._pieces)

    def title(self) -> str:
        """Return the title: the first block in the largest letters, if larger than most; or ""."""
        usual = max(self._heights, key=self._heights.__getitem__, default=0)
        found = [block for block in self._first if _may_be_title(block)]
        largest = max(found, key=lambda block: block.height, default=None)
        if largest and largest.height >= _LARGER * usual:
            return tidy_title(largest.text)
        return self.headings[0].text if self.headings else ""


def _may_be_title(block: Block) -> bool:
    text = block.text
    is_short = len(text) <= _LONGEST_TITLE and "\n" not in text and block.kind != ROW
    return is_short and sum(map(str.isalpha, text)) > 1 and not parse_date(text)
