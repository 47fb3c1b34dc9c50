"""A PPTX is read slide by slide, in the order in which they are shown."""

from __future__ import annotations

from io import BytesIO

from corpus.document import SLIDE, Document
from corpus.readers import read_opened
from tests.office_files import pptx, shape, slide_table


def document_in(data: bytes) -> Document:
    (document,) = read_opened(BytesIO(data), name="발표.pptx", suffix=".pptx")
    assert isinstance(document, Document)
    return document


def test_slides_come_in_the_order_of_the_presentation() -> None:
    slides = [shape("셋째"), shape("첫째"), shape("둘째")]
    document = document_in(pptx(slides, order=[2, 3, 1]))

    assert document.unit == SLIDE
    assert document.text == "첫째\n\n둘째\n\n셋째"
    assert [place for _, place in document.lines] == [1, 2, 3]


def test_the_title_of_a_slide_is_its_heading_and_comes_first() -> None:
    slide = shape("본문", placeholder="body") + shape("제목", placeholder="ctrTitle")
    document = document_in(pptx([slide]))

    assert document.text == "제목\n\n본문"
    assert [heading.text for heading in document.headings] == ["제목"]
    assert document.title == "제목"


def test_notes_follow_their_slide_without_the_number_of_the_page() -> None:
    notes = shape("말할 것", placeholder="body") + shape("1", placeholder="sldNum")
    document = document_in(pptx([shape("하나"), shape("둘")], parts_of={1: {"notesSlide": notes}}))

    assert document.text == "하나\n\n말할 것\n\n둘"
    assert document.line_at(document.text.index("말할")) == 1


def test_rows_of_tables_and_shapes_in_groups_are_read() -> None:
    table = slide_table([["이름", "나이", "지역"], ["김하나", "31", "서울"]])
    group = f"<p:grpSp><p:nvGrpSpPr/>{shape('묶인 글', description='그림의 설명')}</p:grpSp>"
    document = document_in(pptx([table + group]))

    rows = "이름 | 나이 | 지역\n이름: 김하나 | 나이: 31 | 지역: 서울"
    assert document.text == f"{rows}\n\n그림의 설명\n\n묶인 글"


def test_a_footer_is_read_once_and_numbers_and_dates_of_slides_never() -> None:
    frame = (
        shape("대외비", placeholder="ftr")
        + shape("1", placeholder="sldNum")
        + shape("2024. 1. 1.", placeholder="dt")
    )
    document = document_in(pptx([shape("하나") + frame, shape("둘") + frame]))

    assert document.text == "하나\n\n대외비\n\n둘"


def test_a_slide_without_text_keeps_its_number() -> None:
    document = document_in(pptx([shape("하나"), "", shape("셋")]))

    assert document.lines == ((0, 1), (4, 3))


def test_comments_and_charts_are_read_with_their_slide() -> None:
    chart = '<p:graphicFrame><a:graphic><c:chart r:id="chart"/></a:graphic></p:graphicFrame>'
    parts = {
        "chart": "<c:title><a:p><a:r><a:t>매출 추이</a:t></a:r></a:p></c:title>",
        "comments": "<p:cm><p:text>확인할 것</p:text></p:cm>",
    }
    document = document_in(pptx([shape("하나") + chart, shape("둘")], parts_of={1: parts}))

    assert document.text == "하나\n\n매출 추이\n\n확인할 것\n\n둘"
    assert document.lines[-1] == (document.text.index("둘"), 2)


def test_a_shape_with_alternatives_is_read_once() -> None:
    body = (
        "<mc:AlternateContent xmlns:mc='x'><mc:Choice>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback>"
    )
    document = document_in(pptx([body.format(shape("하나")) + "</mc:AlternateContent>"]))

    assert document.text == "하나"
