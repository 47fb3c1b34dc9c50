from __future__ import annotations

from index.bridge.entry import Entry, Source
from index.bridge.sound.korean_names import names_in, pairs_of_names
from index.bridge.sound.names import MOST_WEIGHT

_PEOPLE = {
    "Cho Tae-yul": "조태열",
    "Yoon Suk Yeol": "윤석열",
    "Moon Jae-in": "문재인",
    "Park Geun-hye": "박근혜",
    "Kang Kyung-wha": "강경화",
    "Ban Ki-moon": "반기문",
    "Kim Jong Un": "김정은",
    "Chun Doo-hwan": "전두환",
    "Lee Myung-bak": "이명박",
}


def joined(korean: list[str], english: list[str]) -> dict[str, str]:
    return {entry.english: entry.korean for entry in pairs_of_names(korean, english)}


def test_the_names_of_koreans_are_found_in_english_texts() -> None:
    text = "Minister Cho Tae-yul met Kim Jong Un, Kim Jong Un's sister and President Moon Jae-in."
    assert names_in(text) == ["Cho Tae-yul", "Kim Jong Un", "Moon Jae-in"]


def test_a_name_begins_with_a_word_and_may_begin_within_what_looks_like_one() -> None:
    assert names_in("Yoon Moon Jae-in\nPark Geun-hye") == [
        "Yoon Moon Jae",
        "Moon Jae-in",
        "Park Geun-hye",
    ]
    assert names_in("McKim Tae-yul, 한Kim Tae-yul, _Kim Tae-yul") == []
    assert names_in("(Kim Tae-yul)") == ["Kim Tae-yul"]


def test_other_names_are_not() -> None:
    assert names_in("Antony Blinken flew to Seoul, Park Avenue; kim tae-yul, Kim T-y") == []


def test_each_name_is_joined_to_its_hangul() -> None:
    korean = [*_PEOPLE.values(), "이차원", "고속도로", "문", "조선인", "김대중", "서울시"]
    assert joined(korean, [*_PEOPLE, "Han River Park", "no name"]) == _PEOPLE


def test_an_entry_of_a_name_has_the_weight_of_the_same_sounds() -> None:
    assert pairs_of_names(["조태열"], ["Cho Tae-yul"]) == [
        Entry("조태열", "Cho Tae-yul", MOST_WEIGHT, Source.NAME)
    ]


def test_a_name_of_two_spellings_in_hangul_is_left_alone() -> None:
    assert joined(["전두환", "천두환"], ["Chun Doo-hwan"]) == {}


def test_the_nearest_name_is_taken() -> None:
    assert joined(["김정은", "김종운"], ["Kim Jong Un"]) == {"Kim Jong Un": "김종운"}
