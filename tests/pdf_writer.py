"""Writes small PDF files: a page is a list of lines, in a font with a table of its characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_LEADING = 20  # points
_SIZE = 10  # points; a glyph is as wide


def pdf(
    pages: Sequence[Sequence[str]],
    *,
    information: Mapping[str, str] | None = None,
    outline: Sequence[tuple[str, int]] = (),
    table: Mapping[str, str] | None = None,
    drawn: bool = False,
    drawing: str = "",
    annotations: Sequence[Mapping[str, str]] = (),
    scale: int = 0,
    encryption: str = "",
    labels: str = "",
    font: str = "",
) -> bytes:
    """Return a PDF; `outline` has titles and page indices, `table` what its font says of signs.

    A character of a line is its own code in the font. With `drawn`, every page has a rectangle,
    and with `drawing` what that says in the operators of PDF.
    `annotations` are those of the first page, which are its fields as well: names, and texts or
    other names after a slash. With a `scale`, the text is in a form so many times smaller than it
    is drawn. `encryption` names the method of which nothing but the dictionary is there. `labels`
    is the array of page labels as it stands in the file. With a `font`, one of the fourteen that
    every viewer has, the lines are in Windows-1252.
    """
    signs = sorted({sign for page in pages for line in page for sign in line})
    named = {sign: (table or {}).get(sign, sign) for sign in signs}
    first_page = 7
    root = first_page + 2 * len(pages)
    first_mark = root + 1 + len(outline)
    marks = " ".join(f"{first_mark + number} 0 R" for number in range(len(annotations)))
    catalog = f" /PageLabels << /Nums [{labels}] >>" if labels else ""
    catalog += f" /AcroForm << /Fields [{marks}] >>" if annotations else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /Outlines {root} 0 R{catalog} >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids ["
        + " ".join(f"{first_page + 2 * number} 0 R" for number in range(len(pages)))
        + "] >>",
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>"
        if font
        else "<< /Type /Font /Subtype /Type0 /BaseFont /Sample /Encoding /Identity-H"
        " /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sample /DW 1000 /CIDSystemInfo"
        " << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(_character_map(named)),
        _stream(f"q {scale} 0 0 {scale} 0 0 cm /Text Do Q"),
    ]
    for number, page in enumerate(pages):
        unit = 1 / (scale or 1)
        content = "0 0 10 10 re f\n" if drawn else ""
        content += drawing
        content += "".join(
            f"BT /F {_SIZE * unit:f} Tf {50 * unit:f} {(780 - _LEADING * row) * unit:f} Td"
            f" <{line.encode('cp1252').hex() if font else _codes(line)}> Tj ET\n"
            for row, line in enumerate(page)
        )
        text = first_page + 2 * number + 1
        resources = "/Resources << /Font << /F 3 0 R >>"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} /XObject"
            f" << /Text {text} 0 R >> >> /Contents {6 if scale else text} 0 R"
            f"{'' if number else f' /Annots [{marks}]'} >>",
            _stream(content, f"/Subtype /Form /BBox [0 0 595 842] {resources} >>" if scale else ""),
        ]
    objects += _outline(outline, first_page, root)
    objects += map(_annotation, annotations)
    return _file(objects, information or {}, encryption)


def _annotation(stated: Mapping[str, str]) -> str:
    entries = " ".join(
        f"/{key} {value if value.startswith('/') else f'<{_text(value)}>'}"
        for key, value in stated.items()
    )
    return f"<< /Type /Annot /Rect [0 0 10 10] {entries} >>"


def _outline(titles: Sequence[tuple[str, int]], first_page: int, root: int) -> list[str]:
    entries = []
    for number, (title, page) in enumerate(titles, start=root + 1):
        after = f" /Next {number + 1} 0 R" if number < root + len(titles) else ""
        before = f" /Prev {number - 1} 0 R" if number > root + 1 else ""
        target = f"{first_page + 2 * page} 0 R"
        entries.append(
            f"<< /Title <{_text(title)}> /Parent {root} 0 R /Dest [{target} /Fit]{before}{after} >>"
        )
    ends = f"/First {root + 1} 0 R /Last {root + len(titles)} 0 R" if titles else ""
    return [f"<< /Type /Outlines {ends} >>", *entries]


def _character_map(named: Mapping[str, str]) -> str:
    rows = "\n".join(f"<{_codes(sign)}> <{_codes(name)}>" for sign, name in named.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(named)} beginbfchar\n{rows}\nendbfchar\nendcmap end end"
    )


def _codes(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _text(text: str) -> str:
    return text.encode("ascii").hex() if text.isascii() else "FEFF" + _codes(text)


def _stream(content: str, entries: str = "") -> str:
    return f"<< /Length {len(content)} {entries} >>\nstream\n{content}\nendstream"


def _file(objects: Sequence[str], information: Mapping[str, str], encryption: str) -> bytes:
    stated = " ".join(f"/{key} <{_text(value)}>" for key, value in information.items())
    data = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate([*objects, f"<< {stated} >>"], start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    rows = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"<< /Size {len(offsets) + 1} /Root 1 0 R /Info {len(offsets)} 0 R"
    if encryption:  # with the check values of no password
        check = "00" * 32
        trailer += (
            f" /Encrypt << /Filter /{encryption} /V 1 /R 2 /P -4 /O <{check}> /U <{check}> >>"
        )
        trailer += " /ID [<00> <00>]"
    table = f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{rows}"
    return bytes(data) + f"{table}trailer\n{trailer} >>\nstartxref\n{len(data)}\n%%EOF\n".encode(
        "ascii"
    )
