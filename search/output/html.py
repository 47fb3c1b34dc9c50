"""Formats results as HTML, for notebooks.

All that comes from a document or a query is escaped, and is text only: there are no links, as the
address that a document states may be anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from ..results import Hit, Results
from .snippet import Line, excerpt
from .summary import total_line
from .terminal import printable
from .text import View, location_of, title_of

_COLUMNS = 300
_FAINT = "opacity:.7"
_LEFT = "text-align:left"


def results_html(results: Results) -> str:
    """Return results as a table: rank, title, place and date, and an excerpt with its matches."""
    parts = [*_notes(results), "<table>", *map(_row, results), "</table>"]
    return "\n".join(parts)


def _notes(results: Results) -> Iterator[str]:
    first = results.hits[0].rank if results.hits else 1
    yield f'<p style="{_FAINT}">{_escaped(total_line(results, first=first))}</p>'
    for note in results.notes:
        yield f"<p>{_escaped(note)}</p>"


def _row(hit: Hit) -> str:
    where = f"{location_of(hit, View())} {hit.date}".strip()
    shown = excerpt(hit.text, hit.matches, width=_COLUMNS, lines=1).lines
    return (
        f'<tr><td>{hit.rank}</td><td style="{_LEFT}"><b>{_escaped(title_of(hit))}</b><br>'
        f'<span style="{_FAINT}">{_escaped(where)}</span><br>'
        f"{''.join(map(_marked, shown))}</td></tr>"
    )


def _marked(line: Line) -> str:
    pieces, position = [], 0
    for start, end in line.spans:
        pieces += [_escaped(line.text[position:start]), "<mark>", _escaped(line.text[start:end])]
        pieces.append("</mark>")
        position = end
    return "".join([*pieces, _escaped(line.text[position:])])


def _escaped(text: str) -> str:
    return escape(printable(text))
