"""Reads a message of Outlook as mails are read: its text, and what is attached to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import SEEK_END
from typing import BinaryIO

from ...document import Document, Problem, State
from ...errors import Damaged, NoText, TooLarge
from ..embedded import Embedded
from ..mail.reader import MOST_BYTES, Found, documents_of
from ..ole import MAGIC, Container
from .mime import mail_of
from .properties import Properties

_PROPERTIES = "__properties_version1.0"


def read(file: BinaryIO, *, name: str) -> Iterator[Found]:
    """Yield the text of the message, its attachments, and a Problem for each without text.

    Its places are the lines of its text; what is attached has its own, or the first line.
    """
    size = file.seek(0, SEEK_END)
    file.seek(0)
    if not size:
        raise NoText("is empty")
    if size > MOST_BYTES:
        raise TooLarge(f"is a mail of more than {MOST_BYTES:,} bytes")
    if file.read(len(MAGIC)) != MAGIC:
        raise Damaged("is damaged, or no message of Outlook")
    container = Container(file)
    if _PROPERTIES not in container:
        raise Damaged("is damaged, or no message of Outlook")
    faults: list[str] = []
    mail = mail_of(Properties.of_message(container), faults)
    for found in documents_of(mail, name=name, identity=name):
        if isinstance(found, Embedded):
            yield replace(found, line=0)  # the lines are those of the mail that was made
        else:
            yield _placed(found) if isinstance(found, Document) else found
    for fault in faults:
        yield Problem(path=name, reason=f"was read in part; {fault}", state=State.PART)


def _placed(document: Document) -> Document:
    """Return a document with the lines of its text, not of the mail that was made for it."""
    is_whole = len(document.lines) > 1
    return document._replace(line=1, lines=() if is_whole else ((0, 1),))
