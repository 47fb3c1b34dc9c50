"""Cuts the excerpt of a passage that best shows why it was found.

A passage is laid out from its start, from each match, and from some words before each match. The
layout that shows most words of the query wins; among equals the first of these.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

from index.value import NamedTuple

from ..results import Match
from .terminal import ELLIPSIS, display_width, fitting, printable

NARROWEST = 8

# The most matches to start a layout from: later ones repeat the same words.
_MOST_STARTS = 32

_WORD = re.compile(r"\S+")
_SENTENCE_ENDS = tuple(".?!。")
_CLOSING_QUOTES = "'\"’”)]"


class Line(NamedTuple):
    """A line to show; `spans` are its matches, in characters of `text`, ascending."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


class Excerpt(NamedTuple):
    """The characters `start` to `end` of a passage, as lines."""

    start: int
    end: int
    lines: tuple[Line, ...]


def excerpt(text: str, matches: Sequence[Match], *, width: int, lines: int) -> Excerpt:
    """Return the part of a passage that shows most words of the query.

    `matches` are in order and do not overlap. `width` is the most columns of a line, at least
    NARROWEST; `lines` the most lines, at least 1. White space is folded, control characters are
    replaced, and an ellipsis marks a cut.
    """
    page = Page(max(width, NARROWEST), max(lines, 1))
    text = printable(text)
    words = list(units(text, longest=page.width - 2 * display_width(ELLIPSIS)))
    if not words:
        return Excerpt(0, 0, ())
    layouts = [page.layout(words, first) for first in _starts(words, matches, page)]
    best = page.filled(words, max(layouts, key=lambda layout: _value(words, matches, layout)))
    owners = _owners(len(text), matches)
    shown = tuple(_line(text, words, best, row, owners) for row in best.rows)
    return Excerpt(words[best.first].start, words[best.stop - 1].end, shown)


def _starts(words: Sequence[Unit], matches: Sequence[Match], page: Page) -> list[int]:
    """Return the units to lay out from, the most readable first."""
    starts = [word.start for word in words]
    matched = [max(0, bisect_right(starts, match.start) - 1) for match in matches[:_MOST_STARTS]]
    before = [_with_context(words, unit, page.width * page.lines // 3) for unit in matched]
    return list(dict.fromkeys([0, *before, *matched]))


def _with_context(words: Sequence[Unit], unit: int, room: int) -> int:
    """Return the first unit up to `room` columns before a unit, if possible of a sentence."""
    first = unit
    while first > 0 and words[first - 1].width < room:
        first -= 1
        room -= words[first].width + 1
    sentences = (at for at in range(max(first, 1), unit + 1) if words[at - 1].ends_sentence)
    return next(sentences, first)


def _value(words: Sequence[Unit], matches: Sequence[Match], layout: Layout) -> tuple[int, int]:
    """Return how many words of the query are shown, then how many matches in full."""
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
    """Return the line of a row, with its spans from the `owners` of the characters."""
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
    for owner, run in groupby(range(len(owned)), key=owned.__getitem__):
        if owner:
            first, *rest = run
            yield first, first + 1 + len(rest)


class Unit(NamedTuple):
    """A word, or a piece of one too long for a line: characters `start` to `end` of the text.

    `width` is in columns; `gap` is 1 if a space is shown before it, else 0.
    """

    start: int
    end: int
    width: int
    gap: int
    ends_sentence: bool


class Layout(NamedTuple):
    """Rows of units, each from its first unit to the one after its last; never empty."""

    rows: tuple[tuple[int, int], ...]

    @property
    def first(self) -> int:
        """The first unit shown."""
        return self.rows[0][0]

    @property
    def stop(self) -> int:
        """The unit after the last one shown."""
        return self.rows[-1][1]


def units(text: str, *, longest: int) -> Iterator[Unit]:
    """Yield the words of a printable text in order, cut where they exceed `longest` columns."""
    for match in _WORD.finditer(text):
        start, end = match.span()
        gap = 1
        while (width := display_width(text[start:end])) > longest:
            cut = start + fitting(text[start:end], longest)
            yield Unit(start, cut, display_width(text[start:cut]), gap, False)
            start, gap = cut, 0
        ends_sentence = text[start:end].rstrip(_CLOSING_QUOTES).endswith(_SENTENCE_ENDS)
        yield Unit(start, end, width, gap, ends_sentence)


class Page(NamedTuple):
    """The room for an excerpt: `lines` lines of `width` columns.

    Units are at least two columns narrower, so that an ellipsis fits at both ends.
    """

    width: int
    lines: int

    def layout(self, words: Sequence[Unit], first: int) -> Layout:
        """Lay out as many units from `first` on as fit, with their ellipses."""
        rows: list[tuple[int, int]] = []
        start, used = first, 0
        while len(rows) < self.lines and start < len(words):
            stop, used = self._row(words, start, 1 if start == first > 0 else 0)
            rows.append((start, stop))
            start = stop
        if start < len(words) and used == self.width:
            rows[-1] = (rows[-1][0], start - 1)  # the last word makes room for the ellipsis
        return Layout(tuple(rows))

    def filled(self, words: Sequence[Unit], layout: Layout) -> Layout:
        """Return a layout that reaches the end of the text, moved back to fill its last line."""
        while layout.first > 0 and layout.stop == len(words):
            earlier = self.layout(words, layout.first - 1)
            if earlier.stop < layout.stop:
                break
            layout = earlier
        return layout

    def _row(self, words: Sequence[Unit], start: int, used: int) -> tuple[int, int]:
        """Return the unit after a row that begins at `start`, and the columns it takes."""
        for position in range(start, len(words)):
            gap = words[position].gap if position > start else 0
            if used + gap + words[position].width > self.width:
                return position, used
            used += gap + words[position].width
        return len(words), used
