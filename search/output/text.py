"""Hits as a person reads them in a terminal.

Here is where data becomes lines, and nowhere else; nothing here searches. What a document says
goes through `printable` before it is shown.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..results import Hit, Match
from .snippet import Line, excerpt
from .terminal import PLAIN, Palette, cells, cut, printable

EXCERPT_LINES = 2

_INDENT = 4
_NARROWEST = 20

# What stands before a title in the text of a Markdown or plain document.
_MARKS = "#=* \t\r\n"


class View(NamedTuple):
    """How hits are shown: `width` in cells, `shown` turns a path of the index into one to read."""

    width: int = 80
    palette: Palette = PLAIN
    shown: Callable[[str], str] = str


def hit_lines(hits: Sequence[Hit], view: View) -> Iterator[str]:
    """Yield the lines of a list of hits, with an empty line between two hits."""
    for position, hit in enumerate(hits):
        if position:
            yield ""
        yield from _heading(hit, view)
        yield from _excerpt(hit, view)
        yield from _bridged(hit, view)


def place_of(hit: Hit, view: View) -> str:
    """Return `path:line` of a hit; it is never cut, for it is there to be copied."""
    return printable(f"{view.shown(hit.path)}:{hit.line}")


def title_of(hit: Hit) -> str:
    """Return what a hit is called, and the heading it is under.

    A document without a title of its own has its file's name for one; for a row of a file, of
    which there are many, its id tells more.
    """
    name = posixpath.basename(hit.path)
    untitled = hit.title in ("", name, posixpath.splitext(name)[0])
    fallback = hit.title or name if hit.document == hit.path else hit.document
    title = printable(fallback if untitled else hit.title).strip()
    heading = printable(hit.heading).strip()
    return f"{title} › {heading}" if heading and heading != title else title


def _heading(hit: Hit, view: View) -> Iterator[str]:
    """Yield rank, title, place and date on one line, or the place on a second for lack of room."""
    number = f"{hit.rank}.".ljust(_INDENT - 1) + " "
    place = place_of(hit, view)
    date = f"  [{printable(hit.date)}]" if hit.date else ""
    room = max(view.width, _NARROWEST) - cells(number) - cells(date)
    beside = room - cells(place) - len("  ()")
    title = title_of(hit)
    together = cells(title) <= beside
    line = number + view.palette.paint(cut(title, room), view.palette.title)
    place = view.palette.paint(place, view.palette.place)
    date = view.palette.paint(date, view.palette.faint)
    if together:
        yield f"{line}  ({place}){date}"
    else:
        yield line + date
        yield " " * _INDENT + place


def _excerpt(hit: Hit, view: View) -> Iterator[str]:
    width = max(view.width, _NARROWEST) - _INDENT
    text, matches = _below_title(hit)
    shown = excerpt(text, matches, width=width, lines=EXCERPT_LINES)
    for line in shown.lines:
        yield " " * _INDENT + _painted(line, view.palette)


def _bridged(hit: Hit, view: View) -> Iterator[str]:
    """Yield the words that were met in the other language, as many as fit a line."""
    if hit.bridged:
        text = printable("; ".join(map(str, hit.bridged)))
        room = max(view.width, _NARROWEST) - _INDENT
        yield " " * _INDENT + view.palette.paint(cut(text, room), view.palette.faint)


def _below_title(hit: Hit) -> tuple[str, Sequence[Match]]:
    """Return the passage without the title or heading it begins with, which is shown already.

    They stay where nothing else of the passage answers the query.
    """
    start = _title_end(hit)
    matches = [
        Match(start=match.start - start, end=match.end - start, word=match.word, term=match.term)
        for match in hit.matches
        if match.start >= start
    ]
    if (hit.matches and not matches) or not hit.text[start:].strip():
        return hit.text, hit.matches
    return hit.text[start:], matches


def _title_end(hit: Hit) -> int:
    start = len(hit.text) - len(hit.text.lstrip(_MARKS))
    for name in (hit.title.strip(), hit.heading.strip()):
        rest = hit.text[start + len(name) :]
        if name and hit.text.startswith(name, start) and not rest[:1].strip():
            return start + len(name)
    return 0


def _painted(line: Line, palette: Palette) -> str:
    pieces, position = [], 0
    for start, end in line.spans:
        pieces += [line.text[position:start], palette.paint(line.text[start:end], palette.match)]
        position = end
    return "".join([*pieces, line.text[position:]])


def passage_lines(hits: Sequence[Hit], asked: int | None, view: View) -> Iterator[str]:
    """Yield passages in full, neighbours in the order given, each with the line it starts on.

    The passage that holds the line asked for is marked with `>`; None marks nothing. Only a
    passage's first line is numbered: where a reader has dropped mark-up, the lines of a passage
    are not those of its file.
    """
    gutter = max((len(str(hit.line)) for hit in hits), default=0)
    marked = _holding(hits, asked)
    for position, hit in enumerate(hits):
        yield "" if position else view.palette.paint(_passage_title(hit, view), view.palette.title)
        mark = ">" if hit is marked else " "
        for row, line in enumerate(hit.text.expandtabs(4).splitlines() or [""]):
            number = str(hit.line) if row == 0 else ""
            margin = view.palette.paint(f"{mark} {number:>{gutter}}", view.palette.place)
            yield f"{margin}  {printable(line)}".rstrip()


def _passage_title(hit: Hit, view: View) -> str:
    date = f"  [{printable(hit.date)}]" if hit.date else ""
    return f"{title_of(hit)}  ({printable(view.shown(hit.path))}){date}"


def _holding(hits: Sequence[Hit], line: int | None) -> Hit | None:
    """Return the last hit that starts at or before a line, else the first one."""
    if line is None or not hits:
        return None
    return next((hit for hit in reversed(hits) if hit.line <= line), hits[0])
