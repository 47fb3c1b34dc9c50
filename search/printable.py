"""Text of unknown origin made safe for a terminal.

A document may hold escape sequences that retitle a window or hide what follows, and marks that
turn the order of a line around. They are replaced one for one, so offsets stay what they were.
"""

from __future__ import annotations

from itertools import chain

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


def printable(text: str) -> str:
    """Return a text of the same length without control characters: white space becomes spaces."""
    return text if text.isprintable() else text.translate(_STAND_INS)
