"""A part that a document names and does not have is told, and the others are read."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest

from corpus.document import Document, Problem
from corpus.readers import read_opened
from tests import hwp_writer as hwp
from tests import office_files as office


def without(data: bytes, *names: str) -> bytes:
    """Return an archive without some of its members."""
    with ZipFile(BytesIO(data)) as archive:
        return office.zipped(
            {name: archive.read(name) for name in archive.namelist() if name not in names}
        )


def replaced(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """Return an archive with something replaced in a member."""
    with ZipFile(BytesIO(data)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    assert old in parts[name]
    return office.zipped(parts | {name: parts[name].replace(old, new)})


def found_in(data: bytes, suffix: str) -> tuple[str, list[Problem]]:
    """Return the text of the documents, and the problems."""
    found = list(read_opened(BytesIO(data), name=f"a{suffix}", suffix=suffix))
    text = "\n".join(each.text for each in found if isinstance(each, Document))
    return text, [each for each in found if isinstance(each, Problem)]


def two_sheets() -> bytes:
    rows = office.row(1, A=office.text_cell("글"))
    return office.xlsx({"가": rows, "나": rows})


def shared_strings() -> bytes:
    rows = office.row(1, A=office.text_cell("글"), B='t="s"><v>0</v>')
    part = office.sheet_part("sst", "<si><t>함께 쓰는 글</t></si>")
    return office.xlsx({"가": rows}, other={"xl/sharedStrings.xml": part})


def two_slides() -> bytes:
    return office.pptx([office.shape("글"), office.shape("다음")])


def with_notes() -> bytes:
    body = '<w:p><w:r><w:t>글</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    return office.docx(
        body, footnotes=f'<w:footnote w:id="2">{office.paragraph("각주")}</w:footnote>'
    )


def two_chapters() -> bytes:
    return office.epub({"a": "<p>글</p>", "b": "<p>다음</p>"})


MISSING: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "sheet": (
        ".xlsx",
        lambda: replaced(two_sheets(), "xl/_rels/workbook.xml.rels", b'"rId2"', b'"x"'),
        "is damaged: its sheet 나 is missing",
    ),
    "part of a sheet": (
        ".xlsx",
        lambda: without(two_sheets(), "xl/worksheets/sheet2.xml"),
        "is damaged: it has no xl/worksheets/sheet2.xml",
    ),
    "shared strings": (
        ".xlsx",
        lambda: without(shared_strings(), "xl/sharedStrings.xml"),
        "is damaged: texts of its cells are missing",
    ),
    "slide": (
        ".pptx",
        lambda: replaced(two_slides(), "ppt/_rels/presentation.xml.rels", b'"rId2"', b'"x"'),
        "is damaged: one of its slides is missing",
    ),
    "notes": (
        ".docx",
        lambda: without(with_notes(), "word/footnotes.xml"),
        "is damaged: it has no word/footnotes.xml",
    ),
    "note": (
        ".docx",
        lambda: replaced(with_notes(), "word/footnotes.xml", b'w:id="2"', b'w:id="3"'),
        "is damaged: one of its notes is missing",
    ),
    "chapter": (
        ".epub",
        lambda: replaced(two_chapters(), "b/book.opf", b'<item id="b"', b'<item id="x"'),
        "is damaged: one of its chapters is missing",
    ),
    "section of an HWPX": (
        ".hwpx",
        lambda: without(hwp.hwpx(hwp.p(hwp.t("앞")), hwp.p(hwp.t("글"))), "Contents/section0.xml"),
        "is damaged",
    ),
    "section of an HWP": (
        ".hwp",
        lambda: hwp.hwp(hwp.paragraph("앞"), hwp.paragraph("글")).replace(
            "Section0".encode("utf-16-le"), "Sectiona".encode("utf-16-le")
        ),
        "is damaged",
    ),
}


@pytest.mark.parametrize("name", MISSING)
def test_what_is_missing_is_told_and_the_rest_is_read(name: str) -> None:
    suffix, make, reason = MISSING[name]
    text, problems = found_in(make(), suffix)
    assert "글" in text
    assert any(reason in problem.reason for problem in problems)


def test_a_note_that_leads_to_a_note_is_read_with_it() -> None:
    body = '<w:p><w:r><w:t>글</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    reference = '<w:p><w:r><w:t>각주</w:t><w:endnoteReference w:id="1"/></w:r></w:p>'
    data = office.docx(
        body,
        footnotes=f'<w:footnote w:id="2">{reference}</w:footnote>',
        endnotes=f'<w:endnote w:id="1">{office.paragraph("미주")}</w:endnote>',
    )
    assert found_in(data, ".docx") == ("글\n\n각주\n미주", [])


def test_styles_that_are_stated_and_missing_are_no_loss() -> None:
    data = without(office.docx(office.paragraph("글"), styles=""), "word/styles.xml")
    assert found_in(data, ".docx") == ("글", [])
