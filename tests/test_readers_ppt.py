from __future__ import annotations

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import SLIDE, Document, Problem, State
from corpus.readers import read_opened
from tests.older_office_files import ppt, ppt_notes, ppt_record, ppt_slide, ppt_text


def found(data: bytes, suffix: str = ".ppt") -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name="a.ppt", suffix=suffix))


def document(data: bytes) -> Document:
    (read,) = found(data)
    assert isinstance(read, Document), read
    return read


def test_slides_come_in_their_order_with_titles_as_headings() -> None:
    slides = [
        ppt_slide(ppt_text("본문 하나\r둘째 줄"), ppt_text("첫 제목", 0)),
        ppt_slide(ppt_text("Second", 6, is_narrow=True), ppt_text("caf\u00e9", is_narrow=True)),
    ]
    read = document(ppt(slides))
    assert read.text == "첫 제목\n\n본문 하나\n둘째 줄\n\nSecond\n\ncafé"
    assert [heading.text for heading in read.headings] == ["첫 제목", "Second"]
    assert (read.unit, read.lines, read.title) == (SLIDE, ((0, 1), (18, 2)), "첫 제목")
    assert read.date == "2024-03-05"


def test_a_box_may_refer_to_a_text_of_the_outline() -> None:
    outline = ppt_text("제목", 0) + ppt_text("요점")
    boxes = [ppt_record(0x0F9E, struct.pack("<i", number)) for number in (1, 0, 9)]
    read = document(ppt([ppt_slide(*boxes)], outlines={0: outline}))
    assert read.text == "제목\n\n요점"


def test_rows_of_a_table_have_the_names_of_their_columns() -> None:
    rows = [["이름", "부서", "번호"], ["홍길동", "총무과", "12"], ["김철수", "재정과", "7"]]
    cells = [
        ppt_record(
            0xF004,
            ppt_record(0xF00F, struct.pack("<4i", 100 * column, 50 * row, 0, 0)),
            ppt_record(0xF00D, ppt_text(cell, 4)),
            holds=True,
        )
        for row, line in enumerate(rows)
        for column, cell in enumerate(line)
    ]
    group = ppt_record(0xF004, ppt_record(0xF122, struct.pack("<HI", 0x039F, 1)), holds=True)
    table = ppt_record(0xF003, group, *reversed(cells), holds=True)
    read = document(ppt([ppt_slide(ppt_text("제목", 0), other=table)]))
    assert read.text.split("\n") == [
        "제목",
        "",
        "이름 | 부서 | 번호",
        "이름: 홍길동 | 부서: 총무과 | 번호: 12",
        "이름: 김철수 | 부서: 재정과 | 번호: 7",
    ]


def test_a_group_that_says_other_things_of_itself_is_no_table() -> None:
    head = ppt_record(0xF004, ppt_record(0xF122, struct.pack("<HI", 0x01FF, 1)), holds=True)
    boxes = [ppt_record(0xF004, ppt_record(0xF00D, ppt_text(word)), holds=True) for word in "ab"]
    group = ppt_record(0xF003, head, *boxes, holds=True)
    assert document(ppt([ppt_slide(other=group)])).text == "a\n\nb"


def test_notes_and_comments_belong_to_their_slide() -> None:
    comment = ppt_record(0x0FBA, "홍길동".encode("utf-16-le"))
    comment += ppt_record(0x0FBA, "의견".encode("utf-16-le"), instance=1)
    tags = ppt_record(0x138B, ppt_record(0x2EE0, comment, holds=True))
    slides = [ppt_slide(ppt_text("하나")), ppt_slide(ppt_text("둘"), other=tags)]
    notes = [ppt_notes(257, ppt_text("*", 4), ppt_text("발표자 메모", 2))]
    read = document(ppt(slides, notes=notes))
    assert read.text == "하나\n\n둘\n\n발표자 메모\n\n의견"
    assert [place for _, place in read.lines] == [1, 2]


def test_the_last_edit_of_a_slide_counts() -> None:
    boxes = [ppt_text("a\x0bb\xadc"), ppt_text("")]
    assert document(ppt([ppt_slide(*boxes)])).text == "a\nbc"


def test_a_slide_that_cannot_be_read_is_told() -> None:
    slides = [ppt_slide(ppt_text("하나")), ppt_slide(ppt_text("둘"))]
    read, problem = found(ppt(slides, lost=1))
    assert isinstance(read, Document)
    assert read.text == "하나"
    reason = "was read in part; 1 of its slides cannot be read"
    assert problem == Problem(path="a.ppt", reason=reason, state=State.DAMAGED)


@pytest.mark.parametrize(
    ("data", "reason", "state"),
    [
        (ppt([], token=0xF3D1C4DF), "is protected by a password", State.PROTECTED),
        (b"junk", "is damaged, or of an unknown format", State.DAMAGED),
        (b"", "is empty", State.NO_TEXT),
    ],
)
def test_what_is_not_read_is_named(data: bytes, reason: str, state: State) -> None:
    assert found(data) == [Problem(path="a.ppt", reason=reason, state=state)]


def test_a_presentation_without_text_is_told() -> None:
    (problem,) = found(ppt([ppt_slide()]))
    assert isinstance(problem, Problem)
    assert problem.state is State.NO_TEXT


@pytest.mark.parametrize("suffix", [".pptx", ".doc", ".hwp"])
def test_a_presentation_is_read_under_another_suffix(suffix: str) -> None:
    (read,) = found(ppt([ppt_slide(ppt_text("하나"))]), suffix)
    assert isinstance(read, Document)


@given(st.binary(max_size=60), st.integers(0, 3_000))
def test_a_damaged_presentation_never_raises(junk: bytes, at: int) -> None:
    data = ppt([ppt_slide(ppt_text("하나"))], notes=[ppt_notes(256, ppt_text("메모", 2))])
    assert found(data[:at] + junk + data[at + len(junk) :])
