from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Problem
from corpus.readers import read
from corpus.readers.front_matter import front_matter
from corpus.readers.markdown import headings_of


def document(folder: Path, content: str) -> Document:
    path = folder / "note.md"
    path.write_bytes(content.encode())
    (found,) = read(path, name="note.md")
    assert isinstance(found, Document)
    return found


def heading_texts(text: str) -> list[str]:
    return [heading.text for heading in headings_of(text)]


def test_front_matter_gives_title_date_and_metadata_and_is_no_part_of_the_text(
    tmp_path: Path,
) -> None:
    found = document(
        tmp_path,
        "---\ntitle: '한국: 중견국의 길'\nDate: 2024-11-14 # 목요일\nlang: ko\nsource: 외교부\n"
        "tags:\n  - 외교\nempty:\n---\n\n# 다른 제목\n본문\n",
    )

    assert (found.title, found.date) == ("한국: 중견국의 길", "2024-11-14")
    assert found.text == "\n# 다른 제목\n본문\n"
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


def test_headings_span_their_lines() -> None:
    text = "# 하나\n본문\n\n둘\n===\n\n셋\n---\n본문\n## 넷 ##\n"

    found = list(headings_of(text))

    assert [heading.text for heading in found] == ["하나", "둘", "셋", "넷"]
    spans = [text[heading.start : heading.end] for heading in found]
    assert spans == ["# 하나", "둘\n===", "셋\n---", "## 넷 ##"]


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
        ("# 제목 {#id}", "제목"),
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


@given(st.lists(st.sampled_from(["# a", "b", "===", "---", "```", "~~~", "", "    c", "- d", "#"])))
def test_headings_are_whole_lines_in_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    end = -1
    for heading in headings_of(text):
        assert heading.start > end
        assert heading.start == 0 or text[heading.start - 1] == "\n"
        assert heading.end == len(text) or text[heading.end] == "\n"
        end = heading.end
