"""A DOCX is read as its reader sees it: nothing twice, nothing that was deleted, no codes."""

from __future__ import annotations

from io import BytesIO

from corpus.document import PARAGRAPH, Document, Problem
from corpus.readers import read_opened
from tests.office_files import core, docx, paragraph, word_table

STYLES = """
<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/>
  <w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="my heading"/><w:basedOn w:val="a1"/>
  </w:style>
<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
"""
NUMBERING = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>
    <w:lvlText w:val="제%1조"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="ganada"/>
    <w:lvlText w:val="%1.%2)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
  <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="l"/></w:lvl>
</w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="9"><w:abstractNumId w:val="0"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
"""
TEXT_BOX = (
    "<w:p><w:r><w:t>앞</w:t><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
    f"<w:txbxContent>{paragraph('상자 안의 글')}</w:txbxContent></w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict><w:txbxContent>{paragraph('상자 안의 글')}</w:txbxContent></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>뒤</w:t></w:r></w:p>"
)


def found_in(data: bytes) -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name="글.docx", suffix=".docx"))


def document_in(data: bytes) -> Document:
    (document,) = found_in(data)
    assert isinstance(document, Document)
    return document


def text_of(body: str, **parts: str) -> str:
    return document_in(docx(body, **parts)).text


def item(list_id: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def test_a_place_is_the_number_of_a_paragraph_with_text() -> None:
    body = paragraph("하나") + "<w:p/>" + word_table([["가", "나"], ["다", "라"]]) + paragraph("끝")
    document = document_in(docx(body))

    assert document.unit == PARAGRAPH
    assert document.text == "하나\n\n가 | 나\n다 | 라\n\n끝"
    places = [document.text[start:].split("\n")[0] for start, _ in document.lines]
    assert places == ["하나", "가 | 나", "다 | 라", "끝"]
    assert [place for _, place in document.lines] == [1, 2, 3, 4]
    assert document.line_at(document.text.index("라")) == 3


def test_styles_tell_headings_also_by_the_style_they_are_based_on() -> None:
    body = "".join(
        paragraph(text, f'<w:pStyle w:val="{style}"/>')
        for text, style in (("보고서", "t"), ("머리", "a1"), ("작은 머리", "a2"), ("본문", "none"))
    )
    document = document_in(docx(body, styles=STYLES))

    assert [heading.text for heading in document.headings] == ["보고서", "머리", "작은 머리"]
    assert document.title == "보고서"


def test_items_have_the_numbers_and_bullets_that_are_shown() -> None:
    body = "".join(
        (
            paragraph("목적", item(7)),
            paragraph("정의", item(7)),
            paragraph("말", item(7, 1)),
            paragraph("글", item(7, 1)),
            paragraph("적용", item(7)),
            paragraph("점", item(8)),
            paragraph("다섯째", item(9)),
        )
    )
    lines = text_of(body, numbering=NUMBERING).split("\n")

    assert lines == [
        *("제1조 목적", "제2조 정의", "2.가) 말", "2.나) 글", "제3조 적용", "- 점", "제5조 다섯째")
    ]


def test_the_cells_of_a_table_with_a_header_have_the_names_of_their_columns() -> None:
    rows = [["이름", "부서"], ["김하나", "기획"], ["박두리", ""]]

    assert text_of(word_table(rows, has_header=True)).split("\n")[1:] == [
        "이름: 김하나 | 부서: 기획",
        "이름: 박두리",
    ]
    assert text_of(word_table(rows)).split("\n")[1:] == ["김하나 | 기획", "박두리"]


def test_a_cell_over_several_columns_leaves_the_names_of_the_others_right() -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("둘")}</w:tc>'
    row = f"<w:tr>{wide}<w:tc>{paragraph('셋')}</w:tc></w:tr>"
    table = word_table([["가", "나", "다"]], has_header=True)
    text = text_of(table.replace("</w:tbl>", f"{row}</w:tbl>"))

    assert text == "가 | 나 | 다\n가: 둘 | 다: 셋"


def test_a_table_in_a_cell_is_read_in_its_row() -> None:
    inner = word_table([["안", "쪽"]])
    body = f"<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc><w:tc>{paragraph('밖')}</w:tc></w:tr></w:tbl>"

    assert text_of(body) == "안 | 쪽 | 밖"


def test_a_text_box_is_read_once_below_its_paragraph() -> None:
    assert text_of(TEXT_BOX) == "앞뒤\n\n상자 안의 글"


def test_deleted_text_is_left_out_and_inserted_text_is_not() -> None:
    body = (
        "<w:p><w:r><w:t>산 </w:t></w:r><w:del><w:r><w:delText>지운</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>옮긴</w:t></w:r></w:moveFrom>"
        "<w:ins><w:r><w:t>넣은</w:t></w:r></w:ins></w:p>"
    )
    row = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('지운 줄')}</w:tc></w:tr>"
    table = word_table([["남은 줄"]]).replace("</w:tbl>", f"{row}</w:tbl>")

    assert text_of(body + table) == "산 넣은\n\n남은 줄"


def test_fields_show_their_results_and_not_their_codes() -> None:
    def run(content: str) -> str:
        return f"<w:r>{content}</w:r>"

    nested = "".join(
        (
            run("<w:t>보기 </w:t>"),
            run('<w:fldChar w:fldCharType="begin"/>'),
            run('<w:instrText>IF "</w:instrText>'),
            run('<w:fldChar w:fldCharType="begin"/><w:instrText>MERGEFIELD x</w:instrText>'),
            run('<w:fldChar w:fldCharType="separate"/><w:t>숨은</w:t>'),
            run('<w:fldChar w:fldCharType="end"/>'),
            run('<w:fldChar w:fldCharType="separate"/><w:t>결과</w:t>'),
            run('<w:fldChar w:fldCharType="end"/><w:t> 다음</w:t>'),
        )
    )
    entries = '<w:listEntry w:val="하나"/><w:listEntry w:val="둘"/>'
    chosen = run(
        f'<w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>{entries}'
        '</w:ddList></w:ffData></w:fldChar><w:fldChar w:fldCharType="end"/>'
    )
    body = f"<w:p>{nested}</w:p><w:p>{chosen}</w:p>"

    assert text_of(body) == "보기 결과 다음\n\n둘"


def test_a_field_that_never_begins_its_result_hides_its_paragraph_only() -> None:
    body = f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>{paragraph("보임")}'

    assert text_of(body) == "보임"


def test_notes_and_comments_follow_the_paragraph_that_refers_to_them() -> None:
    references = (
        '<w:p><w:r><w:t>글</w:t><w:footnoteReference w:id="2"/><w:endnoteReference w:id="1"/>'
        '<w:commentReference w:id="0"/></w:r></w:p>'
    )
    text = text_of(
        references + paragraph("다음"),
        footnotes=f'<w:footnote w:type="separator" w:id="-1">{paragraph("선")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("각주")}</w:footnote>',
        endnotes=f'<w:endnote w:id="1">{paragraph("미주")}</w:endnote>',
        comments=f'<w:comment w:id="0" w:author="누구">{paragraph("메모")}</w:comment>',
    )

    assert text == "글\n\n각주\n\n미주\n\n메모\n\n다음"


def test_headers_and_footers_are_read_once_and_page_numbers_are_not() -> None:
    text = text_of(
        paragraph("본문"),
        header1=paragraph("대외비"),
        header2=paragraph("대외비"),
        footer1=paragraph("- 1 -") + paragraph("Page 1 of 3") + paragraph("제2부 기획"),
    )

    assert text == "본문\n\n대외비\n\n제2부 기획"


def test_pictures_have_their_descriptions_but_not_the_names_of_their_files() -> None:
    body = "".join(
        f'<w:p><w:r><w:drawing><wp:docPr id="1" name="x" descr="{words}"/></w:drawing></w:r></w:p>'
        for words in ("하늘을 나는 새", "IMG_0001.png", "")
    )

    assert text_of(body) == "하늘을 나는 새"


def test_a_control_that_nobody_filled_has_no_text() -> None:
    control = (
        "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>"
    )
    empty = control.format("<w:showingPlcHdr/>", "여기를 클릭")
    body = f"<w:p>{empty}{control.format('', '채운 것')}</w:p>"

    assert text_of(body) == "채운 것"


def test_readings_above_words_and_formulas_and_breaks_are_text() -> None:
    ruby = (
        "<w:ruby><w:rt><w:r><w:t>한자</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢字</w:t></w:r>"
        "</w:rubyBase></w:ruby>"
    )
    formula = "<m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath>"
    body = f"<w:p><w:r>{ruby}<w:br/><w:t>둘째</w:t><w:tab/><w:t>줄</w:t></w:r>{formula * 2}</w:p>"

    assert text_of(body) == "漢字(한자)\n둘째 줄 a=b a=b"


def test_the_properties_are_kept_without_what_the_template_left() -> None:
    stated = core(
        dc_title="사업 계획",
        dc_creator="김하나",
        dcterms_created="2013-12-23T23:15:00Z",
        dcterms_modified="2024-03-05T01:02:03Z",
    )
    document = document_in(docx(paragraph("글"), properties=stated))
    assert (document.title, document.date) == ("사업 계획", "2024-03-05")
    assert document.metadata == {"author": "김하나", "modified": "2024-03-05"}

    empty = core(dc_title="문서1", dc_creator="Windows User", dcterms_modified="1980-01-01")
    document = document_in(docx(paragraph("글"), properties=empty))
    assert (document.title, document.date, document.metadata) == ("글", "", {})


def test_a_date_that_the_text_states_precedes_that_of_the_file() -> None:
    stated = core(dcterms_modified="2024-03-05T01:02:03Z")
    body = paragraph("보도자료") + paragraph("2023년 1월 2일")

    assert document_in(docx(body, properties=stated)).date == "2023-01-02"


def test_what_precedes_damage_is_read_and_the_damage_is_named() -> None:
    whole = docx(paragraph("앞") + "<w:p><w:r><w:t>뒤</w:r></w:p>")
    document, problem = found_in(whole)

    assert isinstance(document, Document)
    assert document.text == "앞"
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("was read in part; it is damaged: word/document.xml")


def test_a_part_of_another_format_is_named() -> None:
    document, problem = found_in(docx(paragraph("글") + "<w:altChunk/>"))

    assert isinstance(document, Document)
    assert isinstance(problem, Problem)
    assert "another format" in problem.reason


def test_a_form_gets_no_names_of_columns_but_a_table_of_numbers_does() -> None:
    form = [["성명", "김하나", "소속", "기획과"], ["전화", "없음", "직위", "과장"]]
    table = [["지점", "매출"], ["서울", "120"], ["부산", "80"]]

    assert text_of(word_table(form)) == "성명 | 김하나 | 소속 | 기획과\n전화 | 없음 | 직위 | 과장"
    assert text_of(word_table(table)).endswith("지점: 부산 | 매출: 80")


def test_a_description_that_a_picture_repeats_is_read_once() -> None:
    picture = '<wp:docPr id="1" name="x" descr="새"/><w:pic><w:cNvPr descr="새"/></w:pic>'

    assert text_of(f"<w:p><w:r><w:drawing>{picture}</w:drawing></w:r></w:p>") == "새"


def test_a_chart_is_read_below_its_paragraph() -> None:
    body = '<w:p><w:r><w:t>글</w:t><w:drawing><w:chart r:id="chart1"/></w:drawing></w:r></w:p>'
    chart = (
        "<w:title><w:p><w:r><w:t>매출 추이</w:t></w:r></w:p></w:title><w:strCache><w:pt><w:v>서울"
        "</w:v></w:pt></w:strCache><w:numCache><w:pt><w:v>120</w:v></w:pt></w:numCache>"
    )

    assert text_of(body, chart1=chart) == "글\n\n매출 추이\n서울"
