"""Joins the blocks of a file that has no lines to one text, with the places where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from corpus.document import ROW, Document, Heading
from corpus.language import detect

from ..encoding import compose_syllables
from ..errors import TooLarge
from .metadata import file_title, find_date, first_line_title, tidy_title

_MOST_BLOCKS = (1 << 20) + 1  # all rows of a sheet, and its name
_MOST_CHARACTERS = 1 << 25

# Names that programs give to pictures, instead of a description.
_FILE_NAME = re.compile(r"(?:\S*[/\\])?\S+\.(?:png|jpe?g|gif|bmp|[ew]mf|tiff?|svg|webp)", re.I)


class Block(NamedTuple):
    """A paragraph or the row of a table; `kind` is "heading", "title", "item", "row" or "".

    A block that `belongs` to the one before it is a note, a comment, or what is in a frame. The
    `height` of its letters is in a hundredth of a point; 0 where it is unknown.
    """

    text: str
    kind: str = ""
    belongs: bool = False
    height: int = 0


class PlacedText:
    """The text of one document while it is read; places are numbered from 1, of one kind.

    Blocks have single spaces and no blank lines in it, unless those that come `are_tidy`.
    """

    def __init__(self, *, are_tidy: bool = False) -> None:
        self._are_tidy = are_tidy
        self._pieces: list[str] = []
        self._lines: list[tuple[int, int]] = []
        self._headings: list[Heading] = []
        self._end = self._place = 0
        self._was_row = False
        self.title = ""

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def add_all(self, blocks: Iterable[Block]) -> None:
        """Add blocks whose places are their numbers; those that belong to another have its."""
        for block in blocks:
            if block.text.strip():
                self._place += not block.belongs
                self.add_block(block, max(1, self._place))

    def add_block(self, block: Block, place: int) -> None:
        """Add a block at a place."""
        if block.kind in ("row", "item"):
            self.add_row(block.text, place)
        else:
            is_heading, is_title = block.kind == "heading", block.kind == "title"
            self.add(block.text, place, is_heading=is_heading, is_title=is_title)

    def add(
        self, block: str, place: int, *, is_heading: bool = False, is_title: bool = False
    ) -> None:
        """Add a paragraph, unless it is blank; a blank line goes before it."""
        self._add(block, place, "\n\n", is_heading=is_heading or is_title)
        if is_title:
            self.title = self.title or tidy_title(block)

    def add_row(self, row: str, place: int) -> None:
        """Add the row of a table or an item of a list, which follows the one before it."""
        if self._add(row, place, "\n" if self._was_row else "\n\n"):
            self._was_row = True

    def _add(self, block: str, place: int, mark: str, *, is_heading: bool = False) -> bool:
        block = block if self._are_tidy else tidy(block)
        if not block:
            return False
        start = self._end + len(mark) if self._pieces else 0
        if start + len(block) > _MOST_CHARACTERS:
            raise TooLarge(f"has more than {_MOST_CHARACTERS:,} characters")
        if len(self._pieces) >= 2 * _MOST_BLOCKS:  # with what parts them
            raise TooLarge(f"has more than {_MOST_BLOCKS:,} paragraphs or rows")
        if not self._lines or self._lines[-1][1] != place:
            self._lines.append((start, place))
        self._pieces += (mark, block) if self._pieces else (block,)
        self._end = start + len(block)
        self._was_row = False
        if is_heading and (words := tidy_title(block)):
            self._headings.append(Heading(start=start, end=self._end, text=words))
        return True

    def text(self) -> str:
        """Return the text so far."""
        return "".join(self._pieces)

    def document(
        self,
        name: str,
        unit: str,
        metadata: Mapping[str, str],
        *,
        part: str = "",
    ) -> Document:
        """Return the document of a file, or of a `part` of it that has a name.

        The metadata has its title and date as well, if the file states them.
        """
        text = self.text()
        title = metadata.get("title", "") or self.title
        is_table = unit == ROW  # its heading is the name of a sheet, and its dates are data
        if not title and not is_table:
            title = self._headings[0].text if self._headings else first_line_title(text)
        stated = metadata.get("modified", "") or metadata.get("created", "")
        return Document(
            id=f"{name}#{part}" if part else name,
            path=name,
            title=title or file_title(name),
            text=text,
            language=detect(text),
            date=metadata.get("published", "") or ("" if is_table else find_date(text)) or stated,
            line=self._lines[0][1] if self._lines else 1,
            lines=tuple(self._lines),
            headings=tuple(self._headings),
            metadata={key: value for key, value in metadata.items() if key != "title"},
            unit=unit,
        )


def tidy(block: str) -> str:
    """Return a block with single spaces and without blank lines."""
    if "\n" in block:
        block = "\n".join(filter(None, (" ".join(line.split()) for line in block.split("\n"))))
    else:
        block = " ".join(block.split())
    return block if block.isascii() else compose_syllables(block)


def description(*candidates: str) -> str:
    """Return the first that describes a picture, and is not the name of its file, or ""."""
    found = (" ".join(each.split()) for each in candidates)
    return next((each for each in found if each and not _FILE_NAME.fullmatch(each)), "")
