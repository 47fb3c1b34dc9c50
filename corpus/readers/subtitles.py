"""Reads subtitles: the lines that are shown, without numbers, times and marks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.document import Document, Problem
from corpus.language import detect

from ..encoding import bad_bytes, decode
from ..text_file import load
from .metadata import file_title

_MOST_BYTES = 1 << 24

_TIME = re.compile(r"\s*(?:\d+:)?\d{1,2}:\d{2}(?:[.,]\d+)?\s*-->")
_NUMBER = re.compile(r"\s*\d+\s*")
_HIDDEN = re.compile(r"(?:WEBVTT|NOTE|STYLE|REGION|X-TIMESTAMP-MAP=.*)(?=\s|\Z)")
# Of tags with their times and names, as <00:01.5>, <v Kim>; of positions, as {\an8}.
_MARKS = re.compile(r"</?[A-Za-z\d][^<>]*>|\{\\[^{}]*\}")


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield the subtitles as one document, with a line of text for each line that is shown."""
    source = decode(load(file, kind="a file of subtitles", most=_MOST_BYTES))
    pieces: list[str] = []
    lines: list[tuple[int, int]] = []
    end = 0
    for number, row in _shown(source.text):
        lines.append((end, number))
        pieces.append(row)
        end += len(row) + 1
    text = "\n".join(pieces)
    yield Document(
        id=name,
        path=name,
        title=file_title(name),
        text=text,
        language=detect(text),
        line=lines[0][1] if lines else 1,
        lines=tuple(lines),
    )
    yield from bad_bytes(name, source.encoding, source.bad, source.line)


def _shown(text: str) -> Iterator[tuple[int, str]]:
    """Yield the number and the words of each line that is shown, once if the next repeats it."""
    rows = text.split("\n")
    before, is_hidden = "", False
    for number, row in enumerate(rows, start=1):
        if not row.strip():
            is_hidden = False
            continue
        following = rows[number] if number < len(rows) else ""
        is_first = number == 1 or not rows[number - 2].strip()
        is_hidden = is_hidden or (is_first and bool(_HIDDEN.match(row)))
        is_name = is_first and bool(_TIME.match(following))
        if is_hidden or is_name or _TIME.match(row):
            continue
        words = " ".join(html.unescape(_MARKS.sub("", row)).split())
        if words and words != before:
            yield number, words
        before = words or before
