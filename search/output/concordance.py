"""Formats the lines of a concordance: for a terminal, as JSON objects, and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..concordance.lines import ConcordanceLine
from .json import attributes
from .terminal import ELLIPSIS, cut, display_width, fitting, last_fitting, printable
from .text import View, location_of, place_of

_NARROWEST = 40
# Shares of the width of a terminal: that of a location at most, and that of a match.
_LOCATION, _MATCH = 4, 2
_GAP = 2
_COLUMNS = (
    *("left", "match", "right", "path", "place", "title", "date", "language"),
    *("document", "start", "end", "crossed"),
)


def concordance_lines(
    lines: Sequence[ConcordanceLine], view: View, *, width: int | None = None
) -> Iterator[str]:
    """Yield lines of text, their matches one below the other, each with its location before it.

    They fill the width of the view, unless `width` is given: the columns of each side. A location
    that is too long has an ellipsis for its beginning.
    """
    full = max(view.width, _NARROWEST)
    locations = [location_of(line, view) for line in lines]
    gutter = min(max(map(display_width, locations), default=0), full // _LOCATION)
    room = full - gutter - _GAP
    widest = max((display_width(printable(line.match)) for line in lines), default=0)
    matched = min(widest, room // _MATCH)
    left = (room - matched) // 2 if width is None else width
    for line, location in zip(lines, locations, strict=True):
        shown = _without_beginning(location, gutter)
        gap = " " * (gutter - display_width(shown) + _GAP)
        before = last_fitting(printable(line.left), left)
        match = printable(line.match)
        if width is None:
            match = cut(match, max(matched, 1))
        after, right = printable(line.right), room - left - display_width(match)
        pieces = (
            view.palette.paint(shown, view.palette.location) + gap,
            " " * (left - display_width(before)) + before,
            view.palette.paint(match, view.palette.match),
            after[: fitting(after, right if width is None else width)],
        )
        yield "".join(pieces).rstrip()


def _without_beginning(text: str, width: int) -> str:
    if display_width(text) <= width:
        return text
    return ELLIPSIS + last_fitting(text, width - display_width(ELLIPSIS))


def concordance_rows(lines: Iterable[ConcordanceLine]) -> Iterator[Sequence[str]]:
    """Yield the names of the columns, then the cells of each line."""
    yield _COLUMNS
    for line in lines:
        cells = {**line_object(line), "place": place_of(line)}
        yield [_cell(cells[name]) for name in _COLUMNS]


def _cell(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def line_object(line: ConcordanceLine) -> dict[str, object]:
    """Return a line; `start` and `end` of its match are characters of the document."""
    names = (
        *("left", "match", "right", "document", "path", "line", "unit", "label", "title"),
        *("language", "date", "ordinal", "start", "end", "crossed"),
    )
    return {**attributes(line, *names), "words": list(line.words)}
