"""Cuts a document into passages: paragraphs or a few sentences, never across a heading.

A document is cut at its headings into sections, and a section from its start: each passage ends
at the best boundary near its share of what is left, so the last one is not a stub.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from .boundaries import (
    clause_ends,
    ends_paragraph,
    finished_line_ends,
    is_finished,
    joints,
    line_ends,
    paragraph_ends,
    sentence_ends,
    spaces,
    splits_grapheme,
)
from .document import Document, Passage

TARGET = 400

_BLANK = re.compile(r"\s*")
# In the order in which a passage likes to end.
_STRONG = (paragraph_ends, finished_line_ends, sentence_ends, line_ends)
_WEAK = (clause_ends, spaces)


@dataclass(frozen=True, slots=True)
class _Size:
    """How long passages are, in characters: at least, at best, at most."""

    least: int
    target: int
    limit: int


@dataclass(frozen=True, slots=True)
class _Section:
    """Headings in a row and the text under them: `start` to `end`, the text from `body` on."""

    start: int
    body: int
    end: int
    heading: str


def split(document: Document, *, target: int = TARGET, limit: int | None = None) -> list[Passage]:
    """Return the passages of `document`: all its text but white space between them, in order.

    Neighbouring paragraphs are joined up to `target` characters and longer ones cut at the ends
    of sentences; a passage is longer than `target` only where a sentence is, or a heading with
    the text it must stay with, and never longer than `limit` (twice `target` unless given). It
    is cut inside a word only where a run without white space is longer than `limit`.

    Raises ValueError unless 1 <= target <= limit.
    """
    size = _size(target, limit)
    if len(document.text) <= size.target and not document.headings:  # as rows of tables are
        return _whole(document)
    passages: list[Passage] = []
    lines = _Lines(document)
    for section in _sections(document):
        for start, end in _spans(document.text, section, size):
            passages.append(
                Passage(
                    ordinal=len(passages),
                    text=document.text[start:end],
                    start=start,
                    end=end,
                    line=lines.at(start),
                    heading=section.heading,
                )
            )
    return passages


@cache
def _size(target: int, limit: int | None) -> _Size:
    size = _Size(max(1, target // 4), target, 2 * target if limit is None else limit)
    if not 1 <= size.target <= size.limit:
        raise ValueError(f"passages need 1 <= target <= limit, not {size.target}, {size.limit}")
    return size


def _whole(document: Document) -> list[Passage]:
    """Return a document that is one passage, or none if it is blank."""
    text = document.text.strip()
    if not text:
        return []
    start = _skip_blank(document.text, 0) if len(text) < len(document.text) else 0
    line = document.line_at(start) if start or document.lines else document.line
    return [Passage(ordinal=0, text=text, start=start, end=start + len(text), line=line)]


class _Lines:
    """Lines of ascending offsets; asking the document each time would count from its start."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._offset = 0
        self._line = document.line

    def at(self, offset: int) -> int:
        if self._document.lines:
            return self._document.line_at(offset)
        self._line += self._document.text.count("\n", self._offset, offset)
        self._offset = offset
        return self._line


def _sections(document: Document) -> Iterator[_Section]:
    """Yield the sections that have any text, in order, without white space around them."""
    text = document.text
    start, body, heading = 0, 0, ""
    for mark in sorted(document.headings, key=lambda mark: mark.start):
        if _skip_blank(text, body) < mark.start:
            yield from _section(text, start, body, mark.start, heading)
            start = mark.start
        body, heading = max(body, mark.end), mark.text
    yield from _section(text, start, body, len(text), heading)


def _section(text: str, start: int, body: int, end: int, heading: str) -> Iterator[_Section]:
    start = _skip_blank(text, start)
    end = start + len(text[start:end].rstrip())
    if start < end:
        yield _Section(start, min(_skip_blank(text, body), end), end, heading)


def _skip_blank(text: str, offset: int) -> int:
    """Return the first offset from `offset` on that holds no white space."""
    if not text[offset : offset + 1].isspace():
        return offset
    blank = _BLANK.match(text, offset)
    return blank.end() if blank else offset


def _spans(text: str, section: _Section, size: _Size) -> Iterator[tuple[int, int]]:
    """Yield start and end of each passage of a section."""
    start = section.start
    for cut in _cuts(text, section, size):
        yield start, start + len(text[start:cut].rstrip())
        start = _skip_blank(text, cut)


def _cuts(text: str, section: _Section, size: _Size) -> Iterator[int]:
    """Yield where each passage of a section ends; the last is the end of the section."""
    start = section.start
    while start < section.end:
        floor = _floor(start, section.body, size)
        cut = _strong_cut(text, start, floor, section.end, size)
        if cut is not None:
            yield cut
        else:
            # One sentence is longer than a passage may be: its own length is shared out evenly.
            cut = _end_of_sentence(text, start + size.limit, section.end)
            yield from _weak_cuts(text, start, floor, cut, size)
        start = _skip_blank(text, cut)


def _floor(start: int, body: int, size: _Size) -> int:
    """Return the first offset where a passage from `start` may end and not be a stub.

    Headings at its start don't count, so that some of their text follows them; but headings that
    would fill the passage are cut as text is.
    """
    floor = max(start, body) + size.least
    return floor if floor < start + size.limit else start + size.least


def _strong_cut(text: str, start: int, floor: int, end: int, size: _Size) -> int | None:
    """Return the best end between sentences or lines; None if a sentence exceeds the limit."""
    rest = end - start
    if rest <= size.target:
        return end
    share = _share(start, end, size)
    high = min(start + size.target, end - size.least)
    cut = _nearest_strong(text, floor, high, share)
    if cut is not None:
        return cut
    low = max(floor, high + 1)
    high = start + size.limit if rest > size.limit else end - size.least
    has_lines = text.find("\n", low, high + 1) >= 0
    ends = _STRONG if has_lines else (sentence_ends,)
    beyond = [next(boundaries(text, low, high), None) for boundaries in ends]
    cut = min((cut for cut in beyond if cut is not None), default=None)
    return end if cut is None and rest <= size.limit else cut


def _nearest_strong(text: str, low: int, high: int, share: int) -> int | None:
    """Return the end nearest to `share` of the best kind that there is in the range."""
    # From the nearest outwards, so that few lines are looked at closely.
    lines = list(line_ends(text, low, high))
    lines.sort(key=lambda cut: abs(cut - share))
    for is_good in (ends_paragraph, is_finished):
        for cut in lines:
            if is_good(text, cut):
                return cut
    sentence = _nearest(sentence_ends(text, low, high), share)
    return sentence if sentence is not None or not lines else lines[0]


def _end_of_sentence(text: str, start: int, end: int) -> int:
    """Return where the sentence or line that goes on at `start` ends."""
    line = next(line_ends(text, start, end - 1), end)
    return next(sentence_ends(text, start, line), line)


def _weak_cuts(text: str, start: int, floor: int, end: int, size: _Size) -> Iterator[int]:
    """Yield where the passages of one long sentence end; the last is `end`."""
    while end - start > size.target:
        cut = _weak_cut(text, start, floor, end, size)
        yield cut
        start = _skip_blank(text, cut)
        floor = start + size.least
    if start < end:
        yield end


def _weak_cut(text: str, start: int, floor: int, end: int, size: _Size) -> int:
    """Return the best end inside a sentence: at a clause, a space, a joint, or else anywhere."""
    share = _share(start, end, size)
    high = min(start + size.target, end - size.least)
    for boundaries in _WEAK:
        cut = _nearest(boundaries(text, floor, high), share)
        if cut is not None:
            return cut
    last = min(start + size.limit, end)
    cut = next(spaces(text, max(floor, high + 1), last), None)
    if cut is None and end <= start + size.limit and not _is_inside_run(text, start):
        return end
    if cut is None:
        cut = _nearest(spaces(text, start + 1, floor), share)
    if cut is None:
        cut = _nearest(joints(text, floor, high), share)
    return _hard_cut(text, start, share, last) if cut is None else cut


def _is_inside_run(text: str, offset: int) -> bool:
    """Tell whether a passage from `offset` goes on with a run that had to be cut."""
    return offset > 0 and not text[offset - 1].isspace()


def _hard_cut(text: str, start: int, share: int, last: int) -> int:
    """Return the end nearest to `share`, first before it, that leaves graphemes whole."""
    offsets = chain(range(share, start, -1), range(share + 1, last + 1))
    return next((cut for cut in offsets if not splits_grapheme(text, cut)), share)


def _share(start: int, end: int, size: _Size) -> int:
    """Return where the first passage ends if as few as possible share `start` to `end` evenly."""
    rest = end - start
    passages = -(-rest // size.target)
    return start + -(-rest // passages)


def _nearest(cuts: Iterable[int], share: int) -> int | None:
    """Return the cut nearest to `share` of some that ascend, the first of two as near."""
    before: int | None = None
    for cut in cuts:
        if cut >= share:
            return cut if before is None or cut - share < share - before else before
        before = cut
    return before
