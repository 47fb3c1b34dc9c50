"""Text laid out in lines of a terminal: which words stand on which line, and where it is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .cells import cells, fitting

_WORD = re.compile(r"\S+")
# What ends a sentence, and what may stand behind that.
_ENDS = tuple(".?!。")
_CLOSERS = "'\"’”)]"


class Unit(NamedTuple):
    """A word, or a piece of one too long for a line: characters `start` to `end` of the text.

    `gap` is 1 where a space is shown before it, else 0; `closes` says that it ends a sentence.
    """

    start: int
    end: int
    cells: int
    gap: int
    closes: bool


class Layout(NamedTuple):
    """Rows of units, each given by its first unit and the one past its last; never empty."""

    rows: tuple[tuple[int, int], ...]

    @property
    def first(self) -> int:
        """Return the first unit shown."""
        return self.rows[0][0]

    @property
    def stop(self) -> int:
        """Return the unit past the last one shown."""
        return self.rows[-1][1]


def units(text: str, *, longest: int) -> Iterator[Unit]:
    """Yield the words of a printable text in order, cut where they exceed `longest` cells."""
    for match in _WORD.finditer(text):
        start, behind = match.span()
        word = match.group()
        wide = cells(word)
        gap = 1
        while wide > longest:
            end = start + fitting(word, longest)
            yield Unit(start, end, cells(text[start:end]), gap, False)
            word = text[end:behind]
            start, wide, gap = end, cells(word), 0
        yield Unit(start, behind, wide, gap, _closes(word))


def _closes(word: str) -> bool:
    """Tell whether a word, or the end of one, ends a sentence."""
    return word.rstrip(_CLOSERS).endswith(_ENDS)


class Page(NamedTuple):
    """The room there is: `width` cells on each of `lines` lines.

    Units are at least two cells narrower than the page, so an ellipsis fits at either end.
    """

    width: int
    lines: int

    def layout(self, text: Sequence[Unit], first: int) -> Layout:
        """Lay out as many units from `first` on as there is room for, with their ellipses."""
        rows: list[tuple[int, int]] = []
        start, used = first, 0
        while len(rows) < self.lines and start < len(text):
            stop, used = self._row(text, start, 1 if start == first > 0 else 0)
            rows.append((start, stop))
            start = stop
        if start < len(text) and used == self.width:
            rows[-1] = (rows[-1][0], start - 1)  # the last word makes room for the ellipsis
        return Layout(tuple(rows))

    def filled(self, text: Sequence[Unit], layout: Layout) -> Layout:
        """Return a layout that reaches the end of the text moved back into the room it leaves."""
        while layout.first > 0 and layout.stop == len(text):
            earlier = self.layout(text, layout.first - 1)
            if earlier.stop < layout.stop:
                break
            layout = earlier
        return layout

    def _row(self, text: Sequence[Unit], start: int, used: int) -> tuple[int, int]:
        """Return the unit past the row that begins at `start`, and the cells the row takes."""
        for position in range(start, len(text)):
            wanted = used + text[position].cells + (text[position].gap if position > start else 0)
            if wanted > self.width:
                return position, used
            used = wanted
        return len(text), used
