"""Joins texts, each with its places in the file and its headings, to one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from corpus.document import Heading

_BLANK_LINE = "\n\n"


class MappedText(NamedTuple):
    """A text, its map of offsets to lines or other places of the file, and its headings."""

    text: str
    lines: tuple[tuple[int, int], ...]
    headings: tuple[Heading, ...] = ()


def together(texts: Iterable[MappedText]) -> MappedText:
    """Return the texts that are not empty as one, with a blank line between them."""
    pieces: list[str] = []
    lines: list[tuple[int, int]] = []
    headings: list[Heading] = []
    end = 0
    for each in texts:
        if each.text:
            lines += ((end + at, number) for at, number in each.lines)
            headings += (
                replace(heading, start=end + heading.start, end=end + heading.end)
                for heading in each.headings
            )
            pieces.append(each.text)
            end += len(each.text) + len(_BLANK_LINE)
    return MappedText(_BLANK_LINE.join(pieces), tuple(lines), tuple(headings))
