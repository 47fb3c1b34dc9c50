"""Documents, passages, headings and problems: plain data."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .language import ENGLISH as ENGLISH
from .language import LANGUAGES as LANGUAGES
from .page_labels import PageLabels
from .state import State as State

# The kinds of places that files have.
LINE, PAGE, SLIDE, ROW, PARAGRAPH, CHAPTER = "line", "page", "slide", "row", "paragraph", "chapter"
CELL = "cell"

# Never changed; a dictionary, since a mapping proxy cannot be pickled.
_NO_METADATA: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of a document: start and end of its line (characters), and its words."""

    start: int
    end: int
    text: str


# Documents and passages are created by the million: a tuple takes half as long as a dataclass.
class Document(NamedTuple):
    """One text of the corpus, as a reader yields it.

    `id` identifies it in judgements: a row's own `id`, else the path; it is unique in its file.
    `path` is the name of its file in the walk. `text` is the whole readable text; all offsets
    count its characters. `date` is ISO 8601, to the day, month or year. `language` is "ko", "en",
    "mixed", or "" for a text without letters. `line` is the file's line where the text starts,
    from 1; where the text is not a slice of the file, `lines` maps offsets (ascending, the first
    0) to lines. In a file without lines they number its places, of the kind `unit`.
    `translations` are the URLs of the text in other languages, as it links them.
    `on_disk` is the path of the file where the disk has other characters than `path`, else "".
    `labels` are those of its pages, where they are no plain numbers; `ocr` has first and last of
    the pages that follow each other and were read by OCR. `modified` is the time of its file in
    seconds since 1970, 0 if unknown.
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
    metadata: Mapping[str, str] = _NO_METADATA
    translations: tuple[str, ...] = ()
    on_disk: str = ""
    unit: str = LINE
    labels: PageLabels = ()
    ocr: tuple[tuple[int, int], ...] = ()
    modified: int = 0

    def places_in(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Return the places that begin inside a part of the text: offset in the part, and number.

        There are none in a file with lines, of which the text has the ends.
        """
        if self.unit == LINE or not self.lines:
            return ()
        first = bisect_right(self.lines, (start, 1 << 62))
        last = bisect_right(self.lines, (end - 1, 1 << 62))
        return tuple((offset - start, number) for offset, number in self.lines[first:last])

    def line_at(self, offset: int) -> int:
        """Return the line of the file, from 1, of the character at `offset`."""
        if self.lines:
            return self.lines[max(0, bisect_right(self.lines, (offset, 1 << 62)) - 1)][1]
        return self.line + self.text.count("\n", 0, offset)


class Passage(NamedTuple):
    """A part of a document, the unit of search: `document.text[start:end]`, in characters.

    `line` is the file's line where it starts, from 1; `heading` is the heading above it, or "";
    `ordinal` is its position among the passages of the document, from 0. In a file without lines,
    `places` are the places that begin inside it: the offset in its text, and the number.
    """

    ordinal: int
    text: str
    start: int
    end: int
    line: int
    heading: str = ""
    places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A file, or a line of it (from 1; 0 for the whole file), that was skipped, and the reason.

    Where a document was read from the same line, the reason says what of it was lost. A `passing`
    problem is one of the moment, such as an error of the disk: reading again may succeed. `state`
    is that of the file, if it has no document.
    """

    path: str
    reason: str
    line: int = 0
    passing: bool = False
    state: State = State.UNREAD
