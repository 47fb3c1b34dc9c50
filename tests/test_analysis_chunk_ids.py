"""Chunks of texts get the same id wherever they occur, however they are looked up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import chunk_ids as module
from index.analysis.chunk_ids import ChunkIds, chunked
from index.arrays.ids import Distinct

# Lengths around eight and sixteen bytes, equal at their start or end, in any script.
chunk = (
    st.builds(str.__mul__, st.sampled_from(["a", "ab", "가"]), st.integers(1, 20))
    | st.builds(
        "{}{}".format, st.sampled_from(["river", "riverbank-", "강물이"]), st.integers(0, 99)
    )
    | st.text(
        st.characters(min_codepoint=33, exclude_categories=["Cs", "Zs", "Zl", "Zp"]), min_size=1
    )
)
text = st.lists(chunk, max_size=6).map(" ".join) | st.just(" \t\n\x00 ") | st.just("\ud800 b")
texts = st.lists(text, max_size=5)


def split(texts: list[str]) -> list[list[bytes]]:
    """Return the chunks of each text: its runs of bytes above that of a blank."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    blanks = bytes(range(32))
    return [data.translate(bytes.maketrans(blanks, b" " * 32)).split() for data in encoded]


@settings(max_examples=200)
@given(st.lists(texts, min_size=1, max_size=4), st.integers(0, 3))
def test_ids_are_those_of_a_dictionary_of_chunks(batches: list[list[str]], bits: int) -> None:
    names: list[bytes] = []
    with pytest.MonkeyPatch.context() as patch:
        # With few slots, chunks collide and the table has to grow.
        patch.setattr(module, "_MIN_BITS", bits + 1)
        patch.setattr(module, "_MAX_BITS", bits + 3)
        ids = ChunkIds()
        for batch in batches:
            cut = chunked(batch)
            numbers, counts = ids.numbers(cut), cut.counts
            names += [name.encode("utf-8", "surrogatepass") for name in ids.new()]
            expected = split(batch)
            assert counts.tolist() == list(map(len, expected))
            assert [names[number] for number in numbers] == [n for row in expected for n in row]
    assert len(ids) == len(set(names)) == len(names)


def test_slots_grow_with_the_number_of_chunks() -> None:
    ids = ChunkIds()
    before = len(ids._slots)
    first = ids.numbers(chunked([" ".join(f"w{number}x" for number in range(5_000))]))
    assert len(ids._slots) > before
    again = ids.numbers(chunked([" ".join(f"w{number}x" for number in range(5_000))]))
    assert again.tolist() == first.tolist() == list(range(5_000))


def test_distinct_items_get_ids_in_the_order_of_their_first_occurrences() -> None:
    words: Distinct[str] = Distinct()
    assert [words[word] for word in ("river", "bank", "river")] == [0, 1, 0]
    assert words.new() == ["river", "bank"]
    assert words.new() == []
    assert words["vote"] == 2
    assert words.new() == ["vote"]
