"""Writes small HWP 5 and HWPX files, of the records and elements that a test names."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZipFile

_SECTOR = 512
_SHORT_SECTOR = 64
_LEAST_STREAM = 4096  # a shorter one is in the short sectors, which are in the stream of the root
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://www.hancom.co.kr/hwpml/2011/{name}"'
    for prefix, name in (("hp", "paragraph"), ("hs", "section"), ("hh", "head"))
)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE container of streams, named by their paths of one or two parts."""
    names: list[tuple[str, str, bytes | None]] = []
    for path, data in streams.items():
        storage, _, name = path.rpartition("/")
        if storage and (storage, "", None) not in [(n, "", d) for n, _, d in names]:
            names.append((storage, "", None))
        names.append((name, storage, data))
    # Each sibling leads to the next: a tree of search, as the names are sorted.
    names.sort(key=lambda entry: (len(entry[0]), entry[0].upper()))
    body, fat, short, short_fat, starts = b"", [], b"", [], []
    for _, _, data in names:
        is_short = data is not None and len(data) < _LEAST_STREAM
        starts.append(0 if data is None else len(short_fat if is_short else fat))
        if data is not None and is_short:
            short, short_fat = _added(short, short_fat, data, _SHORT_SECTOR)
        elif data is not None:
            body, fat = _added(body, fat, data)
    root = (len(fat), len(short))
    body, fat = _added(body, fat, short)
    short_table = struct.pack(f"<{len(short_fat)}I", *short_fat)
    first_short = len(fat)
    body, fat = _added(
        body, fat, short_table.ljust(-(-len(short_table) // _SECTOR) * _SECTOR, b"\xff")
    )
    first = len(fat)
    body, fat = _added(body, fat, _directory(names, starts, root))
    sectors = 1
    while (len(fat) + sectors) * 4 > sectors * _SECTOR:
        sectors += 1
    places = list(range(len(fat), len(fat) + sectors))
    table = struct.pack(f"<{len(fat) + sectors}I", *fat, *[_FAT] * sectors)
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6,
        0, sectors, first, 0, _LEAST_STREAM, first_short, first - first_short, _END, 0, places[0],
    )  # fmt: skip
    header += struct.pack(f"<{len(places) - 1}I", *places[1:])
    return header.ljust(_SECTOR, b"\xff") + body + table.ljust(sectors * _SECTOR, b"\xff")


def _added(
    body: bytes, fat: list[int], data: bytes, sector: int = _SECTOR
) -> tuple[bytes, list[int]]:
    count = -(-len(data) // sector)
    chain = [*range(len(fat) + 1, len(fat) + count), _END] if count else []
    return body + data.ljust(count * sector, b"\0"), fat + chain


def _directory(
    names: Sequence[tuple[str, str, bytes | None]], starts: Sequence[int], root: tuple[int, int]
) -> bytes:
    """Return the entries; those of a storage are a chain to the right."""

    def inside(storage: str) -> list[int]:
        return [at for at, (_, parent, _) in enumerate(names, 1) if parent == storage]

    rows = [("Root Entry", 5, _NONE, (inside("") or [_NONE])[0], *root)]
    for at, ((name, parent, data), start) in enumerate(zip(names, starts, strict=True), 1):
        after = [each for each in inside(parent) if each > at]
        child = _NONE if data is not None else (inside(name) or [_NONE])[0]
        size = len(data or b"")
        rows.append((name, 1 if data is None else 2, (after or [_NONE])[0], child, start, size))
    entries = b"".join(
        struct.pack(
            "<64sHBBIII16x4x16xIQ",
            name.encode("utf-16-le"), 2 * len(name) + 2, kind, 1, _NONE, right, child, start, size,
        )
        for name, kind, right, child, start, size in rows
    )  # fmt: skip
    unused = struct.pack("<64sHBBIII16x4x16xIQ", b"", 0, 0, 0, _NONE, _NONE, _NONE, 0, 0)
    return entries + unused * (-len(rows) % (_SECTOR // len(unused)))


def record(tag: int, data: bytes, *below: bytes, level: int = 0) -> bytes:
    """Return a record; what is `below` it was made for the level below."""
    head = tag | level << 10 | min(len(data), 0xFFF) << 20
    long = struct.pack("<I", len(data)) if len(data) >= 0xFFF else b""
    return struct.pack("<I", head) + long + data + b"".join(below)


def paragraph(text: str, *controls: bytes, level: int = 0, shape: int = 0, size: int = 0) -> bytes:
    """Return the records of a paragraph; `controls` are records of two levels below."""
    header = struct.pack("<IIHBB12x", len(text) + 1, 0, shape, 0, 0)
    return record(
        66, header,
        record(67, f"{text}\r".encode("utf-16-le"), level=level + 1),
        record(68, struct.pack("<II", 0, size), level=level + 1),
        *controls, level=level,
    )  # fmt: skip


def control(name: str, data: bytes = b"", *below: bytes, level: int = 1) -> bytes:
    """Return the record of a control with the records below it."""
    return record(71, name.encode()[::-1] + data, *below, level=level)


def text_list(*paragraphs: bytes, data: bytes = bytes(8), level: int = 2) -> bytes:
    """Return the head of a list, and the paragraphs beside it."""
    return record(72, data, level=level) + b"".join(paragraphs)


def place(code: int) -> str:
    """Return the characters in a text that stand for a control."""
    return chr(code) + "\x01" * 6 + chr(code)


def table(rows: Sequence[Sequence[str]], level: int = 1) -> bytes:
    """Return the control of a table with one paragraph in each cell."""
    cells = [
        text_list(
            paragraph(text, level=level + 1),
            data=bytes(8) + struct.pack("<HHHH18x", column, row, 1, 1),
            level=level + 1,
        )
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    return control("tbl ", bytes(40), record(77, bytes(18), level=level + 1), *cells, level=level)


def numbering(texts: Sequence[tuple[str, int]]) -> bytes:
    """Return the record of a numbering: for each of seven levels its text and its format."""
    levels = [*texts, *[("", 0)] * (7 - len(texts))]
    data = b"".join(
        struct.pack("<IHHIH", code << 5, 0, 0, 0, len(text)) + text.encode("utf-16-le")
        for text, code in levels
    )
    return record(23, data + struct.pack("<H7I", 1, *[1] * 7))


def paragraph_shape(kind: int = 0, number: int = 0, level: int = 0) -> bytes:
    """Return the record of a shape: its kind of head, the number of the list, and the level."""
    return record(25, struct.pack("<I26xHH", kind << 23 | level << 25, number, 0))


def character_shape(size: int) -> bytes:
    """Return the record of a shape of letters, of a size in points."""
    return record(21, bytes(42) + struct.pack("<I", 100 * size) + bytes(26))


def hwp(*sections: bytes, shapes: bytes = b"", flags: int = 1, more: bytes = b"") -> bytes:
    """Return an HWP 5 file. `flags` are those of its header; 1 is for compressed."""
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010001, flags)
    streams = {"FileHeader": header.ljust(256, b"\0"), "DocInfo": deflated(shapes)}
    for number, section in enumerate(sections):
        streams[f"BodyText/Section{number}"] = deflated(section)
    if more:
        streams["ViewText/Section0"] = more
    return compound(streams)


def deflated(data: bytes) -> bytes:
    """Return data as the streams of HWP have it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def hwpx(*sections: str, header: str = "", **files: str) -> bytes:
    """Return an HWPX file of the paragraphs of its sections; `files` are others, by their names."""
    found = BytesIO()
    with ZipFile(found, "w") as archive:
        archive.writestr("Contents/header.xml", f"<hh:head {_NAMESPACES}>{header}</hh:head>")
        for number, section in enumerate(sections):
            text = f"<hs:sec {_NAMESPACES}>{section}</hs:sec>"
            archive.writestr(f"Contents/section{number}.xml", text)
        for name, text in files.items():
            archive.writestr(name, text)
    return found.getvalue()


def p(*runs: str, shape: int = 0) -> str:
    """Return a paragraph of HWPX, of the elements in its run."""
    return f'<hp:p paraPrIDRef="{shape}"><hp:run charPrIDRef="0">{"".join(runs)}</hp:run></hp:p>'


def t(text: str) -> str:
    """Return a text of HWPX."""
    return f"<hp:t>{text}</hp:t>"


def tbl(rows: Sequence[Sequence[str]]) -> str:
    """Return a table of HWPX, of the paragraphs of its cells."""
    body = "".join(
        "<hp:tr>"
        + "".join(f"<hp:tc><hp:subList>{cell}</hp:subList></hp:tc>" for cell in row)
        + "</hp:tr>"
        for row in rows
    )
    return f"<hp:tbl>{body}</hp:tbl>"
