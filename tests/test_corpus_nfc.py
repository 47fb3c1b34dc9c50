from __future__ import annotations

from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from corpus.nfc import nfc

pieces = st.sampled_from(
    ["a", "e\u0301", " ", "한", "\u1112\u1161\u11ab", "\u0301\u0316", "カ\u3099"]
)


@given(st.lists(pieces, max_size=60).map("".join), st.integers(0, 40))
def test_the_form_is_that_of_unicode_for_texts_of_any_length(text: str, count: int) -> None:
    assert nfc(f"{text} " * count) == normalize("NFC", f"{text} " * count)


def test_a_row_of_marks_is_composed_in_parts() -> None:
    marks = "e\u0301" + "\u0316\u0301" * 2000
    assert nfc(marks).startswith("é\u0316")
    assert len(nfc(marks)) == len(marks) - 1
