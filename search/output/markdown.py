"""Formats hits as Markdown: a numbered list, each with its passage as a quotation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..results import Hit
from .terminal import printable
from .text import View, location_of, title_of

# A backslash before any of these makes it a plain sign: no text of a document is markup or HTML.
_SIGNS = re.compile(r"([\\`*_\[\]<&$~])")
# So it is with what would begin a heading, a list or a quotation.
_BEGINNING = re.compile(r"^(\d*)([#>+\-=.)])")


def markdown_lines(hits: Iterable[Hit], view: View) -> Iterator[str]:
    """Yield the lines of hits; matches are bold. Of `view` only `shown` counts."""
    for hit in hits:
        date = f", {_escaped(hit.date)}" if hit.date else ""
        title, location = _escaped(title_of(hit)), _escaped(location_of(hit, view))
        number = f"{hit.rank}. "
        yield f"{number}**{title}** · {location}{date}"
        yield ""
        yield f"{' ' * len(number)}> {_quoted(hit)}"
        yield ""


def _quoted(hit: Hit) -> str:
    """Return the text of a passage on one line, with its matches in bold."""
    pieces, position = [], 0
    for start, end in _spans(hit):
        pieces.append(_signs_escaped(hit.text[position:start]))
        pieces.append(f"**{_signs_escaped(hit.text[start:end])}**")
        position = end
    pieces.append(_signs_escaped(hit.text[position:]))
    text = " ".join("".join(pieces).split())
    return _BEGINNING.sub(r"\1\\\2", text)


def _spans(hit: Hit) -> list[tuple[int, int]]:
    """Return the matches of a hit as spans; those that touch, as of one word, are one."""
    spans: list[tuple[int, int]] = []
    for match in hit.matches:
        if spans and spans[-1][1] == match.start:
            spans[-1] = (spans[-1][0], match.end)
        else:
            spans.append((match.start, match.end))
    return spans


def _escaped(text: str) -> str:
    return " ".join(_signs_escaped(text).split())


def _signs_escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", printable(text))
