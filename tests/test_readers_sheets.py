"""Sheets are read row by row, as a person sees their values, with the names of the columns."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import ROW, Document, Problem, State
from corpus.readers import read_opened
from corpus.readers.office.cell_values import DATE, kind_of_format, number_text
from tests.office_files import (
    number_cell,
    odf,
    relationships,
    row,
    sheet_part,
    text_cell,
    xlsx,
)

STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;년&quot; m&quot;월&quot;"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/></numFmts><cellXfs><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/></cellXfs>'
)
HEADER = row(1, A=text_cell("이름"), B=text_cell("지역"), C=text_cell("입사일"))


def documents_in(data: bytes, name: str = "표.xlsx") -> list[Document]:
    found = list(read_opened(BytesIO(data), name=name, suffix=Path(name).suffix))
    assert all(isinstance(each, Document) for each in found)
    return [each for each in found if isinstance(each, Document)]


def lines_in(data: bytes) -> list[str]:
    (document,) = documents_in(data)
    return document.text.split("\n")[2:]


def ods_row(*cells: str, repeated: int = 1) -> str:
    written = "".join(
        f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>"
        if cell
        else "<table:table-cell/>"
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{written}</table:table-row>'


def test_a_row_is_a_line_with_the_names_of_its_columns() -> None:
    rows = HEADER + row(4, A=text_cell("김하나"), C=number_cell("44197", 1))
    (document,) = documents_in(xlsx({"사람": rows}, styles=STYLES))

    assert document.text == "사람\n\n이름 | 지역 | 입사일\n이름: 김하나 | 입사일: 2021-01-01"
    assert document.unit == ROW
    assert document.line_at(document.text.index("김하나")) == 4
    assert [heading.text for heading in document.headings] == ["사람"]
    assert (document.id, document.title) == ("표.xlsx", "표")


def test_each_of_several_sheets_is_a_document_with_its_own_rows() -> None:
    rows = row(1, A=text_cell("글"))
    found = documents_in(xlsx({"가": rows, "빈": "", "나": row(9, B=text_cell("끝"))}))

    assert [document.id for document in found] == ["표.xlsx#가", "표.xlsx#나"]
    assert [document.path for document in found] == ["표.xlsx", "표.xlsx"]
    assert found[1].lines == ((0, 9),)


def test_values_are_written_as_they_are_read() -> None:
    cells = {
        "A": number_cell("44197.5", 1),
        "B": number_cell("44197", 2),
        "C": number_cell("1.5", 3),
        "D": number_cell("0.125", 4),
        "E": number_cell("0.30000000000000004"),
        "F": 't="b"><v>1</v>',
        "G": 't="e"><v>#DIV/0!</v>',
        "H": 't="d"><v>2021-01-01T00:00:00</v>',
        "I": 't="str"><v>결과_x000D_</v>',
        "J": 't="s"><v>1</v>',
    }
    strings = "<si><t>가</t></si><si><r><t>나</t></r><r><t>다</t></r><rPh><t>음</t></rPh></si>"
    other = {"xl/sharedStrings.xml": sheet_part("sst", strings)}
    (line,) = lines_in(xlsx({"값": row(1, **cells)}, styles=STYLES, other=other))

    assert line == (
        "2021-01-01 12:00:00 | 2021-01-01 | 36:00 | 12.5% | 0.3 | TRUE | 2021-01-01 | 결과 | 나다"
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", "number"),
        ("Standard", "number"),
        ("#,##0.00;[Red]-#,##0.00", "number"),
        ('0.00"d"', "number"),
        ("yyyy-mm-dd", "date"),
        ('m"월" d"일"', "date"),
        ("mmm", "date"),
        ("h:mm AM/PM", "time"),
        ("[mm]:ss", "elapsed"),
        ("0.0%", "share"),
    ],
)
def test_the_code_of_a_format_tells_what_its_values_are(code: str, kind: str) -> None:
    assert kind_of_format(200, code) == kind


@given(st.datetimes(datetime(1904, 1, 2), datetime(9999, 12, 31)))
def test_the_number_of_a_day_leads_to_that_day(day: datetime) -> None:
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    days = (midnight - datetime(1899, 12, 30)) // timedelta(days=1)

    assert number_text(str(days), DATE, is_1904=False) == midnight.date().isoformat()
    assert number_text(str(days - 1462), DATE, is_1904=True) == midnight.date().isoformat()


def test_comments_and_texts_of_drawings_stand_at_their_rows() -> None:
    anchor = (
        "<xdr:oneCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:row>4</xdr:row></xdr:from><xdr:sp>"
        '<xdr:nvSpPr><xdr:cNvPr id="1" name="x" descr="그래프"/></xdr:nvSpPr><xdr:txBody><a:p><a:r>'
        "<a:t>도형의 글</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:oneCellAnchor>"
    )
    comment = '<commentList><comment ref="B2"><text><t>확인</t></text></comment></commentList>'
    other = {
        "xl/worksheets/_rels/sheet1.xml.rels": relationships(
            {"a": ("comments", "../comments1.xml"), "b": ("drawing", "../drawings/drawing1.xml")}
        ),
        "xl/comments1.xml": sheet_part("comments", comment),
        "xl/drawings/drawing1.xml": sheet_part("wsDr", anchor),
    }
    rows = row(1, A=text_cell("첫 줄")) + row(9, A=text_cell("끝 줄"))
    (document,) = documents_in(xlsx({"가": rows}, other=other))

    assert document.text.split("\n")[2:] == ["첫 줄", "확인", "그래프", "도형의 글", "끝 줄"]
    assert [place for _, place in document.lines] == [1, 2, 5, 9]


def test_a_cell_at_the_end_of_a_sheet_costs_no_more_than_one_at_its_start() -> None:
    rows = row(1, A=number_cell("1")) + row(1_048_576, XFD=number_cell("2"))
    (document,) = documents_in(xlsx({"넓은": rows}))

    assert document.text == "넓은\n\n1\n2"
    assert document.lines == ((0, 1), (6, 1_048_576))


def test_a_form_of_two_columns_has_no_header() -> None:
    rows = "".join(
        row(number, A=text_cell(name), B=text_cell(value))
        for number, (name, value) in enumerate(
            (("성명", "김하나"), ("주소", "서울"), ("직업", "교사")), start=1
        )
    )

    assert lines_in(xlsx({"신청서": rows})) == ["성명 | 김하나", "주소 | 서울", "직업 | 교사"]


def test_a_title_above_a_table_is_not_its_header() -> None:
    rows = row(1, A=text_cell("2024년 실적")) + "".join(
        row(number, A=text_cell(name), B=value)
        for number, (name, value) in enumerate(
            (
                ("지점", text_cell("매출")),
                ("서울", number_cell("120")),
                ("부산", number_cell("80")),
            ),
            start=2,
        )
    )

    assert lines_in(xlsx({"실적": rows})) == [
        *("2024년 실적", "지점 | 매출", "지점: 서울 | 매출: 120", "지점: 부산 | 매출: 80")
    ]


def test_rows_of_an_ods_are_numbered_through_those_that_repeat() -> None:
    date = '<table:table-cell office:value-type="date" office:date-value="2021-01-01T00:00:00">'
    last = f"<table:table-row>{date}<text:p>1. 1.</text:p></table:table-cell></table:table-row>"
    table = (
        '<table:table table:name="가">'
        + ods_row("같은 줄", repeated=2)
        + ods_row("", repeated=5)
        + last
        + ods_row("", repeated=1_000_000)
        + "</table:table>"
    )
    (document,) = documents_in(odf("spreadsheet", table), "표.ods")

    assert document.text == "가\n\n같은 줄\n같은 줄\n2021-01-01"
    assert document.lines == ((0, 1), (8, 2), (13, 8))


def test_each_of_several_sheets_of_an_ods_is_a_document() -> None:
    tables = "".join(
        f'<table:table table:name="{name}">{ods_row(name * 2)}</table:table>' for name in "가나"
    )
    found = documents_in(odf("spreadsheet", tables), "표.ods")

    assert [(document.id, document.text) for document in found] == [
        ("표.ods#가", "가\n\n가가"),
        ("표.ods#나", "나\n\n나나"),
    ]


def test_a_copy_of_a_sheet_of_another_file_is_no_sheet() -> None:
    own = f'<table:table table:name="가">{ods_row("글")}</table:table>'
    copy = own.replace('"가"', "\"'file:///other.ods'#$Sheet1\"")
    (document,) = documents_in(odf("spreadsheet", own + copy), "표.ods")

    assert (document.id, document.text) == ("표.ods", "가\n\n글")


def test_a_sheet_that_has_only_a_drawing_is_read() -> None:
    anchor = "<xdr:sp><xdr:txBody><a:p><a:r><a:t>안내문</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    other = {
        "xl/worksheets/_rels/sheet1.xml.rels": relationships(
            {"a": ("drawing", "../drawings/drawing1.xml")}
        ),
        "xl/drawings/drawing1.xml": sheet_part("wsDr", anchor),
    }
    (document,) = documents_in(xlsx({"가": ""}, other=other))

    assert document.text == "가\n\n안내문"


def test_a_sheet_that_a_book_names_again_and_again_is_read_once() -> None:
    sheets = "<sheet name='가' r:id='rId1'/>" * 1_000
    book = sheet_part("workbook", f"<sheets>{sheets}</sheets>")
    (document,) = documents_in(
        xlsx({"가": row(1, A=text_cell("글"))}, other={"xl/workbook.xml": book})
    )

    assert (document.id, document.text) == ("표.xlsx", "가\n\n글")


def test_sheets_that_repeat_their_cells_without_an_end_are_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("corpus.readers.office.reader._MOST_CHARACTERS", 25_000)
    table = f'<table:table table:name="가">{ods_row("글", repeated=4_000)}</table:table>'
    read = list(read_opened(BytesIO(odf("spreadsheet", table * 200)), name="표.ods", suffix=".ods"))
    *documents, problem = read

    assert isinstance(problem, Problem)
    assert (problem.reason, problem.state) == ("has more than 25,000 characters", State.TOO_LARGE)
    assert 0 < len(documents) < 200
