"""Formats hits as text for a terminal.

Whatever comes from a document goes through `printable`.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from corpus.names import readable
from index.value import NamedTuple

from ..results import PLACE_MARKS, Bridged, Hit, Match, path_inside
from .snippet import Line, excerpt
from .terminal import PLAIN, Palette, cut, display_width, printable, wrapped

if TYPE_CHECKING:
    from ..concordance.lines import ConcordanceLine

EXCERPT_LINES = 2

# A translation that stands under so many hits, and under most of them, stands once above them.
_FEWEST_TOLD_ONCE = 3

_INDENT = 4
_NARROWEST = 20
# Columns of a title that a date on the same line has to leave.
_LEAST_OF_TITLE = 12

# Marks before a title in the text of a document.
_MARKS = "#=* \t\r\n"


class View(NamedTuple):
    """How to format hits: `width` is in columns, `shown` formats a path of the index.

    `full` returns the full path of one, to make a hyperlink; None for no hyperlinks.
    """

    width: int = 80
    palette: Palette = PLAIN
    shown: Callable[[str], str] = str
    full: Callable[[str], str] | None = None

    def linked(self, text: str, path: str) -> str:
        """Return a text with a hyperlink to a path of the index, if there are to be any."""
        if self.full is None:
            return text
        from .hyperlink import hyperlink

        return hyperlink(text, self.full(path))


def hit_lines(hits: Sequence[Hit], view: View) -> Iterator[str]:
    """Yield the lines of hits, with an empty line between two hits.

    A translation that most of them have stands above them.
    """
    common = _common_translations(hits)
    yield from _told_once(common, view)
    for position, hit in enumerate(hits):
        if position:
            yield ""
        yield from _heading(hit, view)
        yield from _excerpt(hit, view)
        yield from _translations(hit, common, view)
        yield from _copies(hit, view)


def location_of(hit: Hit | ConcordanceLine, view: View) -> str:
    """Return `path:line`, or `path:p12`, of a hit in full, as it is there to be copied."""
    return printable(f"{path_of(hit, view)}:{place_of(hit)}")


def path_of(hit: Hit | ConcordanceLine, view: View) -> str:
    """Return the path of a hit, with what follows it for a document inside the file, or a sheet."""
    return view.shown(path_inside(hit.path, hit.document, hit.unit))


def place_of(hit: Hit | ConcordanceLine) -> str:
    """Return where in its file a hit is: 12 for a line, p12 for a page."""
    return f"{PLACE_MARKS.get(hit.unit, '')}{hit.line}"


def cited_location(hit: Hit, view: View) -> str:
    """Return the location of a hit, with the label of its page, and whether that was read by OCR.

    The label is told where it is not the number of the page.
    """
    return ", ".join(filter(None, (location_of(hit, view), _remark(hit))))


def _remark(hit: Hit) -> str:
    label = f"labelled {printable(hit.label)}" if hit.label else ""
    return ", ".join(filter(None, (label, "by OCR" * hit.ocr)))


def title_of(hit: Hit) -> str:
    """Return the title of a hit, and its heading if that differs.

    Without a title, or with the file name as title, that is the file name, or the id for a row.
    """
    path = readable(hit.path)
    name = posixpath.basename(path)
    untitled = hit.title in ("", name, posixpath.splitext(name)[0])
    fallback = hit.title or name if hit.document == path else hit.document
    title = printable(fallback if untitled else hit.title).strip()
    heading = printable(hit.heading).strip()
    return f"{title} › {heading}" if heading and heading != title else title


def _heading(hit: Hit, view: View) -> Iterator[str]:
    """Yield rank, title, location and date on one line, or the location on a second.

    A date that leaves no room for the title stands between these two.
    """
    paint, colours = view.palette.paint, view.palette
    number = f"{hit.rank}.".ljust(_INDENT - 1) + " "
    title, location, date = title_of(hit), cited_location(hit, view), _date(hit)
    room = max(view.width, _NARROWEST) - display_width(number) - display_width(date)
    below = ""
    if room < min(display_width(title), _LEAST_OF_TITLE):
        date, below, room = "", date, room + display_width(date)
    line = number + paint(cut(title, room), colours.title)
    place = view.linked(paint(location, colours.location), hit.path)
    fits = display_width(title) + len("  ()") + display_width(location) <= room
    yield line + (f"  ({place})" if fits else "") + paint(date, colours.faint)
    if below:
        yield " " * _INDENT + paint(below.strip(), colours.faint)
    if not fits:
        yield " " * _INDENT + place


def _date(hit: Hit) -> str:
    return f"  [{printable(hit.date)}]" if hit.date else ""


def _excerpt(hit: Hit, view: View) -> Iterator[str]:
    text, matches = _without_title(hit)
    width = max(view.width, _NARROWEST) - _INDENT
    for line in excerpt(text, matches, width=width, lines=EXCERPT_LINES).lines:
        yield " " * _INDENT + _painted(line, view.palette)


def _common_translations(hits: Sequence[Hit]) -> Sequence[Bridged]:
    """Return the translations that matched in most hits, in the order in which they appear."""
    counts = Counter(way for hit in hits for way in hit.bridged)
    least = max(_FEWEST_TOLD_ONCE, len(hits) // 2 + 1)
    return [way for way, number in counts.items() if number >= least]


def _told_once(common: Sequence[Bridged], view: View) -> Iterator[str]:
    """Yield all of the translations of most hits, and an empty line."""
    if not common:
        return
    text = printable(f"in most hits: {_named(common)}")
    for line in wrapped(text, max(view.width, _NARROWEST)):
        yield view.palette.paint(line, view.palette.faint)
    yield ""


def _translations(hit: Hit, common: Collection[Bridged], view: View) -> Iterator[str]:
    """Yield the translations that matched but for the common ones, as many as fit on one line."""
    if own := [way for way in hit.bridged if way not in common]:
        yield _faint(_named(own), view)


def _named(translations: Sequence[Bridged]) -> str:
    return "; ".join(map(str, translations))


def _copies(hit: Hit, view: View) -> Iterator[str]:
    """Yield where else the text is: a path, and the number of the others."""
    number, paths = hit.copies
    if number:
        more = f" and {number - 1:,} more" if number > 1 else ""
        yield _faint(f"also in {view.shown(paths[0])}{more}", view)


def _faint(text: str, view: View) -> str:
    """Return a line below a hit, cut where the terminal ends."""
    room = max(view.width, _NARROWEST) - _INDENT
    return " " * _INDENT + view.palette.paint(cut(printable(text), room), view.palette.faint)


def _without_title(hit: Hit) -> tuple[str, Sequence[Match]]:
    """Return the text and matches after the title or heading that the passage begins with.

    The title stays if all matches are in it, or if there is nothing after it.
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


def passage_lines(
    hits: Sequence[Hit], line: int | None, view: View, *, wraps: bool = False
) -> Iterator[str]:
    """Yield the full text of neighbouring passages, in order, each with its line or place.

    Those with `line` are marked with `>`. Only the first line of a passage is numbered: a reader
    may have dropped markup, so the lines after it need not be those of the file. A line above tells
    labels of their pages, and which of these OCR read. `wraps` breaks lines at spaces where they
    are wider than the view.
    """
    gutter = max((len(place_of(hit)) for hit in hits), default=0)
    marked = _passages_with(line, hits)
    for position, hit in enumerate(hits):
        yield "" if position else view.palette.paint(_passage_title(hit, view), view.palette.title)
        if remark := _remark(hit):
            yield " " * (gutter + _INDENT) + view.palette.paint(remark, view.palette.faint)
        mark = ">" if position in marked else " "
        lines: Iterable[str] = map(printable, hit.text.expandtabs(4).splitlines() or [""])
        if wraps:
            room = max(view.width - gutter - _INDENT, _NARROWEST)
            lines = (part for text in lines for part in wrapped(text, room))
        for row, text in enumerate(lines):
            number = place_of(hit) if row == 0 else ""
            margin = view.palette.paint(f"{mark} {number:>{gutter}}", view.palette.location)
            yield f"{margin}  {text}".rstrip()


def _passage_title(hit: Hit, view: View) -> str:
    return f"{title_of(hit)}  ({printable(path_of(hit, view))}){_date(hit)}"


def _passages_with(line: int | None, hits: Sequence[Hit]) -> range:
    """Return which hits begin on a line, else the last one before it, or the first."""
    if line is None or not hits:
        return range(0)
    start = max((hit.line for hit in hits if hit.line <= line), default=hits[0].line)
    found = [position for position, hit in enumerate(hits) if hit.line == start]
    return range(found[-1] if start < line else found[0], found[-1] + 1)
