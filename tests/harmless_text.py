"""Text that would control a terminal or deceive its reader, and what may be printed of it."""

from __future__ import annotations

import re
import unicodedata

# Sequences of 7 and 8 bits, deletion, marks of direction, line ends, signs that are not seen.
ESCAPES = "\x1b[2J\x1b]0;owned\a\x9b31m\x9d0;owned\x9c\x7f\b\v\f\x1c"
MARKS = "\u061c\u200e\u200f\u202a\u202d\u202e\u2066\u2067\u2069\ufeff\u2060\u00ad\u200b\u2062\ufffa"
EVIL = f"{ESCAPES}{MARKS}\x85\u2028\u2029\U000e0041\U000e007f☺\ufe0f\ufe0e\U000e0100"
# What stays as it is: Korean, Hanja, other scripts, and emoji whose parts are joined.
FINE = "한글과 漢字, naïve 🏳\ufe0f\u200d🌈 👩\u200d🚀 می\u200cخواهم 葛\U000e0100 \u0600"

# Format characters that are seen, and the two that join letters and emoji.
_SEEN = frozenset("\u200c\u200d\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd") | {
    chr(code) for code in (*range(0x600, 0x606), *range(0x13430, 0x13460))
}
_HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")


def harm_of(text: str, *, allowed: str = "") -> list[str]:
    """Return the characters of a text that no terminal must be sent."""
    harmful = {
        character
        for character in set(text) - _SEEN - set(allowed)
        if unicodedata.category(character) in _HARMFUL
    }
    return sorted(map(ascii, harmful | set(_SELECTORS.findall(text))))
