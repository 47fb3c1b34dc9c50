"""What is attached to a mail, and in which format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...document import Document, Problem, State
from ...encoding import bad_bytes
from ...errors import CorpusError
from ..embedded import Embedded
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
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.ms-outlook": ".msg",
    **dict.fromkeys(("application/rtf", "text/rtf"), ".rtf"),
    **dict.fromkeys(("application/zip", "application/x-zip-compressed"), ".zip"),
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


def is_media(part: Part) -> bool:
    """Return whether a part is a picture, a sound or a signature, which has no text to read."""
    is_kind = part.type.startswith(_MEDIA) or part.type in _SIGNATURES
    return is_kind or part.name.lower().endswith(_MEDIA_NAMES)


def is_message(part: Part) -> bool:
    """Return whether a part is a mail that is attached to another one."""
    return part.type in _MAILS or part.name.lower().endswith(".eml")


def attached(part: Part, name: str, mail: Document) -> Iterator[Embedded | Problem]:
    """Yield what is attached to a mail under a name, and a Problem for what is missing of it."""
    found = Embedded(
        kind="attachment",
        name=name,
        content=lambda: [part.content()],
        suffix=_suffix(part),
        parent=mail.id,
        date=mail.date,
        line=part.source.line_at(part.start),
    )
    if refusal := _refusal(part):
        yield found.problem(mail.path, Problem(path=name, reason=refusal[0], state=refusal[1]))
    elif part.type.startswith("text/") and part.charset:
        yield from _attached_text(part, found, mail.path)
    else:
        yield found


def _attached_text(part: Part, found: Embedded, path: str) -> Iterator[Embedded | Problem]:
    try:
        text = decoded(part.content(), part.charset)
    except CorpusError as error:
        yield found.problem(path, Problem(path=path, reason=str(error), state=error.state))
        return
    yield replace(found, content=lambda: [text.text.encode()])
    for problem in bad_bytes(path, text.encoding, text.bad, text.line):
        yield found.problem(path, problem)


def _refusal(part: Part) -> tuple[str, State] | None:
    """Return why an attachment is not read, whatever its suffix, and its state."""
    name = part.name.lower()
    reasons = (why for end, why in _UNREAD.items() if end == part.type or name.endswith(end))
    return next(reasons, None)


def _suffix(part: Part) -> str:
    """Return the suffix of the format that a part states, or ""."""
    other = ".txt" if part.type.startswith(("text/", "message/")) else ""
    return _SUFFIXES.get(part.type, other)
