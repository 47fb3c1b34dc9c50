"""Highlights: which characters of the original text answer a query."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_corpus import ENGLISH, prose

from index.analysis.analyzer import Analyzer
from index.analysis.lexicon import Lexicon
from index.analysis.normalize import normal_form
from search.highlight import (
    HighlightQuery,
    PhraseWords,
    highlight,
    highlight_query,
    highlight_titled,
)
from search.query.words import QueryWord, read_words
from search.results import Match

_FULL_WIDTH = {ord("!") + step: ord("！") + step for step in range(94)}


def letter_by_letter(text: str) -> str:
    """Return a text as macOS spells the names of files: each syllable in its letters."""
    return normalize("NFD", text)


def full_width(text: str) -> str:
    return text.translate(_FULL_WIDTH)


def highlighted(analyzer: Analyzer, query: str, text: str, *, phrase: bool = False) -> list[str]:
    """Return the parts of a text that a query highlights."""
    words = read_words(analyzer, query)
    wanted = highlight_query(words, {})
    if phrase:
        wanted = wanted._replace(phrases=(PhraseWords(words),), only_phrases=True)
    return [text[match.start : match.end] for match in highlight(analyzer, [text], wanted)[0]]


def check(text: str, matches: tuple[Match, ...]) -> None:
    """Fail unless the matches are spans of the text, in order and without overlaps."""
    for match in matches:
        assert 0 <= match.start < match.end <= len(text)
    for before, after in pairwise(matches):
        assert before.end <= after.start


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("ferry", "Ferries! The FERRY’s ferry.", ["Ferries", "FERRY’s", "ferry"]),
        ("the ferry", "The ferry of the isle", ["ferry"]),
        ("the", "The ferry of the isle", ["The", "the"]),
        ("covid-19", "COVID-19, COVID 19 and covid19", ["COVID-19", "COVID", "19", "covid19"]),
        ("R&D", "r&d (Ｒ＆Ｄ)", ["r&d", "Ｒ＆Ｄ"]),
        ("naive", "naïve nai\u0308ve NAÏVE", ["naïve", "nai\u0308ve", "NAÏVE"]),
        ("final", "a ﬁnal ﬀort", ["ﬁnal"]),
        ("nothing", "a ferry", []),
        ("ferry", "", []),
        ("", "a ferry", []),
    ],
)
def test_the_words_of_a_query_are_highlighted_in_any_spelling(
    query: str, text: str, expected: list[str]
) -> None:
    assert highlighted(Analyzer(Lexicon()), query, text) == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("외교", "외교의 힘은 외교에 있다.", ["외교", "외교"]),
        ("외교에서는", "한국외교를 말하다", ["외교"]),
        ("협력하다", "함께 협력하였다.", ["협력"]),
        ("전략적", "전략적 동반자, 개념적 구분", ["전략적"]),
        ("적", "적의 배", ["적"]),
        ("적", "개념적 구분", ["적"]),
        ("그리고", "섬 그리고 다리", ["그리고"]),
        ("섬 그리고", "섬 그리고 다리", ["섬"]),
    ],
)
@pytest.mark.parametrize("spell", [str, letter_by_letter])
def test_korean_words_are_highlighted_without_their_endings(
    analyzer: Analyzer, query: str, text: str, expected: list[str], spell: Callable[[str], str]
) -> None:
    assert highlighted(analyzer, spell(query), spell(text)) == [*map(spell, expected)]
    assert highlighted(analyzer, query, spell(text)) == [*map(spell, expected)]


def test_words_that_share_a_syllable_bigram_are_highlighted_where_no_term_matches(
    analyzer: Analyzer,
) -> None:
    assert highlighted(analyzer, "돌고래떼", "바다의 돌고래는 섬을 좋아한다.") == ["돌고래"]
    bigrams = HighlightQuery({}, {"고래": "고래"})
    assert [m.term for m in highlight(analyzer, ["돌고래, 고래고래"], bigrams)[0]] == [
        "고래",
        "고래",
    ]


def test_a_phrase_is_highlighted_at_its_occurrences() -> None:
    analyzer = Analyzer(Lexicon())
    text = "A ferry waits. The harbour ferry and the ferry harbour."
    assert highlighted(analyzer, "harbour ferry", text, phrase=True) == ["harbour", "ferry"]
    assert highlighted(analyzer, "ferry harbour", text, phrase=True) == ["ferry", "harbour"]
    assert len(highlighted(analyzer, "ferry isle", text, phrase=True)) == 3


def test_a_match_has_its_word_of_the_query_and_its_term() -> None:
    analyzer = Analyzer(Lexicon())
    query = highlight_query(read_words(analyzer, "Ferries FERRY tides"), {"harbour": "harb*"})
    (matches,) = highlight(analyzer, ["tide, ferry, harbour"], query)
    assert [(match.word, match.term) for match in matches] == [
        ("tides", "tide"),
        ("Ferries", "ferri"),
        ("harb*", "harbour"),
    ]


def test_stop_words_beside_other_words_are_not_highlighted() -> None:
    analyzer = Analyzer(Lexicon())
    words = read_words(analyzer, "the ferry of US")
    assert [word.typed for word in words if word.asked] == ["ferry", "US"]
    assert highlight_query(words, {}).terms == {"ferri": "ferry", "US": "US"}


SPELLINGS = st.sampled_from([str, str.upper, full_width, letter_by_letter])
TEXTS = st.lists(
    st.tuples(st.sampled_from(ENGLISH), SPELLINGS, st.sampled_from(" .,\n　…·-")), max_size=25
)


@given(st.lists(st.sampled_from(ENGLISH), min_size=1, max_size=4), TEXTS)
def test_every_spelling_of_a_word_is_highlighted_in_the_original(
    query: list[str], text: list[tuple[str, Callable[[str], str], str]]
) -> None:
    analyzer = Analyzer(Lexicon())
    words = read_words(analyzer, " ".join(query))
    original = "".join(spell(word) + gap for word, spell, gap in text)
    (matches,) = highlight(analyzer, [original], highlight_query(words, {}))
    check(original, matches)
    for match in matches:
        assert _shares_a_term(analyzer, original[match.start : match.end], words)
    rest = original
    for match in reversed(matches):
        rest = rest[: match.start] + " " + rest[match.end :]
    terms = {term for word in words if word.asked for term, _ in word.readings}
    # Without the text before it, a word may be another: c++ of harbour-c++ is.
    before, after = (
        {part.term for token in analyzer.tokens(some) for part in token.word.parts}
        for some in (original, rest)
    )
    assert not terms & before & after


def _shares_a_term(analyzer: Analyzer, surface: str, words: tuple[QueryWord, ...]) -> bool:
    found = {part.term for token in analyzer.tokens(surface) for part in token.word.parts}
    return any(found.intersection(word.terms) for word in words)


@given(st.lists(st.sampled_from([*"ab.c3-+_ ·'", ".net", "c++", "ﬁ", "１", "é", "…"]), max_size=30))
def test_a_term_is_highlighted_wherever_the_analyzer_finds_it(pieces: list[str]) -> None:
    analyzer, text = Analyzer(Lexicon()), "".join(pieces)
    spans_of_terms: dict[str, set[tuple[int, int]]] = {}
    for token in analyzer.tokens(text):
        for part in token.word.parts:
            spans_of_terms.setdefault(part.term, set()).add(token.span_of(part))
    for term, spans in spans_of_terms.items():
        (matches,) = highlight(analyzer, [text], HighlightQuery({term: term}, {}, particles=True))
        shown = {(match.start, match.end) for match in matches}
        # Of two that overlap, only one is shown.
        assert shown <= spans
        assert all(any(start < b and a < end for a, b in shown) for start, end in spans)


@given(st.text(), st.text())
def test_any_text_can_be_highlighted_with_itself_as_the_query(query: str, text: str) -> None:
    analyzer = Analyzer(Lexicon())
    latin = "".join(c for c in query + text if not "가" <= c <= "힣" and not "ᄀ" <= c <= "ㆎ")
    check(latin, *highlight(analyzer, [latin], highlight_query(read_words(analyzer, latin), {})))


def test_ten_thousand_passages_are_highlighted_at_their_terms() -> None:
    analyzer = Analyzer(Lexicon())
    chance = random.Random(11)
    seen = 0
    for _ in range(2_000):
        text = prose(chance, ENGLISH, 24)
        for query in chance.sample(ENGLISH, 5):
            words = read_words(analyzer, query)
            (matches,) = highlight(analyzer, [text], highlight_query(words, {}))
            check(text, matches)
            for match in matches:
                surface = normal_form(text[match.start : match.end])
                assert surface[0] == match.term[0].lower(), (text, query)
            terms = {part.term for token in analyzer.tokens(text) for part in token.word.parts}
            searched = {term for word in words for term in word.terms}
            assert bool(matches) == bool(terms & searched), (text, query)
            seen += bool(matches)
    assert seen > 1_000


def test_each_text_of_several_has_its_own_matches(analyzer: Analyzer) -> None:
    query = highlight_query(read_words(analyzer, "ferry 고래"), {})
    texts = ["a ferry", "", "고래, a ferry", "tide"]
    assert highlight(analyzer, texts, query) == [
        one for text in texts for one in highlight(analyzer, [text], query)
    ]
    assert [len(matches) for matches in highlight(analyzer, texts, query)] == [1, 0, 2, 0]


def test_weaker_matches_are_highlighted_where_there_is_no_other_match(analyzer: Analyzer) -> None:
    def both(query: HighlightQuery, text: str, title: str) -> tuple[list[str], list[str]]:
        in_texts, in_titles = highlight_titled(analyzer, [text], [title], query)
        return [match.term for match in in_texts[0]], [match.term for match in in_titles[0]]

    strategic = highlight_query(read_words(analyzer, "전략적"), {})
    assert both(strategic, "개념적 구분", "섬") == (["적"], [])
    assert both(strategic, "개념적 구분", "전략") == ([], ["전략"])
    whales = HighlightQuery({}, {"고래": "고래떼"})
    assert both(whales, "섬을 좋아한다.", "바다의 돌고래는") == ([], ["고래"])
    assert both(whales, "돌고래", "바다의 돌고래는") == (["고래"], [])
    assert both(HighlightQuery({}, {}), "섬", "바다") == ([], [])


def test_matches_tell_their_occurrence_of_a_phrase_and_whether_they_crossed(
    analyzer: Analyzer,
) -> None:
    words = read_words(analyzer, "ferry harbour")
    query = highlight_query(words, {}, {"tide": "조류", "harbour": "항구"})
    query = query._replace(
        phrases=(PhraseWords(words), PhraseWords(read_words(analyzer, "tide island")))
    )
    text = "A ferry. Ferry harbour, the tide island, and a ferry harbour; harbour."
    (matches,) = highlight(analyzer, [text], query)
    assert [(text[m.start : m.end], m.occurrence, m.crossed) for m in matches] == [
        ("ferry", None, False),
        ("Ferry", 0, False),
        ("harbour", 0, False),
        ("tide", 1, True),
        ("ferry", 2, False),
        ("harbour", 2, False),
        ("harbour", None, False),
    ]
    (only,) = highlight(analyzer, [text], query._replace(only_phrases=True))
    assert [match for match in matches if match.occurrence is not None] == [*only]


def test_occurrences_of_a_phrase_that_overlap_are_one(analyzer: Analyzer) -> None:
    words = read_words(analyzer, "ferry ferry")
    query = highlight_query(words, {})._replace(phrases=(PhraseWords(words),))
    (matches,) = highlight(analyzer, ["ferry ferry ferry. Ferry tide ferry ferry"], query)
    assert [match.occurrence for match in matches] == [0, 0, 0, 0, 1, 1]
