"""The streams of a DOC, and where in them its text and its tables are: the FIB of [MS-DOC]."""

from __future__ import annotations

from struct import Struct, error, unpack_from

from ...errors import Damaged, OtherFormat, Protected
from ..ole import Container

# Tables, by their number in the list of places.
STYLES, FOOTNOTE_MARKS, FOOTNOTES, COMMENT_MARKS, COMMENTS = 1, 2, 3, 4, 5
HEADERS, CHARACTER_PAGES, PARAGRAPH_PAGES, PIECES = 11, 12, 13, 33
ENDNOTE_MARKS, ENDNOTES, BOXES, HEADER_BOXES = 46, 47, 56, 58

_HEAD = Struct("<HH6xH").unpack_from  # what it is, its version, and flags
_WORD, _WORD_95, _FIRST_VERSION = 0xA5EC, 0xA5DC, 0x65
_ENCRYPTED, _SECOND_TABLE = 1 << 8, 1 << 9
_LENGTHS_AT, _PLACES_AT = 76, 154
_OLDER = "is a document of Word 6 or 95, which Chaja does not read; save it as DOCX"


class Information:
    """The streams of a DOC, and the places of its parts.

    `main` has the text and the pages of its formatting; `lengths` are those of the stories, in
    characters and in their order: text, footnotes, headers, macros, comments, endnotes, boxes,
    boxes in headers.
    Raises CorpusError for a file that is damaged, protected or older.
    """

    def __init__(self, container: Container) -> None:
        self.main = container.read("WordDocument")
        try:
            kind, version, flags = _HEAD(self.main)
            if kind == _WORD_95 or (kind == _WORD and version < _FIRST_VERSION):
                raise OtherFormat(_OLDER)
            if kind != _WORD:
                raise Damaged("is damaged, or no document of Word")
            if flags & _ENCRYPTED:
                raise Protected("is protected by a password")
            self.lengths = unpack_from("<8i", self.main, _LENGTHS_AT)
        except error as fault:
            raise Damaged("is damaged: its beginning is cut off") from fault
        if min(self.lengths) < 0:
            raise Damaged("is damaged: a part of its text has an impossible length")
        self._tables = container.read("1Table" if flags & _SECOND_TABLE else "0Table")

    def table(self, number: int) -> bytes:
        """Return a table; nothing if it is missing."""
        place = _PLACES_AT + 8 * number
        if place + 8 > len(self.main):
            return b""
        start, size = unpack_from("<ii", self.main, place)
        return self._tables[start : start + size] if min(start, size) >= 0 else b""

    def places(self, number: int, item: int = 0) -> list[int]:
        """Return the places in the text that a table lists, each but the last with an item.

        `item` is the size of an item in bytes.
        """
        data = self.table(number)
        count = max(0, (len(data) - 4) // (4 + item)) + 1
        return list(unpack_from(f"<{count}i", data)) if len(data) >= 4 * count else []
