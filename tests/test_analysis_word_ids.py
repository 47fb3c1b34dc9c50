"""Texts become the numbers of their words, and the numbers lead back to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import word_ids
from index.analysis.normalize import normal_form
from index.analysis.tokenizer import words
from index.analysis.word_ids import Texts, WordIds

# Signs that depend on their neighbours: jamo, accents, the final sigma, dots, blanks.
SIGNS = (
    "가힣각ㅋ\u1100\u1161\u11a8aZ19é\u0301\u0308ΣσßÅ.,·・'’&-+#‐_"
    " \t\n\x1c\x85\u00a0\u3000\u2028\u200b\u00ad株ｶﾞﾟ①㈜Ⅳ゛´¨"
)
anything = st.text(SIGNS, max_size=20) | st.text(max_size=12)


def told(numbering_: WordIds, texts: list[str]) -> tuple[list[str], Texts]:
    """Return the new words of some texts, and the texts as numbers."""
    collector = numbering_.collector()
    for text in texts:
        collector.add(text)
    numbered = collector.take()
    return numbering_.new_words(), numbered


@given(st.lists(anything, max_size=6))
@example(["a \u0301b", "ΑΣ Σ ΣΑ", "가 \u1161", "3.\u30005", "c ++", "k-\u00a0pop"])
def test_numbers_lead_back_to_the_words_of_the_normal_form(texts: list[str]) -> None:
    names, numbered = told(WordIds(), texts)
    expected = [words(normal_form(text)) for text in texts]
    assert numbered.sizes.tolist() == list(map(len, expected))
    assert [names[number] for number in numbered.numbers] == [w for some in expected for w in some]
    assert len(set(names)) == len(names)


def test_new_words_are_told_once_and_numbered_in_their_order() -> None:
    one = WordIds()
    assert told(one, ["river bank", "bank"])[0] == ["river", "bank"]
    names, numbered = told(one, ["the river", "(River)"])
    assert names == ["the"]
    assert numbered.numbers.tolist() == [2, 0, 0]
    assert told(one, [])[0] == []
    assert len(one) == 3


def test_two_collectors_share_their_numbers() -> None:
    one = WordIds()
    bodies, titles = one.collector(), one.collector()
    bodies.add("river bank")
    titles.add("bank vote")
    assert len(bodies) == 2
    assert bodies.take().numbers.tolist() == [0, 1]
    assert titles.take().numbers.tolist() == [1, 2]
    assert len(bodies) == 0


@pytest.mark.parametrize("limit", ["_MOST_STRETCHES", "_MOST_CHARACTERS"])
def test_numbers_stay_when_stretches_are_forgotten(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(word_ids, limit, 1)
    one = WordIds()
    told(one, ["river bank,"])
    names, numbered = told(one, ["bank, bank river vote"])
    assert (names, numbered.numbers.tolist()) == (["vote"], [1, 1, 0, 2])


@given(st.lists(st.integers(0, 5), max_size=6), st.integers(1, 4))
def test_a_text_that_is_cut_keeps_its_first_words(sizes: list[int], longest: int) -> None:
    rows = [[10 * place + word for word in range(size)] for place, size in enumerate(sizes)]
    flat = np.array([number for row in rows for number in row], np.intc)
    cut = Texts(flat, np.array(sizes, np.intc)).cut(longest)
    assert cut.sizes.tolist() == [min(size, longest) for size in sizes]
    assert cut.numbers.tolist() == [number for row in rows for number in row[:longest]]
