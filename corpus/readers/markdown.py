"""Markdown: the text as it stands in the file, its headings and its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.document import Document, Heading, Problem
from corpus.language import detect

from ..text_file import damages, load_text
from .metadata import date_of, file_title, stated_date, tidy_title

# A fenced block, to its closing fence or the end; a line marked with #; a line underlined.
_BLOCK = re.compile(
    r"^ {0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*"
    r"(?:\n(?! {0,3}(?P=fence)[`~]*[ \t]*$)[^\n]*)*(?:\n[^\n]*)?"
    r"|^ {0,3}#{1,6}(?P<marked>[ \t][^\n]*)?$"
    r"|^ {0,3}(?P<underlined>[^\s>|#][^\n]*)\n {0,3}(?:=+|-+)[ \t]*$",
    re.MULTILINE,
)
_LIST_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s|[-*_= ]+$")
# Headings longer than this are paragraphs by mistake; their first words name the section as well.
_LONGEST = 300
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_ID = re.compile(r"\s*\{#[^}]*\}\s*$")
_EMPHASIS = re.compile(r"\*{1,3}|`+|(?<!\w)_{1,3}|_{1,3}(?!\w)")
_OWN_FIELDS = ("title", "date", "lang", "language")

# Between --- lines as YAML or +++ lines as TOML. A block this long is no front matter but a text
# between two rules.
_MOST_CHARACTERS = 20_000
_FRONT_MATTER = re.compile(
    r"\s*?(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"([^\W\d][\w .-]{0,60}?)\s*[:=](?:\s+(.*))?\s*")
_FOLDED = re.compile(r"[|>][+-]?\d?")
_COMMENT = re.compile(r"\s#.*$")


def read(path: Path, *, name: str) -> Iterator[Document | Problem]:
    """Yield the file as one document, its front matter as title, date and metadata."""
    source = load_text(path)
    front = front_matter(source.text)
    text = source.text[front.end :]
    headings = tuple(headings_of(text))
    yield Document(
        id=name,
        path=name,
        title=_title(front, headings) or file_title(name),
        text=text,
        language=detect(text),
        date=date_of(front.values.get("date", "")) or stated_date(text),
        line=front.lines + 1,
        headings=headings,
        metadata={
            key: said for key, said in front.values.items() if said and key not in _OWN_FIELDS
        },
    )
    yield from damages(source, name=name)


def headings_of(text: str) -> Iterator[Heading]:
    """Yield the headings of `text` in order, those underlined with their underline.

    Nothing inside a fenced code block is a heading.
    """
    previous = 0
    for block in _BLOCK.finditer(text):
        start, end = block.span()
        if block["fence"] is None and (
            block["underlined"] is None or _stands_alone(text, block, previous)
        ):
            said = _words(block["marked"] or block["underlined"] or "")
            if said:
                yield Heading(start=start, end=end, text=said)
        previous = end


def _stands_alone(text: str, block: re.Match[str], previous: int) -> bool:
    """Tell whether an underlined line is a paragraph of its own: the first after a blank or block.

    A rule set under a longer paragraph would otherwise make its last line a heading.
    """
    start = block.start()
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start]
    alone = not above.strip() or start <= previous + 1
    return alone and not _LIST_ITEM.match(block["underlined"])


def _words(line: str) -> str:
    """Return what a heading says, without its marks and inline markup."""
    line = line.strip()
    bare = line.rstrip("#")
    if not bare or bare[-1].isspace():
        line = bare
    line = _LINK.sub(r"\1", _ID.sub("", line[:_LONGEST]))
    return tidy_title(_EMPHASIS.sub("", line))


def _title(front: FrontMatter, headings: tuple[Heading, ...]) -> str:
    return tidy_title(front.values.get("title", "")) or (headings[0].text if headings else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The plain values of a front matter, keys in lower case, and where the text after it starts.

    `end` is in characters, `lines` the number of lines before the text.
    """

    end: int = 0
    lines: int = 0
    values: Mapping[str, str] = field(default_factory=dict)


def front_matter(text: str) -> FrontMatter:
    """Return the front matter of `text`: an empty one where it has none or does not close it.

    Lists and nested values are left out: they need a whole YAML reader and tell nothing here.
    """
    block = _FRONT_MATTER.match(text, 0, _MOST_CHARACTERS)
    values = _values(block[2]) if block else {}
    if not block or not values:
        return FrontMatter()
    return FrontMatter(end=block.end(), lines=text.count("\n", 0, block.end()), values=values)


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
    """Return a value without its quotes; a folded one starts empty and goes on below."""
    value = value.strip()
    if value[:1] in ('"', "'") and value.endswith(value[0]) and len(value) > 1:
        return value[1:-1].strip()
    value = _COMMENT.sub("", value)
    return "" if _FOLDED.fullmatch(value) else value
