from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Problem
from corpus.readers import read
from corpus.readers.front_matter import front_matter
from corpus.readers.markdown_blocks import shown


def document(folder: Path, content: str) -> Document:
    path = folder / "note.md"
    path.write_bytes(content.encode())
    (found,) = read(path, name="note.md")
    assert isinstance(found, Document)
    return found


def heading_texts(text: str) -> list[str]:
    return [heading.text for heading in shown(text)[1]]


def test_front_matter_gives_title_date_and_metadata_and_is_no_part_of_the_text(
    tmp_path: Path,
) -> None:
    found = document(
        tmp_path,
        "---\ntitle: '한국: 중견국의 길'\nDate: 2024-11-14 # 목요일\nlang: ko\nsource: 외교부\n"
        "tags:\n  - 외교\nempty:\n---\n\n# 다른 제목\n본문\n",
    )

    assert (found.title, found.date) == ("한국: 중견국의 길", "2024-11-14")
    assert found.text == "\n다른 제목\n본문\n"
    assert found.metadata == {"source": "외교부", "tags": "외교"}
    assert found.line_at(found.text.index("본문")) == 12


def test_front_matter_may_be_toml() -> None:
    values = front_matter('+++\ntitle = "한국"\ndate = 2024-11-14\n+++\n본문').values

    assert values == {"title": "한국", "date": "2024-11-14"}


def test_a_folded_value_continues_on_the_next_lines() -> None:
    assert front_matter("---\ntitle: >-\n  한국과\n  몽골\n---\n").values == {
        "title": "한국과 몽골"
    }


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: 한국\n본문",
        "---\n본문뿐이다\n---\n",
        "제목\n---\ntitle: 한국\n---\n",
        "",
        "---",
    ],
)
def test_invalid_front_matter_stays_in_the_text(text: str) -> None:
    assert front_matter(text).end == 0


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        ("tags: [외교, '핵심 광물', \"a, b\"] # 셋", {"tags": "외교\n핵심 광물\na, b"}),
        ("태그:\n- 외교\n- '핵심 광물' # 둘\nx: y", {"태그": "외교\n핵심 광물", "x": "y"}),
        ("tags: [외교,\n  광물\n]", {"tags": "외교\n광물"}),
        ("author:\n  name: 김보람\n  mail: a@b.kr", {"author": "name: 김보람 mail: a@b.kr"}),
        ("title: 회의: 결과\n\tx", {"title": "회의: 결과 x"}),
        ('"담당 부서": 총무과', {"담당 부서": "총무과"}),
        ("title: 'It''s'", {"title": "It's"}),
        ('title: "두 줄에\n  걸친 제목"', {"title": "두 줄에 걸친 제목"}),
        ("draft:\n# a comment\nweight: 3", {"draft": "", "weight": "3"}),
    ],
)
def test_values_and_lists_of_front_matter_are_text(lines: str, values: dict[str, str]) -> None:
    assert front_matter(f"---\n{lines}\n---\n본문").values == values


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ('title: "닫히지 않은 제목\ntags: [외교]', 2),
        ("title: 제목\ntags: [외교, 광물", 3),
        ("title: 제목\n그냥 문장", 3),
        ("title:제목\ntags: 외교", 2),
        ('title: "제목" 나머지', 2),
    ],
)
def test_invalid_front_matter_is_read_as_text_and_named(
    tmp_path: Path, lines: str, line: int
) -> None:
    path = tmp_path / "note.md"
    path.write_text(f"---\n{lines}\n---\n본문\n", encoding="utf-8")

    found, problem = read(path, name="note.md")

    assert isinstance(found, Document)
    assert found.text.startswith(f"---\n{lines}")
    reason = "front matter is not valid YAML, and is read as text"
    assert problem == Problem(path="note.md", reason=reason, line=line)


def test_text_between_rules_is_no_front_matter(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text("---\n한 문장.\n참고: 또 한 문장.\n마지막 문장.\n---\n본문\n", encoding="utf-8")

    assert [type(found) for found in read(path, name="note.md")] == [Document]


def test_headings_span_their_words() -> None:
    text, found = shown("# 하나\n본문\n\n둘\n===\n\n셋\n---\n본문\n## **넷** ##\n")

    assert [heading.text for heading in found] == ["하나", "둘", "셋", "넷"]
    spans = [text[heading.start : heading.end] for heading in found]
    assert spans == ["하나", "둘", "셋", "넷"]


@pytest.mark.parametrize(
    "text",
    [
        "```\n# 아니다\n```",
        "~~~ python\n# 아니다\n```\n# 아니다\n~~~",
        "```\n# 아니다",
        "````\n```\n# 아니다\n````\n",
        "#아니다",
        "####### 아니다",
        "    # 아니다",
        "#",
        "한 줄\n두 줄\n---",
        "- 항목\n---",
        "1. 항목\n---",
        "> 인용\n---",
        "| 표 |\n---",
        "---\n---",
        "\n---\n",
    ],
)
def test_lookalikes_of_headings_are_not_headings(text: str) -> None:
    assert heading_texts(text) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("# **굵은** _제목_ `code`", "굵은 제목 code"),
        ("# [한국](https://example.org/a_b) 소식", "한국 소식"),
        ('# <a name="top"></a>제목 {#id}', "제목"),
        ("# C#", "C#"),
        ("# snake_case", "snake_case"),
        ("   ### 제목", "제목"),
        ("```a``` b\n# 제목", "제목"),
        ("# " + "가" * 1000, "가" * 300),
    ],
)
def test_a_heading_has_no_markup(line: str, words: str) -> None:
    assert heading_texts(line) == [words]


def test_a_heading_may_follow_a_heading_or_a_code_block() -> None:
    assert heading_texts("# 하나\n둘\n---\n```\n코드\n```\n셋\n===\n") == ["하나", "둘", "셋"]


def test_the_first_heading_is_the_title_of_a_file_without_front_matter(tmp_path: Path) -> None:
    assert document(tmp_path, "글\n\n# 제목\n").title == "제목"
    assert document(tmp_path, "글뿐이다\n").title == "note"


def test_a_date_line_at_the_top_is_the_date(tmp_path: Path) -> None:
    assert document(tmp_path, "# 제목\n\n작성일: 2024-11-14\n\n글\n").date == "2024-11-14"


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ('<a name="top"></a>앞 [한국](https://a.kr/b_(c) "제목")<br/>뒤', "앞 한국 뒤"),
        ("![그림](a.png) [![배지](b.svg)](c) [글](<a b.md>)", "그림 배지 글"),
        ("**굵은 *기운* 글**은 _모두_ __함께__ ~~지운다~~.", "굵은 기운 글은 모두 함께 지운다."),
        ("***아주*** 굵은 **“인용”**이다", "아주 굵은 “인용”이다"),
        ("`snake_case` `__init__` ``a ` b`` `[x](y)`", "snake_case __init__ a ` b [x](y)"),
        (r"\*별\* C:\\dir \_a\_ \[b](c)", r"*별* C:\dir _a_ [b](c)"),
        ("[[쪽]] [[쪽|이름]] ![[그림]] [[1]](#a)", "쪽 이름 그림 [1]"),
        ("<https://a.kr/b_c> <me@a.kr>", "https://a.kr/b_c me@a.kr"),
        ("앞<!-- 숨은 말 -->뒤 H<sub>2</sub>O <td>가</td><td>나</td>", "앞뒤 H2O  가  나 "),
        ("A&amp;B &lt;글&gt; &#44032;&nbsp;&nosuch;", "A&B <글> 가 &nosuch;"),
        ("정책[^1]은 [^name] [^0-9]\n\n[^name]: 풀이", "정책은  [^0-9]\n\n풀이"),
        ("[글][a] [A] [b] [글][]\n\n[a]: http://a.kr 'x'\n[글]: b.md", "글 A [b] 글\n\n\n"),
        ("> 인용 **글**\n>> # 둘\n> - 셋", "인용 글\n둘\n- 셋"),
    ],
)
def test_the_text_is_what_a_reader_sees(written: str, seen: str) -> None:
    assert shown(written)[0] == seen


@pytest.mark.parametrize(
    "text",
    [
        "snake_case 2*3*4 5 * 3 * 2 10~20 *별표",
        "a < b, List<String>, List<Object>, std::vector<std::string>, <!-- **끝이 없다**",
        "[서울]: 연합뉴스\n- [ ] 할 일 [1] a[i][j] [[1, 2], [3, 4]]",
        "글 **끝이 없다\n\n다른 글** `x",
        "| 줄이 없는 | 표 |\n| *하나",
        "C:\\dir 100% & 3 &nosuch; ](a) )[",
    ],
)
def test_signs_that_are_no_marks_stay(text: str) -> None:
    assert shown(text)[0] == text


def test_code_stays_as_it_stands_without_its_fences() -> None:
    fenced = "```python\na = **b** # [x](y)\n\n> <br>\n```\n글\n"
    in_a_list = "1. 하나\n\n    ~~~\n    *a*\n\n    # b\n    ~~~\n    *둘*\n"
    indented = "글\n\n    *a* [x](y)\n\t_b_\n*둘*\n"

    assert shown(fenced)[0] == "\na = **b** # [x](y)\n\n> <br>\n\n글\n"
    assert shown(in_a_list)[0] == "1. 하나\n\n\n    *a*\n\n    # b\n\n    둘\n"
    assert shown(indented)[0] == "글\n\n    *a* [x](y)\n\t_b_\n둘\n"


def test_an_indented_paragraph_of_a_list_is_no_code() -> None:
    text = "- 하나\n    - [둘](a)\n\n    *셋*\n\n끝\n\n    *code*\n"

    assert shown("[^a]: 하나\n\n    *둘*\n")[0] == "하나\n\n    둘\n"
    assert shown(text)[0] == "- 하나\n    - 둘\n\n    셋\n\n끝\n\n    *code*\n"


def test_a_table_is_its_cells_by_row() -> None:
    text = "표\n| 이름 | **수** |\n|:--|--:|\n| [가](a) | 1 |\n| [[b\\|나]] | |\n\na|b\n-|-\n`c`|d"

    assert shown(text)[0] == "표\n이름 | 수\n\n가 | 1\n나 | \n\na | b\n\nc | d"


def test_a_comment_of_several_lines_is_not_shown_and_has_no_headings() -> None:
    assert shown("글\n<!-- 하나\n\n# 둘\n``` -->\n# 셋\n")[0] == "글\n\n\n\n\n셋\n"
    assert shown("<style>\n# a {}\n</style>\n글 <script> 글")[0] == "\n\n\n글   글"
    assert heading_texts("<!-- 하나\n\n# 둘\n-->\n# 셋\n") == ["셋"]


def test_what_is_found_leads_to_its_line(tmp_path: Path) -> None:
    found = document(
        tmp_path, "---\nlang: ko\n---\n[여러\n줄](a\n'b') <a\nname='c'>글</a>\n```\n코드\n```\n끝\n"
    )

    lines = {
        word: found.line_at(found.text.index(word)) for word in ("여러", "줄", "글", "코드", "끝")
    }
    assert lines == {"여러": 4, "줄": 5, "글": 7, "코드": 9, "끝": 11}


_PIECES = (
    "# ",
    "글",
    "*",
    "**",
    "_",
    "`",
    "```",
    "~~",
    "[",
    "](",
    ")",
    "[[",
    "]]",
    "|",
    "|-|",
    "\n",
)
_PIECES += (
    "\n\n",
    "<br>",
    "<a ",
    ">",
    "<!--",
    "-->",
    "    ",
    "- ",
    "]: a.b",
    "[^1]",
    "\\",
    "&amp;",
    "---",
    '"',
)


@given(st.lists(st.sampled_from(_PIECES)).map("".join))
def test_a_text_keeps_its_lines_and_its_words(text: str) -> None:
    seen, headings = shown(text)

    assert seen.count("\n") == text.count("\n")
    ends = [0, *(heading.end for heading in headings)]
    for heading, end in zip(headings, ends, strict=False):
        assert end <= heading.start < heading.end
        assert "\n" not in seen[heading.start : heading.end]
