"""What the rest of the engine sees of a file: documents, and the passages they are cut into."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .language import ENGLISH as ENGLISH
from .language import LANGUAGES as LANGUAGES

# Nobody adds to it; unlike a view of one, a dictionary can be copied.
_NOTHING: Mapping[str, str] = {}


# Documents and passages are made by the million: a tuple takes half as long as a dataclass.


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of a document: where its line starts and ends (characters) and what it says."""

    start: int
    end: int
    text: str


class Document(NamedTuple):
    """One text of the corpus, as a reader gives it.

    `id` is what judgements call it: a row's own `id`, else the path; it is unique within its file.
    `path` is the name of its file as the walk gave it. `text` is the whole readable text; every
    offset counts its characters. `date` is ISO 8601, to the day, month or year. `language` is
    "ko", "en", "mixed", or "" for a text without letters. `line` is the line of the file that the
    text starts on, from 1; where the text is not a plain slice of the file, `lines` maps offsets
    (ascending, the first 0) to lines. `translations` are the addresses of the same text in other
    languages, as the document links them.
    """

    id: str
    path: str
    title: str
    text: str
    language: str
    date: str = ""
    line: int = 1
    lines: tuple[tuple[int, int], ...] = ()
    headings: tuple[Heading, ...] = ()
    metadata: Mapping[str, str] = _NOTHING
    translations: tuple[str, ...] = ()

    def line_at(self, offset: int) -> int:
        """Return the line of the file, from 1, that holds the character at `offset`."""
        if self.lines:
            return self.lines[max(0, bisect_right(self.lines, (offset, 1 << 62)) - 1)][1]
        return self.line + self.text.count("\n", 0, offset)


class Passage(NamedTuple):
    """A stretch of a document that a hit shows: `document.text[start:end]`, in characters.

    `line` is the line of the file it starts on, from 1; `heading` the heading it stands under, or
    ""; `ordinal` its place among the passages of its document, from 0.
    """

    ordinal: int
    text: str
    start: int
    end: int
    line: int
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A file, or a line of one (from 1; 0 for the whole file), that was left out, and why.

    One may also stand beside the document of its line, and then tells what of it was lost.
    """

    path: str
    reason: str
    line: int = 0
