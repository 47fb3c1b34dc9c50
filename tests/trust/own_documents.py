"""Small documents of every format that is unpacked or parsed, written by the writers of the tests.

Each has what its reader looks for: tables, notes, boxes, numbers, attachments.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from pathlib import Path

from tests import hwp_writer as hwp
from tests import office_files as office
from tests.pdf_writer import pdf

_LINES = ("강의 조약", "The river treaty of the ministers", "제1조 목적", "이어지는 글이다.")
_ROWS = (("이름", "값"), ("강", "12"), ("river", "34"))
_ENVELOPE = b"From kim@example.com Mon Mar  4 09:30:00 2024\n"


def own_documents() -> dict[str, list[bytes]]:
    """Return documents by suffix."""
    mails = [_mail(), _mail_of_a_page()]
    return {
        ".pdf": [_pdf(), pdf([["첫 쪽", *_LINES]], drawn=True, scale=4)],
        ".hwp": [_hwp(), hwp.hwp(*(hwp.paragraph(line) for line in _LINES))],
        ".hwpx": [_hwpx()],
        ".docx": [_docx()],
        ".pptx": [_pptx()],
        ".xlsx": [_xlsx()],
        ".odt": [office.odf("text", _odf_body(), meta="<dc:title>강</dc:title>")],
        ".ods": [office.odf("spreadsheet", _odf_table("table:name='a'"))],
        ".odp": [office.odf("presentation", f"<draw:page draw:name='a'>{_odf_box()}</draw:page>")],
        ".epub": [office.epub({"a": _page(), "b": _page()}, metadata="<dc:title>강</dc:title>")],
        ".eml": mails,
        ".mbox": [b"\n".join(_ENVELOPE + mail for mail in mails)],
    }


def with_files(
    documents: Mapping[str, list[bytes]], folders: Iterable[Path], *, most: int, suffixes: set[str]
) -> dict[str, list[bytes]]:
    """Return documents with those of folders, of at most so many bytes."""
    found = {suffix: list(some) for suffix, some in documents.items()}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            suffix = path.suffix.lower()
            if suffix in suffixes and path.is_file() and 0 < path.stat().st_size <= most:
                found.setdefault(suffix, []).append(path.read_bytes())
    return found


def _pdf() -> bytes:
    note = {"Subtype": "/Text", "Contents": "a note", "T": "kim"}
    field = {"Subtype": "/Widget", "FT": "/Tx", "T": "name", "V": "a value"}
    return pdf(
        [["첫 쪽", *_LINES], ["둘째 쪽", *_LINES], ["셋째 쪽", *_LINES]],
        information={"Title": "강의 조약", "Author": "김하나"},
        outline=[("첫 쪽", 0), ("셋째 쪽", 2)],
        annotations=[note, field],
    )


def _hwp() -> bytes:
    shapes = hwp.numbering([("제^1조", 0), ("^2.", 8)]) + hwp.paragraph_shape(2, 1, 0)
    shapes += hwp.character_shape(10) + hwp.character_shape(20)
    inner = hwp.text_list(hwp.paragraph("주석 글", level=2))
    note = hwp.control("fn  ", struct.pack("<IHHI", 1, 0, ord(")"), 0), inner)
    box_text = hwp.text_list(hwp.paragraph("상자 글", level=3), level=3)
    box = hwp.control("gso ", bytes(42), hwp.record(76, bytes(8), box_text, level=2))
    head = hwp.control("head", bytes(8), hwp.text_list(hwp.paragraph("머리말", level=2)))
    table = hwp.table(_ROWS)
    text = f"{hwp.place(16)}본문{hwp.place(17)} 글{hwp.place(11)}{hwp.place(11)}"
    body = hwp.paragraph("제목", size=1) + hwp.paragraph(text, head, note, box, table)
    return hwp.hwp(body + b"".join(map(hwp.paragraph, _LINES)), body, shapes=shapes)


def _hwpx() -> bytes:
    rows = [[hwp.p(hwp.t(cell)) for cell in row] for row in _ROWS]
    note = f"<hp:ctrl><hp:footNote number='1'><hp:subList>{hwp.p(hwp.t('주석'))}</hp:subList>"
    body = hwp.p(hwp.t("제목"), f"{note}</hp:footNote></hp:ctrl>", hwp.tbl(rows))
    return hwp.hwpx(body + "".join(hwp.p(hwp.t(line)) for line in _LINES), body)


def _docx() -> bytes:
    box = office.paragraph("상자 글")
    body = (
        office.paragraph("제목", '<w:pStyle w:val="Heading1"/>')
        + office.paragraph("항목", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
        + office.word_table(_ROWS, has_header=True)
        + '<w:p><w:r><w:t>글</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
        + f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{box}</w:txbxContent></v:textbox>"
        "</w:pict></w:r></w:p>" + "".join(map(office.paragraph, _LINES))
    )
    levels = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="ganada"/><w:lvlText w:val='
    numbering = f'<w:abstractNum w:abstractNumId="0">{levels}"%1."/></w:lvl></w:abstractNum>'
    return office.docx(
        body,
        properties=office.core(dc_title="강의 조약", dcterms_modified="2024-03-05T00:00:00Z"),
        footnotes=f'<w:footnote w:id="2">{office.paragraph("각주")}</w:footnote>',
        numbering=f'{numbering}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    )


def _pptx() -> bytes:
    slides = [
        office.shape("제목", placeholder="title") + office.shape(*_LINES, description="그림"),
        office.slide_table(_ROWS),
    ]
    return office.pptx(slides, order=[2, 1], parts_of={1: {"notesSlide": office.shape("발표자")}})


def _xlsx() -> bytes:
    rows = office.row(1, A=office.text_cell("이름"), B=office.text_cell("날짜"))
    rows += "".join(
        office.row(number, A=office.text_cell(line), B=office.number_cell(str(45_000 + number), 1))
        for number, line in enumerate(_LINES, start=2)
    )
    rows += office.row(9, A='t="s"><v>0</v>', C='t="e"><v>#REF!</v>')
    strings = office.sheet_part("sst", "<si><t>함께 쓰는 글</t></si>")
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    other = {"xl/sharedStrings.xml": strings}
    return office.xlsx({"첫 장": rows, "둘째 장": rows}, styles=styles, other=other)


def _odf_body() -> str:
    note = "<text:note><text:note-body><text:p>각주</text:p></text:note-body></text:note>"
    items = "".join(f"<text:list-item><text:p>{line}</text:p></text:list-item>" for line in _LINES)
    return (
        f'<text:h text:outline-level="1">제목</text:h><text:p>글{note}</text:p>'
        f"<text:list>{items}</text:list>{_odf_table()}<text:p>{_odf_box()}</text:p>"
    )


def _odf_table(name: str = "") -> str:
    def cell(text: str) -> str:
        kind = 'office:value-type="float" office:value="12"' if text.isdigit() else ""
        return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in _ROWS)
    empty = '<table:table-row table:number-rows-repeated="9"><table:table-cell/></table:table-row>'
    return f"<table:table {name}>{rows}{empty}</table:table>"


def _odf_box() -> str:
    lines = "".join(f"<text:p>{line}</text:p>" for line in _LINES)
    return f"<draw:frame><draw:text-box>{lines}</draw:text-box></draw:frame>"


def _page() -> str:
    lines = "".join(f"<p>{line}</p>" for line in _LINES)
    return f"<h1>장</h1>{lines}<table><tr><td>가</td><td>나</td></tr></table>"


def _mail() -> bytes:
    message = _message()
    inner = _message()
    message.add_alternative("<p>웹 쪽입니다.</p>", subtype="html")
    message.add_attachment(inner, filename="전달.eml")
    for data, name in ((_docx(), "표.docx"), (_pdf(), "쪽.pdf"), ("메모".encode("cp949"), "a.txt")):
        message.add_attachment(data, maintype="application", subtype="x", filename=name)
    return message.as_bytes()


def _mail_of_a_page() -> bytes:
    message = _message()
    message.set_content("<p>웹 쪽 <b>글</b></p>", subtype="html", charset="euc-kr", cte="base64")
    return message.as_bytes()


def _message() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "김하나 <hana@example.com>"
    message["Subject"] = "강의 조약"
    message["Date"] = "Mon, 04 Mar 2024 23:30:00 +0900"
    message.set_content("\n".join(_LINES), charset="utf-8", cte="quoted-printable")
    return message
