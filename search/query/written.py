"""Text as it is compared with what a query has written."""

from __future__ import annotations


def folded(text: str) -> str:
    """Return a text in NFC without whitespace and case."""
    from unicodedata import normalize  # imported late: few queries have an exact phrase

    return "".join(normalize("NFC", text).lower().split())
