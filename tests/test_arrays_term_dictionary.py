"""A dictionary of terms gives the results of a sorted list."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import term_dictionary as module
from index.arrays.array_file import ArrayFile
from index.arrays.array_writer import ArrayWriter
from index.arrays.term_dictionary import TermDictionary, TermDictionaryWriter

short_terms = st.lists(st.sampled_from((b"a", b"b", b"\xfe", b"\xff")), max_size=4).map(b"".join)
dictionaries = st.sets(short_terms | st.binary(max_size=5), max_size=30).map(sorted)


def written(folder: Path, terms: list[bytes]) -> TermDictionary:
    with ArrayWriter(folder / "terms") as writer:
        own = TermDictionaryWriter(writer, "body")
        own.add(terms[: len(terms) // 2])
        own.add(terms[len(terms) // 2 :])
    return TermDictionary(ArrayFile(folder / "terms"), "body")


@settings(max_examples=60)
@given(
    terms=dictionaries,
    term=short_terms | st.binary(max_size=3),
    at_once=st.sampled_from((1, 3, 4096)),
)
def test_terms_are_found_as_in_a_sorted_list(terms: list[bytes], term: bytes, at_once: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_AT_ONCE", at_once)
        dictionary = written(Path(folder), terms)
        assert list(dictionary) == terms
        assert [dictionary[number] for number in range(len(dictionary))] == terms
        assert dictionary.find(term) == (terms.index(term) if term in terms else None)
        assert dictionary.first_from(term) == sum(other < term for other in terms)
        some = dictionary.starting_with(term)
        assert list(dictionary.some(some)) == [other for other in terms if other.startswith(term)]
