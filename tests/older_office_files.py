"""Writes small files of older office programs: XLS, DOC, PPT and messages of Outlook."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from tests.ole_writer import container, summary, ticks

Cell = str | float | bool | None
Number = tuple[float, int]  # with the number of its format

# XLS


def _biff(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _wide(text: str, length: str = "<H") -> bytes:
    return struct.pack(length, len(text)) + b"\1" + text.encode("utf-16-le")


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Cell | Number]]],
    *,
    formats: Mapping[int, str] | None = None,
    is_1904: bool = False,
    is_protected: bool = False,
) -> bytes:
    """Return the records of a workbook of Excel 97."""
    formats = formats or {}
    numbers = [0, *sorted({cell[1] for cell in _numbers(sheets)})]
    strings: dict[str, int] = {}
    bodies = [_sheet(rows, numbers, strings) for rows in sheets.values()]
    head = _biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    head += _biff(0x2F, bytes(6)) if is_protected else b""
    head += _biff(0x42, struct.pack("<H", 1200)) + _biff(0x22, struct.pack("<H", is_1904))
    head += _biff(0x31, struct.pack("<HHHHHBBBB", 200, 0, 0, 400, 0, 0, 0, 0, 0) + b"\1\0A")
    for number, code in formats.items():
        head += _biff(0x41E, struct.pack("<H", number) + _wide(code))
    for number in numbers:
        head += _biff(0xE0, struct.pack("<HHH", 0, number, 0) + bytes(14))
    shared = b"".join(_wide(text) for text in strings)
    tail = _biff(0xFC, struct.pack("<II", len(strings), len(strings)) + shared) + _biff(0x0A)
    names = [_wide(name, "<B") for name in sheets]
    at = len(head) + sum(4 + 6 + len(name) for name in names) + len(tail)
    for name, body in zip(names, bodies, strict=True):
        head += _biff(0x85, struct.pack("<IH", at, 0) + name)
        at += len(body)
    return head + tail + b"".join(bodies)


def _numbers(sheets: Mapping[str, Sequence[Sequence[Cell | Number]]]) -> list[Number]:
    cells = (cell for rows in sheets.values() for row in rows for cell in row)
    return [cell for cell in cells if isinstance(cell, tuple)]


def _sheet(
    rows: Sequence[Sequence[Cell | Number]], formats: list[int], strings: dict[str, int]
) -> bytes:
    body = _biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            number, style = cell if isinstance(cell, tuple) else (cell, 0)
            place = struct.pack("<HHH", row, column, formats.index(style))
            if isinstance(number, bool):
                body += _biff(0x205, place + struct.pack("<BB", number, 0))
            elif isinstance(number, str):
                index = strings.setdefault(number, len(strings))
                body += _biff(0xFD, place + struct.pack("<I", index))
            elif number is not None:
                body += _biff(0x203, place + struct.pack("<d", number))
    return body + _biff(0x0A)


def older_workbook(
    cells: Sequence[str], encoding: str, page: int = 0, notes: Mapping[int, str] | None = None
) -> bytes:
    """Return the records of a workbook of Excel 95, whose strings are in an encoding.

    `notes` are comments on the cells, by row.
    """
    head = _biff(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0))
    head += _biff(0x42, struct.pack("<H", page)) if page else b""
    tail = _biff(0x0A)
    at = len(head) + 4 + 6 + 2 + len(tail)
    body = _biff(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0))
    for row, cell in enumerate(cells):
        data = cell.encode(encoding)
        body += _biff(0x204, struct.pack("<HHHH", row, 0, 0, len(data)) + data)
    for row, note in (notes or {}).items():
        data = note.encode(encoding)
        body += _biff(0x1C, struct.pack("<HHH", row, 0, len(data)) + data)
    sheet = _biff(0x85, struct.pack("<IHB", at, 0, 1) + b"A")
    return head + sheet + tail + body + _biff(0x0A)


def xls(book: bytes, *, title: str = "", name: str = "Workbook") -> bytes:
    """Return a workbook in its container."""
    stated = summary({2: title, 4: "홍길동"}, {13: ticks(2024, 3, 5)})
    return container({name: book, "\x05SummaryInformation": stated})


# DOC

_STORIES = ("text", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "more")
_PLACES, _TEXT_AT, _PAGE = 154, 2048, 512


def doc(
    text: str,
    *,
    stories: Mapping[str, str] | None = None,
    tables: Mapping[int, bytes] | None = None,
    paragraphs: Mapping[int, bytes] | None = None,
    deleted: tuple[int, int] | None = None,
    narrow: str = "",
    flags: int = 1 << 9,
    version: int = 0xC1,
    title: str = "",
) -> bytes:
    """Return a document; `narrow` is a text in one byte a character that goes before the text.

    `paragraphs` are the formatting of the paragraphs, by the place of their marks in the text.
    """
    whole = text + "".join((stories or {}).get(name, "") for name in _STORIES[1:])
    lengths = [_units((stories or {}).get(name, "")) for name in _STORIES]
    lengths[0] = len(narrow) + _units(text)
    wide_at = _TEXT_AT + len(narrow)
    stored = narrow.encode("cp1252") + whole.encode("utf-16-le")
    end = -(-(_TEXT_AT + len(stored)) // _PAGE)
    pages = _paragraph_page(paragraphs or {}, wide_at) + _character_page(deleted, wide_at)
    held = {
        12: struct.pack("<III", 0, 1 << 30, end + 1),
        13: struct.pack("<III", 0, 1 << 30, end),
        33: _pieces(narrow, whole, wide_at),
        **(tables or {}),
    }
    table, places = b"", bytearray(93 * 8)
    for number, data in held.items():
        struct.pack_into("<II", places, 8 * number, len(table), len(data))
        table += data
    head = struct.pack("<HH6xH", 0xA5EC, version, flags).ljust(76, b"\0")
    head += struct.pack("<8i", *lengths)
    main = head.ljust(_PLACES, b"\0") + bytes(places)
    main = (main.ljust(_TEXT_AT, b"\0") + stored).ljust(end * _PAGE, b"\0") + pages
    stated = summary({2: title}, {13: ticks(2024, 3, 5)})
    name = "1Table" if flags & 1 << 9 else "0Table"
    return container({"WordDocument": main, name: table, "\x05SummaryInformation": stated})


def _pieces(narrow: str, wide: str, wide_at: int) -> bytes:
    parts = [(len(narrow), 1 << 30 | 2 * _TEXT_AT), (_units(wide), wide_at)]
    parts = [part for part in parts if part[0]]
    ends = [sum(size for size, _ in parts[:count]) for count in range(len(parts) + 1)]
    items = b"".join(struct.pack("<HIH", 0, place, 0) for _, place in parts)
    data = struct.pack(f"<{len(ends)}i", *ends) + items
    rules = b"\1" + struct.pack("<H", 3) + b"abc"
    return rules + b"\2" + struct.pack("<I", len(data)) + data


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def style(number: int, *operators: tuple[int, int]) -> bytes:
    """Return the formatting of a paragraph: its style, and operators of one byte."""
    return struct.pack("<H", number) + b"".join(struct.pack("<HB", *each) for each in operators)


def _paragraph_page(paragraphs: Mapping[int, bytes], text_at: int) -> bytes:
    ends = [text_at + 2 * place + 2 for place in sorted(paragraphs)]
    page = bytearray(_PAGE)
    count = len(ends)
    starts = [text_at, *ends] if ends else [0]
    struct.pack_into(f"<{count + 1}I", page, 0, *starts)
    at = _PAGE - 2
    for number, place in enumerate(sorted(paragraphs)):
        data = paragraphs[place]
        data = data if len(data) % 2 else data + b"\0"
        at -= -(-(len(data) + 1) // 2) * 2
        page[at : at + 1 + len(data)] = bytes([(len(data) + 1) // 2]) + data
        page[4 * (count + 1) + 13 * number] = at // 2
    page[-1] = count
    return bytes(page)


def _character_page(deleted: tuple[int, int] | None, text_at: int) -> bytes:
    page = bytearray(_PAGE)
    if deleted:
        struct.pack_into("<II", page, 0, *(text_at + 2 * place for place in deleted))
        page[8], page[-1] = 200, 1
        page[400:404] = b"\3" + struct.pack("<HB", 0x0800, 1)
    return bytes(page)


def marks(places: Sequence[int], item: int) -> bytes:
    """Return a table of places in the text; each but the last has an item of so many bytes."""
    return struct.pack(f"<{len(places)}i", *places) + bytes(item * (len(places) - 1))


# PPT


def ppt_record(kind: int, *inside: bytes, instance: int = 0, holds: bool = False) -> bytes:
    """Return a record; one that `holds` records says so."""
    data = b"".join(inside)
    return struct.pack("<HHI", instance << 4 | (0xF if holds else 0), kind, len(data)) + data


def ppt_text(text: str, kind: int = 1, *, is_narrow: bool = False) -> bytes:
    """Return a text of a kind, of which 0 is a title and 2 are notes."""
    data = text.encode("latin-1" if is_narrow else "utf-16-le")
    head = ppt_record(0x0F9F, struct.pack("<i", kind))
    return head + ppt_record(0x0FA8 if is_narrow else 0x0FA0, data)


def ppt_slide(*texts: bytes, other: bytes = b"") -> bytes:
    """Return a slide with texts in boxes, and other records."""
    boxes = b"".join(ppt_record(0xF00D, text) for text in texts)
    shapes = ppt_record(0xF004, boxes, holds=True)
    return ppt_record(0x03EE, ppt_record(0x040C, shapes, holds=True), other, holds=True)


def ppt_notes(slide: int, *texts: bytes) -> bytes:
    """Return the speaker notes of the slide with this id."""
    boxes = b"".join(ppt_record(0xF00D, text) for text in texts)
    head = ppt_record(0x03F1, struct.pack("<IHH", slide, 0, 0))
    return ppt_record(0x03F0, head, ppt_record(0x040C, boxes, holds=True), holds=True)


def ppt(
    slides: Sequence[bytes],
    *,
    notes: Sequence[bytes] = (),
    outlines: Mapping[int, bytes] | None = None,
    token: int = 0xE391C05F,
    lost: int = -1,
) -> bytes:
    """Return a presentation; slide n has the id 256 + n. The place of the slide `lost` is wrong."""
    listed = _listed(range(len(slides)), outlines or {}, instance=0)
    listed += _listed(range(len(slides), len(slides) + len(notes)), {}, instance=2)
    stored, places = b"", []
    for each in (ppt_record(0x03E8, listed, holds=True), *slides, *notes):
        places.append(len(stored))
        stored += each
    if lost >= 0:
        places[lost + 1] = 1 << 20
    entry = struct.pack("<I", len(places) << 20 | 1) + struct.pack(f"<{len(places)}I", *places)
    directory = ppt_record(0x1772, entry)
    edit = struct.pack("<IHBBIII", 256, 0, 0, 3, 0, len(stored), 1) + bytes(12)
    user = struct.pack("<III", 20, token, len(stored) + len(directory)) + bytes(12)
    stream = stored + directory + ppt_record(0x0FF5, edit)
    return container(
        {
            "PowerPoint Document": stream,
            "Current User": ppt_record(0x0FF6, user),
            "\x05SummaryInformation": summary({2: "제목 없음"}, {13: ticks(2024, 3, 5)}),
        }
    )


def _listed(numbers: Sequence[int], outlines: Mapping[int, bytes], *, instance: int) -> bytes:
    each = b"".join(
        ppt_record(0x03F3, struct.pack("<IIIII", number + 2, 0, 0, 256 + number, 0))
        + outlines.get(number, b"")
        for number in numbers
    )
    return ppt_record(0x0FF0, each, instance=instance, holds=True)


# Messages of Outlook


def properties(
    values: Mapping[int, str | bytes | int],
    *,
    head: int = 32,
    path: str = "",
    codec: str = "",
    moments: Mapping[int, int] | None = None,
) -> dict[str, bytes]:
    """Return the streams of some properties; texts are in UTF-16, or in a codec."""
    fixed, streams = bytes(head), {}
    for number, value in values.items():
        if isinstance(value, int):
            fixed += struct.pack("<HHIII", 3, number, 6, value, 0)
        elif isinstance(value, bytes):
            streams[f"{path}__substg1.0_{number:04X}0102"] = value
        else:
            kind = "001E" if codec else "001F"
            streams[f"{path}__substg1.0_{number:04X}{kind}"] = value.encode(codec or "utf-16-le")
    for number, value in (moments or {}).items():
        fixed += struct.pack("<HHIQ", 0x40, number, 6, value)
    return {f"{path}__properties_version1.0": fixed, **streams}


def attached(
    number: int, values: Mapping[int, str | bytes | int], *, inside: str = ""
) -> dict[str, bytes]:
    """Return the streams of what is attached to a message."""
    path = f"{inside}__attach_version1.0_#{number:08X}/"
    return properties(values, head=8, path=path)


def recipient(
    number: int, name: str, address: str, kind: int = 1, *, inside: str = ""
) -> dict[str, bytes]:
    """Return the streams of one that a message is sent to."""
    path = f"{inside}__recip_version1.0_#{number:08X}/"
    values = {0x3001: name, 0x39FE: address, 0x0C15: kind}
    return properties(values, head=8, path=path)
