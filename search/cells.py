"""How many cells of a terminal a text takes: one for a Latin letter, two for a Hangul syllable."""

from __future__ import annotations

from functools import lru_cache

ELLIPSIS = "…"

# Stretches of characters that all take one cell, or all take two. They make up nearly all Korean
# and English text, and knowing them here spares a search the 25 ms that importing wcwidth takes.
NARROW = ((" ", "~"), ("\u00a1", "\u00ac"), ("\u00ae", "\u024f"), ("\u2010", "\u2027"), ("←", "↓"))
WIDE = (("가", "힣"), ("一", "鿿"), ("\u3001", "\u3029"))

# A narrow sign before it becomes a picture of two cells; behind a wide one it is counted too
# much, which leaves a cell empty and never makes a line too long.
_PICTURE_SELECTOR = "\ufe0f"


def cells(text: str) -> int:
    """Return the cells that a printable text takes.

    They are never fewer than a terminal gives to Korean, Chinese, Japanese or Latin text and to
    pictures; scripts whose vowel signs widen their consonant (Devanagari) may get one more.
    """
    return len(text) if text.isascii() else sum(map(character_cells, text))


@lru_cache(maxsize=8192)
def character_cells(character: str) -> int:
    """Return the cells of one printable character: 0, 1 or 2."""
    if _within(character, NARROW) or character == _PICTURE_SELECTOR:
        return 1
    if _within(character, WIDE):
        return 2
    # Imported late: few texts have a character that the stretches above don't know.
    from wcwidth import wcwidth

    return max(0, wcwidth(character))


def fitting(text: str, width: int) -> int:
    """Return how many characters of a text fit in `width` cells, marks kept with their letter."""
    used = 0
    for position, character in enumerate(text):
        used += character_cells(character)
        if used > width:
            return position
    return len(text)


def cut(text: str, width: int) -> str:
    """Return the text, or as much of its start as fits in `width` cells with an ellipsis."""
    if cells(text) <= width:
        return text
    return text[: fitting(text, width - 1)].rstrip() + ELLIPSIS


def _within(character: str, stretches: tuple[tuple[str, str], ...]) -> bool:
    return any(first <= character <= last for first, last in stretches)
