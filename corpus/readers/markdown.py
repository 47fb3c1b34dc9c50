"""Reads Markdown: the text as it is in the file, its headings and its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.document import Document, Heading, Problem
from corpus.language import detect

from ..encoding import bad_bytes
from ..text_file import Part, Parts, part_end
from .front_matter import FrontMatter, front_matter
from .metadata import file_title, find_date, parse_date, tidy_title

# A fenced block, to its closing fence or the end; an ATX heading; a setext heading.
_BLOCK = re.compile(
    r"^ {0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*"
    r"(?:\n(?! {0,3}(?P=fence)[`~]*[ \t]*$)[^\n]*)*(?:\n[^\n]*)?"
    r"|^ {0,3}#{1,6}(?P<atx>[ \t][^\n]*)?$"
    r"|^ {0,3}(?P<setext>[^\s>|#][^\n]*)\n {0,3}(?:=+|-+)[ \t]*$",
    re.MULTILINE,
)
_LIST_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s|[-*_= ]+$")
# A longer heading is a paragraph by mistake; its beginning names the section as well.
_LONGEST_HEADING = 300  # characters
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ID = re.compile(r"\s*\{#[^}]*\}\s*$")
_EMPHASIS = re.compile(r"\*{1,3}|`+|(?<!\w)_{1,3}|_{1,3}(?!\w)")
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
    text = part.text[front.end :]
    headings = tuple(headings_of(text))
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
    return first._replace(
        id=f"{first.id}#{part.line}",
        text=part.text,
        language=detect(part.text),
        line=part.line,
        headings=tuple(headings_of(part.text)),
    )


def _part_end(text: str) -> int:
    """Return where a part of a longer text ends: before its last heading, as no code block does."""
    starts = (heading.start for heading in headings_of(text) if heading.start >= len(text) // 2)
    return max(starts, default=0) or part_end(text)


def headings_of(text: str) -> Iterator[Heading]:
    """Yield the headings of `text` in order, those in setext form with their underline.

    Fenced code blocks contain no headings.
    """
    previous = 0
    for block in _BLOCK.finditer(text):
        start, end = block.span()
        is_heading = block["setext"] is None or _is_paragraph(text, block, previous)
        if block["fence"] is None and is_heading:
            words = _plain_heading(block["atx"] or block["setext"] or "")
            if words:
                yield Heading(start=start, end=end, text=words)
        previous = end


def _is_paragraph(text: str, block: re.Match[str], previous: int) -> bool:
    """Return whether an underlined line is a whole paragraph: after a blank line or a block.

    Without this check a rule below a longer paragraph would turn its last line into a heading.
    """
    start = block.start()
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start]
    is_first = not above.strip() or start <= previous + 1
    return is_first and not _LIST_ITEM.match(block["setext"])


def _plain_heading(line: str) -> str:
    """Return the text of a heading, without its marks and inline markup."""
    line = line.strip()
    bare = line.rstrip("#")
    if not bare or bare[-1].isspace():
        line = bare
    line = _LINK.sub(r"\1", _ID.sub("", line[:_LONGEST_HEADING]))
    return tidy_title(_EMPHASIS.sub("", line))
