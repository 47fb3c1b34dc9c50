from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

from search.output.snippet import NARROWEST, Excerpt, excerpt
from search.output.terminal import NARROW, WIDE, cut, display_width, printable
from search.results import Match

LETTERS = st.sampled_from("가나다라마전략학교외북한abcde XYZ   \n\t.…漢é\u0301\x1b")
RANGES = [
    ("\u0020", "\u036f"),  # Latin, with its combining marks
    ("\u1100", "\u11ff"),  # the letters of Hangul
    ("\u2000", "\u27bf"),  # punctuation and signs
    ("\u3000", "\u30ff"),  # CJK signs and kana
    ("\u4e00", "\u4f00"),  # Han
    ("\uac00", "\uad00"),  # Hangul syllables
    ("\ufe00", "\uff60"),  # variation selectors and full-width forms
    ("\U0001f300", "\U0001f6ff"),  # pictures
]
WRITING = st.text(
    st.one_of(st.characters(min_codepoint=ord(a), max_codepoint=ord(b)) for a, b in RANGES)
).map(printable)
TEXTS = st.one_of(st.text(max_size=200), st.lists(LETTERS, max_size=300).map("".join))


def match_in(text: str, word: str, *, name: str = "") -> Match:
    start = text.index(word)
    return Match(start=start, end=start + len(word), word=name or word, term=word)


@st.composite
def texts_with_matches(draw: st.DrawFn) -> tuple[str, tuple[Match, ...]]:
    text = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=20)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    solid = [(start, end) for start, end in pairs if not printable(text)[start].isspace()]
    words = draw(st.lists(st.sampled_from("abc"), min_size=len(solid), max_size=len(solid)))
    return text, tuple(
        Match(start=start, end=end, word=word, term=word)
        for (start, end), word in zip(solid, words, strict=True)
    )


def texts_of(shown: Excerpt) -> list[str]:
    return [line.text for line in shown.lines]


def marked(shown: Excerpt) -> list[str]:
    return [line.text[start:end] for line in shown.lines for start, end in line.spans]


@given(texts_with_matches(), st.integers(1, 90), st.integers(1, 4))
def test_no_line_is_wider_than_asked_and_there_are_no_more_lines(
    found: tuple[str, tuple[Match, ...]], width: int, lines: int
) -> None:
    shown = excerpt(*found, width=width, lines=lines)
    assert len(shown.lines) <= lines
    assert all(display_width(line.text) <= max(width, NARROWEST) for line in shown.lines)


@given(texts_with_matches(), st.integers(NARROWEST, 90), st.integers(1, 4))
def test_spans_hold_the_characters_of_their_matches(
    found: tuple[str, tuple[Match, ...]], width: int, lines: int
) -> None:
    text, matches = found
    shown = excerpt(text, matches, width=width, lines=lines)
    inside = [
        printable(text)[max(match.start, shown.start) : min(match.end, shown.end)]
        for match in matches
        if match.start < shown.end and match.end > shown.start
    ]
    assert "".join("".join(marked(shown)).split()) == "".join("".join(inside).split())


@given(texts_with_matches(), st.integers(NARROWEST, 90), st.integers(1, 4))
def test_a_match_is_visible_whenever_there_is_one(
    found: tuple[str, tuple[Match, ...]], width: int, lines: int
) -> None:
    text, matches = found
    shown = excerpt(text, matches, width=width, lines=lines)
    assert bool("".join(marked(shown)).strip()) == bool(matches)


@given(texts_with_matches(), st.integers(NARROWEST, 90), st.integers(1, 4))
def test_an_excerpt_is_the_folded_text_between_its_offsets(
    found: tuple[str, tuple[Match, ...]], width: int, lines: int
) -> None:
    text = printable(found[0])
    shown = excerpt(*found, width=width, lines=lines)
    expected = "".join(text[shown.start : shown.end].split())
    opening = "…" if text[: shown.start].strip() else ""
    closing = "…" if text[shown.end :].strip() else ""
    assert "".join("".join(texts_of(shown)).split()) == opening + expected + closing


def test_a_short_passage_is_shown_whole_on_one_line() -> None:
    shown = excerpt("한국 외교\n  전략", (), width=40, lines=2)
    assert texts_of(shown) == ["한국 외교 전략"]


def test_text_is_cut_at_word_boundaries_with_an_ellipsis() -> None:
    shown = excerpt("one two three four five six seven", (), width=14, lines=1)
    assert texts_of(shown) == ["one two three…"]


def test_a_word_gives_way_to_the_ellipsis() -> None:
    assert texts_of(excerpt("aaaa bbbb cc dd", (), width=9, lines=1)) == ["aaaa…"]


def test_a_match_far_inside_is_shown_with_words_before_it() -> None:
    text = "앞말 " * 60 + "비핵화 전략 " + "뒷말 " * 60
    shown = excerpt(text, [match_in(text, "비핵화")], width=40, lines=2)
    assert marked(shown) == ["비핵화"]
    assert shown.lines[0].text.startswith("…앞말 앞말")
    assert shown.lines[-1].text.endswith("뒷말…")


def test_the_window_with_more_distinct_words_wins_over_the_one_with_more_matches() -> None:
    text = "전략 " * 8 + "이것은 사이에 있는 다른 말입니다 " * 8 + "전략 그리고 외교 " + "끝 " * 30
    repeated = [
        Match(start=start, end=start + 2, word="전략", term="전략") for start in range(0, 24, 3)
    ]
    late = text.rindex("전략")
    matches = [
        *repeated,
        Match(start=late, end=late + 2, word="전략", term="전략"),
        match_in(text, "외교"),
    ]
    assert marked(excerpt(text, matches, width=40, lines=1)) == ["전략", "외교"]


def test_a_sentence_that_starts_within_reach_starts_the_excerpt() -> None:
    text = "관계 없는 앞의 말이다. " * 9 + "새로운 문장은 전략이다. " + "뒤의 말이다. " * 20
    shown = excerpt(text, [match_in(text, "전략")], width=60, lines=2)
    assert shown.lines[0].text.startswith(("…관계 없는", "…새로운 문장은"))


def test_a_match_at_the_end_fills_the_room_before_it() -> None:
    text = "word " * 100 + "strategy"
    shown = excerpt(text, [match_in(text, "strategy")], width=40, lines=2)
    assert texts_of(shown)[-1].endswith("strategy")
    assert sum(display_width(line) for line in texts_of(shown)) > 70


def test_a_match_over_white_space_is_one_span_on_a_line() -> None:
    text = "한국의\n외교를 본다"
    match = Match(start=0, end=7, word="한국 외교", term="한국")
    assert marked(excerpt(text, [match], width=40, lines=1)) == ["한국의 외교를"]


def test_neighbouring_matches_stay_apart() -> None:
    matches = [
        Match(start=0, end=2, word="a", term="비핵"),
        Match(start=2, end=4, word="b", term="전략"),
    ]
    assert marked(excerpt("비핵전략", matches, width=40, lines=1)) == ["비핵", "전략"]


def test_a_word_longer_than_the_line_is_cut_in_pieces() -> None:
    shown = excerpt("漢字" * 20, (), width=12, lines=2)
    assert texts_of(shown) == ["漢字漢字漢", "字漢字漢字…"]


def test_a_passage_without_words_has_no_lines() -> None:
    assert excerpt(" \n\t ", (), width=40, lines=2) == Excerpt(0, 0, ())


def test_control_characters_become_harmless_signs_of_the_same_length() -> None:
    raw = "a\x1b[2Jb\u202ec\td\x9be\x7f\ud800"
    assert printable(raw) == "a␛[2Jb\ufffdc d\ufffde\ufffd\ufffd"
    assert printable("plain 한글") == "plain 한글"


@given(st.text())
def test_printable_text_keeps_its_length_and_has_no_control_characters(text: str) -> None:
    safe = printable(text)
    assert len(safe) == len(text)
    assert not {unicodedata.category(character) for character in safe} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(("ranges", "width"), [(NARROW, 1), (WIDE, 2)])
def test_the_stretches_known_here_agree_with_wcwidth(
    ranges: tuple[tuple[str, str], ...], width: int
) -> None:
    for first, last in ranges:
        characters = map(chr, range(ord(first), ord(last) + 1))
        assert {wcwidth(character) for character in characters} == {width}, (first, last)


@given(WRITING)
def test_the_width_is_never_less_than_on_a_terminal(text: str) -> None:
    assert display_width(text) >= wcswidth(text)


@given(st.text().map(printable), st.integers(2, 60))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert display_width(cut(text, width)) <= width


def test_an_emoji_counts_two_columns() -> None:
    assert display_width("☺\ufe0f") == 2
