"""The bitext of a document: titles, abstracts and keywords in both languages."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from bridge_corpus import PAPER
from bridge_corpus import plain_korean as plain_korean
from hypothesis import given
from hypothesis import strategies as st

from corpus.language import detect
from index.bridge.evidence.bitext import Bitext, bitext
from index.bridge.learning.line_features import length


def said(*passages: str, title: str = "", **metadata: str) -> Bitext | None:
    return bitext(title, passages, metadata)


# What is found in the text.


def test_a_paper_has_a_bilingual_title_abstract_and_keywords() -> None:
    found = said(PAPER)
    assert found is not None
    assert list(zip(found.korean.split("\n"), found.english.split("\n"), strict=True)) == [
        (
            "한국의 ‘전략적 동반자’ 외교와 몽골",
            "Korea’s ‘Strategic Partnership’ Diplomacy and Mongolia",
        ),
        (
            "이 논문은 두 나라의 관계를 다룬다.",
            "This paper deals with the relations of two countries.",
        ),
        ("수교는 1990년에 이루어졌다.", "Ties were established in 1990."),
    ]
    assert found.keywords == (
        ("전략적 동반자", "strategic partnership"),
        ("몽골", "Mongolia"),
        ("광물 외교", "mineral diplomacy"),
    )


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("국문초록", "ABSTRACT"),
        ("〈초 록〉", "〈Abstract〉"),
        ("[요약]", "[Summary]"),
        ("초록:", "Abstract:"),
        ("## 요약문", "## English Abstract"),
        ("초록 (국문)", "Abstract (English)"),
    ],
)
@pytest.mark.parametrize("between", ["\n", " "])
def test_labels_are_known_however_they_are_set(korean: str, english: str, between: str) -> None:
    marked = korean[-1] in "〉]:" and english[-1] in "〉]:"
    text = f"{korean}{between}두 나라는 협력한다.\n\n{english}{between}The two countries cooperate."
    found = said(text)
    if between == "\n" or marked:
        assert found is not None
        assert (found.korean, found.english) == (
            "두 나라는 협력한다.",
            "The two countries cooperate.",
        )
    else:
        assert found is None


@pytest.mark.parametrize("mark", [" / ", " | ", " = ", " — "])
def test_a_title_may_have_both_languages_in_one_line(mark: str) -> None:
    korean, english = "한국의 외교 정책", "Korea's foreign policy"
    for title in (korean + mark + english, english + mark + korean):
        found = said("본문이다.", title=title)
        assert found is not None
        assert (found.korean, found.english) == (korean, english)


def test_below_two_titles_a_text_in_one_language_then_the_other_is_a_bitext() -> None:
    head = "두 나라의 협력\nCooperation of two countries\n"
    korean = "두 나라는 오래전부터 여러 분야에서 함께 일해 왔다. 앞으로도 그렇게 한다."
    english = "The two countries have worked together in many fields. They will go on doing so."
    found = said(head + korean + "\n" + english)
    assert found is not None
    assert found.korean.split("\n")[1:] == [
        "두 나라는 오래전부터 여러 분야에서 함께 일해 왔다.",
        "앞으로도 그렇게 한다.",
    ]
    back = said(head + korean + "\n" + english + "\n" + korean)
    assert back is not None
    assert back.korean == "두 나라의 협력"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "두 나라의 협력",
        "Cooperation of two countries",
        "두 나라의 협력\n\n다른 나라의 협력",
        "전역 변수의 값 설정\nMyValue = myFunction(First, Second)",
        "두 나라의 관계가 앞으로 어떻게 되는지 알 수 없다.\nCooperation of two countries",
        "두 나라의 협력과 그 앞날에 대한 긴 이야기를 담은 글의 제목\nNo more",
        "협력\nCooperation",
        "https://example.org/ko 한국어 판\nCooperation of two countries",
    ],
)
def test_a_text_without_translations_has_no_bitext(text: str) -> None:
    assert said(text) is None


PAGE = """한미 동맹의 앞날 = The future of the ROK-US alliance

초록
이 글은 두 나라의 동맹을 다룬다. 동맹은 1953년에 맺어졌다.

This text deals with the alliance of the two countries. It was made in 1953.

키워드
한·미 동맹, APEC, 북한
ROK-US alliance, APEC, North Korea
목차
Something else that is not of it.
"""


def test_a_page_may_set_both_languages_below_one_label_and_both_titles_in_one_line() -> None:
    found = said(PAGE)
    assert found is not None
    assert list(zip(found.korean.split("\n"), found.english.split("\n"), strict=True)) == [
        ("한미 동맹의 앞날", "The future of the ROK-US alliance"),
        (
            "이 글은 두 나라의 동맹을 다룬다.",
            "This text deals with the alliance of the two countries.",
        ),
        ("동맹은 1953년에 맺어졌다.", "It was made in 1953."),
    ]
    assert found.keywords == (("한·미 동맹", "ROK-US alliance"), ("북한", "North Korea"))


def test_a_text_in_nfd_has_the_bitext_of_its_nfc() -> None:
    apart = normalize("NFD", PAPER)
    assert apart != PAPER
    assert said(apart) == said(PAPER)
    fields = {"국문초록": "두 나라는 협력한다.", "영문초록": "The two countries cooperate."}
    assert said(**fields) == said(
        **{normalize("NFD", k): normalize("NFD", v) for k, v in fields.items()}
    )
    assert said(**fields) is not None


@pytest.mark.parametrize(
    "label",
    [
        "국문초록(Abstract)",
        "초    록",
        "요  약",
        "다국어 초록 (Multilingual Abstract)",
        "초록/Abstract",
    ],
)
def test_a_label_may_be_spaced_out_or_name_itself_twice(label: str) -> None:
    found = said(f"{label}\n두 나라는 협력한다.\nAbstract\nThe two countries cooperate.")
    assert found is not None
    assert (found.korean, found.english) == ("두 나라는 협력한다.", "The two countries cooperate.")


@pytest.mark.parametrize(
    "line", ["12 months later it was so.", "2020 년에 시작되었다.", "I argue that it is so."]
)
def test_a_line_that_begins_with_a_number_does_not_end_an_abstract(line: str) -> None:
    korean, english = "두 나라는 협력한다.", "The two countries cooperate."
    both = {"ko": korean, "en": english}
    both[detect(line) or "en"] += "\n" + line
    found = said(f"초록\n{both['ko']}\nAbstract\n{both['en']}")
    assert found is not None
    assert line in found.korean + found.english


@pytest.mark.parametrize(
    "end", ["1. 머리말", "IV. Results", "Ⅱ 이론적 배경", "제1장 서론", "참고문헌", "References"]
)
def test_an_abstract_ends_where_another_part_begins(end: str) -> None:
    text = f"초록\n두 나라는 협력한다.\n{end}\n본문이다.\nAbstract\nThe two countries cooperate."
    found = said(text)
    assert found is not None
    assert found.korean == "두 나라는 협력한다."


@pytest.mark.parametrize(
    ("korean", "english", "pairs"),
    [
        (
            "‘몽골’, “광물”",
            "'Mongolia', \"minerals\"",
            [("몽골", "Mongolia"), ("광물", "minerals")],
        ),
        ("[몽골, 광물]", "[Mongolia, minerals]", [("몽골", "Mongolia"), ("광물", "minerals")]),
        (
            "공적개발원조(ODA), 몽골",
            "Official Development Assistance (ODA), Mongolia",
            [("공적개발원조", "Official Development Assistance"), ("몽골", "Mongolia")],
        ),
        ("몽골 · 광물", "Mongolia / minerals", [("몽골", "Mongolia"), ("광물", "minerals")]),
        ("APEC, G20, 몽골", "APEC, G20, Mongolia", []),
        ("몽골, 광물", "Mongolia, minerals, trade", []),
        ("몽골", "Mongolia", []),
        (", ".join(["몽골"] * 21), ", ".join(["Mongolia"] * 21), []),
        (
            "몽" * 61 + ", 광물, 외교",
            "Mongolia, minerals, diplomacy",
            [("광물", "minerals"), ("외교", "diplomacy")],
        ),
    ],
)
def test_keywords_are_bare_words_in_two_languages(
    korean: str, english: str, pairs: list[tuple[str, str]]
) -> None:
    found = said(keywords=korean, keywords_en=english)
    assert list(found.keywords if found else ()) == pairs


def test_keywords_with_much_white_space_are_read_in_time() -> None:
    blanks = " " * 400_000
    assert said(keywords=f"몽골{blanks}광물", keywords_en=f"Mongolia{blanks}minerals") is None
    assert said(title=f"몽골{blanks}정책 / Mongolia{blanks}policy") is None


def test_a_title_longer_than_any_and_one_too_far_down_are_none() -> None:
    korean, english = "두 나라의 협력", "Cooperation of two countries"
    assert said("협력 " * 80 + "\n" + "cooperation " * 20) is None
    lines = [*("가나다" for _ in range(11)), korean, english]
    assert said("\n".join(lines)) is None
    assert said("\n".join(lines[1:])) is not None


def test_an_abstract_longer_than_any_is_none() -> None:
    korean, english = "두 나라는 협력한다. " * 1_200, "The two countries cooperate. " * 800
    assert said(f"초록: {korean}\nAbstract: {english}") is None


@pytest.mark.parametrize("line", ["가 " * 400, "a " * 400, "- " * 400 + "가", "(" * 800 + "가a"])
def test_very_long_lines_are_read_in_time(line: str) -> None:
    text = "\n".join(["두 나라의 협력", "Cooperation of two countries", "초록:", *[line] * 2_000])
    assert said(text) is not None


def test_keywords_are_taken_one_by_one_only_where_there_are_as_many() -> None:
    text = "두 나라의 협력\nCooperation of two countries\n주제어: 몽골, 광물\nKeywords: Mongolia"
    found = said(text)
    assert found is not None
    assert found.keywords == ()


def test_keywords_go_on_behind_a_comma_and_end_with_their_line() -> None:
    korean = "주제어:\n몽골, 광물,\n외교\n\n홍길동 교수"
    english = "Keywords: Mongolia, minerals, diplomacy\nProfessor Hong"
    found = said(korean + "\n" + english)
    assert found is not None
    assert found.keywords == (("몽골", "Mongolia"), ("광물", "minerals"), ("외교", "diplomacy"))


# What is found in fields.


@pytest.mark.parametrize(
    "names",
    [
        ("title_ko", "title_en"),
        ("titleKor", "titleEng"),
        ("국문제목", "영문제목"),
        ("제목(국문)", "title (English)"),
        ("논문명", "en_title"),
        ("ko", "en"),
    ],
)
def test_synonymous_fields_are_recognised_by_their_names(names: tuple[str, str]) -> None:
    korean, english = "두 나라의 협력", "Cooperation of two countries"
    found = bitext("x", ["text"], dict(zip(names, (korean, english), strict=True)))
    assert found is not None
    assert (found.korean, found.english) == (korean, english)


def test_a_field_may_translate_the_title_or_the_text_of_a_document() -> None:
    found = bitext(
        "두 나라의 협력",
        ["두 나라는 함께 일한다.", "앞으로도 그렇다."],
        {
            "title_en": "Cooperation of two countries",
            "content_en": "The two countries work together. They will go on.",
            "keywords": "몽골\n광물",
            "Keywords (English)": "Mongolia\nminerals",
            "author": "홍길동",
        },
    )
    assert found is not None
    assert list(zip(found.korean.split("\n"), found.english.split("\n"), strict=True)) == [
        ("두 나라의 협력", "Cooperation of two countries"),
        ("두 나라는 함께 일한다.", "The two countries work together."),
        ("앞으로도 그렇다.", "They will go on."),
    ]
    assert found.keywords == (("몽골", "Mongolia"), ("광물", "minerals"))


@pytest.mark.parametrize("names", [("text", "body"), ("abstract", "summary")])
def test_two_synonymous_fields_are_no_translations_unless_a_name_marks_a_language(
    names: tuple[str, str],
) -> None:
    values = ("두 나라는 협력한다.", "The two countries cooperate.")
    assert said(**dict(zip(names, values, strict=True))) is None
    assert said(**{names[0]: values[0], f"{names[1]}_en": values[1]}) is not None


def test_fields_in_one_language_or_of_different_meaning_have_no_bitext() -> None:
    assert (
        bitext("협력", ["글"], {"title_ko": "두 나라의 협력", "subject": "Two countries"}) is None
    )
    assert bitext("협력", ["글"], {"title_ko": "두 나라의 협력", "제목": "두 나라"}) is None


_lines = st.lists(
    st.sampled_from(
        [
            *(
                "두 나라의 협력",
                "Cooperation of two countries",
                "국문초록",
                "Abstract",
                "주제어: 가, 나",
            ),
            *(
                "Keywords: a bee, a kiln",
                "이 글은 두 나라의 관계를 길게 다룬다.",
                "1. 머리말",
                "a / 나",
            ),
            *("This text deals with two countries at some length.", "x = y(z)", "", "Abstract: A."),
        ]
    ),
    max_size=12,
)


@given(_lines, _lines)
def test_what_is_found_is_of_the_text_in_the_right_language_and_of_like_length(
    one: list[str], other: list[str]
) -> None:
    passages = ["\n".join(one), "\n".join(other)]
    found = bitext("", passages, {})
    if found is None:
        return
    assert found.korean or found.keywords
    together = "".join(passages).replace("\n", "")
    for line in (*found.korean.split("\n"), *found.english.split("\n")):
        assert line in together
    if found.korean:
        assert (detect(found.korean), detect(found.english)) == ("ko", "en")
        assert 0.4 < length(found.korean) / length(found.english) < 2.5
    assert found == bitext("", passages, {})
