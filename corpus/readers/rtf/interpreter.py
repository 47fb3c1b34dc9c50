"""Follows the control words of an RTF: what is shown, in which encoding, and what is stated."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..marked_text import MarkedText, running_blocks
from ..placed_text import Block
from . import destinations
from .encodings import Encodings
from .tokens import BYTES, CLOSE, OPEN, SYMBOL, Token, Tokens

_MOST_DEPTH = 1_000
_BLANK = b"\0\t\r\n\x1a }"  # what programs leave at the end of a file
_DOCUMENT = 2  # groups: that of the document, and the one around it
_BODY_TEXT = 9  # the outline level of what is no heading
_HEADING = re.compile(r"heading \d|제목 \d|개요 \d", re.IGNORECASE)
_TITLE = ("title", "제목")

_SIGNS = {
    **dict.fromkeys(("tab", "nestcell"), "\t"),
    **dict.fromkeys(("line", "lbr", "nestrow"), "\n"),
    **dict.fromkeys(("emspace", "enspace", "qmspace"), " "),
    **dict(zip(("emdash", "endash", "bullet"), "—–•", strict=True)),
    **dict(zip(("lquote", "rquote", "ldblquote", "rdblquote"), "‘’“”", strict=True)),
}
_SYMBOLS = {"~": " ", "_": "-", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}
_ENDS = frozenset(("par", "sect", "page", "column", "pagebb", "softpage"))
_PAGES = {"mac": 10000, "pc": 437, "pca": 850}
_PARTS_OF_MOMENT = {"yr": "year", "mo": "month", "dy": "day", "hr": "hour", "min": "minute"}
_SYMBOL_FONT = range(0xF020, 0xF100)
_BULLETS = (0xF0B7, 0xF0A7)


@dataclass(slots=True)
class _Group:
    """What holds up to the brace that closes a group; `role` is the destination it begins."""

    text: MarkedText
    role: str = ""
    font: int = -1
    skipped: int = 1  # characters that repeat one in Unicode
    is_deleted: bool = False
    kind: str = ""
    in_table: bool = False
    is_header: bool = False


@dataclass(slots=True)
class Interpreter:
    """Reads an RTF; afterwards the attributes have what it shows and states.

    `is_whole` is false if its last group was not closed, and `is_deep` true if groups were nested
    too deep, which ends the reading. `rest` is what follows the end.
    """

    body: MarkedText = field(default_factory=MarkedText)
    running: list[str] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=dict)
    encodings: Encodings = field(default_factory=Encodings)
    is_whole: bool = False
    is_deep: bool = False
    rest: bytes = b""
    _groups: list[_Group] = field(default_factory=list)
    _styles: dict[int, str] = field(default_factory=dict)
    _moment: dict[str, int] = field(default_factory=dict)
    _waiting: list[bytes] = field(default_factory=list)
    _left_out: int = 0
    _high: int = 0
    _style: int = 0
    _is_item: bool = False
    _is_first: bool = False
    _has_star: bool = False
    _skips_next: bool = False

    def read(self, data: bytes) -> None:
        """Read an RTF from its first brace to the one that closes it."""
        tokens = Tokens(data)
        self._groups = [_Group(self.body)]
        for token in tokens:
            is_first, self._is_first = self._is_first, token.kind == OPEN
            if token.kind == BYTES:
                self._take_bytes(token.data)
            else:
                self._flush()
                self._control(token, tokens, is_first=is_first)
            if self.is_whole or self.is_deep:
                self.rest = data[tokens.at :].strip(_BLANK)
                return
        self._flush()
        while len(self._groups) > 1:
            self._close()

    def _control(self, token: Token, tokens: Tokens, *, is_first: bool) -> None:
        if token.kind == OPEN:
            if self._skips_next:
                self._skips_next = False
                tokens.skip_group()
            self._open()
        elif token.kind == CLOSE:
            self._close()
            self.is_whole = len(self._groups) == 1
        elif token.kind == SYMBOL:
            self._symbol(token.data.decode("latin-1"), is_first=is_first)
        elif self._is_unread(token.name, is_first=is_first):
            tokens.skip_group()
        else:
            self._word(token)

    def blocks(self) -> list[Block]:
        """Return the paragraphs and rows, then the texts at the edges of pages, each once."""
        return [*self.body.blocks(), *running_blocks(self.running)]

    @property
    def _group(self) -> _Group:
        return self._groups[-1]

    def _open(self) -> None:
        self.is_deep = len(self._groups) > _MOST_DEPTH
        self._left_out = 0
        self._has_star = False
        self._groups.append(replace(self._group, role=""))

    def _close(self) -> None:
        self._left_out, self._skips_next = 0, False
        group = self._groups.pop() if len(self._groups) > 1 else self._group
        role = group.role
        if role in destinations.NOTES:
            self._group.text.add_note(group.text.text())
        elif role in destinations.RUNNING:
            self.running.append(group.text.text())
        elif role in destinations.STATED:
            self.stated[destinations.STATED[role]] = group.text.text()
        elif role in destinations.MOMENTS:
            self._end_moment(destinations.MOMENTS[role])
        elif self._group.role == destinations.STYLES:
            self._end_style(group)

    def _is_unread(self, name: str, *, is_first: bool) -> bool:
        has_star, self._has_star = self._has_star, False
        begins = is_first or has_star or name == "pict"
        is_inside = len(self._groups) > _DOCUMENT
        return begins and is_inside and destinations.is_unread(name, has_star=has_star)

    def _take_bytes(self, data: bytes) -> None:
        left_out = min(self._left_out, len(data))
        self._left_out -= left_out
        self._waiting.append(data[left_out:])

    def _flush(self) -> None:
        """Write the bytes that stand together: a character may have several."""
        if self._waiting:
            self._write(self.encodings.text(b"".join(self._waiting), self._group.font))
            self._waiting = []

    def _write(self, text: str) -> None:
        if not self._group.is_deleted:
            self._group.text.write(text)

    def _symbol(self, symbol: str, *, is_first: bool) -> None:
        self._left_out = 0
        if symbol == "*":
            self._has_star = is_first  # elsewhere it says nothing
        elif symbol in "\r\n":
            self._end_paragraph()
        else:
            self._write(_SYMBOLS.get(symbol, ""))

    def _word(self, token: Token) -> None:
        name, number = token.name, token.number
        if name == "u":
            self._unicode(number or 0)
            return
        self._left_out = 0
        if name in _SIGNS:
            self._write(_SIGNS[name])
        elif name in _ENDS:
            self._end_paragraph()
        elif name == "cell":
            self._group.text.end_cell()
        elif name == "row":
            self._group.text.end_row(is_header=self._group.is_header)
        elif not self._begin(name):
            self._property(name, number)

    def _begin(self, name: str) -> bool:
        """Begin the destination of a group, if the word is one."""
        if name == destinations.HIGHER_ANSI:
            self._skips_next = True
            return True
        is_stated = name in destinations.STATED or name in destinations.MOMENTS
        if is_stated and not any(group.role == destinations.INFORMATION for group in self._groups):
            return False
        has_own = name in destinations.NOTES or name in destinations.RUNNING or is_stated
        tables = (destinations.FONTS, destinations.STYLES, destinations.INFORMATION)
        if has_own or name in tables:
            group = self._group
            group.role, group.text = name, MarkedText()
            group.kind, group.in_table, group.is_deleted = "", False, False
            self._moment = {}
            return True
        return False

    def _property(self, name: str, number: int | None) -> None:
        group, is_on = self._group, number != 0
        if name == "f" and number is not None:
            group.font = number
        elif name in ("fcharset", "cpg") and number is not None:
            self._font(name, number)
        elif name == "ansicpg" and number:
            self.encodings.state_page(number)
        elif name in _PAGES:
            self.encodings.state_page(_PAGES[name])
        elif name == "uc":
            group.skipped = max(0, number or 0)
        elif name == "deleted":
            group.is_deleted = is_on
        elif name in _PARTS_OF_MOMENT and number:
            self._moment[_PARTS_OF_MOMENT[name]] = number
        else:
            self._paragraph_property(name, number)

    def _paragraph_property(self, name: str, number: int | None) -> None:
        group, is_on = self._group, number != 0
        if name == "pard":
            group.kind, group.in_table = "", False
        elif name == "plain":
            group.is_deleted = False
        elif name == "intbl":
            group.in_table = is_on
        elif name == "trowd":
            group.is_header = False
        elif name == "trhdr":
            group.is_header = True
        elif name == "s" and number is not None:
            self._style = number
            group.kind = self._styles.get(number, "")
        elif name == "outlinelevel" and number is not None:
            group.kind = "heading" if 0 <= number < _BODY_TEXT else group.kind
        elif name in destinations.LIST_MARK:
            self._is_item = True

    def _font(self, name: str, number: int) -> None:
        if name == "cpg":
            self.encodings.state_font_page(self._group.font, number)
        else:
            self.encodings.state_charset(self._group.font, number)

    def _unicode(self, number: int) -> None:
        code = number & 0xFFFF if number < 0 else number
        self._left_out = self._group.skipped
        if code in _SYMBOL_FONT:
            code = ord("•") if code in _BULLETS else code - 0xF000
        if 0xD800 <= code < 0xDC00:
            self._high = code
            return
        if 0xDC00 <= code < 0xE000:
            is_pair, low = bool(self._high), code - 0xDC00
            code = 0x10000 + ((self._high - 0xD800) << 10) + low if is_pair else 0xFFFD
        self._high = 0
        self._write(chr(code) if code <= 0x10FFFF else "\ufffd")

    def _end_paragraph(self) -> None:
        group = self._group
        kind = group.kind or ("item" if self._is_item else "")
        group.text.end_paragraph(kind, in_table=group.in_table)
        self._is_item = False

    def _end_style(self, group: _Group) -> None:
        name = group.text.text().strip(" ;\n").casefold()
        kind = "title" if name in _TITLE else group.kind
        self._styles[self._style] = "heading" if _HEADING.fullmatch(name) else kind
        self._group.text = MarkedText()
        self._style = 0

    def _end_moment(self, name: str) -> None:
        with suppress(ValueError, TypeError):  # no time that there is
            self.stated[name] = datetime(**self._moment).date().isoformat()  # type: ignore[arg-type]  # a year may be missing
