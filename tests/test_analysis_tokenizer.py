from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_texts import texts

from index.analysis import tokenizer
from index.analysis.normalize import normal_form
from index.analysis.tokenizer import MAX_WORD_LENGTH, Script, pieces, word_spans, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("covid-19는 끝났다.", ["covid-19는", "끝났다"]),
        ("c++를, c#은; g7+가", ["c++를", "c#은", "g7+가"]),
        ("u.s.와 r&d", ["u.s", "와", "r&d"]),
        (".net과 asp.net", [".net과", "asp.net"]),
        ("1,234.5명 1, 2", ["1,234.5명", "1", "2"]),
        ("the 80's and 80'seconds", ["the", "80's", "and", "80", "seconds"]),
        ("3·1운동 한·미 韓·美", ["3·1운동", "한·미", "韓·美"]),
        ("한-미 한/미의 한.중.일", ["한-미", "한/미의", "한.중.일"]),
        ("초/중/고등학교 한-아프리카", ["초/중/고등학교", "한", "아프리카"]),
        ("했다.그는 가.개요 서울/부산", ["했다", "그는", "가", "개요", "서울", "부산"]),
        ("좋아요👍🎉 서울🇰🇷은 ★", ["좋아요", "👍", "🎉", "서울", "🇰🇷", "은"]),
        ("4-h club - b-2", ["4-h", "club", "b-2"]),
        ("(2024~2025)", ["2024", "2025"]),
        ("snake_case", ["snake", "case"]),
        ("a+b c+++ a##", ["a", "b", "c", "a"]),
        ("'quoted' -dash- don't", ["quoted", "dash", "don't"]),
        ("", []),
        ("… ! ·", []),
    ],
)
def test_a_word_has_the_signs_that_belong_to_it_and_no_others(
    text: str, expected: list[str]
) -> None:
    assert words(text) == expected


@given(texts)
def test_words_are_in_order_at_their_offsets(text: str) -> None:
    normal = normal_form(text)
    end = 0
    for word, offset in word_spans(normal):
        assert end <= offset
        assert normal[offset : offset + len(word)] == word
        end = offset + len(word)
    assert words(normal) == [word for word, _ in word_spans(normal)]


@given(texts)
def test_words_cover_all_letters_and_digits(text: str) -> None:
    normal = normal_form(text)
    kept = "".join(words(normal))
    assert [c for c in kept if c.isalnum()] == [c for c in normal if c.isalnum()]


@given(texts)
def test_pieces_cover_all_letters_and_digits_of_a_word(text: str) -> None:
    for word in words(normal_form(text)):
        cut = pieces(word)
        assert all(word[piece.start : piece.end] == piece.text for piece in cut)
        joined = "".join(piece.text for piece in cut)
        assert [c for c in joined if c.isalnum()] == [c for c in word if c.isalnum()]


@given(st.integers(1, 5 * MAX_WORD_LENGTH))
def test_a_run_of_letters_is_split_at_the_maximum_word_length(length: int) -> None:
    found = words("가" * length)
    assert "".join(found) == "가" * length
    assert all(len(word) == MAX_WORD_LENGTH for word in found[:-1])
    assert 1 <= len(found[-1]) <= MAX_WORD_LENGTH


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("covid-19는", [("covid-19", Script.ATOM), ("는", Script.HANGUL)]),
        ("k팝", [("k", Script.ATOM), ("팝", Script.HANGUL)]),
        ("한·미", [("한·미", Script.HANGUL)]),
        ("제3차", [("제", Script.HANGUL), ("3", Script.ATOM), ("차", Script.HANGUL)]),
        ("韓·美는", [("韓·美", Script.OTHER), ("는", Script.HANGUL)]),
        ("東京タワー", [("東京", Script.OTHER), ("タワー", Script.OTHER)]),
        ("ひらがな", [("ひらがな", Script.OTHER)]),
        ("москва", [("москва", Script.OTHER)]),
        ("straße", [("straße", Script.ATOM)]),
        ("øresund", [("øresund", Script.ATOM)]),
        (".net", [(".net", Script.ATOM)]),
        ("ㅋㅋ", [("ㅋㅋ", Script.HANGUL)]),
    ],
)
def test_a_word_is_split_where_its_script_changes(
    word: str, expected: list[tuple[str, Script]]
) -> None:
    assert [(piece.text, piece.script) for piece in pieces(word)] == expected


# The pieces of a word by its characters themselves.
PIECE = re.compile(
    rf"""
      (?P<hangul> [가-힣ㄱ-ㆎ]+ (?:[·./-][가-힣]+)* )
    | (?P<atom> [.]? [A-Za-z0-9ß-ɏ]+ (?:[-.,'&·\ue000]+[A-Za-z0-9ß-ɏ]+)* [+\#]* )
    | (?P<picture> {tokenizer._PICTURE} )
    | (?P<hiragana> [ぁ-ゖ]+ )
    | (?P<katakana> [ァ-ヿ]+ )
    | (?P<other> (?:(?![가-힣ㄱ-ㆎA-Za-z0-9ß-ɏぁ-ゖァ-ヿ]) [^\W_])+ (?:·[一-鿿]+)* )
    """,
    re.VERBOSE,
)
SCRIPTS = {"hangul": Script.HANGUL, "atom": Script.ATOM}
EDGES = "가힣각ㄱㆎㅏaZ9ßɏ÷ぁゖんァヿ・一鿿韓д١❎⌚🇰🇷🐴·./-,'&\ue000+#_() ½ａ"


def assert_same_pieces(word: str) -> None:
    found = [
        (SCRIPTS.get(match.lastgroup or "", Script.OTHER), match[0], match.start())
        for match in PIECE.finditer(word)
    ]
    assert list(map(tuple, pieces(word))) == found


@given(st.text(st.one_of(st.sampled_from(EDGES), st.characters()), max_size=10))
def test_pieces_by_classes_are_those_by_characters(word: str) -> None:
    assert_same_pieces(word)


def test_every_character_is_in_its_class() -> None:
    for first in range(0, sys.maxunicode + 1, 64):
        assert_same_pieces(" ".join(map(chr, range(first, first + 64))))
