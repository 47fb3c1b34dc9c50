"""Splits a document into passages: paragraphs or a few sentences, never across a heading.

A document is split at its headings into sections, and each section from its start: a passage ends
at the best boundary near an even share of the rest, so that the last one is not too short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice

from .boundaries import (
    clause_ends,
    ends_paragraph,
    is_hard_break,
    line_ends,
    punctuation_ends,
    sentence_ends,
    space_starts,
    splits_grapheme,
)
from .document import Document, Passage

TARGET = 400  # characters

_BLANK = re.compile(r"\s*")
_NEAR = 1000  # characters


@dataclass(frozen=True, slots=True)
class _Size:
    """The length of passages in characters: least, preferred and greatest."""

    least: int
    target: int
    limit: int


@dataclass(frozen=True, slots=True)
class _Section:
    """Consecutive headings and the text below them: `start` to `end`, the text from `body` on."""

    start: int
    body: int
    end: int
    heading: str


def split(document: Document, *, target: int = TARGET, limit: int | None = None) -> list[Passage]:
    """Return the passages of `document` in order: all its text but white space between them.

    Neighbouring paragraphs are joined up to `target` characters, and longer ones split at the
    ends of sentences. A passage exceeds `target` only for a longer sentence, or for a heading
    with the beginning of its text, and never exceeds `limit` (twice `target` by default). A word
    is split only if it is longer than `limit`.

    Raises ValueError unless 1 <= target <= limit.
    """
    size = _size(target, limit)
    if len(document.text) <= size.target and not document.headings:  # as in most tables
        text, start = document.text.strip(), _skip_blank(document.text, 0)
        line = document.line_at(start)
        places = document.places_in(start, start + len(text))
        return [Passage(0, text, start, start + len(text), line, "", places)] if text else []
    passages: list[Passage] = []
    lines = _Lines(document)
    for section in _sections(document):
        for start, end in _spans(document.text, section, size):
            text = document.text[start:end]
            line = lines.at(start)
            places = document.places_in(start, end)
            passages.append(Passage(len(passages), text, start, end, line, section.heading, places))
    return passages


@cache
def _size(target: int, limit: int | None) -> _Size:
    size = _Size(max(1, target // 4), target, 2 * target if limit is None else limit)
    if not 1 <= size.target <= size.limit:
        raise ValueError(f"passages need 1 <= target <= limit, not {size.target}, {size.limit}")
    return size


class _Lines:
    """Line numbers of ascending offsets: `Document.line_at` counts from the start each time."""

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
    """Yield the sections that are not blank, in order, without white space around them."""
    text = document.text
    start, body, heading = 0, 0, ""
    for found in sorted(document.headings, key=lambda found: found.start):
        if _skip_blank(text, body) < found.start:
            yield from _section(text, start, body, found.start, heading)
            start = found.start
        body, heading = max(body, found.end), found.text
    yield from _section(text, start, body, len(text), heading)


def _section(text: str, start: int, body: int, end: int, heading: str) -> Iterator[_Section]:
    start = _skip_blank(text, start)
    end = start + len(text[start:end].rstrip())
    if start < end:
        yield _Section(start, min(_skip_blank(text, body), end), end, heading)


def _skip_blank(text: str, offset: int) -> int:
    """Return the first offset from `offset` on that is not white space."""
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
    """Yield the end of each passage of a section; the last is the end of the section."""
    start = section.start
    while start < section.end:
        floor = _floor(start, section.body, size)
        cut = _strong_cut(text, start, floor, section.end, size)
        if cut is not None:
            yield cut
        else:
            # A sentence is longer than the limit: it is split into passages of even length.
            cut = _end_of_sentence(text, start + size.limit, section.end)
            yield from _weak_cuts(text, start, floor, cut, size)
        start = _skip_blank(text, cut)


def _floor(start: int, body: int, size: _Size) -> int:
    """Return the least end of a passage: some text follows its headings, unless they fill it."""
    floor = max(start, body) + size.least
    return floor if floor < start + size.limit else start + size.least


def _strong_cut(text: str, start: int, floor: int, end: int, size: _Size) -> int | None:
    """Return the best cut between sentences or lines; None if a sentence exceeds the limit."""
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
    ends = line_ends(text, low, high), sentence_ends(text, low, high)
    firsts = [cut for cuts in ends for cut in islice(cuts, 1)]
    return min(firsts, default=end if rest <= size.limit else None)


def _nearest_strong(text: str, low: int, high: int, share: int) -> int | None:
    """Return the cut nearest to `share` of the best kind in the range, or None."""
    # The nearest first, so that few lines are examined closely.
    lines = sorted(line_ends(text, low, high), key=lambda cut: abs(cut - share))
    for is_good in (ends_paragraph, is_hard_break):
        for cut in lines:
            if is_good(text, cut):
                return cut
    sentence = _nearest(sentence_ends(text, low, high), share)
    return sentence if sentence is not None or not lines else lines[0]


def _end_of_sentence(text: str, start: int, end: int) -> int:
    """Return the end of the sentence or line that contains `start`."""
    reach = _NEAR
    # Twice as far each time: the end may be near, and the end of its line megabytes away.
    while start + reach < end - 1:
        line = next(line_ends(text, start, start + reach), start + reach)
        found = next(sentence_ends(text, start, line), line)
        if found < start + reach:
            return found
        reach *= 2
    line = next(line_ends(text, start, end - 1), end)
    return next(sentence_ends(text, start, line), line)


def _weak_cuts(text: str, start: int, floor: int, end: int, size: _Size) -> Iterator[int]:
    """Yield the ends of the passages of one long sentence; the last is `end`."""
    while end - start > size.target:
        cut = _weak_cut(text, start, floor, end, size)
        yield cut
        start = _skip_blank(text, cut)
        floor = start + size.least
    if start < end:
        yield end


def _weak_cut(text: str, start: int, floor: int, end: int, size: _Size) -> int:
    """Return the best cut inside a sentence: at a clause, a space, punctuation, or a grapheme."""
    share = _share(start, end, size)
    high = min(start + size.target, end - size.least)
    for boundaries in (clause_ends, space_starts):
        cut = _nearest(boundaries(text, floor, high), share)
        if cut is not None:
            return cut
    last = min(start + size.limit, end)
    cut = next(space_starts(text, max(floor, high + 1), last), None)
    is_inside_word = start > 0 and not text[start - 1].isspace()
    if cut is None and end <= start + size.limit and not is_inside_word:
        return end
    if cut is None:
        cut = _nearest(space_starts(text, start + 1, floor), share)
    if cut is None:
        cut = _nearest(punctuation_ends(text, floor, high), share)
    return _grapheme_cut(text, start, share, last) if cut is None else cut


def _grapheme_cut(text: str, start: int, share: int, last: int) -> int:
    """Return the cut nearest to `share` between graphemes, those before it first."""
    offsets = chain(range(share, start, -1), range(share + 1, last + 1))
    return next((cut for cut in offsets if not splits_grapheme(text, cut)), share)


def _share(start: int, end: int, size: _Size) -> int:
    """Return the end of the first passage if as few as possible split the range evenly."""
    rest = end - start
    passages = -(-rest // size.target)
    return start + -(-rest // passages)


def _nearest(cuts: Iterable[int], share: int) -> int | None:
    """Return the nearest to `share` of ascending cuts, the first of two as near."""
    before: int | None = None
    for cut in cuts:
        if cut >= share:
            return cut if before is None or cut - share < share - before else before
        before = cut
    return before
