"""The stretch of a passage that best shows why it was found.

A passage is laid out from several places: its start, each match with some words before it, and
each match itself. The layout that shows most of the query wins, and among equals the first of
these, which is the most readable.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ..results import Match
from .terminal import ELLIPSIS, cells, fitting, printable

NARROWEST = 8

# Matches that a layout is tried for, at most: a word met more often is shown well anyway.
_TRIED = 32

_WORD = re.compile(r"\S+")
# What ends a sentence, and what may stand behind that.
_ENDS = tuple(".?!。")
_CLOSERS = "'\"’”)]"


class Line(NamedTuple):
    """One line to show; `spans` are its matched stretches, in characters of `text`, ascending."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


class Excerpt(NamedTuple):
    """What is shown of a passage: its characters `start` to `end`, laid out in lines."""

    start: int
    end: int
    lines: tuple[Line, ...]


def excerpt(text: str, matches: Sequence[Match], *, width: int, lines: int) -> Excerpt:
    """Return the part of a passage that shows most words of the query.

    `matches` are in order and never overlap. `width` is in cells of the terminal; no line is
    wider, nor are there more than `lines`; less than NARROWEST and 1 are taken as these. White
    space is folded to one space, control characters are replaced, and an ellipsis stands where
    the passage goes on.
    """
    page = Page(max(width, NARROWEST), max(lines, 1))
    text = printable(text)
    words = list(units(text, longest=page.width - 2 * cells(ELLIPSIS)))
    if not words:
        return Excerpt(0, 0, ())
    layouts = [page.layout(words, first) for first in _starts(words, matches, page)]
    best = page.filled(words, max(layouts, key=lambda layout: _worth(words, matches, layout)))
    owners = _owners(len(text), matches)
    shown = tuple(_line(text, words, best, row, owners) for row in best.rows)
    return Excerpt(words[best.first].start, words[best.stop - 1].end, shown)


def _starts(words: Sequence[Unit], matches: Sequence[Match], page: Page) -> list[int]:
    """Return the units to lay out from, the most readable first."""
    starts = [word.start for word in words]
    met = [max(0, bisect_right(starts, match.start) - 1) for match in matches[:_TRIED]]
    before = [_with_context(words, unit, page.width * page.lines // 3) for unit in met]
    return list(dict.fromkeys([0, *before, *met]))


def _with_context(words: Sequence[Unit], unit: int, room: int) -> int:
    """Return a unit up to `room` cells earlier, where a sentence starts if one does."""
    first = unit
    while first > 0 and words[first - 1].cells < room:
        first -= 1
        room -= words[first].cells + 1
    opening = (at for at in range(max(first, 1), unit + 1) if words[at - 1].closes)
    return next(opening, first)


def _worth(words: Sequence[Unit], matches: Sequence[Match], layout: Layout) -> tuple[int, int]:
    """Return how many words of the query are shown, then how many matches are whole."""
    start, end = words[layout.first].start, words[layout.stop - 1].end
    shown = [match for match in matches if start <= match.start < end]
    return len({match.word for match in shown}), sum(match.end <= end for match in shown)


def _owners(length: int, matches: Sequence[Match]) -> list[int]:
    """Return for each character the number of its match, from 1, or 0."""
    owners = [0] * length
    for number, match in enumerate(matches, start=1):
        owners[match.start : match.end] = [number] * (match.end - match.start)
    return owners


def _line(
    text: str, words: Sequence[Unit], layout: Layout, row: tuple[int, int], owners: Sequence[int]
) -> Line:
    """Put a row together, and with it, for each character, the match it belongs to."""
    opening = ELLIPSIS if row[0] == layout.first > 0 else ""
    shown, owned = [opening], [0] * len(opening)
    for position in range(*row):
        word = words[position]
        if word.gap and position > row[0]:
            shown.append(" ")
            owned.append(owners[word.start - 1])
        shown.append(text[word.start : word.end])
        owned += owners[word.start : word.end]
    if row[1] == layout.stop < len(words):
        shown.append(ELLIPSIS)
    return Line("".join(shown), tuple(_spans(owned)))


def _spans(owned: Sequence[int]) -> Iterator[tuple[int, int]]:
    position = 0
    for owner, run in groupby(owned):
        length = sum(1 for _ in run)
        if owner:
            yield position, position + length
        position += length


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
