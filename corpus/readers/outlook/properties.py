"""The properties of a message, of those it is sent to, and of what is attached to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from struct import Struct, iter_unpack

from ..code_pages import WESTERN, codec_of_page, western_or_korean
from ..mail.charsets import bytes_text
from ..ole import Container

_STREAM = "__substg1.0_{:04X}{}"
_FIXED = "__properties_version1.0"
_WIDE, _BYTES, _BINARY, _OBJECT = "001F", "001E", "0102", "000D"
# Bytes before the fixed properties: of the message, of one in it, and of what belongs to one.
_OWN_HEAD, _INNER_HEAD, _PART_HEAD = 32, 24, 8
_CODE_PAGES = (0x3FFD, 0x3FDE)  # of the message, and of its body in the internet
_LONG_LONG = Struct("<q").unpack
_EPOCH = datetime(1601, 1, 1)


class Properties:
    """The properties in a storage of a container, whose path ends with "/" unless it is ""."""

    def __init__(self, container: Container, path: str, head: int, codec: str = "") -> None:
        self._container, self._path = container, path
        data = container.read(path + _FIXED)[head:]
        self._fixed = {
            number: value
            for _, number, _, value in iter_unpack("<HHI8s", data[: len(data) // 16 * 16])
        }
        pages = (codec_of_page(self.number(each)) for each in _CODE_PAGES)
        self._codec = codec or next(filter(None, pages), "")

    @classmethod
    def of_message(cls, container: Container) -> Properties:
        """Return those of the message that a container is."""
        return cls(container, "", _OWN_HEAD)

    def inner(self, number: int) -> Properties | None:
        """Return those of the message that is the value of a property; None if it is none."""
        path = self._path + _STREAM.format(number, _OBJECT) + "/"
        is_message = path + _FIXED in self._container
        return Properties(self._container, path, _INNER_HEAD) if is_message else None

    def parts(self, kind: str) -> Iterator[Properties]:
        """Yield those of each recipient ("recip") or attachment ("attach"), in order."""
        start = f"{self._path}__{kind}_version1.0_#"
        names = {
            path[: path.index("/", len(start)) + 1]
            for path in self._container.paths()
            if path.startswith(start) and "/" in path[len(start) :]
        }
        for path in sorted(names):
            yield Properties(self._container, path, _PART_HEAD, self._codec)

    def number(self, number: int) -> int:
        """Return a property that is a number, or 0."""
        return int.from_bytes(self._fixed.get(number, b"")[:4], "little")

    def moment(self, number: int) -> str:
        """Return a property that is a time, in UTC and ISO 8601, or ""."""
        value = self._fixed.get(number)
        if not value or value == bytes(8):
            return ""
        try:
            moment = _EPOCH + timedelta(microseconds=_LONG_LONG(value)[0] // 10)
        except OverflowError:
            return ""
        return moment.isoformat(timespec="seconds") + "Z"

    def text(self, *numbers: int) -> str:
        """Return the first of some properties that is a text, or ""."""
        return next(filter(None, map(self._text, numbers)), "")

    def _text(self, number: int) -> str:
        wide = self._read(number, _WIDE)
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        data = self._read(number, _BYTES).rstrip(b"\0")
        if self._codec == WESTERN:
            return western_or_korean(data)
        try:
            return data.decode(self._codec or "ascii")
        except UnicodeError:  # the code page is not that of the text
            return bytes_text(data, "")

    def data(self, number: int) -> bytes:
        """Return a property that is bytes; none if it is missing."""
        return self._read(number, _BINARY)

    def _read(self, number: int, kind: str) -> bytes:
        return self._container.read(self._path + _STREAM.format(number, kind))
