"""Opens HWP 5 files: their header, and the streams of an OLE container, inflated and decrypted."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO
from struct import Struct
from typing import Any, BinaryIO

import olefile

from ...errors import CorpusError, Damaged, OtherFormat, Protected, TooLarge
from ..office.drawing import graphic_texts
from ..xml_cursor import Cursor
from .aes import BLOCK, decrypt
from .properties import Properties
from .records import BINARY, DISTRIBUTION_KEY, flat
from .summary import read_summary
from .walker import LOST

MAGIC = olefile.MAGIC
# Of one stream as it is stored, and of all of a file, inflated; a thousand pages have 30 MB.
MOST_STREAM_BYTES = 1 << 26
MOST_BYTES = 1 << 26
_MOST_OBJECT_BYTES = 1 << 24  # of an object that is no text itself; a chart has 300 kB
_MOST_OBJECTS = 256  # that are opened

_CHUNK = 1 << 12  # bytes that are inflated at once: what follows damage in them is lost
_SIGNATURE = b"HWP Document File"
_HEADER = "FileHeader"
_SUMMARY = "\x05HwpSummaryInformation"
_CHART = "OOXMLChartContents"  # Hangul of before 2014 has no such stream
_CHART_AT = 4  # behind the length of the object
_KEY_RECORD = 256  # bytes
_FLAGS = Struct("<I").unpack_from
_TWO_WORDS = Struct("<HH").unpack_from
_KIND, _STORAGE = 15, 2  # of an object: of another program
_AS_ALL, _PACKED = 0, 1  # how an object is stored: as the streams of text are, or deflated
_COMPRESSED, _PASSWORD, _DISTRIBUTED, _DRM = 1, 1 << 1, 1 << 2, 1 << 4
_CERTIFICATES = 1 << 8 | 1 << 10
_SECTION = re.compile(r"Section(\d{1,5})")


class Compound:
    """An open HWP 5 file; `faults` are the reasons why some of its text is missing.

    Raises CorpusError, with the reason, for one that is damaged, protected or of another kind.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.faults: list[CorpusError] = []
        self._left = MOST_BYTES
        self._information = b""
        self._objects = 0  # that were opened
        try:
            # A damaged table of blocks is read as far as it goes.
            self._ole: Any = olefile.OleFileIO(file, raise_defects=olefile.DEFECT_FATAL)
            names = self._ole.listdir()  # it may be endless: a storage inside itself
        except Exception as error:  # olefile raises whatever damaged numbers lead to
            raise Damaged(f"is damaged: {error}") from error
        if names and not self._ole.exists(_HEADER):
            raise OtherFormat("is an older office document or a mail, not an HWP document")
        header = self._raw(_HEADER)
        if not header.startswith(_SIGNATURE) or len(header) < 40:
            raise Damaged("is damaged: its header is missing, as in a file that was cut off")
        (self._flags,) = _FLAGS(header, 36)
        if self._flags & _PASSWORD:
            raise Protected("is protected by a password")
        if self._flags & _DRM:
            raise Protected("is protected by DRM")
        if self._flags & _CERTIFICATES:
            raise Protected("is protected by a certificate")

    def information(self) -> bytes:
        """Return the records of the document's shapes; nothing if they are missing."""
        self._information = self._inflated(self._raw_text("DocInfo"))
        return self._information

    def sections(self) -> Iterator[bytes]:
        """Yield the records of the sections in order."""
        storage = "ViewText" if self._flags & _DISTRIBUTED else "BodyText"
        numbers = {
            int(found[1]): "/".join(path)
            for path in self._ole.listdir()
            if len(path) == 2
            and path[0] == storage
            and (found := _SECTION.fullmatch(path[1])) is not None
        }
        if not numbers:
            raise Damaged("is damaged: it has no text streams")
        if len(numbers) <= max(numbers):  # one is missing
            self.faults.append(Damaged(LOST))
        for number in sorted(numbers):
            data = self._raw_text(numbers[number])
            yield self._inflated(_decrypted(data) if self._flags & _DISTRIBUTED else data)

    def properties(self) -> Properties:
        """Return what the summary of the file states; nothing if it is damaged."""
        with suppress(Damaged):
            return read_summary(self._raw(_SUMMARY))
        return Properties()

    def chart(self, number: int) -> Iterator[str]:
        """Yield the texts of a chart, by the number of its object; nothing for other objects."""
        if self._objects >= _MOST_OBJECTS:
            return
        self._objects += 1
        try:
            with olefile.OleFileIO(BytesIO(self._object(number)[_CHART_AT:])) as inner:
                data = inner.openstream(_CHART).read()
        except Exception:  # no OLE container, or one without a chart that can be read
            return
        yield from graphic_texts(Cursor([data], "a chart"))

    def objects(self) -> Iterator[tuple[str, Callable[[], bytes]]]:
        """Yield the objects of other programs: a name, and what gives the OLE container."""
        for number, start in enumerate(self._binaries()[:_MOST_OBJECTS], start=1):
            if self._information[start] & _KIND == _STORAGE:
                yield f"OLE{number}", partial(self._sound_object, number)

    def _sound_object(self, number: int) -> bytes:
        try:
            return self._object(number)
        except Exception as error:  # its record or its stream is missing
            raise Damaged("is damaged, or missing") from error

    def _binaries(self) -> list[int]:
        """Return the places of the records of objects and pictures, up to where one is cut off."""
        found = []
        with suppress(EOFError):
            for tag, _, start, end in flat(self._information):
                if tag == BINARY and end > start:
                    found.append(start)
        return found

    def _object(self, number: int) -> bytes:
        """Return an embedded object, by the number of its record; nothing if it is damaged."""
        attributes, stored = _TWO_WORDS(self._information, self._binaries()[number - 1])
        name = next(
            "/".join(path)
            for path in self._ole.listdir()
            if path[0] == "BinData" and path[-1].upper().startswith(f"BIN{stored:04X}.")
        )
        packing = attributes >> 4 & 3
        data = self._raw(name)
        if packing == _PACKED or (packing == _AS_ALL and self._flags & _COMPRESSED):
            data, _ = inflated(data, _MOST_OBJECT_BYTES)
        return data

    def _raw(self, name: str) -> bytes:
        try:
            with self._ole.openstream(name) as stream:
                data: bytes = stream.read(MOST_STREAM_BYTES)
        except Exception as error:  # missing, or at an impossible place
            raise Damaged(f"is damaged: its stream {name} cannot be read") from error
        return data

    def _raw_text(self, name: str) -> bytes:
        """Return a stream; nothing, with a fault, if it cannot be read."""
        try:
            return self._raw(name)
        except Damaged:
            self.faults.append(Damaged(LOST))
            return b""

    def _inflated(self, data: bytes) -> bytes:
        """Return the bytes of a stream, up to the limit or to where it is damaged."""
        limit = min(MOST_STREAM_BYTES, self._left)
        if self._flags & _COMPRESSED and data:
            data, is_whole = inflated(data, limit)
            if len(data) >= limit:
                self.faults.append(TooLarge(f"has more than {MOST_BYTES:,} bytes of text"))
            elif not is_whole:
                self.faults.append(Damaged(LOST))
        self._left -= len(data)
        return data


def inflated(data: bytes, limit: int) -> tuple[bytes, bool]:
    """Return what the compressed `data` holds, and whether that is all.

    It is not where there are more than `limit` bytes, or the data is damaged.
    """
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pieces: list[bytes] = []
    for at in range(0, len(data), _CHUNK):
        try:
            pieces.append(inflater.decompress(data[at : at + _CHUNK], max(1, limit)))
        except zlib.error:
            break
        limit -= len(pieces[-1])
        if limit <= 0 or inflater.eof:
            break
    return b"".join(pieces), inflater.eof


def _decrypted(data: bytes) -> bytes:
    """Decrypt a stream of a document for distribution, whose first record holds the key."""
    with suppress(EOFError):
        tag, _, start, end = next(flat(data), (0, 0, 0, 0))
        if tag == DISTRIBUTION_KEY and end - start >= _KEY_RECORD:
            return decrypt(data[end:], _key(data[start:end]))
    raise Damaged("is damaged: a text stream for distribution has no key")


def _key(data: bytes) -> bytes:
    """Return the key in a record: it is hidden by the numbers of Microsoft's rand()."""
    (seed,) = _FLAGS(data)
    plain = bytearray(data)
    state, at = seed, 0
    while at < len(plain):
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        mask = state >> 16 & 0xFF
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        for _ in range((state >> 16 & 0xF) + 1):
            if 4 <= at < len(plain):
                plain[at] ^= mask
            at += 1
    start = 4 + (seed & 0xF)
    return bytes(plain[start : start + BLOCK])
