"""Writes small HWP 5 and HWPX files, of the records and elements that a test names."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

_SECTOR = 512
_SHORT_SECTOR = 64
_LEAST_STREAM = 4096  # a shorter one is in the short sectors, which are in the stream of the root
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_LINES = 2  # the shape of the borders of a table
_WIDTH, _ROW = 42520, 1400  # of the text on A4 and of a row, in 1/7200 inch
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://www.hancom.co.kr/hwpml/2011/{name}"'
    for prefix, name in (("hp", "paragraph"), ("hs", "section"), ("hh", "head"))
)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return an OLE container of streams, named by their paths of one or two parts."""
    names: list[tuple[str, str, bytes | None]] = []
    for path, content in streams.items():
        storage, _, name = path.rpartition("/")
        if storage and (storage, "", None) not in [(n, "", d) for n, _, d in names]:
            names.append((storage, "", None))
        names.append((name, storage, content))
    # Each sibling leads to the next: a tree of search, as the names are sorted.
    names.sort(key=lambda entry: (len(entry[0]), entry[0].upper()))
    body, short = b"", b""
    fat: list[int] = []
    short_fat: list[int] = []
    starts = []
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


def paragraph(
    text: str,
    *controls: bytes,
    level: int = 0,
    shape: int = 0,
    size: int = 0,
    is_last: bool = False,
) -> bytes:
    """Return the records of a paragraph; `controls` are records of two levels below.

    `size` is the number of the shape of its letters; `is_last` marks the end of a section or list.
    """
    count = len(text.encode("utf-16-le")) // 2 + 1
    codes = sum({1 << ord(sign) for sign in text if "\x01" < sign < " "})
    header = struct.pack("<IIHBBHHHIH", count | is_last << 31, codes, shape, 0, 0, 1, 0, 0, 0, 0)
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


def place(code: int, name: str = "") -> str:
    """Return the characters in a text that stand for a control; programs ask for its name."""
    inside = name.encode()[::-1].decode("utf-16-le").ljust(6, "\0") if name else "\x01" * 6
    return chr(code) + inside + chr(code)


def table(rows: Sequence[Sequence[str]], level: int = 1) -> bytes:
    """Return the control of a table with one paragraph in each cell; its first row recurs."""
    width = _WIDTH // max(map(len, rows), default=1)
    cells = [
        text_list(
            paragraph(text, level=level + 1, is_last=True),
            data=struct.pack("<II4H", 1, 0, column, row, 1, 1)
            + struct.pack("<II5HI9x", width, _ROW, 510, 510, 141, 141, _LINES, width),
            level=level + 1,
        )
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    columns = max(map(len, rows), default=0)
    stated = struct.pack("<I7H", 4, len(rows), columns, 0, 510, 510, 141, 141)
    stated += struct.pack(f"<{len(rows)}H", *map(len, rows)) + struct.pack("<HH", _LINES, 0)
    box = struct.pack(
        "<IiiIIi4HIiH", 0x082A2211, 0, 0, _WIDTH, _ROW * len(rows), 0, *[283] * 4, 1, 0, 0
    )
    return control("tbl ", box, record(77, stated, level=level + 1), *cells, level=level)


def section_start(outline: int = 1) -> bytes:
    """Return the controls that begin a section: its paper, its notes, its one column.

    `outline` is the number of the numbering of its headings. They are named "secd" and "cold".
    """
    paper = struct.pack("<9II", 59528, 84188, 8504, 8504, 5668, 4252, 4252, 4252, 0, 0)  # A4
    notes = struct.pack("<I4HI3HBBI", 0, 0, 0, ord(")"), 1, 0xFFFFFFFF, 850, 567, 283, 1, 1, 0)
    border = struct.pack("<I5H", 1, 1417, 1417, 1417, 1417, 1)
    return control(
        "secd", struct.pack("<I3HI5H10x", 0, 1134, 0, 0, 8000, outline, 0, 0, 0, 0),
        record(73, paper, level=2),
        *[record(74, notes, level=2)] * 2, *[record(75, border, level=2)] * 3,
    ) + control("cold", struct.pack("<HHHBBI", 0x1004, 0, 0, 0, 0, 0))  # fmt: skip


def note(number: int, text: str) -> bytes:
    """Return the control of a footnote, named "fn  "."""
    count = struct.pack("<IHHHH", 1, number, 0, 0, ord(")"))
    inside = paragraph(
        f"{place(18, 'atno')} {text}", control("atno", count, level=3), level=2, is_last=True
    )
    mark = struct.pack("<IHHII", number, 0, ord(")"), 0, number)
    return control("fn  ", mark, text_list(inside, data=struct.pack("<II", 1, 0)))


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
    return record(
        25,
        struct.pack("<I6i7H", kind << 23 | level << 25, *[0] * 5, 160, 0, number, 1, *[0] * 4)
        + struct.pack("<III", 0, 0, 160),
    )


def character_shape(size: int) -> bytes:
    """Return the record of a shape of letters, of a size in points."""
    ratios = struct.pack("<7H7B7b7B7b", *[0] * 7, *[100] * 7, *[0] * 7, *[100] * 7, *[0] * 7)
    colours = struct.pack("<IIII", 0, 0, 0xFFFFFFFF, 0xB2B2B2)
    return record(21, ratios + struct.pack("<IIbb", 100 * size, 0, 10, 10) + colours + bytes(6))


def information(
    characters: Sequence[bytes], numberings: Sequence[bytes], paragraphs: Sequence[bytes]
) -> bytes:
    """Return the records of DocInfo that Hangul asks for, with these shapes among them."""
    counts = [0, *[1] * 7, 2, len(characters), 1, len(numberings), 0, len(paragraphs), 1, 0, 0, 0]
    borders = [
        record(20, bytes(2) + struct.pack("<BBI", line, 1, 0) * 4 + bytes(14)) for line in (0, 1)
    ]
    named = struct.pack("<H", 2) + "바탕".encode("utf-16-le")
    style = named + struct.pack("<H", 6) + "Normal".encode("utf-16-le")
    below = [
        *[record(19, b"\0" + named)] * 7,
        *borders,
        *characters,
        record(22, struct.pack("<II", 0, 0)),
        *numberings,
        *paragraphs,
        record(26, style + struct.pack("<BBhHHH", 0, 0, 1042, 0, 0, 0)),
    ]
    start = record(16, struct.pack("<7H3I", 1, *[1] * 6, 0, 0, 0))
    return start + record(17, struct.pack("<18I", *counts)) + b"".join(map(_one_deeper, below))


def _one_deeper(data: bytes) -> bytes:
    (head,) = struct.unpack_from("<I", data)
    return struct.pack("<I", head + (1 << 10)) + data[4:]


def summary(
    title: str, *, author: str = "", saved: datetime = datetime(2024, 5, 1, 20), count: int = 0
) -> bytes:
    """Return a summary of a title, an author and the moment of the last change in UTC.

    It says that it has `count` properties, unless that is 0.
    """
    values = {2: f"{title}\0", 4: f"{author}\0"}
    written = {number: _string(text) for number, text in values.items()}
    ticks = int((saved - datetime(1601, 1, 1)).total_seconds()) * 10**7
    written[13] = struct.pack("<IQ", 64, ticks)
    places, at = b"", 8 + 8 * len(written)
    for number, value in written.items():
        places += struct.pack("<II", number, at)
        at += len(value)
    section = struct.pack("<II", at, count or len(written)) + places + b"".join(written.values())
    identity = bytes.fromhex("60b6a29f6110d411b4c6006097c09d8c")  # of Hangul's own properties
    return struct.pack("<HHI16xI16sI", 0xFFFE, 0, 0x20006, 1, identity, 48) + section


def _string(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<II", 31, len(text)) + data + bytes(-len(data) % 4)


def hwp(
    *sections: bytes,
    shapes: bytes = b"",
    flags: int = 1,
    more: bytes = b"",
    pack: Callable[[bytes], bytes] | None = None,
    others: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return an HWP 5 file. `flags` are those of its header; 1 is for compressed.

    `pack` compresses, `others` are streams of no section.
    """
    pack = pack or deflated
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000304, flags)
    streams = {"FileHeader": header.ljust(256, b"\0"), "DocInfo": pack(shapes), **(others or {})}
    for number, section in enumerate(sections):
        streams[f"BodyText/Section{number}"] = pack(section)
    if more:
        streams["ViewText/Section0"] = more
    return compound(streams)


def as_it_is(data: bytes) -> bytes:
    """Return data as a stream that is deflated in form only: zlib's versions compress unlike."""
    return struct.pack("<BHH", 1, len(data), len(data) ^ 0xFFFF) + data


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
