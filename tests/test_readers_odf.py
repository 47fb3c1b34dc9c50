"""An ODT or ODP is read as its reader sees it, and nothing that was deleted."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from corpus.document import PARAGRAPH, SLIDE, Document, Problem, State
from corpus.readers import read_opened
from tests.office_files import odf

LISTS = """
<text:list-style style:name="L1">
  <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
  <text:list-level-style-number text:level="2" style:num-format="a" text:display-levels="2"/>
</text:list-style>
<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>
"""


def found_in(data: bytes, name: str = "글.odt") -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name=name, suffix=Path(name).suffix))


def document_in(data: bytes, name: str = "글.odt") -> Document:
    (document,) = found_in(data, name)
    assert isinstance(document, Document)
    return document


def text_of(body: str, **parts: str) -> str:
    return document_in(odf("text", body, **parts)).text


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def item(*texts: str) -> str:
    return f"<text:list-item>{''.join(map(p, texts))}</text:list-item>"


def frame(kind: str, text: str) -> str:
    box = f"<draw:text-box>{p(text)}</draw:text-box>"
    return f'<draw:frame presentation:class="{kind}">{box}</draw:frame>'


def items(style: str, *texts: str, more: str = "") -> str:
    return f'<text:list text:style-name="{style}" {more}>{"".join(map(item, texts))}</text:list>'


def test_paragraphs_and_headings_are_places() -> None:
    body = f'<text:h text:outline-level="1">머리</text:h>{p("")}{p("글<text:span> 안</text:span>")}'
    document = document_in(odf("text", body))

    assert document.unit == PARAGRAPH
    assert document.text == "머리\n\n글 안"
    assert [heading.text for heading in document.headings] == ["머리"]
    assert document.lines == ((0, 1), (4, 2))


def test_text_that_was_deleted_is_left_out() -> None:
    deletion = f"<text:deletion>{p('지운 것')}</text:deletion>"
    changes = f"<text:tracked-changes>{deletion}</text:tracked-changes>"
    body = changes + p('남은 <text:change-start text:change-id="c"/>넣은 것')

    assert text_of(body) == "남은 넣은 것"


def test_notes_comments_and_frames_follow_their_paragraph() -> None:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        f"{p('각주')}</text:note-body></text:note>"
    )
    comment = f"<office:annotation><dc:creator>누구</dc:creator>{p('메모')}</office:annotation>"
    frame = (
        f"<draw:frame><draw:text-box>{p('상자')}</draw:text-box><svg:title>그림 설명</svg:title>"
        "</draw:frame>"
    )

    assert text_of(p(f"글{note}{comment}{frame} 끝")) == "글 끝\n\n각주\n\n메모\n\n상자\n그림 설명"


def test_items_have_the_numbers_that_are_shown() -> None:
    inner = f"<text:list-item><text:list>{item('안')}</text:list></text:list-item>"
    first = items("L1", "하나", "둘").replace("</text:list>", f"{inner}</text:list>")
    body = first + items("L2", "점") + items("L1", "셋", more='text:continue-numbering="true"')

    assert text_of(body, automatic=LISTS).split("\n") == [
        "1. 하나",
        "2. 둘",
        "2.a 안",
        "- 점",
        "3. 셋",
    ]


def test_only_the_first_paragraph_of_an_item_has_its_number() -> None:
    body = f'<text:list text:style-name="L1">{item("앞", "뒤")}</text:list>'

    assert text_of(body, automatic=LISTS) == "1. 앞\n뒤"


def test_a_table_with_a_header_names_its_cells() -> None:
    def row(*cells: str) -> str:
        each = "".join(f"<table:table-cell>{p(cell)}</table:table-cell>" for cell in cells)
        return f"<table:table-row>{each}</table:table-row>"

    header = f"<table:table-header-rows>{row('이름', '부서')}</table:table-header-rows>"
    body = f"<table:table>{header}{row('김하나', '기획')}</table:table>"

    assert text_of(body) == "이름 | 부서\n이름: 김하나 | 부서: 기획"


def test_headers_and_footers_are_read_once() -> None:
    page = f"<style:header>{p('대외비')}</style:header><style:footer>{p('1')}</style:footer>"
    master = f"<style:master-page>{page}</style:master-page>"
    master = f"<office:master-styles>{master}</office:master-styles>"

    assert text_of(p("글"), styles=master * 2) == "글\n\n대외비"


def test_the_places_of_a_presentation_are_slides() -> None:
    def slide(title: str, text: str) -> str:
        notes = f"<presentation:notes>{frame('notes', '말할 것')}</presentation:notes>"
        head = frame("title", title)
        return (
            f"<draw:page>{head}<draw:custom-shape>{p(text)}</draw:custom-shape>{notes}</draw:page>"
        )

    document = document_in(odf("presentation", slide("하나", "글") + slide("둘", "끝")), "발표.odp")

    assert document.unit == SLIDE
    assert document.text == "하나\n\n글\n\n말할 것\n\n둘\n\n끝\n\n말할 것"
    assert [heading.text for heading in document.headings] == ["하나", "둘"]
    assert [place for _, place in document.lines] == [1, 2]


def test_the_properties_are_kept() -> None:
    meta = (
        "<dc:title>사업 계획</dc:title><dc:creator>김하나</dc:creator>"
        "<meta:creation-date>2024-01-02T03:04:05</meta:creation-date><dc:date>2024-03-05</dc:date>"
    )
    document = document_in(odf("text", p("글"), meta=meta))

    assert (document.title, document.date) == ("사업 계획", "2024-03-05")
    assert document.metadata["created"] == "2024-01-02"


def test_a_password_is_named() -> None:
    (problem,) = found_in(odf("text", p("글"), manifest="<manifest:encryption-data/>"))

    reason = "is protected by a password"
    assert problem == Problem(path="글.odt", reason=reason, state=State.PROTECTED)


def test_fields_show_what_they_show_and_spaces_and_breaks_are_kept() -> None:
    body = p(
        "<text:date>2024년</text:date><text:s text:c='2'/>봄<text:tab/>끝<text:line-break/>줄"
        "<text:page-number>3</text:page-number><text:placeholder>이름</text:placeholder>"
    )

    assert text_of(body) == "2024년 봄 끝\n줄"


def test_a_heading_has_the_number_of_its_outline() -> None:
    level = '<text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/>'
    outline = f"<office:styles><text:outline-style>{level}</text:outline-style></office:styles>"
    heads = "".join(f'<text:h text:outline-level="1">{text}</text:h>' for text in ("가", "나"))

    assert text_of(heads, styles=outline) == "1. 가\n\n2. 나"
