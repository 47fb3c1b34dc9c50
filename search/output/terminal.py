"""Text on a terminal: its width in columns, its colours, and its control characters."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import chain
from typing import IO, NamedTuple

ELLIPSIS = "…"
# The width of a terminal that does not tell it.
COLUMNS = 80

# Ranges of characters that are one column wide, and two. They cover nearly all Korean and English
# text, and save a search the 25 ms of importing wcwidth.
NARROW = ((" ", "~"), ("\u00a0", "\u00ac"), ("\u00ae", "\u024f"), ("\u2010", "\u2027"), ("←", "↓"))
WIDE = (("가", "힣"), ("一", "鿿"), ("\u3001", "\u3029"))

# It makes the narrow sign before it an emoji of two columns. After a wide sign the count is one too
# high, which leaves a column empty and never makes a line too long.
_EMOJI_SELECTOR = "\ufe0f"

_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_CONTROL_PICTURES = 0x2400
_REPLACEMENT = "\ufffd"
_BIDI_CONTROLS = chain((0x61C, 0x200E, 0x200F), range(0x202A, 0x202F), range(0x2066, 0x206A))
# Signs that are not seen, or hide others: joiners of words, annotations, shorthand, music, tags.
# Those that join emoji and letters (U+200C and U+200D) stay.
_UNSEEN = chain(
    (0x180E, 0xFEFF),
    range(0x2060, 0x2066),
    range(0x206A, 0x2070),
    range(0xFFF9, 0xFFFC),
    range(0x1BCA0, 0x1BCA4),
    range(0x1D173, 0x1D17B),
    range(0xE0000, 0xE0080),
)
# Looked up for each different character of a text: `str.translate` takes several times as long for
# Korean text, and compiling a regular expression of all of them a millisecond.
_REPLACEMENTS = {
    **{chr(code): chr(_CONTROL_PICTURES + code) for code in range(0x20)},
    **dict.fromkeys(map(chr, chain(range(0x7F, 0xA0), _BIDI_CONTROLS, _UNSEEN)), _REPLACEMENT),
    **dict.fromkeys(_SPACES, " "),
    "\u00ad": "-",  # where a word may be hyphenated
    "\u200b": " ",  # where a line may be broken
}
# Any number of variation selectors is not seen; all but the first can only carry something hidden.
_MORE_SELECTORS = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef](?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2})"
)


def columns() -> int:
    """Return the width of the terminal, or what the environment says of it in COLUMNS.

    It is that of `shutil`, which takes two milliseconds to load, with the archive formats.
    """
    with suppress(KeyError, ValueError):
        if (told := int(os.environ["COLUMNS"])) > 0:
            return told
    with suppress(OSError):  # it is none
        return os.get_terminal_size().columns or COLUMNS
    return COLUMNS


def display_width(text: str) -> int:
    """Return the width of a printable text in columns of a terminal.

    It is never too low for Korean, Chinese, Japanese and Latin text and for emoji; scripts whose
    vowel signs widen their consonant (Devanagari) may be one column wider.
    """
    return len(text) if text.isascii() else sum(map(_character_width, text))


@lru_cache(maxsize=8192)
def _character_width(character: str) -> int:
    if character == _EMOJI_SELECTOR or _within(character, NARROW):
        return 1
    if _within(character, WIDE):
        return 2
    # Imported late: few texts have a character outside of the ranges above.
    from wcwidth import wcwidth

    return max(0, wcwidth(character))


def fitting(text: str, width: int) -> int:
    """Return how many characters of a text fit in `width` columns, combining marks included."""
    used = 0
    for position, character in enumerate(text):
        used += _character_width(character)
        if used > width:
            return position
    return len(text)


def last_fitting(text: str, width: int) -> str:
    """Return the end of a text that fits in `width` columns, without a mark of what is cut."""
    start, used = len(text), 0
    while start and used + (own := _character_width(text[start - 1])) <= width:
        start, used = start - 1, used + own
    while start and start < len(text) and not _character_width(text[start]):
        start += 1
    return text[start:]


def cut(text: str, width: int) -> str:
    """Cut a text that is wider than `width` columns, with an ellipsis at its end."""
    if display_width(text) <= width:
        return text
    return text[: fitting(text, width - 1)].rstrip() + ELLIPSIS


def wrapped(text: str, width: int) -> Iterator[str]:
    """Yield the lines of a printable text, broken at spaces, of at most `width` columns.

    A word wider than a line is broken at its end. Spaces at a break are dropped, and those at the
    beginning if the first word has no room behind them.
    """
    text = text.rstrip(" ")
    while (end := fitting(text, width)) < len(text):
        space = text.rfind(" ", 0, end + 1)
        if text[: max(space, 0)].strip(" "):
            end = space
        elif text.startswith(" "):
            text = text.lstrip(" ")
            continue
        yield text[: max(end, 1)].rstrip(" ")
        text = text[max(end, 1) :].lstrip(" ")
    yield text


def hanging(text: str, width: int) -> Iterator[str]:
    """Yield the lines of a text as `wrapped` does, those after the first indented by two.

    It is not broken at a no-break space, which becomes a space.
    """
    for row, line in enumerate(wrapped(text, width - 2)):
        yield "  " * (row > 0) + line.replace("\xa0", " ")


def _within(character: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    return any(first <= character <= last for first, last in ranges)


class Palette(NamedTuple):
    """The escape sequences that start each kind of text, and the one that ends it."""

    title: str = ""
    location: str = ""
    faint: str = ""
    match: str = ""
    end: str = ""

    def paint(self, text: str, start: str) -> str:
        """Return the text after the sequence `start` of this palette and before the end."""
        return f"{start}{text}{self.end}" if start and text else text


PLAIN = Palette()
COLOURED = Palette(
    title="\x1b[1m", location="\x1b[36m", faint="\x1b[2m", match="\x1b[1;31m", end="\x1b[0m"
)


def palette(choice: str, stream: IO[str], environment: Mapping[str, str]) -> Palette:
    """Return the palette for a stream: `choice` is "auto", "always" or "never".

    "auto" colours a terminal, unless NO_COLOR is set and not empty or TERM is "dumb".
    """
    if choice == "auto":
        plain = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
        return COLOURED if stream.isatty() and not plain else PLAIN
    return COLOURED if choice == "always" else PLAIN


def printable(text: str) -> str:
    """Replace what could control a terminal, or hide or reorder text, one character each.

    These are control characters, escapes, bidirectional marks and other signs that are not seen,
    line ends, and lone surrogates. A page can show the result as well, once it is escaped.
    """
    return replace_harmful(text, lambda character: _REPLACEMENTS.get(character, _REPLACEMENT))


def replace_harmful(text: str, replacement: Callable[[str], str]) -> str:
    """Replace each character that `printable` does by what `replacement` returns for it."""
    if not text.isprintable():
        for character in set(text):
            if character in _REPLACEMENTS or "\ud800" <= character <= "\udfff":
                text = text.replace(character, replacement(character))
    if text.isascii():
        return text
    return _MORE_SELECTORS.sub(lambda found: replacement(found[0]), text)
