from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_texts import full_width, texts

from index.analysis.normalize import (
    NAMES,
    PART,
    _is_plain,
    marked_form,
    named_form,
    normal_form,
    normalize,
)

DECOMPOSED = unicodedata.normalize("NFD", "외교부")


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("COVID-19", "covid-19"),
        ("Ｇ７＋", "g7+"),
        ("ﾊﾟﾘ", "パリ"),
        (unicodedata.normalize("NFD", "외교부는"), "외교부는"),
        ("가\u11a8", "각"),
        ("㈜대한", "(주)대한"),
        ("①차", "1차"),
        ("3½컵", "3 1⁄2컵"),
        ("10² 2024①", "10 2 2024 1"),
        ("m²", "m2"),
        ("３．５％", "3.5%"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
        *(("Łódź", "lodz"), ("Ærø", "aero"), ("Þór", "thor"), ("Đà Nẵng", "da nang"), ("Ǿ", "o")),
        ("Йошкар", "йошкар"),
        ("ΟΔΟΣ", "οδοσ"),
        ("K\u2011팝", "k-팝"),
        ("U.S.\u2019s", "u.s.'s"),
        ("한ㆍ미", "한·미"),
        ("한・미", "한·미"),
        ("한•미", "한·미"),
        ("한․미", "한·미"),
        ("한･미", "한·미"),
        ("외\u200b교\u00ad부\ufeff", "외교부"),
        ("ㅋㅋㅋ", "ㅋㅋㅋ"),
        ("ㄱㅏ", "ㄱㅏ"),
        ("", ""),
        ("plain ASCII", "plain ascii"),
    ],
)
def test_equivalent_spellings_have_one_normal_form(written: str, normal: str) -> None:
    assert normal_form(written) == normalize(written).text == normal


@pytest.mark.parametrize("blank", ["\u3164", "\uffa0", "\u00a0", "\u3000"])
def test_every_visible_blank_separates_words(blank: str) -> None:
    assert normal_form(f"한국{blank}외교") == "한국 외교"


@given(texts)
def test_the_normal_form_is_the_same_with_and_without_offsets(text: str) -> None:
    assert normalize(text).text == marked_form(text)
    assert named_form(text) == marked_form(text).replace(PART, "")
    assert named_form(text).lower() == normal_form(text).replace(PART, "")


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("getUserName", "get user name"),
        ("XMLHttpRequest을", "xml http request을"),
        ("YouCompleteMe", "you complete me"),
        ("ｇｅｔＵｓｅｒ", "get user"),
        ("JavaScript iPhone setLocale", "javascript iphone set locale"),
    ],
)
def test_a_name_in_camel_case_has_a_mark_between_its_parts(written: str, parts: str) -> None:
    normal = normalize(written)
    assert normal.text.replace(PART, " ") == parts
    start = normal.text.index(parts.split()[-1])
    first, last = normal.original(start, len(normal.text))
    assert normal_form(written[first:last]) == parts.split()[-1]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("The US told us", "the US told us"),
        ("WHO-led, US's, IT·AI", "WHO-led, US's, IT·ai"),
        ("ＷＨＯ가 IT기업과", "WHO가 IT기업과"),
        ("May it be in May? MAY", "MAY it be in MAY? MAY"),
        ("It IT it iT", "it IT it it"),
        ("IT'S WHO’LL US's", "it's who'll US's"),
        ("AUS USA US1 1US getIT", "aus usa us1 1us get\ue000it"),
        ("U\u00adS US\u00adA US\u0301", "us usa us"),
        ("AND NOT THE", "and not the"),
    ],
)
def test_capitals_are_kept_where_they_make_another_word(written: str, normal: str) -> None:
    assert normalize(written).text == marked_form(written) == normal


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_name_is_one_in_capitals_and_none_but_the_month_with_one(name: str) -> None:
    assert marked_form(f"({name.upper()})") == f"({name.upper()})"
    assert marked_form(name) == name
    assert marked_form(name.title()) == (name.upper() if name == "may" else name)


def test_the_mark_of_a_footnote_is_blank() -> None:
    assert normalize("합의문[^1]과 [^12]").text == "합의문    과      "
    assert normalize("[12] [^a-z]").text == "[12] [^a-z]"


def test_tones_of_skin_are_ignored() -> None:
    assert normal_form("👍🏽") == "👍"


@given(texts)
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    normal = normal_form(text)
    assert normal_form(normal) == normal


@given(texts)
def test_composed_and_decomposed_text_have_one_normal_form(text: str) -> None:
    forms = {normal_form(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@given(st.text(st.characters(codec="ascii")))
def test_full_width_text_has_the_normal_form_of_half_width_text(text: str) -> None:
    assert normal_form(full_width(text)) == normal_form(text)


@given(texts, st.data())
def test_offsets_map_to_characters_with_that_normal_form(text: str, data: st.DataObject) -> None:
    normal = normalize(text)
    if not normal.text:
        return
    start = data.draw(st.integers(0, len(normal.text) - 1))
    end = data.draw(st.integers(start + 1, len(normal.text)))
    first, last = normal.original(start, end)

    assert 0 <= first < last <= len(text)
    # A blank between a digit and a fraction, and the mark of a part, are of no character.
    shown = normal.text[start:end].replace(PART, "").lower().lstrip()
    assert shown in normal_form(text[first:last]).replace(PART, "")


@given(texts)
def test_offsets_in_the_original_never_decrease(text: str) -> None:
    normal = normalize(text)
    spans = [normal.original(i, i + 1) for i in range(len(normal.text))]
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    ("written", "part", "original"),
    [
        ("a ㈜대한 b", "주", "㈜"),
        ("a ㈜대한 b", "대한", "대한"),
        ("그 외\u200b교부", "외교부", "외\u200b교부"),
        ("\ufeff외교부\ufeff", "외교부", "외교부"),
        ("the Cafe\u0301 is", "cafe", "Cafe\u0301"),
        (DECOMPOSED + "는", "외교부", DECOMPOSED),
        ("１．５배", "1.5", "１．５"),
        ("no change", "change", "change"),
    ],
)
def test_a_part_of_the_normal_form_maps_to_the_original(
    written: str, part: str, original: str
) -> None:
    normal = normalize(written)
    start = normal.text.index(part)
    first, last = normal.original(start, start + len(part))
    assert written[first:last] == original


@pytest.mark.parametrize("text", ["getUserÁ", "zyÁ", "zyÁ getUser", "XMLHttpÉtat", "üzgetUserbÑ"])
def test_a_letter_with_a_mark_parts_names_alike_in_both_normal_forms(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert normalize(composed).text == normalize(decomposed).text


def test_a_plain_text_has_none_but_ascii_hangul_and_han_characters() -> None:
    for character in map(chr, range(0x110000)):
        is_plain = any(first <= character <= last for first, last in ("\x00\x7f", "가힣", "一鿿"))
        assert _is_plain(f"가{character}a") is is_plain
