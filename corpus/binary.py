"""Tells binary files from text: by their first bytes, control characters and NUL bytes."""

from __future__ import annotations

import re

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the first bytes of the containers of older programs
# The first bytes of formats that are found under a text suffix.
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (OLE, "an HWP or an older office document"),
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
# A text may begin with these words, so the format also needs control characters.
_WORD_SIGNATURES = (b"BZh", b"GIF87a", b"GIF89a", b"HWP Document File")
_TAR = slice(257, 262)  # where a tar archive has the word "ustar", after the name of its first file

# Without those that occur in texts: tab, line and form feed, return, escape, DOS end of file.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\x0b\f\r\x1a\x1b") + b"\x7f"
_MOST_CONTROLS = 0.02
_NULS = re.compile(rb"\0+")


def signature(data: bytes) -> str:
    """Return the binary format that begins with these bytes, with its article, or ""."""
    for start, name in _SIGNATURES:
        if data.startswith(start) and (start not in _WORD_SIGNATURES or has_controls(data)):
            return name
    return "a tar archive" if data[_TAR] == b"ustar" else ""


def has_controls(data: bytes) -> bool:
    """Return whether there are more control characters than in a damaged text."""
    return len(data) - len(data.translate(None, _CONTROLS)) > _MOST_CONTROLS * len(data)


def has_many_nuls(data: bytes) -> bool:
    """Return whether there are more NUL bytes than a crash or a damaged disk leaves in a text.

    A run of them counts once: the end of a file that was not written, or the beginning of a log
    that was emptied while a program wrote to it.
    """
    text = data.translate(None, b"\0")
    return not text or len(_NULS.findall(data)) > 1 + _MOST_CONTROLS * len(text)
