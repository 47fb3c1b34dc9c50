from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import PARAGRAPH, Document, Problem, State
from corpus.readers import read_opened
from corpus.readers.rtf import reader

KOREAN_FONT = r"{\fonttbl{\f0\fcharset129 Batang;}{\f1\fcharset0 Arial;}{\f2\fcharset2 Symbol;}}"


def found(data: bytes, suffix: str = ".rtf") -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name="a.rtf", suffix=suffix))


def document(body: str | bytes, head: str = r"\ansi\ansicpg949") -> Document:
    data = body if isinstance(body, bytes) else body.encode()
    (read,) = found(b"{\\rtf1" + head.encode() + b" " + data + b"}")
    assert isinstance(read, Document)
    return read


def text(body: str | bytes, head: str = r"\ansi\ansicpg949") -> str:
    return document(body, head).text


def escaped(words: str, encoding: str = "cp949") -> str:
    return "".join(f"\\'{code:02x}" for code in words.encode(encoding))


def test_paragraphs_are_blocks_and_a_hit_leads_to_the_number_of_one() -> None:
    read = document(r"\pard first\par\par second\line line\par third\tab end")
    assert read.text == "first\n\nsecond\nline\n\nthird end"
    assert (read.unit, read.lines) == (PARAGRAPH, ((0, 1), (7, 2), (20, 3)))


@pytest.mark.parametrize(
    "body",
    [
        escaped("한국 펲시"),
        "한국 펲시".encode("cp949"),
        r"\uc1\u54620?\u44397? \u54194?\u49884?",
        rf"\uc2\u54620{escaped('한')}\u44397{escaped('국')} \u54194{escaped('펲')}\u49884??",
        rf"{{\upr{{wrong}}{{\*\ud {escaped('한국 펲시')}}}}}",
    ],
)
@pytest.mark.parametrize("head", [r"\ansi\ansicpg949", r"\ansi"])
def test_korean_is_read_in_each_form_also_where_no_code_page_is_stated(
    body: str | bytes, head: str
) -> None:
    assert text(body, head) == "한국 펲시"


def test_the_second_byte_of_a_syllable_may_be_a_letter_of_its_own() -> None:
    assert "똀".encode("cp949") == b"\x8cA"
    assert text(r"\'8cA") == "똀"


def test_the_font_tells_the_encoding_of_its_bytes() -> None:
    russian = r"{\fonttbl{\f0\fcharset204 Times;}{\f1\fcharset0 Arial;}}"
    words = rf"\f0 {escaped('Москва', 'cp1251')} \f1 caf\'e9"
    assert text(russian + words, r"\ansi\ansicpg1252") == "Москва café"


def test_a_western_font_may_have_korean_text_and_its_own_signs() -> None:
    body = rf"{KOREAN_FONT}\f1 {escaped('총무과')} 3\'b7 4 it\'92s"
    assert text(body) == "총무과 3· 4 it’s"


@pytest.mark.parametrize(
    ("head", "body", "words"),
    [
        (r"\mac", r"caf\'8e", "café"),
        (r"\pc", r"caf\'82", "café"),
        (r"\pca", r"caf\'82", "café"),
        (r"\ansi\ansicpg99999", r"caf\'e9", "café"),
        (r"\ansi{\fonttbl{\f0\fcharset0\cpg1251 x;}}", r"\f0\'cc\'ee", "Мо"),
        (r"\ansi\ansicpg932{\fonttbl{\f0\fcharset0 x;}}", r"\f0\'93\'fa", "日"),
        (r"\ansi\ansicpg949", r"\u-3913? \u61484? \emdash\~\_x", "• , — -x"),
    ],
)
def test_older_code_pages_and_signs_are_known(head: str, body: str, words: str) -> None:
    assert text(body, head) == words


def test_signs_of_a_symbol_font_are_marks_of_lists() -> None:
    body = rf"{KOREAN_FONT}{{\pntext\f2\'b7\tab}}\f0 one\par{{\pntext\f2\'fc\tab}}\f0 two\par"
    assert text(body) == "• one\n• two"


def test_numbers_of_lists_are_kept_and_items_follow_each_other() -> None:
    body = r"{\listtext 1.\tab}\pard one\par{\listtext 2.\tab}\pard two\par\pard after"
    assert text(body) == "1. one\n2. two\n\nafter"


def test_a_character_beyond_the_first_plane_has_two_numbers() -> None:
    assert text(r"\u-10179?\u-8704? \u-8704?") == "😀 \ufffd"


def test_rows_have_the_names_of_their_columns() -> None:
    rows = (("name", "office", "room"), ("Kim", "Seoul", "12"), ("Lee", "Busan", "7"))
    cells = ("".join(rf"{cell}\cell " for cell in row) for row in rows)
    table = "".join(rf"\trowd\intbl {row}\row" for row in cells)
    assert text(table + r"\pard after").split("\n") == [
        "name | office | room",
        "name: Kim | office: Seoul | room: 12",
        "name: Lee | office: Busan | room: 7",
        "",
        "after",
    ]


def test_a_paragraph_in_a_cell_stays_in_its_row() -> None:
    table = r"\trowd\intbl one\par two\cell{\nestcell x\nestcell}\cell\row\pard after"
    assert text(table) == "one two | x\n\nafter"


def test_notes_boxes_and_comments_follow_their_paragraph() -> None:
    body = (
        r"{\f0 text{\footnote a note\par}{\*\annotation a comment}"
        r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard in a box\par}}"
        r"{\shprslt again}}}\par next"
    )
    read = document(body)
    assert read.text == "text\n\na note\n\na comment\n\nin a box\n\nnext"
    assert [place for _, place in read.lines] == [1, 2]


def test_headers_and_footers_come_once_at_the_end() -> None:
    edges = r"{\header top\par}{\footerl bottom\par}"
    assert text(edges + r"body\par" + edges) == "body\n\ntop\n\nbottom"


@pytest.mark.parametrize(
    "body",
    [
        r"{\pict\wmetafile8 0123456789abcdef}",
        "{\\pict\\bin6 }{\\rtf}",
        r"{\*\shppict{\pict\pngblip 89504e47}}{\nonshppict{\pict 00}}",
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt }}",
        r"{\deleted gone}",
        r"{\*\unknown words}{\colortbl;\red0;}{\xe entry}{\*\htmltag <p>}",
        r"{\mmath{\*\moMath{\mfPr{\mctrlPr word}}}}",
    ],
)
def test_what_is_not_shown_is_not_read(body: str) -> None:
    assert text(f"before {body}after") == "before after"


def test_the_result_of_a_field_is_read() -> None:
    assert text(r"a {\field{\*\fldinst HYPERLINK x}{\fldrslt link}} b") == "a link b"


def test_a_star_within_a_group_says_nothing() -> None:
    assert text(r"{\loch\*\cs7\cf0 words}") == "words"


def test_title_author_and_dates_are_those_of_the_information() -> None:
    head = (
        rf"\ansi\ansicpg949{{\info{{\title {escaped('사업 계획')}}}{{\author {escaped('홍길동')}}}"
    )
    head += r"{\revtim\yr2024\mo3\dy5\hr9}{\creatim\yr2024\mo13\dy5}{\comment x}}"
    read = document("words", head)
    assert (read.title, read.date) == ("사업 계획", "2024-03-05")
    assert read.metadata == {"author": "홍길동", "modified": "2024-03-05"}


@pytest.mark.parametrize("title", ["Microsoft Word - ", "문서1", "제목 없음"])
def test_the_title_of_a_template_gives_way_to_the_heading(title: str) -> None:
    head = rf"\ansi\ansicpg949{{\info{{\title {escaped(title)}}}}}"
    styles = r"{\stylesheet{\s1 heading 1;}{\s2\outlinelevel1 Other;}{\s3 Title;}}"
    read = document(rf"{styles}\pard\s1 One\par\pard body\par\pard\s2 Two\par", head)
    assert read.title == "One"
    assert [heading.text for heading in read.headings] == ["One", "Two"]
    titled = document(rf"{styles}\pard\s1 One\par\pard\s3 Name\par", head)
    assert titled.title == "Name"


@pytest.mark.parametrize(
    ("data", "reason", "state"),
    [
        (b"{\\rtf1 words {\\b more", "was read in part; its end is missing", State.DAMAGED),
        (
            b"{\\rtf1 words}} and more}",
            "was read in part; a stray brace ends it, and more follows",
            State.DAMAGED,
        ),
        (
            b"{\\rtf1 words" + b"{" * 5_000,
            "was read in part; its groups are nested too deep",
            State.PART,
        ),
        (
            b"{\\rtf1{\\fonttbl{\\f0\\fcharset128 x;}}\\f0 words \\'81}",
            "1 byte is not valid Windows-1252; replaced with \ufffd",
            State.UNREAD,
        ),
    ],
)
def test_what_could_not_be_read_is_told_and_the_rest_is_read(
    data: bytes, reason: str, state: State
) -> None:
    read, problem = found(data)
    assert isinstance(read, Document)
    assert read.text.startswith("words")
    assert problem == Problem(path="a.rtf", reason=reason, state=state)


def test_what_programs_leave_after_the_end_is_no_text_that_is_missing() -> None:
    for rest in (b"\0\r\n\x1a", b"}}", b"{\\*\\themedata 504b0304}{\\*\\latentstyles x}"):
        (read,) = found(b"{\\rtf1 words}" + rest)
        assert isinstance(read, Document)


def test_an_rtf_of_pictures_only_has_no_text() -> None:
    (problem,) = found(rb"{\rtf1{\pict 00ff}\par}")
    assert problem == Problem(path="a.rtf", reason="has no text", state=State.NO_TEXT)


def test_a_table_that_is_cut_off_is_read() -> None:
    read, _ = found(b"{\\rtf1 \\trowd\\intbl one\\cell two")
    assert isinstance(read, Document)
    assert read.text == "one | two"


def test_an_rtf_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MOST_BYTES", 10)
    (problem,) = found(b"{\\rtf1 words}")
    assert isinstance(problem, Problem)
    assert (problem.reason, problem.state) == ("is an RTF of more than 10 bytes", State.TOO_LARGE)


def test_what_is_no_rtf_is_a_problem() -> None:
    (problem,) = found(b"words")
    assert problem == Problem(path="a.rtf", reason="is damaged, or no RTF", state=State.DAMAGED)


@pytest.mark.parametrize("suffix", [".hwp", ".docx", ".pdf", ".rtf"])
def test_the_first_bytes_tell_an_rtf_whatever_its_suffix(suffix: str) -> None:
    (read,) = found(b"{\\rtf1 words}", suffix)
    assert isinstance(read, Document)
    assert read.text == "words"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_any_text_in_unicode_comes_back(words: str) -> None:
    units = words.encode("utf-16-le")
    numbers = (int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2))
    body = "".join(f"\\u{number - 65536 if number > 32767 else number}?" for number in numbers)
    assert text(f"a{body}z") == f"a{words}z"
