"""Damages what a document consists of: members of ZIPs, streams of OLE containers and of PDFs.

Packed again with right checksums, the damage reaches the parsers behind the unpackers.
"""

from __future__ import annotations

import random
import re
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import olefile

from corpus.readers.hwp.records import flat
from tests.hwp_writer import compound, deflated, record

from .damage import damaged, damaged_lines, damaged_pdf, damaged_xml, transplanted

_INSIDE, _HEADERS = 0.6, 0.1  # of mutations
_MOST_MEMBER = 1 << 24  # bytes
_MOST_STREAMS = 6_000_000  # bytes that the writer of containers can place
_COMPRESSED_HWP, _HEADER = 1, "FileHeader"
_TEXT_STREAM = re.compile("(?:BodyText|ViewText)/|DocInfo|FileHeader")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
# Where containers say what they hold: lists of members, tables of sectors, of objects.
_SIGNATURES = re.compile(rb"PK[\1\3\5]|R\0o\0o\0t|\xd0\xcf\x11\xe0|xref|trailer|/Type */Pages")
_HEADER_SIZE = 80  # bytes, about
_LEVELS, _SIZES = (0, 1, 2, 5, 0x3FF), (0, 1, 4, 0xFFE, 0xFFFF, 0x7FFFFFFF)


def mutated(data: bytes, other: bytes, rng: random.Random) -> tuple[str, bytes]:
    """Return the kind of a mutation of a document, and its bytes."""
    if rng.random() < _INSIDE:
        if data.startswith(b"PK"):
            return "members", _zip(data, other, rng) or damaged(data, other, rng)[1]
        if data.startswith(olefile.MAGIC):
            return "streams", _ole(data, other, rng) or damaged(data, other, rng)[1]
        if data.startswith(b"%PDF"):
            inside = _pdf_stream if rng.random() < 0.4 else damaged_pdf
            return "objects", inside(data, rng)
        return "lines", damaged_lines(data, rng)
    if rng.random() < _HEADERS / (1 - _INSIDE):
        return "headers", _header(data, rng)
    return damaged(data, other, rng)


def _header(data: bytes, rng: random.Random) -> bytes:
    """Return a container with one of its lists or tables changed, else changed at its beginning."""
    starts = [found.start() for found in _SIGNATURES.finditer(data)] or [0]
    start = rng.choice(starts)
    end = start + _HEADER_SIZE * rng.choice((1, 1, 7))
    return data[:start] + damaged(data[start:end], data, rng)[1] + data[end:]


def _zip(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return a ZIP with one or some of its members changed; nothing if it cannot be opened."""
    members = _members(data)
    if not members:
        return b""
    for name in rng.sample(sorted(members), min(len(members), rng.choice((1, 1, 1, 2)))):
        choice = rng.random()
        if choice < 0.05:
            del members[name]
        elif choice < 0.1:
            members[name] = rng.choice([*_members(other).values(), b""])
        elif _is_xml(members[name]) and choice < 0.35:
            sources = [each for each in (members | _members(other)).values() if _is_xml(each)]
            members[name] = transplanted(members[name], rng.choice(sources), rng)
        elif _is_xml(members[name]) and choice < 0.75:
            members[name] = damaged_xml(members[name], rng)
        else:
            members[name] = damaged(members[name], data, rng)[1]
    return _zipped(members)


def _is_xml(data: bytes) -> bool:
    return data[:16].lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<")


def _members(data: bytes) -> dict[str, bytes]:
    errors = BadZipFile, NotImplementedError, RuntimeError, zlib.error, ValueError
    with suppress(*errors), ZipFile(BytesIO(data)) as archive:
        return {
            info.filename: archive.read(info)
            for info in archive.infolist()
            if info.file_size < _MOST_MEMBER
        }
    return {}


def _zipped(members: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return file.getvalue()


def _ole(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return an OLE container with one of its streams changed, in its records if it is an HWP."""
    try:
        streams = _streams(data)
    except Exception:  # olefile raises whatever damaged numbers lead to
        return b""
    if not streams or sum(map(len, streams.values())) > _MOST_STREAMS:
        return b""
    names = [name for name in sorted(streams) if _TEXT_STREAM.match(name)] or sorted(streams)
    name = rng.choice(names if rng.random() < 0.9 else sorted(streams))
    header = streams.get(_HEADER, b"").ljust(40, b"\0")
    is_packed = name != _HEADER and struct.unpack_from("<I", header, 36)[0] & _COMPRESSED_HWP
    content = _inflated(streams[name]) if is_packed else streams[name]
    if is_packed and rng.random() < 0.8:
        streams[name] = deflated(_records(content, rng))
    elif is_packed and content:
        streams[name] = deflated(damaged(content, other, rng)[1])
    else:
        streams[name] = damaged(streams[name], other, rng)[1]
    return compound(streams)


def _streams(data: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(BytesIO(data)) as source:
        return {
            "/".join(path): source.openstream(path).read()
            for path in source.listdir()
            if len(path) <= 2
        }


def _inflated(data: bytes) -> bytes:
    with suppress(zlib.error):
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, _MOST_MEMBER)
    return b""


def _records(data: bytes, rng: random.Random) -> bytes:
    """Return the records of an HWP stream with some of their tags, levels, sizes or bytes wrong."""
    found: list[tuple[int, int, bytes]] = []
    with suppress(EOFError):
        found += ((tag, level, data[start:end]) for tag, level, start, end in flat(data))
    if not found:
        return damaged(data, data, rng)[1]
    wrong = set(rng.choices(range(len(found)), k=rng.choice((1, 1, 3, 10))))
    pieces = [
        _wrong(*each, rng) if number in wrong else record(each[0], each[2], level=each[1])
        for number, each in enumerate(found)
    ]
    return b"".join(pieces)


def _wrong(tag: int, level: int, data: bytes, rng: random.Random) -> bytes:
    match rng.randrange(6):
        case 0:
            return record(rng.choice((16, 28, *range(66, 95))), data, level=level)
        case 1:
            return record(tag, data, level=rng.choice((*_LEVELS, level + 1)))
        case 2:
            size = rng.choice(_SIZES)
            long = struct.pack("<I", size) if size >= 0xFFF else b""
            return struct.pack("<I", tag | level << 10 | min(size, 0xFFF) << 20) + long + data
        case 3:
            return record(tag, data, level=level) * rng.choice((0, 2, 300))
        case 4:
            return record(tag, data[: rng.randrange(len(data) + 1)], level=level)
    return record(tag, damaged(data or b"\0", data, rng)[1], level=level)


def _pdf_stream(data: bytes, rng: random.Random) -> bytes:
    """Return a PDF with one of its streams changed, in as many bytes where it can be."""
    found = _STREAM.search(data, rng.randrange(len(data))) or _STREAM.search(data)
    if found is None:
        return damaged_pdf(data, rng)
    content = found[1]
    try:
        plain = zlib.decompressobj().decompress(content, _MOST_MEMBER)
    except zlib.error:
        changed = damaged_pdf(content, rng)
    else:
        changed = zlib.compress(damaged_pdf(plain or b"\0", rng), 9)
    return data[: found.start(1)] + changed.ljust(len(content)) + data[found.end(1) :]
