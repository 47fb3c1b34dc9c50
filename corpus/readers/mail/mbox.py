"""Reads mailboxes: one mail after the other, each below a line that begins with "From "."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from ...binary import signature
from ...document import Problem, State
from ...errors import Damaged, NoText, OtherFormat
from .reader import MOST_BYTES, Found, documents_of

_LONGEST_LINE = 1 << 20  # bytes; longer ones are read in pieces
# "From a@b.example Mon Aug 22 09:45:15 2011", "From - ...": a text may have a line like "From A".
_FROM = re.compile(rb"From .*\d\d:\d\d.*\d{4}|From \S+\s*\Z")
_QUOTED = re.compile(rb"^>(?=>*From )", re.MULTILINE)


class _Mail(NamedTuple):
    """A mail of a mailbox, and its first line, from 1; `data` is None if it is too large."""

    line: int
    data: bytes | None


def read(file: BinaryIO, *, name: str) -> Iterator[Found]:
    """Yield the documents of each mail, in order; the id of the third is `name#3`."""
    file.seek(0)
    start = file.readline(_LONGEST_LINE)
    if not start:
        raise NoText("is empty")
    if not start.startswith(b"From "):
        what = signature(start)
        if what:
            raise OtherFormat(f"is {what} under the suffix of a mailbox")
        raise Damaged("is damaged, or no mailbox")
    for number, mail in enumerate(_mails(file), start=1):
        if mail.data is None:
            reason = f"has a mail of more than {MOST_BYTES:,} bytes, which is not read"
            yield Problem(path=name, reason=reason, line=mail.line, state=State.PART)
        else:
            data = _QUOTED.sub(b"", mail.data)
            identity = f"{name}#{number}"
            yield from documents_of(data, name=name, identity=identity, line=mail.line)


def _mails(file: BinaryIO) -> Iterator[_Mail]:
    """Yield the mails of the file; only one is in memory."""
    file.seek(0)
    pieces: list[bytes] = []
    size = number = first = 0
    is_after_blank = is_line_start = True
    while line := file.readline(_LONGEST_LINE):
        number += is_line_start
        if is_after_blank and line.startswith(b"From ") and _FROM.match(line):
            if first:
                yield _Mail(first, b"".join(pieces) if size <= MOST_BYTES else None)
            pieces, size, first = [], 0, number
        first = first or number
        size += len(line)
        if size <= MOST_BYTES:
            pieces.append(line)
        is_line_start = line.endswith(b"\n")
        is_after_blank = is_line_start and not line.strip()
    if first:
        yield _Mail(first, b"".join(pieces) if size <= MOST_BYTES else None)
