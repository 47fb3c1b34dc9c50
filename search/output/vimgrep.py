"""Formats hits as Vim's quickfix list reads them: path, line, column, text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..results import Hit
from .snippet import excerpt
from .terminal import printable
from .text import View


def vimgrep_lines(hits: Iterable[Hit], view: View) -> Iterator[str]:
    """Yield `path:line:column: text` for each hit, where its passage begins.

    `view` tells how a path is shown, and how much of a text. In a file without lines, the number of
    the page, slide or row stands for that of a line.
    """
    for hit in hits:
        shown = excerpt(hit.text, hit.matches, width=view.width, lines=1).lines
        text = shown[0].text if shown else ""
        yield f"{printable(view.shown(hit.path))}:{hit.line}:1: {text}"
