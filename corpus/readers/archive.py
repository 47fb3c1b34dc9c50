"""Opens a ZIP of documents safely: limits on its members and on the bytes that they give."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import SEEK_END
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ..binary import signature
from ..errors import CorpusError, Damaged, NoText, OtherFormat, Protected, TooLarge

_MOST_MEMBERS = 20_000
_MOST_DIRECTORY = 1 << 23  # bytes of the list of members
# Of bytes, decompressed; those of honest documents shrink to a 600th, so ratios tell nothing.
_MOST_BYTES = 1 << 28
_MOST_IN_ALL = 1 << 29
_MOST_WHOLE = 1 << 26  # of a member that is read at once

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The list of streams of an OLE container is anywhere in it; it has their names in UTF-16.
_PROTECTED = ("EncryptedPackage".encode("utf-16-le"), "DRMEncrypted".encode("utf-16-le"))
_OVERLAP = 64
_CHUNK = 1 << 16
_END = struct.Struct("<4s4H2LH")  # the record at the end of a ZIP
_LARGE, _LARGE_END = b"PK\x06\x06", 76  # and the one of a large ZIP, so many bytes before it
ENCRYPTED = 1  # a flag of a member


class Archive:
    """The members of an open ZIP, by their names without regard to case.

    Every failure is a CorpusError whose message follows the name of the file. `faults` are the
    failures that left something to read.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Raise CorpusError if the file is no ZIP, by its first bytes and its end."""
        self._zip = opened(file, most_members=_MOST_MEMBERS, most_directory=_MOST_DIRECTORY)
        self._members = {_folded(info.filename): info for info in self._zip.infolist()}
        self._left = _MOST_IN_ALL
        self.faults: list[str] = []

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._members

    def names(self) -> Iterator[str]:
        """Yield the names of the members, in the order of the archive."""
        return (info.filename for info in self._members.values())

    def chunks(self, name: str, *, most: int | None = None) -> Iterator[bytes]:
        """Yield the bytes of a member, if it has at `most` so many.

        Raises CorpusError if it is missing, damaged or too long.
        """
        most = _MOST_BYTES if most is None else most
        info = self._members.get(_folded(name))
        if info is None:
            raise Damaged(f"is damaged: it has no {name}")
        for chunk in chunks_of(self._zip, info, most=most):
            self._left -= len(chunk)
            if self._left < 0:
                raise TooLarge(f"is too large: it has more than {_MOST_IN_ALL:,} bytes")
            yield chunk

    def read(self, name: str, *, most: int = _MOST_WHOLE) -> bytes:
        """Return the bytes of a member. Raises CorpusError as `chunks` does."""
        return b"".join(self.chunks(name, most=most))

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Add a CorpusError, but for TooLarge, to the faults; what was read until then is kept."""
        try:
            yield
        except TooLarge:
            raise
        except CorpusError as error:
            self.faults.append(str(error))


def opened(file: BinaryIO, *, most_members: int, most_directory: int) -> ZipFile:
    """Open a ZIP with at most so many members and bytes of their list. Raises CorpusError."""
    refusal = TooLarge(f"has more than {most_members:,} members")
    if _directory_size(file) > most_directory:
        raise refusal
    with _damage():
        archive = ZipFile(file)
    if len(archive.infolist()) > most_members:
        raise refusal
    return archive


def chunks_of(archive: ZipFile, info: ZipInfo, *, most: int) -> Iterator[bytes]:
    """Yield the bytes of a member, if it has at `most` so many.

    Raises CorpusError if it is protected, damaged or too long.
    """
    name = info.filename
    if info.header_offset < 0:  # the library would go there, which is an error of the system
        raise Damaged(f"is damaged: its list of members is wrong about {name}")
    if info.flag_bits & ENCRYPTED:
        raise Protected("is protected by a password")
    # No format allows others, of which a few bytes may be inflated to a gigabyte at once.
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Damaged("is compressed in an unknown way")
    if info.file_size > most:  # the library gives no more bytes than are stated
        raise TooLarge(f"is too large: {name} has more than {most:,} bytes")
    with _damage(), archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            yield chunk


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


@contextmanager
def _damage() -> Iterator[None]:
    """Raise CorpusError for each error by which the library refuses a damaged archive."""
    try:
        yield
    except (BadZipFile, EOFError, zlib.error, struct.error, ValueError) as error:
        raise Damaged(f"is damaged: {error}") from error
    except (NotImplementedError, RuntimeError) as error:
        raise Damaged(f"is compressed in an unknown way: {error}") from error


def _directory_size(file: BinaryIO) -> int:
    """Return how many bytes the list of members has. Raises CorpusError for what is no ZIP."""
    file.seek(0)
    start = file.read(_CHUNK)
    if not start:
        raise NoText("is empty")
    if start.startswith(_OLE):
        raise _fault_of_ole(file, start)
    if not start.startswith(_ZIP):
        what = signature(start)
        raise OtherFormat(f"is {what} under another suffix" if what else "is damaged: it is no ZIP")
    file.seek(max(0, file.seek(0, SEEK_END) - _CHUNK))
    end = file.read()
    found = end.rfind(_ZIP[1])
    if found < 0 or len(end) - found < _END.size:
        raise Damaged("is damaged: its end is missing")
    large = found - _LARGE_END  # where the library looks for it
    if large >= 0 and end.startswith(_LARGE, large):
        return int.from_bytes(end[large + 40 : large + 48], "little")
    return int(_END.unpack_from(end, found)[5])


def _fault_of_ole(file: BinaryIO, start: bytes) -> CorpusError:
    """Return what is to be said of an OLE container, which is read to its end."""
    window = start
    while window:
        if any(name in window for name in _PROTECTED):
            return Protected("is protected by a password")
        chunk = file.read(_CHUNK)
        window = window[-_OVERLAP:] + chunk if chunk else b""
    return OtherFormat(f"is {signature(start)} under another suffix; save it in the newer format")
