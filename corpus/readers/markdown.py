"""Reads Markdown: the text as it is in the file, its headings and its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from corpus.document import Document, Heading, Problem
from corpus.language import detect

from ..encoding import bad_bytes
from ..text_file import Part, Parts, part_end
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

# YAML between --- lines, or TOML between +++ lines. A longer block is text between two rules.
_LONGEST_FRONT_MATTER = 20_000  # characters
_FRONT_MATTER = re.compile(
    r"\s*?(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"([^\W\d][\w .-]{0,60}?)\s*[:=](?:\s+(.*))?\s*")
_FOLDED = re.compile(r"[|>][+-]?\d?")
_COMMENT = re.compile(r"\s#.*$")


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield the file as one document, with title, date and metadata from its front matter.

    A text of more than a million characters gives several, cut before a heading where possible.
    """
    parts = Parts(file, end=_part_end)
    first: Document | None = None
    for part in parts:
        document = _continued(first, part) if first else _document(part, name)
        yield document
        first = first or document
    yield from bad_bytes(name, parts.encoding, parts.bad, parts.bad_line)


def _document(part: Part, name: str) -> Document:
    """Return the document of a file, or of its first part."""
    front = front_matter(part.text)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The scalar values of a front matter, with keys in lower case; `end` is in characters."""

    end: int = 0
    values: Mapping[str, str] = field(default_factory=dict)


def front_matter(text: str) -> FrontMatter:
    """Parse the front matter of `text`; it is empty if there is none or it is not closed.

    Lists and nested values are skipped: they would need a YAML parser and are of no use here.
    """
    block = _FRONT_MATTER.match(text, 0, _LONGEST_FRONT_MATTER)
    values = _values(block[2]) if block else {}
    return FrontMatter(end=block.end(), values=values) if block and values else FrontMatter()


def _values(block: str) -> dict[str, str]:
    values: dict[str, str] = {}
    key = ""
    for line in block.split("\n"):
        found = _FIELD.fullmatch(line)
        if found:
            key = found[1].casefold()
            values.setdefault(key, _plain(found[2] or ""))
        elif key and line[:1].isspace() and not line.lstrip().startswith(("-", "#")):
            values[key] = f"{values[key]} {line.strip()}".strip()
    return values


def _plain(value: str) -> str:
    """Return a value without its quotes; a folded one is empty, and the next lines extend it."""
    value = value.strip()
    if value[:1] in ('"', "'") and value.endswith(value[0]) and len(value) > 1:
        return value[1:-1].strip()
    value = _COMMENT.sub("", value)
    return "" if _FOLDED.fullmatch(value) else value
