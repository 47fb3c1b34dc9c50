"""Strings as PDFium gives them."""

from __future__ import annotations

from collections.abc import Callable
from ctypes import POINTER, c_ushort, cast
from typing import Any

from .garbled import cleaned

_LONGEST = 1 << 20  # bytes


def string_from(get: Callable[[Any, int], int], *, longest: int = _LONGEST) -> str:
    """Return a string in UTF-16 with a NUL at its end, on as many lines as it has.

    `get` fills a buffer of a size and returns how many bytes there are; "" if more than `longest`.
    """
    size = get(None, 0)
    if not 2 < size <= longest:
        return ""
    buffer = (c_ushort * ((size + 1) // 2))()
    get(cast(buffer, POINTER(c_ushort)), size)
    text = bytes(buffer)[: size - 2].decode("utf-16-le", "ignore")
    return cleaned(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
