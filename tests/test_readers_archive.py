"""Whatever a file of an office program is in truth, it costs little and is named."""

from __future__ import annotations

import random
import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from corpus.document import Document, Problem, State
from corpus.readers import archive, placed_text, read, read_opened, xml_cursor
from tests.office_files import (
    docx,
    epub,
    number_cell,
    odf,
    paragraph,
    pptx,
    row,
    shape,
    text_cell,
    word_table,
    xlsx,
)

SUFFIXES = (".docx", ".pptx", ".xlsx", ".xlsm", ".odt", ".ods", ".odp", ".epub")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
WHOLE = {
    ".docx": docx(paragraph("글") + word_table([["가", "나", "다"], ["1", "2", "3"]])),
    ".pptx": pptx([shape("제목", placeholder="title") + shape("글")]),
    ".xlsx": xlsx({"가": row(1, A=text_cell("이름")) + row(2, A=number_cell("1"))}),
    ".odt": odf("text", "<text:p>글</text:p>"),
    ".ods": odf(
        "spreadsheet",
        "<table:table><table:table-row><table:table-cell><text:p>글</text:p>"
        "</table:table-cell></table:table-row></table:table>",
    ),
    ".odp": odf("presentation", "<draw:page><text:p>글</text:p></draw:page>"),
    ".epub": epub({"a": "<p>글</p>"}),
}


def found_in(data: bytes, suffix: str = ".docx") -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name="파일", suffix=suffix))


def reason_of(data: bytes, suffix: str = ".docx") -> str:
    (problem,) = found_in(data, suffix)
    assert isinstance(problem, Problem)
    return problem.reason


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return some bytes with a few of them changed, removed, or repeated."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 10))):
        start = chance.randrange(len(changed) + 1)
        part = changed[start : start + chance.randrange(40)]
        changed[start : start + len(part)] = chance.choice(
            (b"", part * 2, chance.randbytes(len(part)), b"99999999999")
        )
    return bytes(changed)


def with_mutated_members(data: bytes, chance: random.Random) -> bytes:
    """Return an archive whose members have changed, and are packed soundly."""
    file = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(file, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, mutated(content, chance) if chance.random() < 0.4 else content)
    return file.getvalue()


@pytest.mark.parametrize("suffix", sorted(WHOLE))
def test_the_content_tells_the_format_and_not_the_suffix(suffix: str) -> None:
    found = [found_in(WHOLE[suffix], other) for other in SUFFIXES]

    assert all(isinstance(each, Document) for each in found[0])
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_no_zip_is_named(suffix: str) -> None:
    protected = OLE + "EncryptedPackage".encode("utf-16-le") + OLE

    assert reason_of(b"", suffix) == "is empty"
    assert reason_of(b"%PDF-1.7 ...", suffix) == "is damaged: it cannot be opened as a PDF"
    assert reason_of(b"words", suffix) == "is damaged: it is no ZIP"
    assert reason_of(protected, suffix) == "is protected by a password"
    assert "older office document under another suffix" in reason_of(OLE, suffix)
    assert reason_of(WHOLE[".docx"][:-30], suffix) == "is damaged: its end is missing"


def test_a_list_of_members_that_is_elsewhere_than_stated_is_damage(tmp_path: Path) -> None:
    data = bytearray(WHOLE[".docx"])
    place = data.rfind(b"PK\x05\x06") + 16
    (start,) = struct.unpack_from("<L", data, place)
    struct.pack_into("<L", data, place, start + 1000)
    path = tmp_path / "파일.docx"
    path.write_bytes(data)

    (problem,) = read(path, name="파일.docx")
    assert isinstance(problem, Problem)
    assert problem.state is State.DAMAGED


def test_a_zip_without_a_document_is_named() -> None:
    data = BytesIO()
    with ZipFile(data, "w") as target:
        target.writestr("Contents/section0.xml", "<x/>")
    assert reason_of(data.getvalue()) == "is an HWPX document under another suffix"

    data = BytesIO()
    with ZipFile(data, "w") as target:
        target.writestr("picture.png", "x")
    assert "without a document" in reason_of(data.getvalue())


def test_a_document_without_text_is_a_problem() -> None:
    assert reason_of(docx("<w:p/>")) == "has no text"


def test_a_member_with_a_password_is_named() -> None:
    data = bytearray(WHOLE[".docx"])
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature)
        while start >= 0:
            data[start + flags] |= 1
            start = data.find(signature, start + 1)

    assert reason_of(bytes(data)) == "is protected by a password"


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_a_compression_that_no_format_allows_is_not_inflated(method: int) -> None:
    data = BytesIO()
    with ZipFile(data, "w", method) as target:
        target.writestr("word/document.xml", "<document/>")
    assert reason_of(data.getvalue()) == "is compressed in an unknown way"


@pytest.mark.parametrize(
    "declared", ['<!ENTITY x SYSTEM "file:///etc/hostname">', '<!ENTITY x "y">']
)
def test_a_document_type_is_refused_whatever_it_declares(declared: str) -> None:
    data = BytesIO()
    with ZipFile(data, "w") as target:
        text = (
            f"<!DOCTYPE d [{declared}]><document><body><p><r><t>&x;</t></r></p></body></document>"
        )
        target.writestr("word/document.xml", text)

    assert "declares a document type" in reason_of(data.getvalue())


def test_elements_may_be_nested_up_to_a_limit() -> None:
    def nested(levels: int) -> str:
        start, end = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
        return start * levels + paragraph("속") + end * levels

    (document,) = found_in(docx(nested(60)))
    assert isinstance(document, Document)
    assert document.text == "속"
    assert reason_of(docx(nested(100))) == "has elements nested too deeply"
    boxes = "<w:p><w:r><w:txbxContent>" * 60 + "</w:txbxContent></w:r></w:p>" * 60
    (document, *_) = found_in(docx(paragraph("밖") + boxes))
    assert isinstance(document, Document)


@pytest.mark.parametrize(
    ("module", "limit"),
    [
        (archive, "_MOST_BYTES"),
        (archive, "_MOST_IN_ALL"),
        (archive, "_MOST_MEMBERS"),
        (archive, "_MOST_DIRECTORY"),
        (xml_cursor, "_MOST_TEXT"),
        (placed_text, "_MOST_CHARACTERS"),
        (placed_text, "_MOST_BLOCKS"),
    ],
)
def test_a_file_beyond_a_limit_is_refused_whole(
    monkeypatch: pytest.MonkeyPatch, module: object, limit: str
) -> None:
    data = docx("".join(map(paragraph, map(str, range(100)))))
    assert isinstance(found_in(data)[0], Document)
    monkeypatch.setattr(module, limit, 3)

    assert "more than" in reason_of(data)


@pytest.mark.parametrize("suffix", sorted(WHOLE))
def test_a_mutated_file_gives_documents_and_named_problems_only(suffix: str) -> None:
    chance = random.Random(suffix)
    for number in range(100):
        change = mutated if number % 3 == 0 else with_mutated_members
        for found in found_in(change(WHOLE[suffix], chance), suffix):
            assert isinstance(found, Document) or "cannot be read" not in found.reason
