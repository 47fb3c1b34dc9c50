"""HWPX files are read with all their text, whichever program wrote them."""

from io import BytesIO
from zipfile import ZipFile

import hwp_writer as hwp
import pytest

from corpus.document import PARAGRAPH, Document, Problem, State
from corpus.readers import archive, read_opened, xml_cursor

PACKAGE = """<package><metadata><title>{title}</title><meta name="creator">홍길동</meta>
<meta name="ModifiedDate">2024-05-01T20:00:00Z</meta></metadata></package>"""


def found(data: bytes) -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name="계획.hwpx", suffix=".hwpx"))


def document(data: bytes) -> Document:
    (only,) = found(data)
    assert isinstance(only, Document)
    return only


def sub_list(name: str, text: str, attributes: str = "") -> str:
    inner = f"<hp:subList>{hwp.p(hwp.t(text))}</hp:subList>"
    return f"<hp:ctrl><hp:{name} {attributes}>{inner}</hp:{name}></hp:ctrl>"


def test_places_are_the_paragraphs_of_the_body_through_all_sections() -> None:
    table = hwp.tbl([[hwp.p(hwp.t("사업")), hwp.p(hwp.t("예산"))]])
    read = document(hwp.hwpx(hwp.p(hwp.t("앞")) + hwp.p(table), hwp.p(hwp.t("다음"))))
    assert read.text == "앞\n\n사업\t예산\n\n다음"
    assert [read.line_at(read.text.index(word)) for word in ("앞", "예산", "다음")] == [1, 2, 3]
    assert read.unit == PARAGRAPH


def test_rows_with_tables_in_them_are_layout_and_the_inner_rows_stay_lines() -> None:
    inner = hwp.tbl([[hwp.p(hwp.t("가")), hwp.p(hwp.t("나"))]])
    outer = hwp.tbl([[hwp.p(hwp.t("제목")), hwp.p(inner)]])
    assert document(hwp.hwpx(hwp.p(outer))).text == "제목\n\n가\t나"


def test_a_caption_stands_on_its_side_of_the_table() -> None:
    caption = '<hp:caption side="BOTTOM"><hp:subList>' + hwp.p(hwp.t("표 1")) + "</hp:subList>"
    table = hwp.tbl([[hwp.p(hwp.t("가")), hwp.p(hwp.t("나"))]])
    table = table.replace("<hp:tr>", caption + "</hp:caption><hp:tr>")
    assert document(hwp.hwpx(hwp.p(table))).text == "가\t나\n\n표 1"


def test_headers_once_and_notes_comments_and_memos_below_their_paragraph() -> None:
    parameters = "<hp:parameters><hp:stringParam>https://x</hp:stringParam></hp:parameters>"
    memo = sub_list("fieldBegin", "메모").replace("<hp:subList>", parameters + "<hp:subList>")
    note = sub_list("footNote", "각주", 'number="2" suffixChar="41"')
    parts = [hwp.t("본문"), note, sub_list("hiddenComment", "숨은 설명"), memo]
    head = sub_list("header", "머리말")
    read = document(hwp.hwpx(hwp.p(head, *parts), hwp.p(head, hwp.t("끝"))))
    assert read.text == "머리말\n\n본문2)\n\n각주\n\n숨은 설명\n\n메모\n\n끝"


def test_deleted_text_is_not_read_even_over_the_end_of_a_paragraph() -> None:
    first = hwp.p(hwp.t("남은 글<hp:deleteBegin/>지운 글"))
    second = hwp.p(hwp.t("지운 줄<hp:deleteEnd/>다시 남은 글"))
    assert document(hwp.hwpx(first + second)).text == "남은 글\n\n다시 남은 글"


def test_signs_in_the_text_and_text_in_attributes_are_read() -> None:
    text = hwp.t('가<hp:tab leader="0"/>나<hp:nbSpace/>다<hp:tab leader="3"/>7')
    equation = "<hp:equation><hp:script>a over b</hp:script></hp:equation>"
    ruby = "<hp:dutmal><hp:mainText>본말</hp:mainText><hp:subText>덧말</hp:subText></hp:dutmal>"
    ring = '<hp:compose composeText="③"/>'
    read = document(hwp.hwpx(hwp.p(text, equation, ruby, ring)))
    assert read.text == "가\t나 다 ··· 7 a / b 본말 덧말 ③"


def test_automatic_numbers_of_lists_and_captions_but_not_of_pages() -> None:
    head = '<hh:paraHead level="1" start="1" numFormat="HANGUL_SYLLABLE">^1.</hh:paraHead>'
    shape = '<hh:paraPr id="7"><hh:heading type="NUMBER" idRef="1" level="0"/></hh:paraPr>'
    header = f'<hh:numbering id="1">{head}</hh:numbering>{shape}'
    counted = '<hp:ctrl><hp:autoNum num="4" numType="TABLE"/></hp:ctrl>'
    page = '<hp:ctrl><hp:autoNum num="9" numType="PAGE"/></hp:ctrl>'
    section = hwp.p(hwp.t("하나"), shape=7) + hwp.p(hwp.t("둘"), shape=7)
    section += hwp.p(hwp.t("표 "), counted, page)
    assert document(hwp.hwpx(section, header=header)).text == "가. 하나\n나. 둘\n\n표 4"


def test_a_bullet_of_a_font_of_symbols_is_shown_as_a_dot() -> None:
    shape = '<hh:paraPr id="1"><hh:heading type="BULLET" idRef="2" level="0"/></hh:paraPr>'
    header = f'<hh:bullet id="2" char="\uf0a7"/>{shape}'
    assert document(hwp.hwpx(hwp.p(hwp.t("항목"), shape=1), header=header)).text == "• 항목"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("도로 정비 사업 계획", "도로 정비 사업 계획"),
        ("다른 문서의 제목이다", "알림"),
        ("3", "알림"),
    ],
)
def test_a_stated_title_is_believed_if_the_text_has_it(title: str, expected: str) -> None:
    header = '<hh:charPr id="0" height="1000"/>'
    files = {"Contents/content.hpf": PACKAGE.format(title=title)}
    section = hwp.p(hwp.t("알림")) + hwp.p(hwp.t("도로 정비 사업 계획을 붙인다."))
    read = document(hwp.hwpx(section, header=header, **files))
    assert read.title == expected
    assert read.metadata == {"author": "홍길동", "modified": "2024-05-02"}
    assert read.date == "2024-05-02"


def test_another_archive_and_a_protected_file_are_problems_with_the_reason() -> None:
    other = BytesIO()
    with ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    manifest = {"META-INF/manifest.xml": "<odf:file-entry><odf:encryption-data/></odf:file-entry>"}
    protected = hwp.hwpx("", **manifest)
    reasons = [problem.reason for data in (other.getvalue(), protected, other.getvalue()[:40])
               for problem in found(data) if isinstance(problem, Problem)]  # fmt: skip
    assert "not an HWPX document" in reasons[0]
    assert reasons[1] == "is protected by a password"
    assert reasons[2].startswith("is damaged")


def test_xml_that_ends_early_gives_the_text_before_it_and_a_problem() -> None:
    read, problem = found(hwp.hwpx(hwp.p(hwp.t("읽은 글")) + "<hp:p><hp:run><"))
    assert isinstance(read, Document)
    assert read.text == "읽은 글"
    assert isinstance(problem, Problem)
    assert problem.reason == "was read in part; it is damaged, and some of its text is missing"
    assert problem.state is State.DAMAGED


def test_the_texts_of_a_chart_are_read_once_and_in_their_place() -> None:
    chart = '<hp:chart chartIDRef="Chart/chart1.xml"><hp:pos treatAsChar="0"/></hp:chart>'
    copy = '<hp:ole binaryItemIDRef="ole1"><hp:pos treatAsChar="0"/></hp:ole>'
    choice = f"<hp:switch><hp:case>{chart}</hp:case><hp:default>{copy}</hp:default></hp:switch>"
    files = {"Chart/chart1.xml": hwp.chart("분기별 판매", "판매", "1분기", "2분기")}
    read = document(hwp.hwpx(hwp.p(choice, hwp.t("글")) + hwp.p(hwp.t("끝")), **files))
    assert read.text == "글\n\n분기별 판매\n판매\n1분기\n2분기\n\n끝"


def test_a_chart_that_is_missing_is_reported() -> None:
    read, problem = found(hwp.hwpx(hwp.p('<hp:chart chartIDRef="Chart/chart1.xml"/>', hwp.t("글"))))
    assert isinstance(read, Document)
    assert isinstance(problem, Problem)
    assert problem.reason == "was read in part; it is damaged: it has no Chart/chart1.xml"


def test_an_object_that_begins_a_line_is_above_the_text_and_a_floating_one_below() -> None:
    rows = [[hwp.p(hwp.t("가")), hwp.p(hwp.t("나"))]]
    for value, expected in (("1", "가\t나\n\n글"), ("0", "글\n\n가\t나")):
        table = hwp.tbl(rows).replace("<hp:tr>", f'<hp:pos treatAsChar="{value}"/><hp:tr>', 1)
        assert document(hwp.hwpx(hwp.p(table, hwp.t("글")))).text == expected


def test_entities_are_not_replaced_and_the_loss_is_reported() -> None:
    data = hwp.hwpx(hwp.p(hwp.t("앞 &bomb; 뒤")))
    read, problem = found(data)
    assert isinstance(read, Document)
    assert "앞" in read.text
    assert isinstance(problem, Problem)


@pytest.mark.parametrize(
    ("module", "limit", "words"),
    [
        (archive, "_MOST_BYTES", "is too large"),
        (archive, "_MOST_IN_ALL", "is too large"),
        (xml_cursor, "_MOST_TEXT", "has more than 500 characters in one part"),
    ],
)
def test_a_file_beyond_a_limit_is_refused_whole(
    monkeypatch: pytest.MonkeyPatch, module: object, limit: str, words: str
) -> None:
    data = hwp.hwpx("".join(hwp.p(hwp.t(f"{number}번째 글")) for number in range(99)))
    monkeypatch.setattr(module, limit, 500)
    (problem,) = found(data)
    assert isinstance(problem, Problem)
    assert problem.reason.startswith(words)
    assert problem.state is State.TOO_LARGE


def test_tables_in_each_other_without_end_are_refused() -> None:
    (problem,) = found(hwp.hwpx("<hp:p><hp:run><hp:tbl><hp:tr><hp:tc><hp:subList>" * 5000))
    assert isinstance(problem, Problem)
    assert problem.reason == "has elements nested too deeply"
    assert problem.state is State.TOO_LARGE


def test_a_member_that_is_damaged_gives_the_text_before_it_and_one_problem() -> None:
    whole = hwp.hwpx("".join(hwp.p(hwp.t(f"{number}번째 글")) for number in range(2999)))
    at = whole.index("2500번째".encode())
    read, problem = found(whole[:at] + b"3" + whole[at + 1 :])  # the check sum is another
    assert isinstance(read, Document)
    assert "999번째" in read.text
    assert isinstance(problem, Problem)
    assert problem.reason == "was read in part; it is damaged, and some of its text is missing"


@pytest.mark.parametrize("author", ["USER", "Owner", "관리자"])
def test_an_author_that_only_a_program_has_stated_is_none(author: str) -> None:
    package = PACKAGE.format(title="").replace("홍길동", author)
    read = document(hwp.hwpx(hwp.p(hwp.t("글")), **{"Contents/content.hpf": package}))
    assert "author" not in read.metadata
