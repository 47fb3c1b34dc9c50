"""The sample documents that a program writes: the same bytes, all parts, the right places."""

import posixpath
import re
import unicodedata
from io import BytesIO
from zipfile import ZipFile

import pytest
from lxml import etree

from corpus import Document, read
from tests.sample_documents import DOCUMENTS, FOLDER

OFFICE = [name for name in DOCUMENTS if name.endswith(("docx", "pptx", "xlsx"))]
MOST_BYTES = 30_000


def test_the_folder_has_the_documents_that_the_program_writes_and_no_others() -> None:
    found = {unicodedata.normalize("NFC", path.name) for path in FOLDER.iterdir()}
    assert found == DOCUMENTS.keys()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_of_the_sample_is_small_and_written_anew_byte_for_byte(name: str) -> None:
    written = DOCUMENTS[name]()
    assert len(written) < MOST_BYTES
    assert written == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", OFFICE)
def test_every_part_of_an_office_document_is_xml_with_a_type_and_leads_to_parts(name: str) -> None:
    parts = {}
    with ZipFile(FOLDER / name) as archive:
        for part in archive.namelist():
            parts[part] = etree.parse(BytesIO(archive.read(part))).getroot()
    listed = parts.pop("[Content_Types].xml").iter("{*}Override")
    typed = {each.get("PartName").removeprefix("/") for each in listed}
    assert typed == {part for part in parts if not part.endswith(".rels")}
    led_to = {
        posixpath.normpath(posixpath.join(re.sub(r"_rels/.*", "", part), each.get("Target")))
        for part, root in parts.items()
        if part.endswith(".rels")
        for each in root
    }
    assert led_to == typed


@pytest.mark.parametrize(
    ("name", "words", "place"),
    [
        ("korean-peacekeepers.pdf", "Somalia", 1),
        ("korean-peacekeepers.pdf", "earthquake", 2),
        ("nordpolitik.docx", "Country: Hungary", 7),
        ("nordpolitik.docx", "1. Begin with", 14),
        ("arctic-북극.pptx", "icebreaker Araon", 2),
        ("arctic-북극.pptx", "쇄빙선의 호위", 3),
        ("수교와-파병.xlsx", "수교일: 1989-02-01", 2),
        ("수교와-파병.xlsx", "나라: 아이티", 6),
        ("믹타.hwpx", "1) 2022년 6월에", 4),
        ("믹타.hwpx", "② 재난과 보건", 8),
        ("평화유지활동-길잡이.hwp", "나. 국무회의", 8),
        ("평화유지활동-길잡이.hwp", "단비부대\t아이티", 11),
        ("세미나-안내.eml", "clinics", 26),
        ("세미나-안내.eml", "나 한빛부대", 5),
    ],
)
def test_words_of_a_document_are_at_their_page_slide_row_paragraph_or_line(
    name: str, words: str, place: int
) -> None:
    found = [
        item.line_at(item.text.index(words))
        for item in read(FOLDER / name, name=name)
        if isinstance(item, Document) and words in item.text
    ]
    assert found == [place]
