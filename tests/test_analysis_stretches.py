"""Stretches of texts have numbers, the same wherever they stand, however they are looked up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import word_ids as module
from index.analysis.word_ids import ChunkIds
from index.arrays.ids import Distinct

# Of all lengths about eight and sixteen bytes, alike at their start or their end, of any script.
stretch = (
    st.builds(str.__mul__, st.sampled_from(["a", "ab", "가"]), st.integers(1, 20))
    | st.builds(
        "{}{}".format, st.sampled_from(["river", "riverbank-", "강물이"]), st.integers(0, 99)
    )
    | st.text(
        st.characters(min_codepoint=33, exclude_categories=["Cs", "Zs", "Zl", "Zp"]), min_size=1
    )
)
text = st.lists(stretch, max_size=6).map(" ".join) | st.just(" \t\n\x00 ") | st.just("\ud800 b")
texts = st.lists(text, max_size=5)


def split(some: list[str]) -> list[list[bytes]]:
    """Return the stretches of each text: bytes above that of the blank stand together."""
    encoded = [one.encode("utf-8", "surrogatepass") for one in some]
    blanks = bytes(range(32))
    return [data.translate(bytes.maketrans(blanks, b" " * 32)).split() for data in encoded]


@settings(max_examples=200)
@given(st.lists(texts, min_size=1, max_size=4), st.integers(0, 3))
def test_numbers_are_those_of_a_dictionary_of_stretches(some: list[list[str]], bits: int) -> None:
    names: list[bytes] = []
    with pytest.MonkeyPatch.context() as patch:
        # So few slots that they are contested, and soon too few.
        patch.setattr(module, "_FIRST_BITS", bits + 1)
        patch.setattr(module, "_MOST_BITS", bits + 3)
        one = ChunkIds()
        for few in some:
            numbers, counts = one.numbers(few)
            names += [name.encode("utf-8", "surrogatepass") for name in one.new()]
            expected = split(few)
            assert counts.tolist() == list(map(len, expected))
            assert [names[number] for number in numbers] == [n for row in expected for n in row]
    assert len(one) == len(set(names)) == len(names)


def test_slots_grow_with_what_is_known() -> None:
    one = ChunkIds()
    before = len(one._slots)
    first, _ = one.numbers([" ".join(f"w{number}x" for number in range(5_000))])
    assert len(one._slots) > before
    again, _ = one.numbers([" ".join(f"w{number}x" for number in range(5_000))])
    assert again.tolist() == first.tolist() == list(range(5_000))


def test_different_things_are_numbered_as_they_are_met() -> None:
    words: Distinct[str] = Distinct()
    assert [words[word] for word in ("river", "bank", "river")] == [0, 1, 0]
    assert words.new() == ["river", "bank"]
    assert words.new() == []
    assert words["vote"] == 2
    assert words.new() == ["vote"]
