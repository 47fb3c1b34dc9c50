"""What is attached to a mail: its format, and its documents."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath

from ...document import Document, Problem, State
from ...encoding import bad_bytes
from ...errors import CorpusError
from .. import SUFFIXES, read_opened
from .charsets import decoded
from .parts import Part

# Formats by the type that the mail states, for names without a suffix that is read.
_SUFFIXES = {
    "text/html": ".html",
    "text/csv": ".csv",
    "text/markdown": ".md",
    "application/json": ".json",
    "application/pdf": ".pdf",
    **dict.fromkeys(("application/x-hwp", "application/haansofthwp"), ".hwp"),
    "application/vnd.hancom.hwp": ".hwp",
    "application/vnd.hancom.hwpx": ".hwpx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/epub+zip": ".epub",
}
_MAILS = ("message/rfc822", "message/global", "message/news")
# They belong to how a mail looks or is signed, and nobody looks for text in them.
_MEDIA = ("image/", "audio/", "video/", "font/")
_MEDIA_NAMES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".webp",
    ".svg",
    ".mp3",
    ".wav",
    ".m4a",
    ".mp4",
)
_SIGNATURES = (
    "application/pgp-signature",
    *("application/pkcs7-signature", "application/x-pkcs7-signature"),
)

# What is not read, by the type or the end of the name.
_UNREAD: dict[str, tuple[str, State]] = {
    **dict.fromkeys(
        ("application/ms-tnef", "application/vnd.ms-tnef", "winmail.dat"),
        ("holds files in Outlook's own format (TNEF), which Chaja does not read", State.UNKNOWN),
    ),
    **dict.fromkeys(
        ("application/pkcs7-mime", "application/x-pkcs7-mime", ".p7m"),
        ("is encrypted, or signed as a whole", State.PROTECTED),
    ),
    "multipart/encrypted": ("is encrypted", State.PROTECTED),
    ".mbox": ("is a mailbox inside a mail", State.UNKNOWN),
}
_OTHER = "is of a kind that Chaja does not read", State.UNKNOWN


def is_media(part: Part) -> bool:
    """Return whether a part is a picture, a sound or a signature, which has no text to read."""
    is_kind = part.type.startswith(_MEDIA) or part.type in _SIGNATURES
    return is_kind or part.name.lower().endswith(_MEDIA_NAMES)


def is_message(part: Part) -> bool:
    """Return whether a part is a mail that is attached to another one."""
    return part.type in _MAILS or part.name.lower().endswith(".eml")


def opened(part: Part, label: str) -> Iterator[Document | Problem]:
    """Yield the documents of an attachment, with `label` as their path, and its Problems."""
    suffix = _suffix(part)
    name = part.name.lower()
    unread = (refused for end, refused in _UNREAD.items() if end == part.type or name.endswith(end))
    if refused := next(unread, None if suffix else _OTHER):
        yield Problem(path=label, reason=refused[0], state=refused[1])
        return
    try:
        data = part.content()
        is_text = part.type.startswith("text/") and part.charset
        text = decoded(data, part.charset) if is_text else None
    except CorpusError as error:
        yield Problem(path=label, reason=str(error), state=error.state)
        return
    if text:
        yield from read_opened(BytesIO(text.text.encode()), name=label, suffix=suffix)
        yield from bad_bytes(label, text.encoding, text.bad, text.line)
    else:
        yield from read_opened(BytesIO(data), name=label, suffix=suffix)


def _suffix(part: Part) -> str:
    """Return the suffix of a format that is read, or ""."""
    suffix = PurePosixPath(part.name).suffix.lower()
    if suffix in SUFFIXES:
        return suffix
    other = ".txt" if part.type.startswith(("text/", "message/")) else ""
    return _SUFFIXES.get(part.type, other)
