"""Writes a message of Outlook as a mail, so that it is read as mails are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from email.parser import HeaderParser

from ...errors import CorpusError
from ..mail.charsets import header_text
from ..mail.structure import MOST_DEPTH
from ..rtf.interpreter import Interpreter
from .compressed_rtf import unpacked
from .properties import Properties

_SUBJECT, _BODY, _HTML, _RTF, _HEADERS = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
_SENDER, _SENDER_ADDRESS = (0x0C1A, 0x0042), (0x5D01, 0x5D02, 0x0C1F, 0x0065)
_MOMENTS = (0x0039, 0x0E06, 0x3007)  # when it was sent, received, made
_KIND, _TO, _CC = 0x0C15, 1, 2  # of a recipient
_NAME, _ADDRESS, _LISTS = 0x3001, (0x39FE, 0x3003), {_TO: 0x0E04, _CC: 0x0E03}
_DATA, _FILE_NAME, _TYPE = 0x3701, (0x3707, 0x3704, 0x3001), 0x370E
_OTHER, _MAIL = "application/octet-stream", "message/rfc822"


def mail_of(message: Properties, faults: list[str], *, depth: int = 0) -> bytes:
    """Return a message, with all that is attached to it, as the bytes of a mail.

    What of it cannot be read is added to `faults`, as the end of a sentence on the message.
    """
    parts = [*_texts(message, faults), *_attachments(message, faults, depth)]
    lines = [_line(name, value) for name, value in _headers(message).items() if value]
    if not parts:
        return b"".join((*lines, b"\r\n"))
    boundary = f"message-{depth}".encode()
    while any(boundary in part for part in parts):
        boundary += b"-"
    lines.append(b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n')
    pieces = (b"\r\n--" + boundary + b"\r\n" + part for part in parts)
    return b"".join((*lines, *pieces, b"\r\n--" + boundary + b"--\r\n"))


def _headers(message: Properties) -> dict[str, str]:
    """Return the headers: the sender's time zone is only in those of the transport."""
    sent = HeaderParser().parsestr(message.text(_HEADERS))
    sender = _person(message.text(*_SENDER), message, _SENDER_ADDRESS)
    found: dict[int, list[str]] = {_TO: [], _CC: []}
    for recipient in message.parts("recip"):
        kind = recipient.number(_KIND) & 0xF
        person = _person(recipient.text(_NAME), recipient, _ADDRESS)
        found.setdefault(kind, []).append(person)
    to, cc = (", ".join(found[kind]) or message.text(_LISTS[kind]) for kind in (_TO, _CC))
    moments = map(message.moment, _MOMENTS)
    return {
        "Subject": message.text(_SUBJECT),
        "From": sender if "@" in sender else header_text(str(sent.get("from", ""))) or sender,
        "To": to,
        "Cc": cc,
        "Date": str(sent.get("date", "")) or next(filter(None, moments), ""),
    }


def _person(name: str, properties: Properties, addresses: Iterable[int]) -> str:
    """Return a name with its address, unless that is one of the company only."""
    found = map(properties.text, addresses)
    address = next((each for each in found if "@" in each), "")
    if not address or address in name:
        return name or address
    return f"{name} <{address}>" if name else address


def _line(name: str, value: str) -> bytes:
    return f"{name}: {' '.join(value.split())}\r\n".encode("utf-8", "replace")


def _texts(message: Properties, faults: list[str]) -> Iterator[bytes]:
    """Yield the text of a message, in the form that is best to read."""
    try:
        text = _text(message)
    except CorpusError as error:
        faults.append(f"its text {error}")
    else:
        if text:
            yield text


def _text(message: Properties) -> bytes:
    """Return the text as a part of a mail; nothing if there is none. Raises CorpusError."""
    words, kind = message.text(_BODY), "text/plain"
    if not words.strip():
        if page := message.data(_HTML):
            return _part("text/html", page)
        words, kind = message.text(_HTML), "text/html"
    if not words.strip() and (packed := message.data(_RTF)):
        found = Interpreter()
        found.read(unpacked(packed))
        words, kind = "\n".join(block.text for block in found.blocks()), "text/plain"
    return _part(f"{kind}; charset=utf-8", words.encode("utf-8", "replace")) if words else b""


def _attachments(message: Properties, faults: list[str], depth: int) -> Iterator[bytes]:
    if depth > MOST_DEPTH:  # the reader of mails says that they are not read
        return
    for attachment in message.parts("attach"):
        name = attachment.text(*_FILE_NAME)
        try:
            yield _attached(attachment, name, faults, depth)
        except CorpusError as error:
            faults.append(f"its attachment {name} {error}")


def _attached(attachment: Properties, name: str, faults: list[str], depth: int) -> bytes:
    inner = attachment.inner(_DATA)
    if inner:
        return _attachment(_MAIL, mail_of(inner, faults, depth=depth + 1), name)
    kind = attachment.text(_TYPE) or _OTHER
    # A mail that is signed is attached to the message that stands for it.
    is_mail = kind.startswith("multipart/")
    return _attachment(_MAIL if is_mail else kind, attachment.data(_DATA), name)


def _attachment(kind: str, data: bytes, name: str) -> bytes:
    quoted = name.replace("\\", "_").replace('"', "'")
    how = _line("Content-Disposition", f'attachment; filename="{quoted}"' if name else "attachment")
    return how + _part(kind, data)


def _part(kind: str, data: bytes) -> bytes:
    return _line("Content-Type", kind) + b"\r\n" + data
