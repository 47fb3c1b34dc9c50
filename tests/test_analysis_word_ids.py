"""Texts are encoded as word ids, from which the words can be restored."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from whole_words import restored

from index.analysis import word_ids
from index.analysis.word_ids import Texts, WordIds

# Signs that depend on their neighbours: jamo, accents, the final sigma, dots, blanks.
SIGNS = (
    "가힣각ㅋ\u1100\u1161\u11a8aZ19é\u0301\u0308ΣσßÅ.,·・'’&-+#‐_"
    " \t\n\x1c\x85\u00a0\u3000\u2028\u200b\u00ad株ｶﾞﾟ①㈜Ⅳ゛´¨학學()"
)
anything = st.text(SIGNS, max_size=20) | st.text(max_size=12)


def encode(ids: WordIds, texts: list[str]) -> tuple[list[str], Texts]:
    """Return the new words of some texts, and the texts as word ids."""
    collector = ids.collector()
    for text in texts:
        collector.add(text)
    encoded = collector.take()
    return ids.new_words(), encoded


@given(st.lists(anything, max_size=6))
@example(["a \u0301b", "ΑΣ Σ ΣΑ", "가 \u1161", "3.\u30005", "c ++", "k-\u00a0pop"])
def test_ids_restore_the_words_of_the_normal_form(texts: list[str]) -> None:
    names, encoded = encode(WordIds(), texts)
    expected = list(map(restored, texts))
    assert encoded.sizes.tolist() == list(map(len, expected))
    assert [names[number] for number in encoded.numbers] == [w for row in expected for w in row]
    assert len(set(names)) == len(names)


def test_new_words_are_returned_once_in_the_order_of_their_ids() -> None:
    ids = WordIds()
    assert encode(ids, ["river bank", "bank"])[0] == ["river", "bank"]
    names, encoded = encode(ids, ["the river", "(River)"])
    assert names == ["the"]
    assert encoded.numbers.tolist() == [2, 0, 0]
    assert encode(ids, [])[0] == []
    assert len(ids) == 3


def test_two_collectors_share_their_ids() -> None:
    ids = WordIds()
    bodies, titles = ids.collector(), ids.collector()
    bodies.add("river bank")
    titles.add("bank vote")
    assert len(bodies) == 2
    assert bodies.take().numbers.tolist() == [0, 1]
    assert titles.take().numbers.tolist() == [1, 2]
    assert len(bodies) == 0


@pytest.mark.parametrize("limit", ["_MAX_CHUNKS", "_MAX_CHARACTERS"])
def test_ids_stay_when_the_cached_chunks_are_cleared(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(word_ids, limit, 1)
    ids = WordIds()
    encode(ids, ["river bank,"])
    names, encoded = encode(ids, ["bank, bank river vote"])
    assert (names, encoded.numbers.tolist()) == (["vote"], [1, 1, 0, 2])


@given(st.lists(st.integers(0, 5), max_size=6), st.integers(1, 4))
def test_a_truncated_text_keeps_its_first_words(sizes: list[int], longest: int) -> None:
    rows = [[10 * row + word for word in range(size)] for row, size in enumerate(sizes)]
    flat = np.array([number for row in rows for number in row], np.intc)
    cut = Texts(flat, np.array(sizes, np.intc)).cut(longest)
    assert cut.sizes.tolist() == [min(size, longest) for size in sizes]
    assert cut.numbers.tolist() == [number for row in rows for number in row[:longest]]
