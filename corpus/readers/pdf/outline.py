"""Finds the headings of an outline in the text of the pages they lead to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pypdfium2 as pdfium

from ...document import Heading
from ..metadata import tidy_title
from .garbled import cleaned

_MOST_ENTRIES = 20_000
_MOST_LINES = 3  # of a heading
_BLANKS = re.compile(r"\s+")
# What precedes a heading on its page or in its outline: 제1장, 1.2, IV., (가).
_NUMBERING = re.compile(r"(?:제?[\dIVXivx.\-]+[장절편조부.)]*|[(]?[가-하\d][.)])")


def outline_of(pdf: pdfium.PdfDocument) -> dict[int, list[str]]:
    """Return the titles of the outline by the index of their page, in order."""
    titles: dict[int, list[str]] = defaultdict(list)
    for number, entry in enumerate(pdf.get_toc()):
        if number >= _MOST_ENTRIES:
            break
        destination = entry.get_dest()
        index = destination.get_index() if destination else None
        if index is not None and (title := _title(entry)):
            titles[index].append(title)
    return titles


def _title(entry: pdfium.PdfBookmark) -> str:
    try:
        return tidy_title(cleaned(entry.get_title()))
    except UnicodeDecodeError:  # half a pair of surrogates, which costs the entry only
        return ""


def headings_on(text: str, start: int, titles: list[str]) -> Iterator[Heading]:
    """Yield the headings of a page that begins at `start`, for those titles that its lines are."""
    spans = _spans(text)
    for title in titles:
        span = spans.get(_squeezed(title)) or spans.get(_bare(_squeezed(title)))
        if span:
            yield Heading(start=start + span[0], end=start + span[1], text=title)


def _spans(text: str) -> Mapping[str, tuple[int, int]]:
    """Return where the lines of a text are, and some together, by their characters."""
    ends: list[tuple[int, int, str]] = []
    offset = 0
    for line in text.split("\n"):
        ends.append((offset, offset + len(line), _squeezed(line)))
        offset += len(line) + 1
    spans: dict[str, tuple[int, int]] = {}
    for first in range(len(ends)):
        joined = ""
        for _, end, squeezed in ends[first : first + _MOST_LINES]:
            joined += squeezed
            for form in (joined, _bare(joined)):
                spans.setdefault(form, (ends[first][0], end))
    spans.pop("", None)
    return spans


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", text).casefold()


def _bare(squeezed: str) -> str:
    found = _NUMBERING.match(squeezed)
    return squeezed[found.end() :] if found else squeezed
