"""JSON Lines: one document a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from corpus.document import Document, Problem

from ..encoding import damage
from ..text_file import Line, Lines
from .rows import Rows


def read(path: Path, *, name: str) -> Iterator[Document | Problem]:
    """Yield a document for each row, in order, and a Problem for each row that gives none."""
    lines = Lines(path)
    rows = Rows(name)
    blank = True
    for line in lines:
        if line.text.isspace():
            continue
        blank = False
        yield _document(line, rows, name=name)
        if line.bad:
            reason = damage(lines.encoding, line.bad)
            yield Problem(path=name, reason=reason, line=line.number)
    if blank:
        yield Problem(path=name, reason="has no rows")


# Made once: `json.loads` looks at the kind of its argument and for white space around it first.
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
    except json.JSONDecodeError as error:
        return Problem(path=name, reason=f"is not JSON: {error.msg}", line=line.number)
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets likewise
        return Problem(
            path=name, reason="is JSON with nesting too deep or a number too long", line=line.number
        )
    if not isinstance(row, dict):
        return Problem(path=name, reason="is not a JSON object", line=line.number)
    return rows.document(row, line=line.number)
