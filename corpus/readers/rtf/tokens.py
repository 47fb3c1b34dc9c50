"""Splits an RTF into its tokens: braces, control words, control symbols, and bytes of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"(?P<bytes>[^\\{}\r\n\0]+)"
    rb"|(?P<hex>(?:\\'[0-9A-Fa-f]{2}[\r\n]*)+)"
    rb"|\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\(?P<symbol>[^A-Za-z'])"
    rb"|(?P<brace>[{}])"
)
_BREAKS = re.compile(rb"[\r\n\\']")
_NESTING = re.compile(rb"\\bin(\d{1,10}) ?|\\[\\{}]|([{}])")

BYTES, WORD, SYMBOL, OPEN, CLOSE = "bytes", "word", "symbol", "{", "}"


class Token(NamedTuple):
    """A token: its kind, the bytes of a text, and the name and number of a control word.

    A control word without a number has None.
    """

    kind: str
    data: bytes = b""
    name: str = ""
    number: int | None = None


class Tokens:
    """The tokens of an RTF in order, of which the next begins `at` a byte; others are left out."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def __iter__(self) -> Iterator[Token]:
        while found := _TOKEN.search(self._data, self.at):
            self.at = found.end()
            yield self._token(found)

    def _token(self, found: re.Match[bytes]) -> Token:
        kind = found.lastgroup
        if kind == "bytes":
            return Token(BYTES, found["bytes"])
        if kind == "hex":
            return Token(BYTES, bytes.fromhex(_BREAKS.sub(b"", found["hex"]).decode("ascii")))
        if kind == "brace":
            return Token(OPEN if found["brace"] == b"{" else CLOSE)
        if kind == "symbol":
            return Token(SYMBOL, found["symbol"])
        name = found["word"].decode("ascii")
        number = int(found["number"]) if found["number"] else None
        if name == "bin" and number and number > 0:  # bytes that are no text follow
            self.at += number
        return Token(WORD, name=name, number=number)

    def skip_group(self) -> None:
        """Leave out what follows up to the brace that closes the open group, which comes next."""
        depth = 0
        while found := _NESTING.search(self._data, self.at):
            self.at = found.end()
            if found[1]:
                self.at += int(found[1])
            elif found[2] == b"{":
                depth += 1
            elif found[2] == b"}":
                depth -= 1
                if depth < 0:
                    self.at -= 1
                    return
        self.at = len(self._data)
