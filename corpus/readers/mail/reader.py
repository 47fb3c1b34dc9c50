"""Reads a mail: its text as one document, and each of its attachments as documents of their own."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import BinaryIO, TypeAlias

from ...binary import signature
from ...document import Document, Problem, State
from ...encoding import bad_bytes
from ...errors import CorpusError
from ...language import detect
from ...names import WITHIN
from ...text_file import whole
from ..embedded import Embedded
from ..mapped_text import MappedText, together
from ..metadata import file_title, first_line_title, parse_date, tidy_title
from .attachments import attached, is_media, is_message
from .body import body_of_part, text_of
from .parts import Part, Source
from .structure import MOST_DEPTH, MOST_PARTS, Limits, is_text, leaves

MOST_BYTES = 100_000_000

# What a mail gives.
Found: TypeAlias = Document | Embedded | Problem


def read(file: BinaryIO, *, name: str) -> Iterator[Found]:
    """Yield the text of the mail, its attachments, and a Problem for each that gives no text."""
    data = whole(file, kind="a mail", most=MOST_BYTES)
    yield from documents_of(data, name=name, identity=name)


def documents_of(data: bytes, *, name: str, identity: str, line: int = 0) -> Iterator[Found]:
    """Yield the documents of a mail with this id, which begins on a line of the file `name`.

    The line is 0 for a file that is a mail; then a Problem is one of the whole file.
    """
    if what := signature(data):
        reason = f"is {what} under the suffix of a mail"
        yield Problem(path=name, reason=reason, line=line, state=State.UNKNOWN)
        return
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    blank = len(data) - len(data.lstrip(b"\r\n"))
    source = Source(data[blank:], max(1, line) + data[:blank].count(b"\n"))
    root = Part(source, 0, len(source.data))
    if root.has_headers():
        yield from _Mail(name, line).documents(root, identity)
    else:
        reason = "is damaged, or no mail: it has no headers"
        yield Problem(path=name, reason=reason, line=line, state=State.DAMAGED)


class _Mail:
    """Reads a mail of a file with all that is attached to it, in which no id occurs twice."""

    def __init__(self, name: str, line: int) -> None:
        self._name, self._line = name, line
        self._limits = Limits()
        self._ids: set[str] = set()

    def documents(self, root: Part, identity: str) -> Iterator[Found]:
        """Yield the documents, and a Problem for all that is not read."""
        is_empty = True
        for found in self._mail(root, self._unique(identity), depth=0):
            is_empty = False
            yield found
        if is_empty:
            yield self._problem("has no text", State.NO_TEXT)
        yield from self._exceeded()

    def _exceeded(self) -> Iterator[Problem]:
        """Yield a Problem if the end of the mail is missing, and for each limit that it exceeds."""
        if self._limits.is_cut:
            reason = "is cut off: the end of its last part, and what followed, is missing"
            yield self._problem(reason, State.PART)
        if self._limits.too_many:
            reason = f"has more than {MOST_PARTS:,} parts, of which only the first are read"
            yield self._problem(reason, State.PART)
        if self._limits.too_deep:
            reason = f"has parts nested deeper than {MOST_DEPTH} levels, which are not read"
            yield self._problem(reason, State.PART)

    def _problem(self, reason: str, state: State) -> Problem:
        return Problem(path=self._name, reason=reason, line=self._line, state=state)

    def _unique(self, identity: str) -> str:
        """Return an id that no other document of the mail has."""
        number, unique = 1, identity
        while unique in self._ids:
            number += 1
            unique = f"{identity} ({number})"
        self._ids.add(unique)
        return unique

    def _mail(self, root: Part, identity: str, *, depth: int) -> Iterator[Found]:
        parts = list(leaves(root, self._limits, depth=depth))
        bodies: list[MappedText] = []
        for part in filter(is_text, parts):
            try:
                text = text_of(part)
                bodies.append(body_of_part(part, text.text))
            except CorpusError as error:
                yield self._problem(f"has a text that {error}", error.state)
                continue
            for problem in bad_bytes(self._name, text.encoding, text.bad, self._line):
                yield self._problem(f"has a text of which {problem.reason}", State.PART)
        attached = [part for part in parts if not is_text(part)]
        mail = self._document(root, identity, together(bodies))
        if mail.text or not attached:
            yield mail
        for number, part in enumerate(attached, start=1):
            yield from self._attachment(part, mail, number, depth=depth)

    def _document(self, root: Part, identity: str, body: MappedText) -> Document:
        """Return the document of a mail; one that says all in its subject has that as its text."""
        title = tidy_title(root.header("subject"))
        text = body.text or title
        stated = {name: root.header(name) for name in ("from", "to", "cc")}
        first = ((0, root.source.line_at(root.start)),)
        lines = body.lines or first
        return Document(
            id=identity,
            path=self._name,
            title=title or first_line_title(text) or file_title(identity),
            text=text,
            language=detect(text),
            date=_date(root.header("date")),
            line=lines[0][1],
            lines=lines,
            headings=body.headings,
            metadata={name: value for name, value in stated.items() if value},
        )

    def _attachment(
        self, part: Part, mail: Document, number: int, *, depth: int
    ) -> Iterator[Found]:
        """Yield an attachment, the documents of a mail, or the Problem that names it."""
        if is_media(part):
            return
        label = part.name or f"part {number}"
        if is_message(part):
            yield from self._attached_mail(part, mail, label, depth=depth)
        else:
            yield from attached(part, label, mail)

    def _attached_mail(
        self, part: Part, mail: Document, label: str, *, depth: int
    ) -> Iterator[Found]:
        source, start, end = part.source, part.start, part.end
        if part.encoding:
            source = Source(part.content(), source.line_at(start), constant=True)
            start, end = 0, len(source.data)
        if depth < MOST_DEPTH:
            root = Part(source, start, end)
            yield from self._mail(root, self._unique(mail.id + WITHIN + label), depth=depth + 1)
        else:
            self._limits.too_deep = True


def _date(value: str) -> str:
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return parse_date(value)
