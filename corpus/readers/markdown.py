"""Reads Markdown: the text as its reader sees it, its headings and its front matter.

Each line of the text is that line of the file, without its marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from corpus.document import Document, Problem
from corpus.language import detect

from ..encoding import bad_bytes
from ..text_file import Part, Parts, part_end
from .front_matter import FrontMatter, front_matter
from .markdown_blocks import heading_starts, shown
from .metadata import file_title, find_date, parse_date, tidy_title

_OWN_FIELDS = ("title", "date", "lang", "language")
_INVALID = "front matter is not valid YAML, and is read as text"


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield the file as one document, with title, date and metadata from its front matter.

    A text of more than a million characters gives several, cut before a heading where possible.
    """
    parts = Parts(file, end=_part_end)
    first: Document | None = None
    for part in parts:
        if first:
            yield _continued(first, part)
            continue
        front = front_matter(part.text)
        first = _document(part, front, name)
        yield first
        if front.bad_line:
            yield Problem(path=name, reason=_INVALID, line=part.line + front.bad_line - 1)
    yield from bad_bytes(name, parts.encoding, parts.bad, parts.bad_line)


def _document(part: Part, front: FrontMatter, name: str) -> Document:
    """Return the document of a file, or of its first part."""
    text, headings = shown(part.text[front.end :])
    title = tidy_title(front.values.get("title", ""))
    return Document(
        id=name,
        path=name,
        title=title or (headings[0].text if headings else file_title(name)),
        text=text,
        language=detect(text),
        date=parse_date(front.values.get("date", "")) or find_date(text),
        line=part.line + part.text.count("\n", 0, front.end),
        headings=headings,
        metadata={
            key: value for key, value in front.values.items() if value and key not in _OWN_FIELDS
        },
    )


def _continued(first: Document, part: Part) -> Document:
    """Return the document of a later part of a file."""
    text, headings = shown(part.text)
    return first._replace(
        id=f"{first.id}#{part.line}",
        text=text,
        language=detect(text),
        line=part.line,
        headings=headings,
    )


def _part_end(text: str) -> int:
    """Return where a part of a longer text ends: before its last heading, as no code block does."""
    starts = (start for start in heading_starts(text) if start >= len(text) // 2)
    return max(starts, default=0) or part_end(text)
