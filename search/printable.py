"""Text of unknown origin made safe for a terminal.

A document may hold escape sequences that retitle a window or hide what follows, and marks that
turn the order of a line around. They are replaced one for one, so offsets stay what they were.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_CONTROL_PICTURES = 0x2400
_REPLACEMENT = "\ufffd"


def printable(text: str) -> str:
    """Return a text of the same length without control characters: white space becomes spaces."""
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SPACES:
        return " "
    if character < " ":
        return chr(_CONTROL_PICTURES + ord(character))
    return _REPLACEMENT
