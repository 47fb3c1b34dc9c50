from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.changes import FileReading, compare
from corpus.document import ROW, Document, Problem, State
from corpus.readers import SUFFIXES, ole, read_opened
from corpus.readers.office import xls as office_xls
from corpus.walk import SourceFile, walk
from tests.office_files import docx, paragraph
from tests.older_office_files import Cell, Number, older_workbook, workbook, xls

TABLE = [["이름", "부서", "번호"], ["홍길동", "총무과", 12.0], ["김철수", "재정과", 7.5]]
PAGE = "<html><body><table><tr><td>번호</td><td>총무과</td></tr></table></body></html>"


def found(data: bytes, suffix: str = ".xls") -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name=f"a{suffix}", suffix=suffix))


def documents(data: bytes, suffix: str = ".xls") -> list[Document]:
    read = found(data, suffix)
    assert all(isinstance(each, Document) for each in read), read
    return [each for each in read if isinstance(each, Document)]


def lines(*cells: Cell | Number, formats: dict[int, str] | None = None, **options: bool) -> str:
    book = workbook({"S": [[cell] for cell in cells]}, formats=formats, **options)
    (read,) = documents(xls(book))
    return read.text.removeprefix("S\n\n")


def test_rows_have_the_names_of_their_columns_and_a_hit_leads_to_the_row() -> None:
    (read,) = documents(xls(workbook({"명단": TABLE})))
    assert read.text.split("\n") == [
        "명단",
        "",
        "이름 | 부서 | 번호",
        "이름: 홍길동 | 부서: 총무과 | 번호: 12",
        "이름: 김철수 | 부서: 재정과 | 번호: 7.5",
    ]
    assert (read.id, read.unit, read.lines[-1][1]) == ("a.xls", ROW, 3)


def test_each_sheet_is_a_document_and_an_empty_one_is_none() -> None:
    book = workbook({"하나": [["a"]], "빈": [], "둘": [["b"]]})
    assert [read.id for read in documents(xls(book))] == ["a.xls#하나", "a.xls#둘"]


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (45356.0, 14, "2024-03-05"),
        (45356.5, 22, "2024-03-05 12:00:00"),
        (45356.0, 'yyyy"년" m"월"', "2024-03-05"),
        (0.125, 10, "12.5%"),
        (0.75, 20, "18:00"),
        (1234567890123450.0, 0, "1234567890123450"),
        (1599.99, "#,##0.00", "1599.99"),
    ],
)
def test_numbers_are_shown_by_their_formats(number: float, code: int | str, shown: str) -> None:
    key = code if isinstance(code, int) else 164
    formats = {} if isinstance(code, int) else {164: code}
    assert lines((number, key), formats=formats) == shown


def test_dates_may_count_from_1904() -> None:
    assert lines((43894.0, 14), is_1904=True) == "2024-03-05"


def test_truth_values_are_words() -> None:
    assert lines(True, False) == "TRUE\nFALSE"


def test_what_a_workbook_states_is_metadata_and_the_title_of_a_program_is_none() -> None:
    (read,) = documents(xls(workbook({"S": [["a"]]}), title="통합 문서1"))
    assert (read.title, read.date) == ("a", "2024-03-05")
    assert read.metadata == {"author": "홍길동", "modified": "2024-03-05"}
    (read,) = documents(xls(workbook({"S": [["a"]]}), title="사업 명단"))
    assert read.title == "사업 명단"


@pytest.mark.parametrize("page", [949, 1252, 0])
def test_a_workbook_of_excel_95_is_in_the_code_page_it_states_or_else_korean(page: int) -> None:
    book = older_workbook(["한글", "펲시", "it's"], "cp949", page)
    (read,) = documents(xls(book, name="Book"))
    assert read.text == "A\n\n한글\n펲시\nit's"


def test_comments_follow_their_row() -> None:
    book = older_workbook(["한글", "둘"], "cp949", notes={0: "이것은 의견"})
    (read,) = documents(xls(book, name="Book"))
    assert read.text == "A\n\n한글\n이것은 의견\n둘"
    assert [row for _, row in read.lines] == [1, 2]


def test_a_workbook_without_a_container_is_read() -> None:
    (read,) = documents(
        b"\x09\x00\x04\x00\x02\x00\x10\x00"
        + b"\x04\x00\x0b\x00"
        + bytes(7)
        + b"\x03abc"
        + b"\x0a\x00\x00\x00"
    )
    assert read.text.endswith("abc")


def test_a_workbook_with_a_password_is_protected() -> None:
    (problem,) = found(xls(workbook({"S": [["a"]]}, is_protected=True)))
    assert isinstance(problem, Problem)
    assert (problem.reason, problem.state) == ("is protected by a password", State.PROTECTED)


@pytest.mark.parametrize("data", [xls(workbook({"S": [["a"]]})), b"\x09\x00\x04\x00" + bytes(99)])
def test_a_workbook_beyond_the_limit_is_refused(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ole, "MOST_BYTES", 50)
    monkeypatch.setattr(office_xls, "MOST_BYTES", 50)
    (problem,) = found(data)
    assert isinstance(problem, Problem)
    assert problem.reason.endswith("more than 50 bytes")
    assert problem.state is State.TOO_LARGE


def test_an_empty_workbook_has_no_text() -> None:
    (problem,) = found(xls(workbook({"S": []})))
    assert problem == Problem(path="a.xls", reason="has no text", state=State.NO_TEXT)


def test_a_damaged_sheet_is_named_and_the_others_are_read() -> None:
    book = bytearray(workbook({"하나": [["a"]], "둘": [["b"]]}))
    at = book.rindex(b"\xfd\x00\x0a\x00")
    book[at + 10 : at + 14] = b"\xff\xff\xff\x7f"  # the number of a string that there is not
    problem, read = sorted(found(xls(bytes(book))), key=lambda each: isinstance(each, Document))
    assert isinstance(read, Document)
    assert read.id == "a.xls#하나"
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("was read in part; its sheet 둘 is damaged: ")
    assert problem.state is State.DAMAGED


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (PAGE.encode("cp949").replace(b"<body>", b"<meta charset=euc-kr><body>"), "번호 | 총무과"),
        (b"\xef\xbb\xbf \r\n" + PAGE.encode(), "번호 | 총무과"),
        (PAGE.encode("utf-16"), "번호 | 총무과"),
        (docx(paragraph("글")), "글"),
        (rb"{\rtf1 words}", "words"),
        ("이름\t부서\n홍길동\t총무과\n".encode("cp949"), "이름: 홍길동\n부서: 총무과"),
    ],
)
def test_what_is_saved_as_xls_is_read_as_what_it_is(data: bytes, text: str) -> None:
    (read,) = documents(data)
    assert read.text == text


@pytest.mark.parametrize(
    ("data", "reason", "state"),
    [
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "is an XML spreadsheet of Excel 2003; save it as XLSX",
            State.UNKNOWN,
        ),
        (b"\x89PNG\r\n\x1a\n", "is a PNG image under another suffix", State.UNKNOWN),
        (bytes(range(256)), "is damaged, or of an unknown format", State.DAMAGED),
        (xls(b"", name="Other"), "is damaged, or no workbook", State.DAMAGED),
    ],
)
def test_what_is_no_workbook_is_named(data: bytes, reason: str, state: State) -> None:
    assert found(data) == [Problem(path="a.xls", reason=reason, state=state)]


@pytest.mark.parametrize("suffix", [".xlsx", ".hwp", ".doc", ".msg"])
def test_a_workbook_is_read_under_another_suffix(suffix: str) -> None:
    (read,) = documents(xls(workbook({"S": [["a"]]})), suffix)
    assert read.text == "S\n\na"


def test_without_the_extra_each_workbook_is_a_passing_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "xlrd", None)
    reason = "cannot be read without xlrd; install it: pip install 'chaja[office]'"
    problem = Problem(path="a.xls", reason=reason, passing=True, state=State.UNREAD)
    assert found(xls(workbook({"S": [["a"]]}))) == [problem]


def test_the_next_build_reads_a_workbook_once_the_extra_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xls").write_bytes(xls(workbook({"S": [["a"]]})))
    (file,) = walk([tmp_path], base=tmp_path, suffixes=SUFFIXES)
    assert isinstance(file, SourceFile)
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "xlrd", None)
        reading = FileReading(file)
        assert isinstance(next(iter(reading)), Problem)
    known = {file.name: reading.fingerprint}
    (due,) = compare([file], known).updated
    assert isinstance(next(iter(FileReading(due))), Document)


def test_reading_other_formats_imports_nothing_of_the_extra(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("words", encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from corpus.readers import read;"
        "print(*read(Path(sys.argv[1]), name='a')); print(sys.modules.keys() & {'xlrd', 'olefile'})"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.txt")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("\nset()\n")


@given(st.binary(max_size=60), st.integers(0, 5_000), st.integers(0, 8_000))
def test_a_damaged_workbook_never_raises(junk: bytes, at: int, end: int) -> None:
    data = xls(workbook({"하나": TABLE, "둘": TABLE}))
    data = data[:at] + junk + data[at + len(junk) :]
    assert found(data[:end] if end > 4_000 else data)
