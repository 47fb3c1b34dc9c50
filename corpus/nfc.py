"""Unicode's composed form, in linear time."""

from __future__ import annotations

import re
from unicodedata import normalize

# Marks that follow one another are sorted, in quadratic time: a megabyte of them would take hours.
# A character of ASCII is never composed with one before it.
_LONG = 1000  # characters
_PART = re.compile(rf"[\x00-\x7f]*[^\x00-\x7f]{{0,{_LONG}}}")


def nfc(text: str) -> str:
    """Return `text` in NFC; of more than a thousand characters without ASCII, each thousand."""
    if text.isascii():
        return text
    if len(text) <= _LONG:
        return normalize("NFC", text)
    return "".join([normalize("NFC", part) for part in _PART.findall(text)])
