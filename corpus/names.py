"""Names of files as text: decoded whatever their encoding, and in NFC."""

from __future__ import annotations

import os
from collections.abc import Iterable

from .nfc import nfc

# Between the name of a file and that of one inside it, such as an attachment.
WITHIN = " › "


def readable(path: str) -> str:
    """Return a path, with "/" between its parts, as it identifies a file: decoded, and in NFC."""
    return path if path.isascii() else nfc(decoded(path))


def decoded(path: str) -> str:
    r"""Return a path whose bytes that are not UTF-8 are decoded: as CP949, else as `\xc7`.

    The names in archives made by Korean Windows are in CP949. Where a name is not valid UTF-8,
    Python gives each of its bytes as a lone surrogate.
    """
    try:
        path.encode()
    except UnicodeEncodeError:
        return "/".join(map(_decoded, path.split("/")))
    return path


def _decoded(name: str) -> str:
    from .korean_text import looks_korean  # imported late: hardly any name needs it

    try:
        data = os.fsencode(name)
    except UnicodeEncodeError:  # a lone surrogate that stands for no byte
        return name.encode(errors="backslashreplace").decode()
    try:
        korean = data.decode("cp949")
    except UnicodeDecodeError:
        korean = ""
    return korean if looks_korean(korean) else data.decode("utf-8", "backslashreplace")


def stored_name(name: bytes, *, codec: str) -> str:
    """Return a name that a program stored: UTF-8 if it is valid, else in a `codec`."""
    return name.decode() if is_utf_8(name) else name.decode(codec, "replace")


def codec_of(names: Iterable[bytes], *, western: str) -> str:
    """Return the codec of the names of one computer that are not UTF-8: CP949 or a `western` one.

    A single name is too short to tell; Korean ones have rare syllables too.
    """
    others = b"\n".join(name for name in names if not is_utf_8(name))
    if not others:
        return western
    from .korean_text import looks_korean  # as above

    return "cp949" if looks_korean(others.decode("cp949", "ignore")) else western


def is_utf_8(data: bytes) -> bool:
    """Return whether bytes are valid UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
