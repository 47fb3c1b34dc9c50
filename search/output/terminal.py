"""How many cells of a terminal a text takes: one for a Latin letter, two for a Hangul syllable."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import chain
from typing import IO, NamedTuple

ELLIPSIS = "…"

# Stretches of characters that all take one cell, or all take two. They make up nearly all Korean
# and English text, and knowing them here spares a search the 25 ms that importing wcwidth takes.
NARROW = ((" ", "~"), ("\u00a1", "\u00ac"), ("\u00ae", "\u024f"), ("\u2010", "\u2027"), ("←", "↓"))
WIDE = (("가", "힣"), ("一", "鿿"), ("\u3001", "\u3029"))

# A narrow sign before it becomes a picture of two cells; behind a wide one it is counted too
# much, which leaves a cell empty and never makes a line too long.
_PICTURE_SELECTOR = "\ufe0f"

_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_CONTROL_PICTURES = 0x2400
_REPLACEMENT = "\ufffd"
_DIRECTIONS = chain((0x61C, 0x200E, 0x200F), range(0x202A, 0x202F), range(0x2066, 0x206A))
_SURROGATES = range(0xD800, 0xE000)
# A table and no regular expression: that would take a millisecond to compile.
_STAND_INS = {
    **{code: chr(_CONTROL_PICTURES + code) for code in range(0x20)},
    **dict.fromkeys(chain(range(0x7F, 0xA0), _DIRECTIONS, (0xFEFF,), _SURROGATES), _REPLACEMENT),
    **dict.fromkeys(map(ord, _SPACES), " "),
}


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


class Palette(NamedTuple):
    """Escape sequences that start each kind of text, and the one that ends them all."""

    title: str = ""
    place: str = ""
    faint: str = ""
    match: str = ""
    end: str = ""

    def paint(self, text: str, start: str) -> str:
        """Return the text between `start`, one of this palette, and the end."""
        return f"{start}{text}{self.end}" if start and text else text


PLAIN = Palette()
COLOURED = Palette(
    title="\x1b[1m", place="\x1b[36m", faint="\x1b[2m", match="\x1b[1;31m", end="\x1b[0m"
)


def palette(choice: str, stream: IO[str], environment: Mapping[str, str]) -> Palette:
    """Return the colours for a stream: `choice` is "auto", "always" or "never".

    "auto" colours a terminal, unless NO_COLOR is set to anything or TERM is "dumb".
    """
    if choice == "auto":
        refused = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
        choice = "always" if stream.isatty() and not refused else "never"
    return COLOURED if choice == "always" else PLAIN


def printable(text: str) -> str:
    """Return a text of the same length without control characters: white space becomes spaces."""
    return text if text.isprintable() else text.translate(_STAND_INS)
