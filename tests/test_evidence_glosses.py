from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bridge.evidence.extract import acronyms, expanded, glosses


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("개념적 틀(conceptual framework)", [("개념적 틀", "conceptual framework")]),
        ("한국의 개념적 틀(conceptual framework)", [("개념적 틀", "conceptual framework")]),
        ("아시아태평양경제협력체(APEC)는", [("아시아태평양경제협력체", "APEC")]),
        ("국제개발협력 (ODA) 예산", [("국제개발협력", "ODA")]),
        ("ROK (Republic of Korea, 한국)", [("한국", "ROK"), ("한국", "Republic of Korea")]),
        (
            "국제통화기금(IMF·International Monetary Fund)",
            [("국제통화기금", "IMF"), ("국제통화기금", "International Monetary Fund")],
        ),
        ("몽골(Mongolia, 蒙古)", [("몽골", "Mongolia")]),
        ("몽골(蒙古, 영어: Mongolia)", [("몽골", "Mongolia")]),
        ("앤서니 블링컨(Antony Blinken) 미 국무장관", [("앤서니 블링컨", "Antony Blinken")]),
        ("당시 국무총리 한덕수(Han Duck-soo)", [("한덕수", "Han Duck-soo")]),
        (
            "strategic partnership(전략적 동반자 관계)",
            [("전략적 동반자 관계", "strategic partnership")],
        ),
        ("strategic partnership（전략적 동반자）", [("전략적 동반자", "strategic partnership")]),
        ("the power of peace (평화) in", [("평화", "peace")]),
        ("President Yoon Suk Yeol (윤석열) met", [("윤석열", "Yoon Suk Yeol")]),
        ("Ministry of Unification (통일부)", [("통일부", "Ministry of Unification")]),
        ("Ministry of Foreign Affairs (외교부)", [("외교부", "Ministry of Foreign Affairs")]),
        ("leaders of Foreign Affairs (외교부)", [("외교부", "Foreign Affairs")]),
        ("Government of Mongolia (몽골)", [("몽골", "Mongolia")]),
        ("Korea (대한민국)", [("대한민국", "Korea")]),
        ("Blue House (청와대)", [("청와대", "Blue House")]),
        ("ODA(공적개발원조)를", [("공적개발원조", "ODA")]),
        ('"middle power"(중견국)', [("중견국", "middle power")]),
        ("‘공공외교’(public diplomacy)", [("공공외교", "public diplomacy")]),
        ("휘도-색차 부호화 시스템(luminance-chrominance encoding system)", None),
        ("세계 체스 연맹(FIDE)의 규칙", [("세계 체스 연맹", "FIDE")]),
        ("미국 재무부 금융범죄규제망(FinCEN)", [("금융범죄규제망", "FinCEN")]),
        ("역사 & 통계 연맹(Football History & Statistics)", None),
        ("& 통계(History & Statistics)", [("통계", "History & Statistics")]),
        ("카라코람 고개(Karakoram)의 능선", [("카라코람 고개", "Karakoram")]),
        ("리얼다큐 빅뱅(BIGBANG)에", [("빅뱅", "BIGBANG")]),
        ("전문가 메랑(Jacques Ortous Maran)은", [("메랑", "Jacques Ortous Maran")]),
        (
            "잔류 측파대(VSB - Vestigial Sideband)",
            [("잔류 측파대", "VSB"), ("잔류 측파대", "Vestigial Sideband")],
        ),
        (
            "디지털화폐(digital money; digital currency)",
            [("디지털화폐", "digital money"), ("디지털화폐", "digital currency")],
        ),
        ("채도(saturation, purity)", [("채도", "saturation")]),
        ("조이 조셉(Joy Joseph, 드럼)은", [("조이 조셉", "Joy Joseph")]),
    ],
)
def test_glosses_are_extracted(text: str, pairs: list[tuple[str, str]] | None) -> None:
    if pairs is None:
        head, _, inside = text.partition("(")
        pairs = [(head, inside.removesuffix(")"))]
    assert glosses(text) == pairs


@pytest.mark.parametrize(
    "text",
    [
        "정상회담(2024년 6월 3일)",
        "거리(60 km) 무게(kg)",
        "예산($30 million)",
        "결과(see below) 결과(이하 생략)",
        "김철수(KBS 뉴스)",
        "사진(AP) 자료(Reuters)",
        "기사(https://example.org/a) 기자(kim@example.org) 집(www.example)",
        "점수(A) 제2장(II)",
        "정당하다(Schiller 2003, 17쪽)",
        "그는 말했다(he said that it was the best thing he had ever seen in his life)",
        "그가 잘라낸다(he cuts off)는 뜻",
        "합창(one two three four five six seven eight nine)",
        "페니키아(그리스어: Phoinike)는",
        "그렇게(MB) 생각한다",
        "안드레 3000(Andre)",
        "1. INPUT(입력을 위하여)",
        "DEGREES(숫자) INT(숫자) DSUM(자료철)",
        "the (한국)",
        '"한국 말"(영어)',
        "“세상에서 가장 크고 오래된 나무가 있는 마을 이야기”(tree)",
        "”(tree) 한국",
        "노래(Guitar Remix Ver.)",
        "(Korea) 한국",
        "English (2024, 한국은)",
        "Title (Sub 및 Function)",
        "Kim (한국 그리고 일본 그리고 중국 그리고 몽골)",
        "한국 (日本)",
        "Seoul (서울 2024, 부산)",
    ],
)
def test_other_brackets_have_no_gloss(text: str) -> None:
    assert glosses(text) == []


def test_a_second_korean_part_ends_the_terms() -> None:
    assert glosses("ROK (한국, 대한민국, Korea)") == [("한국", "ROK")]


def test_a_text_in_one_script_has_no_glosses() -> None:
    assert glosses("Official Development Assistance (ODA)") == []
    assert glosses("국제개발협력(공적개발원조)") == []
    assert glosses("몽골과 Mongolia") == []


def test_acronyms_are_found_on_either_side_of_the_brackets_and_within_them() -> None:
    assert acronyms("Official Development Assistance (ODA)") == [
        ("ODA", "Official Development Assistance")
    ]
    assert acronyms("an API (application programming interface)") == [
        ("API", "application programming interface")
    ]
    assert acronyms("국제통화기금(IMF·International Monetary Fund)") == [
        ("IMF", "International Monetary Fund")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "no brackets, ODA",
        "국제개발협력(공적)",
        "the report (ODA)",
        "It ended. Official Assistance (ODA)",
        "(ODA)",
        "Korea (1950)",
        "API (a programming language)",
        "OD (Official Development Assistance)",
        "A. (ODA)",
    ],
)
def test_a_phrase_without_the_initials_is_no_expansion(text: str) -> None:
    assert acronyms(text) == []


def test_a_term_glossed_with_an_acronym_is_glossed_with_its_expansion() -> None:
    text = "Official Development Assistance (ODA)는 국제개발협력(ODA)과"
    assert glosses(text) == [
        ("국제개발협력", "ODA"),
        ("국제개발협력", "Official Development Assistance"),
    ]


def test_glosses_join_the_acronyms_of_other_texts() -> None:
    found = expanded(
        [("기후", "climate"), ("세계무역기구", "WTO")], [("WTO", "World Trade Organization")]
    )
    assert found == [
        ("기후", "climate"),
        ("세계무역기구", "WTO"),
        ("세계무역기구", "World Trade Organization"),
    ]


def test_each_pair_comes_once() -> None:
    assert glosses("몽골(Mongolia), 몽골(Mongolia)") == [("몽골", "Mongolia")]


@pytest.mark.parametrize(
    "text",
    ["(" * 100_000, "한국(a" * 20_000, "(가a)" * 20_000, "한국 (", "가" * 100_000 + "(Korea)"],
)
def test_unclosed_and_crowded_brackets_are_read_to_the_end(text: str) -> None:
    assert len(glosses(text)) <= 1
    assert acronyms(text) == []


@given(st.text(alphabet="가는의 (),.;·-'\"‘’“”《》AbC1은&영어:한국", max_size=60))
def test_glosses_are_of_both_scripts_and_occur_in_the_text(text: str) -> None:
    for korean, english in glosses(text):
        assert any("가" <= letter <= "힣" for letter in korean)
        assert not any("가" <= letter <= "힣" for letter in english)
        assert korean in text
        assert korean == korean.strip()
        assert english == english.strip() != ""
