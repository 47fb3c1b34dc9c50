"""Opens HWP 5 files: their header, and the streams of an OLE container, inflated and decrypted."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from struct import Struct
from typing import Any, BinaryIO

import olefile

from ...errors import Damaged, OtherFormat, Protected
from .aes import BLOCK, decrypt
from .properties import Properties
from .records import DISTRIBUTION_KEY, flat
from .summary import read_summary

MAGIC = olefile.MAGIC
# Of one stream as it is stored, and of all of a file, inflated; a thousand pages have 30 MB.
MOST_STREAM_BYTES = 1 << 26
MOST_BYTES = 1 << 26

_CHUNK = 1 << 12  # bytes that are inflated at once: what follows damage in them is lost
_SIGNATURE = b"HWP Document File"
_SUMMARY = "\x05HwpSummaryInformation"
_KEY_RECORD = 256  # bytes
_FLAGS = Struct("<I").unpack_from
_COMPRESSED, _PASSWORD, _DISTRIBUTED, _DRM = 1, 1 << 1, 1 << 2, 1 << 4
_CERTIFICATES = 1 << 8 | 1 << 10
_SECTION = re.compile(r"Section(\d{1,5})")


class Compound:
    """An open HWP 5 file; `cut` is true once a stream was longer than the limit, or damaged.

    Raises CorpusError, with the reason, for one that is damaged, protected or of another kind.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.cut = False
        self._left = MOST_BYTES
        try:
            # A damaged table of blocks is read as far as it goes.
            self._ole: Any = olefile.OleFileIO(file, raise_defects=olefile.DEFECT_FATAL)
        except Exception as error:  # olefile raises whatever damaged numbers lead to
            raise Damaged(f"is damaged: {error}") from error
        header = self._raw("FileHeader")
        if not header.startswith(_SIGNATURE) or len(header) < 40:
            raise OtherFormat("is an older office document or a mail, not an HWP document")
        (self._flags,) = _FLAGS(header, 36)
        if self._flags & _PASSWORD:
            raise Protected("is protected by a password")
        if self._flags & _DRM:
            raise Protected("is protected by DRM")
        if self._flags & _CERTIFICATES:
            raise Protected("is protected by a certificate")

    def information(self) -> bytes:
        """Return the records of the document's shapes; nothing if they are missing."""
        return self._inflated(self._raw("DocInfo"))

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
        self.cut = self.cut or len(numbers) <= max(numbers)  # one is missing
        for number in sorted(numbers):
            data = self._raw(numbers[number])
            yield self._inflated(_decrypted(data) if self._flags & _DISTRIBUTED else data)

    def properties(self) -> Properties:
        """Return what the summary of the file states; nothing if it is damaged."""
        return read_summary(self._raw(_SUMMARY)) if self._ole.exists(_SUMMARY) else Properties()

    def _raw(self, name: str) -> bytes:
        try:
            with self._ole.openstream(name) as stream:
                data: bytes = stream.read(MOST_STREAM_BYTES)
        except Exception:  # missing, or at an impossible place
            self.cut = self.cut or name != "FileHeader"
            return b""
        return data

    def _inflated(self, data: bytes) -> bytes:
        """Return the bytes of a stream, up to the limit or to where it is damaged."""
        limit = min(MOST_STREAM_BYTES, self._left)
        if self._flags & _COMPRESSED and data:
            data, is_whole = inflated(data, limit)
            self.cut = self.cut or not is_whole
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
