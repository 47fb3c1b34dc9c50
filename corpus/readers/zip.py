"""Reads ZIP archives: each member of a format that is read is a document inside."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import ZipInfo
from zlib import crc32

from ..document import Problem, State
from ..errors import NoText, Protected
from ..names import codec_of, stored_name
from . import ARCHIVES, SUFFIXES
from .archive import ENCRYPTED, chunks_of, opened
from .embedded import Embedded

_MOST_MEMBERS = 100_000
_MOST_DIRECTORY = 1 << 25  # bytes of the list of members
_MOST_BYTES = 1 << 30  # of a member, unpacked

_READ = SUFFIXES | ARCHIVES
# They have text, or files that do. All others are passed over as in a folder.
_DOCUMENTS = (
    *(".xlsb", ".pst", ".hml"),
    *(".pages", ".key", ".numbers"),
    *(".7z", ".rar", ".alz", ".egg", ".tar", ".gz", ".tgz", ".bz2", ".xz"),
)
_FOREIGN = "__MACOSX"  # where macOS keeps what other systems do not know of a file
_UTF_8 = 1 << 11  # a flag of a member, of its name
_FIELD = struct.Struct("<HH")
_UNICODE_NAME = 0x7075


def read(file: BinaryIO, *, name: str) -> Iterator[Embedded | Problem]:
    """Yield the members, in the order of the archive, and a Problem for formats that are not read.

    Raises CorpusError if there is none to read.
    """
    archive = opened(file, most_members=_MOST_MEMBERS, most_directory=_MOST_DIRECTORY)
    members = list(_visible(archive.infolist()))
    chosen = [(shown, info) for shown, info in members if _suffix(shown) in _READ]
    if not chosen:
        raise NoText("has no file of a format that Chaja reads")
    if all(info.flag_bits & ENCRYPTED for _, info in chosen):
        raise Protected("is protected by a password")
    for shown, info in chosen:
        content = partial(chunks_of, archive, info, most=_MOST_BYTES)
        yield Embedded(kind="member", name=shown, content=content)
    if unread := _unread(shown for shown, _ in members):
        yield Problem(path=name, reason=f"has files that are not read: {unread}", state=State.PART)


def _unread(names: Iterable[str]) -> str:
    """Return how many files there are of each format of documents that is not read."""
    counts = Counter(map(_suffix, names))
    return ", ".join(
        f"{counts[suffix]:,} {suffix}"
        for suffix in _DOCUMENTS
        if suffix in counts and suffix not in _READ
    )


def _visible(members: Sequence[ZipInfo]) -> Iterator[tuple[str, ZipInfo]]:
    """Yield the members that a walk would not pass over as hidden, with their names."""
    stored = (_stored(info) for info in members if not info.flag_bits & _UTF_8)
    codec = codec_of(stored, western="cp437")
    for info in members:
        name = _name(info, codec)
        parts = [part for part in name.split("/") if part not in ("", ".", "..")]
        is_hidden = parts[:1] == [_FOREIGN] or any(part.startswith(".") for part in parts)
        if parts and not is_hidden and not name.endswith("/"):
            yield "/".join(parts), info


def _stored(info: ZipInfo) -> bytes:
    """Return the bytes of a name, of which nothing says in what encoding they are."""
    return info.orig_filename.encode("cp437")


def _name(info: ZipInfo, codec: str) -> str:
    """Return the name of a member, with "/" between its parts."""
    name = info.orig_filename
    if not info.flag_bits & _UTF_8:
        stored = _stored(info)
        name = _unicode_name(info.extra, stored) or stored_name(stored, codec=codec)
    return name.replace("\\", "/")


def _unicode_name(extra: bytes, stored: bytes) -> str:
    """Return the name in an extra field of a member, if it is for the `stored` one, or ""."""
    at = 0
    while at + _FIELD.size <= len(extra):
        kind, size = _FIELD.unpack_from(extra, at)
        at += _FIELD.size
        field = extra[at : at + size]
        if kind == _UNICODE_NAME and field[1:5] == crc32(stored).to_bytes(4, "little"):
            return field[5:].decode("utf-8", "replace")
        at += size
    return ""


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
