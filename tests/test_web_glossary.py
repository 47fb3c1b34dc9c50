"""Strikes pairs out of a glossary from the page, and takes that back."""

from __future__ import annotations

from pathlib import Path

import pytest
from search_corpus import built, write_texts

from corpus.errors import CorpusError
from index.bridge.entry import Entry, Source
from index.directory.location import FOLDER
from index.edit_glossary import add_entries, entries_of_pair
from search.web.glossary import Glossary, Pair

PAIR = Pair("동반자", "partner")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    write_texts(tmp_path, {"a.txt": "harbour"})
    built(tmp_path)
    return tmp_path / FOLDER


def entry_of(directory: Path) -> Entry:
    (entry,) = entries_of_pair(directory, *PAIR)
    return entry


def test_a_pair_that_was_not_struck_out_stays_as_it_is(directory: Path) -> None:
    before = entry_of(directory)
    assert 0 < before.weight < 1
    answer = Glossary(directory).unstrike(PAIR)
    assert entry_of(directory) == before
    assert answer["entries"] == [{**PAIR._asdict(), "weight": before.weight, "source": "glossary"}]


def test_what_is_brought_back_twice_is_as_it_was(directory: Path) -> None:
    before = entry_of(directory)
    glossary = Glossary(directory)
    glossary.strike(PAIR)
    assert entry_of(directory).weight == 0
    assert glossary.unstrike(PAIR) == glossary.unstrike(PAIR)
    assert entry_of(directory) == before


def test_what_the_user_changed_after_it_was_struck_out_stays_so(directory: Path) -> None:
    glossary = Glossary(directory)
    glossary.strike(PAIR)
    own = Entry(*PAIR, weight=0.25, source=Source.USER)
    add_entries(directory, [own])
    glossary.unstrike(PAIR)
    assert entry_of(directory) == own


def test_a_pair_is_known_in_any_case(directory: Path) -> None:
    before = entry_of(directory)
    glossary = Glossary(directory)
    glossary.strike(Pair("동반자", "PARTNER"))
    glossary.unstrike(PAIR)
    assert entry_of(directory) == before


def test_a_pair_that_is_not_there_is_not_brought_back(directory: Path) -> None:
    with pytest.raises(CorpusError, match="no such pair"):
        Glossary(directory).unstrike(Pair("없는말", "nothing"))
