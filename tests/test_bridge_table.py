"""The bridge on disk gives back what was written, and finds entries by the words of either side."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays.array_file import ArrayFile
from index.arrays.array_writer import ArrayWriter
from index.arrays.files import CorruptFile
from index.bridge.entry import Entry, Source, english_key, korean_key
from index.bridge.table import MOST_ENTRIES, Content, Table, write_table

ENTRIES = (
    Entry("관계", "relation", 0.5, Source.PARALLEL),
    Entry("동반자", "partner", 1.0, Source.GENERAL),
    Entry("동반자", "partnership", 0.7, Source.USER),
    Entry("전략적 동반자", "strategic partnership", 0.9, Source.GLOSS),
    Entry("짝", "partner", 0.0, Source.USER),
)
_TERMS = ("declared", "entries", "korean", "english")
COLUMNS = (
    *(f"{name}.{part}" for name in _TERMS for part in ("text", "ends")),
    *("learned", "weights", "sources"),
    *(f"{name}.{part}" for name in ("korean", "english") for part in ("entry_ends", "entries")),
)
CONTENT = Content(ENTRIES, (("ko/a.md", "en/a.md"),), (3, 2**64 - 1), 12)

_words = st.text("가나다라 abc-'1é韓\U0001f642", min_size=1, max_size=8).filter(str.strip)
_entries = st.builds(
    Entry,
    korean=_words,
    english=_words,
    weight=st.integers(0, 10_000).map(lambda steps: steps / 10_000),
    source=st.sampled_from(Source),
)
_contents = st.builds(
    Content,
    entries=st.lists(
        _entries, max_size=30, unique_by=lambda entry: (entry.korean, entry.english)
    ).map(tuple),
    declared=st.sets(st.tuples(_words, _words), max_size=3).map(sorted).map(tuple),
    learned=st.sets(st.integers(0, 2**64 - 1), max_size=5).map(sorted).map(tuple),
    compared=st.integers(0, 10**9),
)


def written(path: Path, content: Content = CONTENT) -> Table:
    write_table(path, content)
    return Table(path)


def words_of(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    return [(entry.korean, entry.english) for entry in entries]


@given(content=_contents)
def test_a_round_trip_keeps_the_content(
    tmp_path_factory: pytest.TempPathFactory, content: Content
) -> None:
    with closing(written(tmp_path_factory.mktemp("table") / "a.bridge", content)) as table:
        read = table.content()
        assert set(read.entries) == set(content.entries)
        assert len(read.entries) == len(table) == len(content.entries)
        assert (read.declared, read.learned) == (
            tuple(sorted(content.declared, key="\t".join)),
            content.learned,
        )
        assert read.compared == content.compared


@given(content=_contents)
def test_an_entry_is_among_the_best_of_its_terms_unless_removed_or_a_synonym(
    tmp_path_factory: pytest.TempPathFactory, content: Content
) -> None:
    with closing(written(tmp_path_factory.mktemp("table") / "a.bridge", content)) as table:
        for find, key, side in (
            (partial(table.find, korean=True), korean_key, "korean"),
            (partial(table.find, korean=False), english_key, "english"),
        ):
            for entry in content.entries:
                name = key(getattr(entry, side))
                same = [
                    other
                    for other in content.entries
                    if key(getattr(other, side)) == name and other.source is not Source.SYNONYM
                ]
                weights = sorted((other.weight for other in same if other.weight), reverse=True)
                found = find(name).entries if name else []
                assert [e.weight for e in found] == weights[: MOST_ENTRIES if name else 0]
                assert set(found) <= set(same)


@given(content=_contents)
def test_synonyms_are_those_of_that_source_that_are_not_removed(
    tmp_path_factory: pytest.TempPathFactory, content: Content
) -> None:
    with closing(written(tmp_path_factory.mktemp("table") / "a.bridge", content)) as table:
        kept = {
            (entry.korean, entry.english)
            for entry in table.content().entries
            if entry.source is Source.SYNONYM and entry.weight
        }
        assert sorted(table.synonyms()) == sorted(kept)


@given(content=_contents)
def test_all_entries_of_a_term_are_those_of_its_key_with_removed_ones(
    tmp_path_factory: pytest.TempPathFactory, content: Content
) -> None:
    with closing(written(tmp_path_factory.mktemp("table") / "a.bridge", content)) as table:
        everything = table.content().entries
        for word in {side for entry in everything for side in (entry.korean, entry.english)}:
            korean, english = korean_key(word), english_key(word)
            same = [
                entry
                for entry in everything
                if korean_key(entry.korean) == korean
                or english_key(entry.english) == english
                or (entry.source is Source.SYNONYM and korean_key(entry.english) == korean)
            ]
            assert not (korean and english) or table.find_all(word) == same


@given(content=_contents)
def test_a_table_written_with_the_keys_of_another_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, content: Content
) -> None:
    folder = tmp_path_factory.mktemp("table")
    half = content._replace(entries=content.entries[::2])
    with closing(written(folder / "half.bridge", half)) as table:
        write_table(folder / "known.bridge", content, known=table.english_keys())
    write_table(folder / "anew.bridge", content)
    assert (folder / "known.bridge").read_bytes() == (folder / "anew.bridge").read_bytes()


def test_all_entries_of_a_term_are_not_limited(tmp_path: Path) -> None:
    many = tuple(
        Entry("짝", f"word{number}", 1.0, Source.USER) for number in range(MOST_ENTRIES + 5)
    )
    with closing(written(tmp_path / "a.bridge", Content(many))) as table:
        assert len(table.find_all("짝")) == len(many)
        assert len(table.find("짝", korean=True).entries) == MOST_ENTRIES


def test_entries_are_found_by_either_side_the_heaviest_first(tmp_path: Path) -> None:
    with closing(written(tmp_path / "a.bridge")) as table:
        found = table.find(korean_key("동반자"), korean=True).entries
        assert words_of(found) == [("동반자", "partner"), ("동반자", "partnership")]
        assert words_of(table.find(english_key("Partners"), korean=False).entries) == [
            ("동반자", "partner")
        ]
        assert not table.find("없다", korean=True).entries
        assert not table.find("", korean=False).entries


def test_korean_is_found_however_it_is_spaced_and_english_whatever_its_endings() -> None:
    assert korean_key("전략적 동반자") == korean_key("전략적동반자") == "전략적동반자"
    assert english_key("The Strategic  Partnerships") == english_key("strategic partnership")
    assert english_key("the") == "the"


def test_of_very_many_translations_the_heaviest_are_found(tmp_path: Path) -> None:
    many = [Entry("말", f"word{n}", 0.001 * n, Source.PARALLEL) for n in range(1, 501)]
    with closing(written(tmp_path / "a.bridge", Content(tuple(many)))) as table:
        found = [entry.english for entry in table.find("말", korean=True).entries]
    assert found == [f"word{n}" for n in range(500, 500 - MOST_ENTRIES, -1)]


def test_an_empty_table_finds_nothing(tmp_path: Path) -> None:
    with closing(written(tmp_path / "a.bridge", Content())) as table:
        assert table.content() == Content()
        assert not table.find("말", korean=True).entries
        assert not table.find("word", korean=False).entries


def test_a_match_tells_prefixes_of_keys(tmp_path: Path) -> None:
    with closing(written(tmp_path / "a.bridge")) as table:
        assert table.find("전략적", korean=True).is_prefix
        assert table.find("전략적동반자", korean=True).is_prefix
        assert not table.find("전략적동반자관", korean=True).is_prefix
        assert not table.find("전략적", korean=False).is_prefix
        assert table.find("strateg", korean=False).is_prefix
        assert not table.find("zoo", korean=False).is_prefix


def test_entries_are_counted_by_their_sources_the_most_trusted_first(tmp_path: Path) -> None:
    with closing(written(tmp_path / "a.bridge")) as table:
        assert [*table.counts().items()] == [
            (Source.USER, 2),
            (Source.PARALLEL, 1),
            (Source.GLOSS, 1),
            (Source.GENERAL, 1),
        ]


def test_only_pairs_given_by_the_user_have_a_user_entry(tmp_path: Path) -> None:
    with closing(written(tmp_path / "a.bridge")) as table:
        assert table.has_user_entry("짝", "partner")
        assert table.has_user_entry("동반자", "partnership")
        assert not table.has_user_entry("동반자", "partner")
        assert not table.has_user_entry("짝", "companion")
    with closing(written(tmp_path / "b.bridge", Content(ENTRIES[:2]))) as table:
        assert not table.has_user_entry("동반자", "partner")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Asia-Pacific Economic Cooperation", "asia pacif econom cooper"),
        ("U.S. forces", "US forc"),
        ("US forces", "US forc"),
        ("IT industry", "IT industri"),
        ("who tells us", "tell us"),
        ("use it", "use"),
        ("R&D", "r&d"),
        ("a 3D printer", "3 d printer"),
        ("people\u2019s army", "peopl armi"),
        ("the", "the"),
        ("Ελλάδα", "ελλάδα"),
    ],
)
def test_english_is_found_by_the_terms_that_the_index_has(text: str, key: str) -> None:
    assert english_key(text) == key


def test_a_table_is_identified_by_its_size_and_checksum(tmp_path: Path) -> None:
    first = write_table(tmp_path / "a.bridge", CONTENT)
    with closing(Table(tmp_path / "a.bridge")) as table:
        assert table.written == first
    struck = CONTENT._replace(entries=(ENTRIES[0]._replace(weight=0.0), *ENTRIES[1:]))
    assert write_table(tmp_path / "b.bridge", struck).checksum != first.checksum


def test_a_changed_byte_is_detected_at_any_offset(tmp_path: Path) -> None:
    path = tmp_path / "a.bridge"
    write_table(path, CONTENT)
    sound = path.read_bytes()
    for place in range(0, len(sound), 7):
        damaged = bytearray(sound)
        damaged[place] ^= 0x10
        path.write_bytes(damaged)
        with pytest.raises(CorruptFile):
            Table(path).content()


@pytest.mark.parametrize("kept", [0, 1, 200])
def test_a_truncated_table_is_detected(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.bridge"
    write_table(path, CONTENT)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(CorruptFile):
        Table(path)


@pytest.mark.parametrize("name", ["weights", "sources", "korean.entry_ends", "english.entry_ends"])
def test_columns_of_different_lengths_are_refused(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / "a.bridge", CONTENT)
    file = ArrayFile(tmp_path / "a.bridge")
    with closing(file), ArrayWriter(tmp_path / "b.bridge") as writer:
        writer.facts["compared"] = 0
        for column in COLUMNS:
            numbers = file[column].all()
            writer.put(column, np.append(numbers, 0) if column == name else numbers)
    with pytest.raises(CorruptFile, match="differ in"):
        Table(tmp_path / "b.bridge")


@pytest.mark.parametrize("name", ["sources", "korean.entries", "entries.text"])
def test_invalid_entries_are_refused(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / "a.bridge", CONTENT)
    file = ArrayFile(tmp_path / "a.bridge")
    with closing(file), ArrayWriter(tmp_path / "b.bridge") as writer:
        writer.facts |= file.facts
        for column in COLUMNS:
            numbers = file[column].all()
            writer.put(column, numbers | 0x80 if column == name else numbers)
    with closing(Table(tmp_path / "b.bridge")) as table, pytest.raises(CorruptFile):
        table.find(korean_key(ENTRIES[0].korean), korean=True)
