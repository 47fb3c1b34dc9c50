"""A document that says something in both languages teaches it: titles, abstracts, keywords."""

from __future__ import annotations

import json
import random
from pathlib import Path
from unicodedata import normalize

import pytest
from bridge_corpus import NOUNS, built, content, entries, translated
from bridge_corpus import plain_korean as plain_korean
from hypothesis import given
from hypothesis import strategies as st

from corpus.language import detect
from index.bridge import upkeep
from index.bridge.bitext import Bitext, bitext
from index.bridge.entry import Source
from index.bridge.evidence import Evidence, Kind
from index.bridge.line_features import length
from index.place import FOLDER
from index.verify import verify

PAPER = """Journal of Regional Studies, Volume 12

한국의 ‘전략적 동반자’ 외교와 몽골

Korea’s ‘Strategic Partnership’ Diplomacy and Mongolia

홍길동

<국문초록>
이 논문은 두 나라의 관계를 다룬다. 수교는 1990년에 이루어졌다.

주제어: 전략적 동반자, 몽골, 광물 외교

Abstract
This paper deals with the relations of two countries. Ties were established in 1990.
Key words: strategic partnership, Mongolia, mineral diplomacy

1. 머리말
본문은 여기에서 시작한다. 그리고 길게 이어진다.
"""


pytestmark = pytest.mark.usefixtures("plain_korean")


def said(*passages: str, title: str = "", **metadata: str) -> Bitext | None:
    return bitext(title, passages, metadata)


# What is found in the text.


def test_a_paper_says_its_title_its_abstract_and_its_keywords_twice() -> None:
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


def test_below_two_titles_a_text_in_one_language_and_then_the_other_is_said_twice() -> None:
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
def test_a_text_that_says_nothing_twice_has_no_bitext(text: str) -> None:
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


def test_a_text_written_letter_by_letter_says_what_the_same_in_syllables_says() -> None:
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
def test_lines_that_never_end_are_soon_done_with(line: str) -> None:
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
def test_fields_that_mean_the_same_are_told_by_their_names(names: tuple[str, str]) -> None:
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
def test_two_fields_of_the_same_meaning_are_no_translations_unless_a_name_says_so(
    names: tuple[str, str],
) -> None:
    values = ("두 나라는 협력한다.", "The two countries cooperate.")
    assert said(**dict(zip(names, values, strict=True))) is None
    assert said(**{names[0]: values[0], f"{names[1]}_en": values[1]}) is not None


def test_fields_in_one_language_or_of_different_meaning_say_nothing_twice() -> None:
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


# What a build learns from it.


def papers(count: int, *, shift: int = 0) -> dict[str, str]:
    """Return documents whose titles and abstracts are in both languages."""
    files = {}
    for number in range(count):
        korean = translated(number)[0].split("\n")
        english = translated(number + shift)[1].split("\n")
        files[f"{number}.txt"] = "\n".join(
            [
                *(korean[0].rstrip("."), english[0].rstrip("."), "", "국문초록", *korean[1:5]),
                *("", "Abstract", *english[1:5]),
            ]
        )
    return files


def test_six_papers_teach_words_that_a_search_is_led_by(tmp_path: Path) -> None:
    report = built(tmp_path, papers(6))
    learned = entries(tmp_path, Source.PARALLEL)
    right = [pair for pair in NOUNS.items() if pair in learned]
    nouns = {english: korean for korean, english in NOUNS.items()}
    wrong = [pair for pair in learned if " " not in pair[0] and pair[0] not in nouns[pair[1]]]
    assert len(right) >= 12
    assert len(wrong) <= 3
    assert len(content(tmp_path).learned) == 6
    assert report.notes == ()


def test_papers_that_come_or_change_are_learned_from_and_those_that_go_are_forgotten(
    tmp_path: Path,
) -> None:
    built(tmp_path, papers(6))
    before = content(tmp_path)
    built(tmp_path, {"other.txt": "harbour"})
    assert content(tmp_path).learned == before.learned
    (tmp_path / "0.txt").write_text("양봉", encoding="utf-8")
    built(tmp_path)
    assert len(content(tmp_path).learned) == 5
    for number in range(1, 6):
        (tmp_path / f"{number}.txt").unlink()
    built(tmp_path)
    assert content(tmp_path).learned == ()
    assert entries(tmp_path, Source.PARALLEL) == {}


def test_records_with_fields_in_both_languages_teach_as_well(tmp_path: Path) -> None:
    rows = []
    chance = random.Random(3)
    for number in range(12):
        nouns = chance.sample(sorted(NOUNS), 4)
        english = [NOUNS[noun] for noun in nouns]
        chance.shuffle(english)
        rows.append(
            {
                "id": str(number),
                "title": " ".join(nouns),
                "title_en": " ".join(english),
                "text": "글",
            }
        )
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    built(tmp_path, {"papers.jsonl": lines})
    learned = entries(tmp_path, Source.PARALLEL)
    assert sum(pair in learned for pair in NOUNS.items()) >= 12


def test_documents_whose_languages_say_different_things_teach_next_to_nothing(
    tmp_path: Path,
) -> None:
    report = built(tmp_path, papers(40, shift=100))
    assert entries(tmp_path, Source.PARALLEL) == {}
    assert report.notes == ()


def test_what_few_papers_say_once_is_not_learned(tmp_path: Path) -> None:
    built(tmp_path, papers(6))
    assert all(entry.weight > 0.45 for entry in entries(tmp_path, Source.PARALLEL).values())


def test_files_named_as_translations_are_learned_from_beside_many_papers(tmp_path: Path) -> None:
    built(tmp_path, papers(60))
    before = content(tmp_path).learned
    files = {"ko/new.txt": "꿀벌 염전.\n", "en/new.txt": "Honeybee saltern.\n"}
    built(tmp_path, files)
    assert len(content(tmp_path).learned) == len(before) + 1
    assert sum(mark & 1 for mark in content(tmp_path).learned) == len(before)


def test_of_very_many_papers_the_same_are_learned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "_MOST_IN_BOTH", 20)
    built(tmp_path, papers(60))
    before = set(content(tmp_path).learned)
    assert len(before) == 20
    monkeypatch.setattr(upkeep, "_CHANGED", 0)
    built(tmp_path, {"more.txt": papers(61)["60.txt"]})
    assert len(before & set(content(tmp_path).learned)) >= 19


def test_a_gloss_counts_however_it_is_written(tmp_path: Path) -> None:
    forms = ("양봉 산업(Beekeeping Industry)", "양봉 산업(beekeeping industry)")
    apart = normalize("NFD", "양봉 산업") + "(beekeeping industry)"
    built(tmp_path, {f"{n}.txt": text for n, text in enumerate((*forms, apart))})
    [entry] = entries(tmp_path, Source.GLOSS).values()
    assert (entry.korean, entry.english, entry.weight) == ("양봉 산업", "beekeeping industry", 0.9)


def test_keywords_are_glosses(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": PAPER})
    assert ("광물 외교", "mineral diplomacy") in entries(tmp_path, Source.GLOSS)


def test_an_index_of_such_documents_is_what_its_text_gives(tmp_path: Path) -> None:
    row = {"title": "두 나라의 협력", "title_en": "Cooperation of two countries", "text": "글"}
    files = papers(3) | {"a.txt": PAPER, "b.jsonl": json.dumps(row) + "\n"}
    built(tmp_path, files)
    assert verify(tmp_path / FOLDER, deep=True).damage == ()


def test_a_digest_changes_with_either_text() -> None:
    one = Bitext("가", "a", ())
    digests = {one.digest, Bitext("나", "a", ()).digest, Bitext("가", "b", ()).digest}
    assert len(digests) == 3
    assert Evidence.of_term(Evidence(Kind.BOTH, one.digest).term()).first == one.digest
