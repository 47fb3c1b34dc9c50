from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bridge.entry import Source
from index.bridge.sound import names
from index.bridge.sound import names as skeletons
from index.bridge.sound.names import LEAST_WEIGHT, MAX_DISTANCE, MOST_WEIGHT, pairs_by_sound
from index.bridge.sound.romanize import english_sounds, korean_sounds
from index.bridge.sound.sound_distance import distance, distances, sound_codes

# Names as newspapers write them, and the stems of their English.
_NAMES = {
    "블링컨": "blinken",
    "몽골": "mongol",
    "후렐수흐": "khurelsukh",
    "트럼프": "trump",
    "울란바토르": "ulaanbaatar",
    "셸리": "shelley",
    "카자흐스탄": "kazakhstan",
    "우즈베키스탄": "uzbekistan",
    "워싱턴": "washington",
    "푸틴": "putin",
    "시진핑": "xijinp",
    "마크롱": "macron",
    "메르켈": "merkel",
    "윤석열": "yoonsukyeol",
    "스미스": "smith",
    "제네바": "geneva",
    "베를린": "berlin",
    "칸트로프": "khantrov",
}
# Common words that no name should be read into, and English ones that are near in sound.
_KOREAN = (
    "사람 나라 우리 머리 빨리 많이 따로 바로 하나 다리 소리 그들 정부 임신 무식 미남 막사 운집"
)
_ENGLISH = "salem nora urea mary pari mani talo valu hannah dari sori gdel jungbu imsin music mynam"


def joined(korean: list[str], english: list[str]) -> dict[str, str]:
    return {entry.korean: entry.english for entry in pairs_by_sound(korean, english)}


def test_names_are_found_by_their_sounds() -> None:
    korean = [*_NAMES, *_KOREAN.split()]
    english = [*_NAMES.values(), *_ENGLISH.split()]
    expected = dict(_NAMES)
    del expected["시진핑"]  # its stem has lost the end of the name
    assert joined(korean, english) == expected


def test_common_words_are_not_read_as_names() -> None:
    assert pairs_by_sound(_KOREAN.split(), _ENGLISH.split()) == []


def test_a_word_belongs_to_the_nearest_of_the_other_language() -> None:
    assert joined(["메르켈", "마르켈"], ["merkel"]) == {"메르켈": "merkel"}
    assert joined(["블링컨"], ["blinken", "blunken"]) == {"블링컨": "blinken"}


def test_a_word_with_two_nearest_belongs_to_neither() -> None:
    assert joined(["푸틴"], ["putin", "puttin"]) == {}


def test_weights_are_low_and_the_higher_the_closer() -> None:
    same, near = pairs_by_sound(["푸틴", "블링컨"], ["putin", "blinken"])
    assert same.weight == MOST_WEIGHT
    assert LEAST_WEIGHT <= near.weight < same.weight
    assert {same.source, near.source} == {Source.NAME}


def test_words_that_cannot_be_names_in_the_other_script_are_passed_over() -> None:
    assert pairs_by_sound([], []) == []
    assert pairs_by_sound(["푸틴"], []) == []
    assert (
        pairs_by_sound(["푸", "putin", "푸틴2", "뿌띤"], ["putin", "put", "pu-tin", "푸틴"]) == []
    )


def test_the_most_crowded_consonants_are_left_out_first(monkeypatch: pytest.MonkeyPatch) -> None:
    korean, english = ["파티", "블링컨"], ["patti", "petti", "pitti", "blinken"]
    assert joined(korean, english) == {"파티": "patti", "블링컨": "blinken"}
    monkeypatch.setattr(names, "MOST_CANDIDATES", 3)
    assert joined(korean, english) == {"블링컨": "blinken"}


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("강", "gaq"),
        ("의", "i"),
        ("로봇", "LoboD"),
        ("빌리", "bili"),
        ("메리", "meri"),
        ("읽다", "ikda"),
        ("", ""),
    ],
)
def test_hangul_is_read_as_it_is_spelt(word: str, sounds: str) -> None:
    assert korean_sounds([word, "가"]) == [sounds, "ga"]


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("thatcher", "FaceR"),
        ("knight", "nit"),
        ("wright", "rit"),
        ("xavier", "sabieR"),
        ("phoenix", "poeniks"),
        ("queen", "kwin"),
        ("georg", "JvRJ"),
        ("singer", "siqJeR"),
        ("ring", "riq"),
        ("yalta", "yalta"),
        ("", ""),
    ],
)
def test_english_is_read_as_koreans_hear_it(word: str, sounds: str) -> None:
    assert english_sounds([word, "and"]) == [sounds, "an"]


def test_no_words_have_no_sounds() -> None:
    assert korean_sounds([]) == english_sounds([]) == []


_SOUNDS = st.text(alphabet="kgtdpbszcmnqlrhLDRFJCHaeiouvxyw", max_size=12)


@given(_SOUNDS, _SOUNDS)
def test_a_distance_has_no_direction_and_is_none_from_itself(left: str, right: str) -> None:
    assert distance(left, left) == 0
    assert distance(left, right) == pytest.approx(distance(right, left), abs=1e-4)


@given(st.lists(st.tuples(_SOUNDS, _SOUNDS), max_size=6))
def test_many_distances_are_those_of_one_pair_each(pairs: list[tuple[str, str]]) -> None:
    left, right = sound_codes([one for one, _ in pairs]), sound_codes([two for _, two in pairs])
    assert distances(left, right).tolist() == pytest.approx(
        [distance(*pair) for pair in pairs], abs=1e-4
    )


@given(
    st.lists(
        st.text(alphabet="가나다라마바칸톤블링컨", min_size=2, max_size=4), unique=True, max_size=9
    ),
    st.lists(st.text(alphabet="abknlgimt", min_size=4, max_size=8), unique=True, max_size=9),
)
def test_every_word_is_in_one_pair_at_most(korean: list[str], english: list[str]) -> None:
    entries = pairs_by_sound(korean, english)
    assert len({entry.korean for entry in entries}) == len(entries)
    assert len({entry.english for entry in entries}) == len(entries)
    assert [entry.korean for entry in entries] == [
        word for word in korean if word in {entry.korean for entry in entries}
    ]
    assert all(LEAST_WEIGHT <= entry.weight <= MOST_WEIGHT for entry in entries)


@given(st.lists(_SOUNDS, min_size=1, max_size=8), st.lists(_SOUNDS, min_size=1, max_size=8))
def test_a_pair_of_skeletons_comes_once(korean: list[str], english: list[str]) -> None:
    pairs = skeletons.pairs_of(sound_codes(korean), sound_codes(english), most=1_000)
    both = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    assert len(set(both)) == len(both)
    assert all(count >= 2 for count in pairs.consonants.tolist())
    assert MAX_DISTANCE < 1
