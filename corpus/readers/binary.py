"""Telling what is no text at all, whatever its suffix says."""

from __future__ import annotations

import re

# The first bytes of formats that people rename or save under a text suffix.
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an HWP or an older office document"),
    (b"HWP Document File", "an HWP document"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
)
# These read as words, so a text may well begin with them: the rest has to look the part.
_READS_AS_WORDS = (b"BZh", b"GIF87a", b"GIF89a", b"HWP Document File")

# Tab, line feed, form feed, carriage return, escape and the DOS end of file stand in texts.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\x0b\f\r\x1a\x1b") + b"\x7f"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.02


def signature(data: bytes) -> str:
    """Name the format, with its article, that the first bytes give away, or return ""."""
    for start, name in _SIGNATURES:
        if data.startswith(start) and (start not in _READS_AS_WORDS or has_controls(data)):
            return name
    return ""


def has_controls(data: bytes) -> bool:
    """Tell whether more of the bytes are control characters than a damaged text would hold."""
    return len(data) - len(data.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(data)


def reads_as_text(text: str) -> bool:
    """Tell whether a decoded text is free enough of control characters to be one."""
    return len(_CONTROL.findall(text)) <= _MOST_CONTROLS * len(text)
