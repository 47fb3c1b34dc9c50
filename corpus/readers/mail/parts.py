"""The parts of a mail: where they are in its bytes, what their headers state, and their content."""

from __future__ import annotations

import binascii
import quopri
import re
from bisect import bisect_right
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from pathlib import PurePosixPath

from ...encoding import decode
from ...errors import CorpusError
from .charsets import bytes_text, header_text

_MOST_HEADER = 1 << 20  # bytes of the headers of a part
_LONGEST_NAME = 200  # characters
_LONGEST_VALUE = 4_000  # of a header with parameters: to part them takes quadratic time

_BLANK_LINE = re.compile(rb"(?:\A|\n)\r?\n")
_END_OF_BOUNDARY = re.compile(rb"(--)?[ \t]*\r?(?:\n|\Z)")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_FROM_LINE = re.compile(rb"\A>?From [^\n]*\n")
_NOT_IN_NAMES = re.compile(r".*[/\\]")


class Source:
    """The bytes of a mail, whose first line is a line of its file, from 1.

    With `constant` all of it is on that line, as it was encoded there.
    """

    def __init__(self, data: bytes, line: int = 1, *, constant: bool = False) -> None:
        self.data = data
        self.constant = constant
        self._offsets, self._lines = [0], [line]

    def line_at(self, offset: int) -> int:
        """Return the line of the file at an offset; counted from the nearest one known."""
        if self.constant:
            return self._lines[0]
        at = bisect_right(self._offsets, offset)
        line = self._lines[at - 1] + self.data.count(b"\n", self._offsets[at - 1], offset)
        self._offsets.insert(at, offset)
        self._lines.insert(at, line)
        return line


class Part:
    """A mail or a part of one: its headers, and where its body is in the source."""

    def __init__(self, source: Source, start: int, end: int, *, default: str = "") -> None:
        """Find the headers, which end before a blank line; `default` is the type without any."""
        if start == 0 and (found := _FROM_LINE.match(source.data)):
            start = found.end()
        found = _BLANK_LINE.search(source.data, max(0, start - 1), end)
        head_end = found.start() + 1 if found else end
        self.source = source
        self.start = min(found.end(), end) if found else end
        self.end = end
        self._headers = _headers(source.data[start : min(head_end, start + _MOST_HEADER)])
        if default:
            self._headers.set_default_type(default)
        self.type = self._headers.get_content_type()
        # Of a part of several, once they are listed: whether the line that ends them is missing.
        self.is_cut = False

    def header(self, name: str) -> str:
        """Return the value of a header, decoded and on one line, or ""."""
        return header_text(str(self._headers.get(name, "")))

    def has_headers(self) -> bool:
        """Return whether there is any header, as every mail has."""
        return bool(self._headers)

    @property
    def charset(self) -> str:
        """The charset that the part declares, or ""."""
        return self._headers.get_content_charset("") or ""

    def parameter(self, name: str) -> str:
        """Return a parameter of the content type, or ""."""
        return str(self._headers.get_param(name, "")).lower()

    @property
    def is_attached(self) -> bool:
        """Whether the part says that it is no text to be shown in its place."""
        return self._headers.get_content_disposition() == "attachment" or bool(self.name)

    @property
    def name(self) -> str:
        """The name of the file that is attached, without folders, or ""."""
        value = self._headers.get_param("filename", None, "content-disposition")
        value = value or self._headers.get_param("name", None) or ""
        if isinstance(value, tuple):
            charset, _, text = value
            value = bytes_text(text.encode("latin-1", "replace"), charset or "")
        name = _NOT_IN_NAMES.sub("", header_text(value))
        if len(name) > _LONGEST_NAME:
            suffix = PurePosixPath(name).suffix[:_LONGEST_NAME]
            name = name[: _LONGEST_NAME - len(suffix)] + suffix
        return name

    @property
    def encoding(self) -> str:
        """The way in which the content is encoded: "base64", "quoted-printable" or ""."""
        value = str(self._headers.get("content-transfer-encoding", "")).strip().lower()
        return value if value in ("base64", "quoted-printable") else ""

    def content(self) -> bytes:
        """Return the body, decoded as far as it is valid."""
        data = self.source.data[self.start : self.end]
        if self.encoding == "base64":
            return _base64(data)
        return quopri.decodestring(data) if self.encoding else data

    def is_blank(self) -> bool:
        """Return whether the body is nothing but white space."""
        return not self.source.data[self.start : self.end].strip()

    def children(self) -> Iterator[Part]:
        """Yield the parts of a part of several; none if nothing parts them."""
        boundary = self._headers.get_boundary("") or ""
        default = "message/rfc822" if self.type == "multipart/digest" else ""
        if not boundary or not self.type.startswith("multipart/"):
            return
        begin = None
        for start, end, is_last in self._boundaries(boundary.encode()):
            if begin is not None:
                yield Part(self.source, begin, max(begin, start), default=default)
            begin = None if is_last else end
            if is_last:
                return
        if begin is not None:
            self.is_cut = True
            yield Part(self.source, begin, self.end, default=default)

    def _boundaries(self, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
        """Yield the start and end of each line that parts, and whether it is the last."""
        mark = b"\n--" + boundary
        at = self.start - 1  # the line feed before the body
        while (at := self.source.data.find(mark, max(0, at), self.end)) >= 0:
            found = _END_OF_BOUNDARY.match(self.source.data, at + len(mark), self.end)
            if found:
                is_return = self.source.data[at - 1 : at] == b"\r"
                yield at - is_return, found.end(), bool(found[1])
            at = found.end() - 1 if found else at + len(mark)


def _headers(data: bytes) -> Message:
    try:
        text = decode(data).text
    except CorpusError:
        text = data.decode("latin-1")
    headers = HeaderParser().parsestr(text)
    for name in ("content-type", "content-disposition"):
        if len(value := str(headers.get(name, ""))) > _LONGEST_VALUE:
            headers.replace_header(name, value[:_LONGEST_VALUE])
    return headers


def _base64(data: bytes) -> bytes:
    """Decode base64 up to its end, without what does not belong to it."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        data = _NOT_BASE64.sub(b"", data)
        if len(data) % 4 == 1:  # six bits, which are no byte
            data = data[:-1]
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
