"""Blocks of text, as both formats of Hangul give them, and the title among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ...encoding import compose_syllables
from ...text_file import replace_surrogates
from ..metadata import parse_date, tidy_title
from ..placed_text import Block
from . import own_signs
from .shapes import NO_SHAPE, OUTLINE, PLAIN, ParagraphShape

ROW, ITEM, HEADING = "row", "item", "heading"

# A row with a longer cell is layout.
_LONGEST_CELL = 600  # characters
# Bars and names of columns, as other formats have, would part what a page shows side by side: most
# tables of Hangul are forms. Of the text that Hancom prints, a tenth less was found with bars.
_COLUMN_SEPARATOR = "\t"
_LONGEST_HEADING = 100
_SENTENCE_END = re.compile(r"[.。,;!?…]$|다$")

_SPACES = re.compile(r"\s{2,}")
_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f\ufffe\uffff]")

_TITLE_BLOCKS = 12  # among which a title stands
_LONGEST_TITLE = 100
_LARGER = 1.15  # of the letters of a title against those of the text


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
    yield Block(f"{shown(head)} {text}" if head else text, kind, height=height)


def shown(text: str) -> str:
    """Return a text without controls, with single spaces and tabs, its syllables composed."""
    if not text.isascii():
        text = replace_surrogates(compose_syllables(own_signs.replaced(text)))
    text = _CONTROLS.sub("", text).strip()
    if "  " in text or "\n" in text or "\t" in text:  # few have any, and it is fast
        text = _SPACES.sub(_one, text)
    return text


def _one(spaces: re.Match[str]) -> str:
    return next((mark for mark in "\n\t" if mark in spaces[0]), " ")


def table(rows: Iterable[Sequence[Sequence[Block]]]) -> Iterator[Block]:
    """Yield the blocks of a table, given the blocks of each cell of its rows.

    A row is a line, unless it has one cell, or is layout: with long cells, or tables in them.
    """
    for row in rows:
        cells = [cell for cell in row if cell]
        if len(cells) > 1 and all(map(_is_plain, cells)):
            texts = (" ".join(" ".join(b.text for b in cell).split()) for cell in cells)
            height = max(block.height for cell in cells for block in cell)
            yield Block(_COLUMN_SEPARATOR.join(texts), ROW, height=height)
        else:
            for cell in cells:
                yield from (_in_table(block) for block in cell)


def _in_table(block: Block) -> Block:
    """Return a block of a cell; no heading is in a table, as it is not one of what is below."""
    return block._replace(kind=ITEM) if block.kind == HEADING else block


def _is_plain(cell: Sequence[Block]) -> bool:
    length = sum(len(block.text) for block in cell)
    return length <= _LONGEST_CELL and all(block.kind != ROW for block in cell)


class Heights:
    """The heights of the letters of a text, and its first blocks, among which its title stands."""

    def __init__(self) -> None:
        self._first: list[Block] = []
        self._lengths: dict[int, int] = {}

    def add(self, block: Block) -> None:
        """Add the next block of the text."""
        if len(self._first) < _TITLE_BLOCKS:
            self._first.append(block)
        self._lengths[block.height] = self._lengths.get(block.height, 0) + len(block.text)

    def title(self) -> str:
        """Return the first block in the largest letters, if they are larger than most; or ""."""
        usual = max(self._lengths, key=self._lengths.__getitem__, default=0)
        found = [block for block in self._first if _may_be_title(block)]
        largest = max(found, key=lambda block: block.height, default=None)
        if largest and largest.height >= _LARGER * usual:
            return tidy_title(largest.text)
        return ""


def _may_be_title(block: Block) -> bool:
    text = block.text
    is_short = len(text) <= _LONGEST_TITLE and "\n" not in text and block.kind != ROW
    return is_short and sum(map(str.isalpha, text)) > 1 and not parse_date(text)
