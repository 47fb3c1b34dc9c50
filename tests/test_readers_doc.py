from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import PARAGRAPH, Document, Problem, State
from corpus.readers import read_opened
from tests.office_files import docx, paragraph
from tests.older_office_files import doc, marks, style
from tests.ole_writer import container

IN_TABLE, ENDS_ROW, IS_HEADER = (0x2416, 1), (0x2417, 1), (0x3404, 1)


def found(data: bytes, suffix: str = ".doc") -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name="a.doc", suffix=suffix))


def document(data: bytes, suffix: str = ".doc") -> Document:
    (read,) = found(data, suffix)
    assert isinstance(read, Document), read
    return read


def test_paragraphs_are_blocks_and_a_hit_leads_to_the_number_of_one() -> None:
    read = document(doc("첫 문단\r\r둘째\x0b줄\r셋째\t끝\r"))
    assert read.text == "첫 문단\n\n둘째\n줄\n\n셋째 끝"
    assert (read.unit, [place for _, place in read.lines]) == (PARAGRAPH, [1, 2, 3])


def test_pieces_of_one_and_of_two_bytes_for_a_character_follow_each_other() -> None:
    assert document(doc("한글\r", narrow="it\u2019s caf\u00e9 ")).text == "it’s café 한글"


def test_rows_have_the_names_of_their_columns() -> None:
    rows = "이름\x07부서\x07번호\x07\x07홍길동\x07총무과\x0712\x07\x07김철수\x07재정과\x077\x07\x07"
    ends = [at for at in range(1, len(rows)) if rows[at - 1 : at + 1] == "\x07\x07"]
    marked = {at: style(0, IN_TABLE) for at, sign in enumerate(rows) if sign == "\x07"}
    marked |= {at: style(0, IN_TABLE, ENDS_ROW) for at in ends}
    marked[ends[0]] = style(0, IN_TABLE, ENDS_ROW, IS_HEADER)
    read = document(doc(f"{rows}뒤\r", paragraphs=marked))
    assert read.text.split("\n") == [
        "이름 | 부서 | 번호",
        "이름: 홍길동 | 부서: 총무과 | 번호: 12",
        "이름: 김철수 | 부서: 재정과 | 번호: 7",
        "",
        "뒤",
    ]


def test_a_paragraph_in_a_cell_stays_in_its_row() -> None:
    rows = "하나\r둘\x07셋\x07\x07"
    marked = {at: style(0, IN_TABLE) for at, sign in enumerate(rows) if sign in "\r\x07"}
    marked[len(rows) - 1] = style(0, IN_TABLE, ENDS_ROW)
    assert document(doc(rows, paragraphs=marked)).text == "하나 둘 | 셋"


def test_paragraphs_of_heading_styles_are_headings() -> None:
    read = document(doc("제1장\r글\r", paragraphs={3: style(1), 5: style(0)}))
    assert [heading.text for heading in read.headings] == ["제1장"]
    assert read.title == "제1장"


def test_notes_and_comments_follow_the_paragraph_that_refers_to_them() -> None:
    text = "글\x02 말\x05\r다음\x02\r"
    stories = {"footnotes": "\x02 각주\r", "comments": "\x05의견\r", "endnotes": "\x02미주\r"}
    tables = {
        2: marks([1, 20], 2), 3: marks([0, 5, 6], 0),
        4: marks([4, 20], 30), 5: marks([0, 4, 5], 0),
        46: marks([8, 20], 2), 47: marks([0, 4, 5], 0),
    }  # fmt: skip
    read = document(doc(text, stories=stories, tables=tables))
    assert read.text == "글 말\n\n각주\n\n의견\n\n다음\n\n미주"
    assert [place for _, place in read.lines] == [1, 2]


def test_boxes_headers_and_footers_come_at_the_end_each_once() -> None:
    headers = ["", "", "", "", "", "", "머리말\r", "머리말\r", "- 3 -\r", "꼬리말\r"]
    ends = [sum(map(len, headers[:count])) for count in range(len(headers) + 1)]
    stories = {"headers": "".join(headers), "boxes": "글상자\r", "more": "옆글\r"}
    tables = {11: marks(ends, 0), 56: marks([0, 4, 5], 22), 58: marks([0, 3, 4], 22)}
    read = document(doc("글\r", stories=stories, tables=tables))
    assert read.text == "글\n\n글상자\n\n머리말\n\n꼬리말\n\n옆글"


def test_fields_give_their_result_and_deleted_text_and_signs_give_nothing() -> None:
    assert document(doc('a \x13HYPERLINK "x"\x14link\x15 b\r')).text == "a link b"
    assert document(doc("a \x13 PAGE \x15b\r")).text == "a b"
    assert document(doc("앞 지운 뒤\r", deleted=(2, 5))).text == "앞 뒤"
    assert document(doc("op\x1ftional\x01 non\x1ebreaking\xad\r")).text == "optional non-breaking"


def test_title_and_date_are_those_of_the_summary() -> None:
    read = document(doc("글\r", title="사업 계획"))
    assert (read.title, read.date) == ("사업 계획", "2024-03-05")
    assert document(doc("글\r", title="문서 1")).title == "a"


@pytest.mark.parametrize(
    ("data", "reason", "state"),
    [
        (doc("글\r", flags=1 << 8), "is protected by a password", State.PROTECTED),
        (
            doc("글\r", version=0x60),
            "is a document of Word 6 or 95, which Chaja does not read; save it as DOCX",
            State.UNKNOWN,
        ),
        (
            container({"WordDocument": b"text" + bytes(200)}),
            "is damaged, or no document of Word",
            State.DAMAGED,
        ),
        (doc("글\r", tables={33: b""}), "is damaged: it has no table of pieces", State.DAMAGED),
        (b"", "is empty", State.NO_TEXT),
        (
            b'<?xml version="1.0"?><w:wordDocument xmlns:w='
            b'"http://schemas.microsoft.com/office/word/2003/wordml">',
            "is an XML document of Word 2003; save it as DOCX",
            State.UNKNOWN,
        ),
    ],
)
def test_what_is_not_read_is_named(data: bytes, reason: str, state: State) -> None:
    assert found(data) == [Problem(path="a.doc", reason=reason, state=state)]


def test_pieces_that_repeat_text_without_end_are_refused() -> None:
    count, size = 5_000, 20_000
    places = b"".join((number * size).to_bytes(4, "little") for number in range(count + 1))
    items = (bytes(2) + (2048).to_bytes(4, "little") + bytes(2)) * count
    pieces = b"\2" + len(places + items).to_bytes(4, "little") + places + items
    (problem,) = found(doc("글" * size, tables={33: pieces}))
    assert isinstance(problem, Problem)
    assert problem.state is State.TOO_LARGE


def test_text_that_is_cut_off_is_told() -> None:
    pieces = b"\2" + (20).to_bytes(4, "little")
    pieces += b"".join(number.to_bytes(4, "little") for number in (0, 9_000))
    pieces += bytes(2) + (2048).to_bytes(4, "little") + bytes(2)
    read, problem = found(doc("글" * 9_000 + "\r", tables={33: pieces}))
    assert isinstance(read, Document)
    reason = "was read in part; some of its text is cut off"
    assert problem == Problem(path="a.doc", reason=reason, state=State.DAMAGED)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (rb"{\rtf1 words}", "words"),
        (docx(paragraph("글")), "글"),
        (
            "<html><div id=nav>차례</div><p>본문</p><footer>끝</footer></html>".encode(),
            "차례\n\n본문\n\n끝",
        ),
        ("그냥 글".encode("cp949"), "그냥 글"),
        (
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
            b"Content-Type: text/html; charset=utf-8\n\n<p>page</p>\n--b--\n",
            "page",
        ),
    ],
)
def test_what_is_saved_as_doc_is_read_as_what_it_is(data: bytes, text: str) -> None:
    assert document(data).text == text


@pytest.mark.parametrize("suffix", [".docx", ".hwp", ".xls", ".ppt"])
def test_a_document_is_read_under_another_suffix(suffix: str) -> None:
    assert document(doc("글\r"), suffix).text == "글"


@given(st.binary(max_size=60), st.integers(0, 9_000))
def test_a_damaged_document_never_raises(junk: bytes, at: int) -> None:
    stories = {"footnotes": "\x02 각주\r"}
    tables = {2: marks([1, 20], 2), 3: marks([0, 5, 6], 0)}
    data = doc("글\x02\r" * 300, stories=stories, tables=tables, paragraphs={2: style(1)})
    assert found(data[:at] + junk + data[at + len(junk) :])


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_any_text_comes_back(words: str) -> None:
    assert document(doc(f"a{words}z\r")).text == f"a{words}z"
