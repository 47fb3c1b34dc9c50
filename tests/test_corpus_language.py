from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language import detect

KOREAN = "두 나라는 공급망과 기후 변화에 함께 대응하기로 하고 공동 성명을 냈다. "
ENGLISH = "Both countries agreed to work together on supply chains and on climate change. "


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (KOREAN, "ko"),
        (ENGLISH, "en"),
        (KOREAN + "APEC Climate Center의 Kim Minsu 박사가 발표를 맡았다.", "ko"),
        ("중견국 외교의 길\n\n" + ENGLISH * 20, "en"),
        (KOREAN * 5 + "\n\n" + ENGLISH * 5, "mixed"),
        (KOREAN * 2 + "\n\n" + ENGLISH * 6, "mixed"),
        ("G7+", "en"),
        ("café déjà vu", "en"),
        ("2024. 11. 14. — 50%", ""),
        ("", ""),
        ("外務省は発表した", ""),
        ("ㅋㅋㅋㅋ", "ko"),
    ],
)
def test_language_is_detected_from_most_of_the_letters(text: str, language: str) -> None:
    assert detect(text) == language


def test_decomposed_hangul_counts_as_hangul() -> None:
    text = KOREAN * 2 + ENGLISH * 2

    assert detect(unicodedata.normalize("NFD", KOREAN)) == "ko"
    assert detect(unicodedata.normalize("NFD", text)) == detect(text) == "mixed"


@given(st.text(st.characters()))
def test_detect_returns_one_of_four_values(text: str) -> None:
    assert detect(text) in {"ko", "en", "mixed", ""}


@given(st.text("한국가나 Korea,.1é"), st.integers(2, 5))
def test_repeating_a_text_does_not_change_its_language(text: str, times: int) -> None:
    assert detect(text * times) == detect(text)
