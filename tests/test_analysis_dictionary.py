from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.dictionary import TAGS, Dictionary, DictionaryError, Entry, parse_dictionary

HANGUL_ONLY = "a word must be in Hangul, since Kiwi is given nothing else"


def test_tag_and_score_are_optional() -> None:
    lines = ["교보문고", "찾아\tNNG", "검색하\tVV\t-1.5", "윗동네\t\t2"]
    assert parse_dictionary(lines).entries == (
        Entry("교보문고", "NNP", 0.0),
        Entry("찾아", "NNG", 0.0),
        Entry("검색하", "VV", -1.5),
        Entry("윗동네", "NNP", 2.0),
    )


def test_empty_lines_comments_and_a_byte_order_mark_are_skipped() -> None:
    lines = ["\ufeff# words\n", "\n", "  \t \r\n", "찾아\r\n", "#뒤\tNNP"]
    assert [entry.word for entry in parse_dictionary(lines).entries] == ["찾아"]


def test_spaces_around_fields_and_empty_fields_behind_the_score_are_ignored() -> None:
    assert parse_dictionary([" 찾아 \t NNG \t 1 \t\t "]).entries == (Entry("찾아", "NNG", 1.0),)


def test_a_word_is_taken_in_the_normal_form_of_the_texts() -> None:
    decomposed = unicodedata.normalize("NFD", "교보문고")
    assert parse_dictionary([decomposed]) == parse_dictionary(["교보문고"])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("\tNNP", "does not have a single word in its first column"),
        ("두 말\tNNP", "does not have a single word in its first column"),
        ("K팝\tNNP", f"has 'k팝': {HANGUL_ONLY}"),
        ("3·1운동\tNNP", f"has '3·1운동': {HANGUL_ONLY}"),
        ("node.js\tSL", f"has 'node.js': {HANGUL_ONLY}"),
        ("찾아\tXYZ", "has the tag 'XYZ', which Kiwi does not know"),
        ("찾아\tNNP\t많이", "has the score '많이', which is not a number"),
        ("찾아\tNNP\tnan", "has the score 'nan', which is not a number"),
        ("찾아\tNNP\tinf", "has the score 'inf', which is not a number"),
        ("찾아\tNNP\t1\t더", "has more columns than word, tag and score"),
        ("찾아\tNNP\t1\t\t\t더", "has more columns than word, tag and score"),
    ],
)
def test_an_invalid_line_is_named_in_the_error(line: str, reason: str) -> None:
    with pytest.raises(DictionaryError) as caught:
        parse_dictionary(["# words", "", "옳다\tNNP\t0", line, "뒤"])
    assert str(caught.value) == f"line 4 {reason}"


def entries_or_reason(lines: list[str]) -> tuple[Entry, ...] | str:
    try:
        return parse_dictionary(lines).entries
    except DictionaryError as error:
        return str(error)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=4))
def test_any_lines_are_words_or_an_error_of_the_dictionary(lines: list[str]) -> None:
    found = entries_or_reason(lines)
    if isinstance(found, str):
        assert found.startswith("line ")
    else:
        assert all(entry.word and entry.tag in TAGS for entry in found)


def test_the_name_depends_on_words_tags_and_scores() -> None:
    lines = ["찾아", "찾아\tNNG", "찾아\tNNP\t1", "차자", "찾아\n차자"]
    names = [parse_dictionary(text.split("\n")).name for text in lines]
    assert len({*names, Dictionary().name}) == len(lines) + 1
    assert Dictionary().name == "no dictionary"


def test_the_same_words_have_the_same_name_however_they_are_written_down() -> None:
    short, long = parse_dictionary(["찾아"]), parse_dictionary(["# one", "찾아\tNNP\t0.0"])
    assert short.name == long.name
