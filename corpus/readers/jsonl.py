"""Reads JSON Lines: one document per line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from corpus.document import Document, Problem

from ..encoding import bad_bytes
from ..text_file import Line, Lines
from .rows import Rows


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield a document for each row, in order, or a Problem for a row that gives none."""
    lines = Lines(file)
    rows = Rows(name)
    blank = True
    for line in lines:
        if line.text.isspace():
            continue
        blank = False
        yield _document(line, rows, name=name)
        if line.bad:
            yield from bad_bytes(name, lines.encoding, line.bad, line.number)
    if blank:
        yield Problem(path=name, reason="has no rows")


# Created once: `json.loads` checks the type and the white space of its argument every time.
_decode = json.JSONDecoder().raw_decode


def _parsed(text: str) -> object:
    if text[0] == "{":
        row, end = _decode(text)
        if not text[end:].strip(" \t\r\n"):
            return row
    return json.loads(text)


def _document(line: Line, rows: Rows, *, name: str) -> Document | Problem:
    if line.cut:
        return Problem(path=name, reason="is too long for a row", line=line.number)
    try:
        row = _parsed(line.text)
        if isinstance(row, dict):
            return rows.document(row, line=line.number)
    except json.JSONDecodeError as error:
        reason = f"is not JSON: {error.msg}"
    except (ValueError, RecursionError):  # a number of thousands of digits, or as many brackets
        reason = "is JSON with nesting too deep or a number too long"
    else:
        reason = "is not a JSON object"
    return Problem(path=name, reason=reason, line=line.number)
