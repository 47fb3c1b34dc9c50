"""What is embedded in a document of an office program is a document of its own below it."""

from __future__ import annotations

import random
import struct
from io import BytesIO
from zipfile import ZipFile

import pytest
from hwp_writer import binary, compound, deflated, hwp, hwpx, p, t
from hwp_writer import paragraph as hwp_paragraph
from pdf_writer import pdf

from corpus.document import PAGE, Document, Problem, State
from corpus.readers import read_opened
from corpus.readers.embedded import Embedded
from corpus.readers.ole_objects import embedded_in_ole
from tests.office_files import (
    Parts,
    docx,
    odf,
    paragraph,
    pptx,
    relationships,
    row,
    shape,
    text_cell,
    xlsx,
    zipped,
)

SHEET = xlsx({"표": row(1, A=text_cell("금액")) + row(2, A=text_cell("삼백"))})
TEXT = docx(paragraph("속 글"))


def found(data: bytes, suffix: str = ".docx") -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name=f"a{suffix}", suffix=suffix))


def with_parts(data: bytes, parts: Parts) -> bytes:
    with ZipFile(BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**members, **parts})


def embedding(name: str, data: bytes) -> list[Document | Problem]:
    """Return what is read of a document with one thing embedded, after its own text."""
    _, *rest = found(with_parts(docx(paragraph("글")), {f"word/embeddings/{name}": data}))
    return rest


def in_container(data: bytes) -> list[Embedded | Problem]:
    return list(embedded_in_ole(lambda: data, name="ole", path="a.docx", date=""))


def packaged(label: bytes, content: bytes, *, wide: str = "") -> bytes:
    """Return the stream of a file that was put into a document as a whole."""
    path = b"C:\\" + label + b"\0"
    data = b"\x02\x00" + label + b"\0" + path + b"\0\0\x03\0"
    data += struct.pack("<I", len(path)) + path + struct.pack("<I", len(content)) + content
    if wide:
        for text in (wide, wide, wide):
            data += struct.pack("<I", len(text)) + text.encode("utf-16-le")
    return struct.pack("<I", len(data)) + data


@pytest.mark.parametrize(
    ("data", "folder", "suffix"),
    [
        (docx(paragraph("글")), "word", ".docx"),
        (pptx([shape("글")]), "ppt", ".pptx"),
        (xlsx({"가": row(1, A=text_cell("글"))}), "xl", ".xlsx"),
    ],
    ids=["docx", "pptx", "xlsx"],
)
def test_embedded_documents_of_office_programs_are_documents(
    data: bytes, folder: str, suffix: str
) -> None:
    parts = {f"{folder}/embeddings/책.xlsx": SHEET, f"{folder}/embeddings/글.docx": TEXT}
    whole, sheet, text = found(with_parts(data, parts), suffix)
    assert isinstance(whole, Document)
    assert isinstance(sheet, Document)
    assert isinstance(text, Document)
    assert (whole.id, sheet.id, text.id) == (
        f"a{suffix}",
        f"a{suffix} › 책.xlsx",
        f"a{suffix} › 글.docx",
    )
    assert "금액" in sheet.text
    assert text.metadata["embedded"] == "글.docx"


@pytest.mark.parametrize(
    ("stream", "content", "text"),
    [
        ("Package", TEXT, "속 글"),
        ("Package", SHEET, "금액"),
        ("CONTENTS", pdf([["a page"]]), "a page"),
        ("\x01Ole10Native", packaged(b"a.pdf", pdf([["a page"]])), "a page"),
        ("\x01Ole10Native", packaged(b"a.hwp", hwp(hwp_paragraph("한 문단"))), "한 문단"),
    ],
)
def test_files_in_ole_containers_are_read(stream: str, content: bytes, text: str) -> None:
    (read,) = embedding("oleObject1.bin", compound({stream: content}))
    assert isinstance(read, Document)
    assert text in read.text


def test_a_document_that_is_an_ole_container_itself_is_read() -> None:
    (read,) = embedding("oleObject1.bin", hwp(hwp_paragraph("한 문단")))
    assert isinstance(read, Document)
    assert (read.id, read.text) == ("a.docx › oleObject1.bin", "한 문단")


@pytest.mark.parametrize(
    ("label", "wide"),
    [
        ("회의록.txt".encode("cp949"), ""),
        ("회의록.txt".encode(), ""),
        (b"????.txt", "회의록.txt"),
        (b"????.txt", "회의록.txt\0"),
    ],
)
def test_a_packaged_file_has_its_own_name(label: bytes, wide: str) -> None:
    stream = packaged(label, "한 줄".encode(), wide=wide)
    (embedded,) = in_container(compound({"\x01Ole10Native": stream}))
    assert isinstance(embedded, Embedded)
    assert (embedded.name, b"".join(embedded.content())) == ("회의록.txt", "한 줄".encode())


def test_the_place_of_the_container_is_found_behind_its_size() -> None:
    data = compound({"CONTENTS": pdf([["a page"]])})
    (embedded,) = in_container(struct.pack("<I", len(data)) + data)
    assert isinstance(embedded, Embedded)
    assert embedded.suffix == ".pdf"


@pytest.mark.parametrize(
    ("stream", "content"),
    [
        ("Equation Native", b"x"),
        ("CONTENTS", b"a picture"),
        ("\x01Ole10Native", struct.pack("<I", 99) + b"BM" + bytes(99)),
        ("\x01Ole10Native", b""),
        ("\x01Ole10Native", packaged(b"a.txt", b"x" * 9999)[:5000]),
    ],
)
def test_what_is_no_document_is_passed_over(stream: str, content: bytes) -> None:
    assert embedding("oleObject1.bin", compound({stream: content})) == []
    assert embedding("oleObject1.bin", content) == []


def test_documents_that_are_not_read_are_named() -> None:
    (damaged,) = embedding("oleObject1.bin", compound({"Package": TEXT})[:600])
    (other,) = embedding("그림.vsdx", b"x")
    assert isinstance(damaged, Problem)
    assert isinstance(other, Problem)
    assert damaged.reason.startswith("its embedded oleObject1.bin is damaged")
    assert damaged.state is State.DAMAGED
    assert other.reason == "its embedded 그림.vsdx is of a kind that Chaja does not read"


def test_the_workbook_behind_a_chart_is_left_out() -> None:
    leads = relationships({"rId1": ("package", "../embeddings/Sheet1.xlsx")})
    parts = {
        "word/embeddings/Sheet1.xlsx": SHEET,
        "word/charts/chart1.xml": "<chartSpace/>",
        "word/charts/_rels/chart1.xml.rels": leads,
    }
    assert len(found(with_parts(docx(paragraph("글")), parts))) == 1


def test_objects_of_an_opendocument_are_read_but_for_charts() -> None:
    def content(kind: str, text: str) -> str:
        with ZipFile(BytesIO(odf(kind, text))) as archive:
            return archive.read("content.xml").decode()

    cells = "<table:table-cell><text:p>속 표</text:p></table:table-cell>"
    rows = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    parts = {
        "Object 1/content.xml": content("spreadsheet", rows),
        "Object 2/content.xml": content("chart", rows),
        "Object 3/content.xml": "<math><mtext>x</mtext></math>",
        "Object 4": compound({"Package": TEXT}),
        "ObjectReplacements/Object 4": b"a picture",
    }
    whole, sheet, text = found(with_parts(odf("text", "<text:p>글</text:p>"), parts), ".odt")
    assert isinstance(whole, Document)
    assert isinstance(sheet, Document)
    assert isinstance(text, Document)
    assert (sheet.id, sheet.text) == ("a.odt › Object 1", "속 표")
    assert (text.id, text.text) == ("a.odt › Object 4", "속 글")


def test_a_document_that_has_nothing_but_an_embedded_one_is_no_problem() -> None:
    (read,) = found(with_parts(docx("<w:p/>"), {"word/embeddings/a.docx": TEXT}))
    assert isinstance(read, Document)
    assert read.id == "a.docx › a.docx"


def test_embedded_documents_in_embedded_documents_are_read_to_a_depth() -> None:
    data = docx(paragraph("글"))
    for _ in range(30):
        data = with_parts(docx(paragraph("글")), {"word/embeddings/a.docx": data})
    *documents, problem = found(data)
    assert len(documents) == 21
    assert isinstance(documents[2], Document)
    assert documents[2].unit != PAGE
    assert documents[2].id == "a.docx › a.docx › a.docx"
    assert isinstance(problem, Problem)
    assert problem.reason.endswith("is nested deeper than 20 levels, and was not read")


def test_damaged_containers_give_a_file_or_nothing_or_are_named() -> None:
    whole = compound({"\x01Ole10Native": packaged(b"a.txt", b"text" * 99, wide="a.txt")})
    chance = random.Random(5)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 10))):
            start = chance.randrange(min(len(data), 1024 if chance.random() < 0.5 else 1 << 20))
            data[start : start + 4] = chance.randbytes(4)
        for found in in_container(bytes(data)):
            assert isinstance(found, Problem) or list(found.content())


def hwp_with(*objects: tuple[int, bytes]) -> bytes:
    """Return an HWP with records of objects, and what is stored under their numbers."""
    records = b"".join(binary(number) for number, _ in objects)
    stored = {f"BinData/BIN{number:04X}.OLE": deflated(data) for number, data in objects if data}
    header = b"HWP Document File".ljust(36, b"\0") + struct.pack("<I", 1) + bytes(216)
    text = {"DocInfo": deflated(records), "BodyText/Section0": deflated(hwp_paragraph("글"))}
    return compound({"FileHeader": header, **text, **stored})


def test_objects_of_an_hwp_and_an_hwpx_are_read() -> None:
    inner = compound({"Package": TEXT})
    container = struct.pack("<I", len(inner)) + inner
    whole, text, missing = found(hwp_with((5, container), (6, b"")), ".hwp")
    assert isinstance(whole, Document)
    assert isinstance(text, Document)
    assert isinstance(missing, Problem)
    assert (text.id, text.text) == ("a.hwp › OLE1", "속 글")
    assert missing.reason == "its embedded OLE2 is damaged, or missing"
    parts = {"BinData/ole1.ole": container, "BinData/image1.png": b"x"}
    whole, text = found(with_parts(hwpx(p(t("글"))), parts), ".hwpx")
    assert isinstance(text, Document)
    assert (text.id, text.text) == ("a.hwpx › ole1.ole", "속 글")
