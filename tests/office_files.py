"""Writes small documents of office programs and books, for the tests of their readers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import PurePosixPath
from typing import TypeAlias
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

Parts: TypeAlias = Mapping[str, str | bytes]

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CORE_PROPERTIES = (
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPES = "application/vnd.openxmlformats-officedocument"
_FAMILIES = {"word": "wordprocessingml", "ppt": "presentationml", "xl": "spreadsheetml"}
_KINDS = {  # where the kind of a part is not the name of its file
    "document": "document.main",
    "presentation": "presentation.main",
    "workbook": "sheet.main",
    "sheet": "worksheet",
}
WORD = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    f'xmlns:r="{OFFICE}"'
)
SLIDE = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    f'xmlns:r="{OFFICE}"'
)
SHEET = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    f'xmlns:r="{OFFICE}"'
)
_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "presentation", "meta", "manifest")
) + (
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_CORE = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
)


def zipped(parts: Parts) -> bytes:
    """Return a ZIP with these members."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def stored(parts: Parts) -> bytes:
    """Return a ZIP whose bytes depend on its members only: not compressed, of a fixed time."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name, content in parts.items():
            member = ZipInfo(name)  # of 1980-01-01
            member.create_system = 3  # Windows would write 0
            archive.writestr(member, content)
    return file.getvalue()


def package(parts: Parts) -> bytes:
    """Return an Office document of all parts that its programs ask for, with their types."""
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{_content_type(PurePosixPath(name))}"/>'
        for name in parts
        if not name.endswith(".rels")
    )
    defaults = (
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    listed = f'{XML}<Types xmlns="{_CONTENT_TYPES}">{defaults}{types}</Types>'
    return stored({"[Content_Types].xml": listed, **parts})


def _content_type(part: PurePosixPath) -> str:
    kind = re.sub(r"\d+$", "", part.stem)
    if part.parts[0] == "docProps":
        return "application/vnd.openxmlformats-package.core-properties+xml"
    if kind == "theme":
        return f"{_TYPES}.theme+xml"
    return f"{_TYPES}.{_FAMILIES[part.parts[0]]}.{_KINDS.get(kind, kind)}+xml"


def relationships(targets: Mapping[str, tuple[str, str]]) -> str:
    """Return the relationships of a part: by their ids, kind (or its whole name) and target."""
    each = "".join(
        f'<Relationship Id="{key}" Type="{kind if ":" in kind else f"{OFFICE}/{kind}"}"'
        f' Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{each}</Relationships>'


def core(**stated: str) -> str:
    """Return the properties of an Office document, such as `dc_title`."""
    each = "".join(
        f"<{name.replace('_', ':')}>{value}</{name.replace('_', ':')}>"
        for name, value in stated.items()
    )
    return f"<cp:coreProperties {_CORE}>{each}</cp:coreProperties>"


def paragraph(text: str, properties: str = "") -> str:
    """Return a paragraph of a DOCX with one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def word_table(rows: Sequence[Sequence[str]], *, has_header: bool = False) -> str:
    """Return a table of a DOCX; its first row may be marked as the header."""
    written = ""
    for number, cells in enumerate(rows):
        mark = "<w:trPr><w:tblHeader/></w:trPr>" if has_header and not number else ""
        written += (
            f"<w:tr>{mark}{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"
        )
    columns = "<w:gridCol/>" * max(map(len, rows), default=0)
    layout = '<w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
    return f"<w:tbl>{layout}<w:tblGrid>{columns}</w:tblGrid>{written}</w:tbl>"


def docx(body: str, *, properties: str = "", **parts: str) -> bytes:
    """Return a DOCX: `parts` are other parts by their kinds, such as `footnotes`."""
    targets = {kind: (kind.rstrip("0123456789"), f"{kind}.xml") for kind in parts}
    return zipped(
        {
            "_rels/.rels": relationships({"rId1": ("officeDocument", "word/document.xml")}),
            "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relationships(targets),
            "docProps/core.xml": properties or core(),
            **{
                f"word/{kind}.xml": f"<w:{kind} {WORD}>{content}</w:{kind}>"
                for kind, content in parts.items()
            },
        }
    )


def shape(*paragraphs: str, placeholder: str = "", description: str = "") -> str:
    """Return a shape of a slide with text."""
    lines = "".join(f"<a:p><a:r><a:t>{each}</a:t></a:r></a:p>" for each in paragraphs)
    mark = f'<p:ph type="{placeholder}"/>' if placeholder else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="x" descr="{description}"/><p:nvPr>{mark}</p:nvPr>'
        f"</p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"
    )


def slide_table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table of a slide."""
    written = ""
    for cells in rows:
        texts = (f"<a:p><a:r><a:t>{cell}</a:t></a:r></a:p>" for cell in cells)
        written += (
            f"<a:tr>{''.join(f'<a:tc><a:txBody>{t}</a:txBody></a:tc>' for t in texts)}</a:tr>"
        )
    return f"<p:graphicFrame><a:graphic><a:tbl>{written}</a:tbl></a:graphic></p:graphicFrame>"


def pptx(
    slides: Sequence[str],
    *,
    order: Sequence[int] = (),
    parts_of: Mapping[int, Mapping[str, str]] | None = None,
) -> bytes:
    """Return a PPTX with slides in an `order` other than that of their names.

    `parts_of` are the parts that the slides lead to, by their kinds, such as `notesSlide`.
    """
    shown = "".join(
        f'<p:sldId id="{256 + number}" r:id="rId{number}"/>'
        for number in order or range(1, len(slides) + 1)
    )
    targets = {
        f"rId{number}": ("slide", f"slides/slide{number}.xml")
        for number in range(1, len(slides) + 1)
    }
    parts = {
        "_rels/.rels": relationships({"rId1": ("officeDocument", "ppt/presentation.xml")}),
        "ppt/presentation.xml": f"<p:presentation {SLIDE}><p:sldIdLst>{shown}</p:sldIdLst>"
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": relationships(targets),
    }
    for number, content in enumerate(slides, start=1):
        parts[f"ppt/slides/slide{number}.xml"] = _tree("sld", content)
    for number, others in (parts_of or {}).items():
        kinds = {kind: (kind, f"../others/{kind}{number}.xml") for kind in others}
        parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = relationships(kinds)
        for kind, content in others.items():
            parts[f"ppt/others/{kind}{number}.xml"] = _tree(kind, content)
    return zipped(parts)


def _tree(name: str, shapes: str) -> str:
    return f"<p:{name} {SLIDE}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:{name}>"


def row(number: int, **cells: str) -> str:
    """Return a row of a sheet: its cells by their columns, as attributes and content."""
    written = "".join(f'<c r="{column}{number}" {cell}</c>' for column, cell in cells.items())
    return f'<row r="{number}">{written}</row>'


def text_cell(text: str) -> str:
    """Return a cell with a text of its own, for `row`."""
    return f't="inlineStr"><is><t>{text}</t></is>'


def number_cell(value: str, style: int = 0) -> str:
    """Return a cell with a number, for `row`."""
    return f's="{style}"><v>{value}</v>'


def xlsx(sheets: Mapping[str, str], *, styles: str = "", other: Parts | None = None) -> bytes:
    """Return an XLSX with the rows of its sheets; `styles` are the content of its styles."""
    names = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    targets = {
        f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml")
        for number in range(1, len(sheets) + 1)
    }
    targets["strings"] = ("sharedStrings", "sharedStrings.xml")
    targets["styles"] = ("styles", "styles.xml")
    return zipped(
        {
            "_rels/.rels": relationships({"rId1": ("officeDocument", "xl/workbook.xml")}),
            "xl/workbook.xml": f"<workbook {SHEET}><sheets>{names}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relationships(targets),
            "xl/styles.xml": f"<styleSheet {SHEET}>{styles}</styleSheet>",
            **{
                f"xl/worksheets/sheet{number}.xml": f"<worksheet {SHEET}><sheetData>{rows}"
                "</sheetData></worksheet>"
                for number, rows in enumerate(sheets.values(), start=1)
            },
            **(other or {}),
        }
    )


def sheet_part(name: str, content: str) -> str:
    """Return another part of an XLSX, such as its shared strings or a drawing."""
    return f"<{name} {SHEET}>{content}</{name}>"


def odf(
    kind: str,
    body: str,
    *,
    styles: str = "",
    automatic: str = "",
    meta: str = "",
    manifest: str = "",
) -> bytes:
    """Return an OpenDocument of a kind: "text", "presentation" or "spreadsheet"."""
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {_ODF}><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
            "</office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {_ODF}>{styles}</office:document-styles>",
            "meta.xml": f"<office:document-meta {_ODF}><office:meta>{meta}</office:meta>"
            "</office:document-meta>",
            "META-INF/manifest.xml": f"<manifest:manifest {_ODF}>{manifest}</manifest:manifest>",
        }
    )


def epub(chapters: Mapping[str, str], *, order: Sequence[str] = (), metadata: str = "") -> bytes:
    """Return an EPUB with the bodies of its chapters by their names, in an `order`."""
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>'
        for name in chapters
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in order or chapters)
    head = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="b/book.opf"/>'
            "</rootfiles></container>",
            "b/book.opf": f"<package {head}><metadata>{metadata}</metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
            **{
                f"b/{name}.xhtml": f'<?xml version="1.0" encoding="utf-8"?><html><head><title>x'
                f"</title></head><body>{body}</body></html>"
                for name, body in chapters.items()
            },
        }
    )
