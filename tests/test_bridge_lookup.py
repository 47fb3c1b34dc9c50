"""A query looks up the entries of its index and of the general glossary, merged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.bridge import table as module
from index.bridge.entry import Entry, Source, english_key, korean_key, merge_entries
from index.bridge.table import MOST_ENTRIES, Content, Lookup, Table, write_table

OWN = (
    Entry("동반자", "companion", 0.0, Source.USER),
    Entry("동반자", "fellow", 0.1, Source.USER),
    Entry("동반자", "partner", 0.3, Source.PARALLEL),
    Entry("동반자", "sidekick", 0.2, Source.PARALLEL),
)
GENERAL = (
    Entry("꿀벌", "honeybee", 0.5, Source.GENERAL),
    Entry("동반자", "companion", 0.5, Source.GENERAL),
    Entry("동반자", "fellow", 0.5, Source.GENERAL),
    Entry("동반자", "partner", 0.5, Source.GENERAL),
)


def table(folder: Path, name: str, entries: Sequence[Entry]) -> Table:
    write_table(folder / name, Content(tuple(entries)))
    return Table(folder / name)


@pytest.fixture
def lookup(tmp_path: Path) -> Lookup:
    return Lookup(table(tmp_path, "own", OWN), table(tmp_path, "general", GENERAL))


def told(found: Sequence[Entry]) -> list[tuple[str, float, Source]]:
    return [(entry.english, entry.weight, entry.source) for entry in found]


def test_an_entry_in_both_has_the_source_of_the_index_and_the_higher_weight(
    lookup: Lookup,
) -> None:
    assert told(lookup.find("동반자", korean=True)) == [
        ("partner", 0.5, Source.PARALLEL),
        ("sidekick", 0.2, Source.PARALLEL),
        ("fellow", 0.1, Source.USER),
    ]


def test_an_entry_in_either_table_is_found(lookup: Lookup) -> None:
    assert told(lookup.find("꿀벌", korean=True)) == [("honeybee", 0.5, Source.GENERAL)]
    assert [entry.korean for entry in lookup.find("sidekick", korean=False)] == ["동반자"]
    assert lookup.find("벌통", korean=True) == ()
    assert lookup.has_prefix("꿀", korean=True)
    assert lookup.has_prefix("sidek", korean=False)
    assert not lookup.has_prefix("벌", korean=True)


def test_a_removed_pair_is_not_found(lookup: Lookup) -> None:
    assert lookup.find("companion", korean=False) == ()


def test_lookups_are_cached_until_the_cache_is_full(
    lookup: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CACHE_SIZE", 2)
    first = lookup.find("동반자", korean=True)
    assert lookup.find("동반자", korean=True) is first
    for key in ("꿀벌", "벌통"):
        lookup.find(key, korean=True)
    assert lookup.find("동반자", korean=True) == first


def test_entries_of_both_tables_are_merged(lookup: Lookup) -> None:
    entries = merge_entries(OWN, GENERAL)
    assert [(entry.korean, entry.english) for entry in entries] == [
        ("꿀벌", "honeybee"),
        *[("동반자", word) for word in ("companion", "fellow", "partner", "sidekick")],
    ]
    assert told(entries[1:4]) == [
        ("companion", 0.0, Source.USER),
        ("fellow", 0.1, Source.USER),
        ("partner", 0.5, Source.PARALLEL),
    ]


_words = st.sampled_from(["말", "집"]), st.sampled_from(["word", "house", "home", "roof", "talk"])


def _tables(sources: Sequence[Source]) -> st.SearchStrategy[list[Entry]]:
    weights = st.sampled_from([0.0, 0.1, 0.5, 1.0])
    entries = st.builds(Entry, *_words, weights, st.sampled_from(sources))
    return st.lists(entries, unique_by=lambda entry: (entry.korean, entry.english))


@given(
    _tables([Source.USER, Source.PARALLEL, Source.GLOSS]).filter(
        lambda entries: all(entry.weight or entry.source is Source.USER for entry in entries)
    ),
    _tables([Source.GENERAL]),
)
def test_a_lookup_finds_the_best_of_the_merged_entries(
    tmp_path_factory: pytest.TempPathFactory, own: list[Entry], general: list[Entry]
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    lookup = Lookup(table(folder, "own", own), table(folder, "general", general))
    listed = merge_entries(own, general)
    for korean, key in ((True, "말"), (False, "hous")):
        same = [
            entry
            for entry in listed
            if key == (korean_key(entry.korean) if korean else english_key(entry.english))
        ]
        weights = sorted((entry.weight for entry in same if entry.weight), reverse=True)
        found = lookup.find(key, korean=korean)
        assert [entry.weight for entry in found] == weights[:MOST_ENTRIES]
        # A gloss that the glossary has too is found as the glossary's.
        assert {entry[:3] for entry in found} <= {entry[:3] for entry in same}
