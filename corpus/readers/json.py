"""Reads JSON Lines, and arrays or objects of JSON on any number of lines: a document a row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from corpus.document import Document, Problem, State

from ..encoding import BAD, bad_bytes
from ..text_file import LONGEST_LINE, Pieces
from .rows import Rows

# Created once: `json.loads` checks the type and the white space of its argument every time.
_decode = json.JSONDecoder().raw_decode

_SUFFIXES_OF_LINES = (".jsonl", ".ndjson")
_NOT_LINES = "is not one object a line but an array, or objects over several lines; all are read"

_TOO_DEEP = "is JSON with nesting too deep or a number too long"
_TOO_LONG = "is too long for a row"

_SPACE = re.compile(r"[ \t\r\n]*")
# An error so near to the end of what was read, in characters, may be that of a value cut there.
_NEAR = 16


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield a document for each row, in order, or a Problem for a row that gives none."""
    values = _Values(file)
    rows = Rows(name)
    blank = True
    for value in values:
        blank = False
        yield _document(value, rows, name=name)
        yield from bad_bytes(name, values.encoding, value.bad, value.line)
    if blank:
        yield Problem(path=name, reason="has no rows", state=State.NO_TEXT)
    elif values.first_of_others and name.lower().endswith(_SUFFIXES_OF_LINES):
        yield Problem(path=name, reason=_NOT_LINES, line=values.first_of_others)


def _document(value: _Value, rows: Rows, *, name: str) -> Document | Problem:
    row, reason = value.value, value.fault
    if isinstance(row, str):
        row = {"text": row}
    if isinstance(row, dict):
        try:
            return rows.document(row, line=value.line)
        except RecursionError:
            reason = _TOO_DEEP
    return Problem(path=name, reason=reason or "is not a JSON object", line=value.line)


class _Value(NamedTuple):
    """A value of a file: its first line, its count of bad bytes, and its fault or ""."""

    line: int
    value: object
    bad: int
    fault: str = ""


class _Values:
    """The values of a file, one after the other or in one array.

    `first_of_others` is the line where the file first showed not to be JSON Lines, or 0. A value
    with a fault is skipped to the next line that begins no further right.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._pieces = Pieces(file)
        self.encoding = self._pieces.encoding
        self.first_of_others = 0

    def __iter__(self) -> Iterator[_Value]:
        """Yield the values in order."""
        self._unread = iter(self._pieces)
        self._text, self._start, self._line, self._column = "", 0, 1, 0
        is_array = self._next() == "["
        if is_array:
            self.first_of_others = self._line
            self._move(self._start + 1)
        while character := self._next():
            if is_array and character in ",]":
                self._move(self._start + 1)
            else:
                yield self._value()

    def _next(self) -> str:
        """Skip white space, and return the next character, or "" at the end."""
        while True:
            found = _SPACE.match(self._text, self._start)
            self._move(found.end() if found else self._start)
            if self._start < len(self._text):
                return self._text[self._start]
            if not self._read_on():
                return ""

    def _move(self, start: int) -> None:
        newline = self._text.rfind("\n", self._start, start)
        if newline < 0:
            self._column += start - self._start
        else:
            self._line += self._text.count("\n", self._start, start)
            self._column = start - newline - 1
        self._start = start

    def _read_on(self) -> bool:
        """Read more of the file, as much again as what is left; return whether there was any."""
        pieces = [self._text[self._start :]]
        wanted = max(1, len(pieces[0]))
        while wanted > 0 and (piece := next(self._unread, "")):
            pieces.append(piece)
            wanted -= len(piece)
        self._text, self._start = "".join(pieces), 0
        return len(pieces) > 1

    def _value(self) -> _Value:
        """Return the next value."""
        line = self._line
        while True:
            try:
                value, end = _decode(self._text, self._start)
            except json.JSONDecodeError as error:
                if self._is_cut(error):
                    continue
                return self._skipped(line, f"is not JSON: {error.msg}")
            except (ValueError, RecursionError):  # a number of thousands of digits, or brackets
                return self._skipped(line, _TOO_DEEP)
            return self._taken(line, value, end)

    def _taken(self, line: int, value: object, end: int) -> _Value:
        bad = self._text.count(BAD, self._start, end)
        too_long = end - self._start > LONGEST_LINE
        self._move(end)
        if self._line > line:
            self.first_of_others = self.first_of_others or line
        return _Value(line, None, bad, _TOO_LONG) if too_long else _Value(line, value, bad)

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        """Return whether the value may only have been cut, and there was more of it to read."""
        near = error.pos > len(self._text) - _NEAR or error.msg.startswith("Unterminated string")
        return near and len(self._text) - self._start <= LONGEST_LINE and self._read_on()

    def _skipped(self, line: int, fault: str) -> _Value:
        """Skip a value with a fault."""
        if len(self._text) - self._start > LONGEST_LINE:
            fault = _TOO_LONG
        column = self._column
        while self._skip_line() and (character := self._next()):
            if character not in "}]," and self._column <= column:
                break
        return _Value(line, None, 0, fault)

    def _skip_line(self) -> bool:
        """Skip to the next line; return whether there is one."""
        while (end := self._text.find("\n", self._start)) < 0:
            self._start = len(self._text)
            if not self._read_on():
                return False
        self._move(end + 1)
        return True
