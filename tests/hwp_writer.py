"""Writes small HWP 5 and HWPX files, of the records and elements that a test names."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZipFile

_SECTOR = 512
_LEAST_STREAM = 4096  # a shorter stream would be in the sectors of another one
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
    body, fat, starts = b"", [], []
    for _, _, data in names:
        starts.append(len(fat) if data is not None else 0)
        if data is not None:
            body, fat = _added(body, fat, data.ljust(_LEAST_STREAM, b"\0"))
    directory = _directory(names, starts)
    first = len(fat)
    body, fat = _added(body, fat, directory)
    sectors = 1
    while (len(fat) + sectors) * 4 > sectors * _SECTOR:
        sectors += 1
    places = list(range(len(fat), len(fat) + sectors))
    table = struct.pack(f"<{len(fat) + sectors}I", *fat, *[_FAT] * sectors)
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6,
        0, sectors, first, 0, _LEAST_STREAM, _END, 0, _END, 0, places[0],
    )  # fmt: skip
    header += struct.pack(f"<{len(places) - 1}I", *places[1:])
    return header.ljust(_SECTOR, b"\xff") + body + table.ljust(sectors * _SECTOR, b"\xff")


def _added(body: bytes, fat: list[int], data: bytes) -> tuple[bytes, list[int]]:
    count = -(-len(data) // _SECTOR)
    chain = [*range(len(fat) + 1, len(fat) + count), _END]
    return body + data.ljust(count * _SECTOR, b"\0"), fat + chain


def _directory(names: Sequence[tuple[str, str, bytes | None]], starts: Sequence[int]) -> bytes:
    """Return the entries; those of a storage are a chain to the right."""

    def inside(storage: str) -> list[int]:
        return [at for at, (_, parent, _) in enumerate(names, 1) if parent == storage]

    rows = [("Root Entry", 5, _NONE, (inside("") or [_NONE])[0], _END, 0)]
    for at, ((name, parent, data), start) in enumerate(zip(names, starts, strict=True), 1):
        after = [each for each in inside(parent) if each > at]
        child = _NONE if data is not None else (inside(name) or [_NONE])[0]
        size = max(_LEAST_STREAM, len(data)) if data is not None else 0
        rows.append((name, 1 if data is None else 2, (after or [_NONE])[0], child, start, size))
    return b"".join(
        struct.pack(
            "<64sHBBIII16x4x16xIQ",
            name.encode("utf-16-le"), 2 * len(name) + 2, kind, 1, _NONE, right, child, start, size,
        )
        for name, kind, right, child, start, size in rows
    )  # fmt: skip


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


def chart(title: str, series: str, *categories: str) -> str:
    """Return the XML of a chart with one series of numbers."""
    points = "".join(f"<c:pt><c:v>{name}</c:v></c:pt>" for name in categories)
    return (
        '<c:chartSpace xmlns:c="urn:c" xmlns:a="urn:a"><c:chart>'
        f"<c:title><c:tx><c:rich><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx></c:title>"
        f"<c:ser><c:tx><c:v>{series}</c:v></c:tx>"
        f"<c:cat><c:strRef><c:strCache>{points}</c:strCache></c:strRef></c:cat>"
        "<c:val><c:numLit><c:pt><c:v>3.5</c:v></c:pt></c:numLit></c:val>"
        "</c:ser></c:chart></c:chartSpace>"
    )


def chart_object(xml: str) -> bytes:
    """Return the object of a chart as HWP 5 stores it, before it is compressed."""
    inner = compound({"OOXMLChartContents": xml.encode().ljust(_LEAST_STREAM)})
    return struct.pack("<I", len(inner)) + inner


def binary(stored: int) -> bytes:
    """Return the record of an object that is stored under a number."""
    return record(18, struct.pack("<HH", 2, stored))


def drawing(*shapes: bytes, in_line: bool = False) -> bytes:
    """Return the control of an object; `shapes` are records of three levels below."""
    return control("gso ", bytes([in_line]) + bytes(41), record(76, bytes(8), *shapes, level=2))
