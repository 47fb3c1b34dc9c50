"""What a document says beside its text is searched: fields, and the name of its file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_corpus import built, put
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from index.builder.build import build
from index.directory.location import FOLDER
from index.verify import verify
from search.output.json import hit_object
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")

ROWS = [
    {
        "id": "r1",
        "title": "spring",
        "text": "river",
        "작성자": "김보람",
        "tags": ["carbon tax", "AI"],
    },
    {
        "id": "r2",
        "title": "summer",
        "text": "river bank",
        "작성자": "이슬기",
        "tags": ["main road"],
    },
]
NOTE = "---\ntitle: diary\nauthor: Ann Smith\ntags: [glacier, 탄소국경세]\n---\nplain river words\n"
PAGE = (
    "<html><head><title>page</title><meta name=author content='Bob Brown'>"
    "<meta name=keywords content='hydrogen, steel'></head><body><p>a river</p></body></html>"
)


@pytest.fixture
def searcher(tmp_path: Path) -> Iterator[Searcher]:
    put(tmp_path, "rows.jsonl", "\n".join(map(json.dumps, ROWS)))
    put(tmp_path, "2024_lighthouse-report(final).md", NOTE)
    put(tmp_path, "page.html", PAGE)
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as opened:
        yield opened


def found(searcher: Searcher, query: str) -> list[str]:
    return [hit.document for hit in searcher.search(query, strict=True, bridge=False)]


DIARY = "2024_lighthouse-report(final).md"


@pytest.mark.parametrize(
    ("query", "documents"),
    [
        ("glacier", [DIARY]),
        ("김보람", ["r1"]),
        ("hydrogen", ["page.html"]),
        ("lighthouse", [DIARY]),
        ("+lighthouse", [DIARY]),
        ("river -glacier -hydrogen -김보람", ["r2"]),
        ('"ann smith"', [DIARY]),
        ("road", ["r2"]),
    ],
)
def test_the_words_of_fields_and_file_names_are_found(
    searcher: Searcher, query: str, documents: list[str]
) -> None:
    assert found(searcher, query) == documents


@pytest.mark.parametrize(
    ("query", "documents"),
    [
        ("author:smith", [DIARY]),
        ("Author:ann river", [DIARY]),
        ('author:"Ann Smith"', [DIARY]),
        ("작성자:이슬기", ["r2"]),
        ("tags:ai", ["r1"]),
        ('tags:"탄소 국경세"', [DIARY]),
        ("tags:carbontax", ["r1"]),
        ("tags:gla*", [DIARY]),
        ("tags:gla", []),
        ("river -tags:ai -author:smith -author:brown", ["r2"]),
        ("tags:(ai OR glacier)", ["r1", DIARY]),
        ("keywords:steel", ["page.html"]),
        ("author:glacier", []),
    ],
)
def test_a_field_filters_by_its_values(
    searcher: Searcher, query: str, documents: list[str]
) -> None:
    assert sorted(found(searcher, query)) == sorted(documents)


def test_an_unknown_field_is_read_as_words_with_a_hint(searcher: Searcher) -> None:
    results = searcher.search("office:river", strict=True, bridge=False)

    assert len(results) == 4
    assert results.notes[0].startswith("office:river was read as words: the fields are title, lang")


def test_a_word_of_the_text_ranks_above_one_of_a_field(searcher: Searcher, tmp_path: Path) -> None:
    put(tmp_path, "steel.txt", "On steel\n\nSteel is made here.")
    built(tmp_path)

    with Searcher.open(tmp_path / FOLDER) as opened:
        assert found(opened, "steel") == ["steel.txt", "page.html"]


def test_a_word_of_a_field_is_not_taken_for_a_slip(searcher: Searcher) -> None:
    results = searcher.search("glacier")

    assert (results.read_as, [hit.document for hit in results]) == ((), [DIARY])
    assert results[0].why == {"glacier": ("glacier",)}


def test_the_fields_are_counted_and_returned(searcher: Searcher) -> None:
    assert searcher.info().fields == {"tags": 3, "author": 2, "작성자": 2, "keywords": 1}
    (hit,) = searcher.search("작성자:김보람")
    assert hit_object(hit)["metadata"] == {"작성자": "김보람", "tags": "carbon tax\nAI"}


def test_values_that_stand_in_the_text_are_not_indexed_twice(tmp_path: Path) -> None:
    put(tmp_path, "table.csv", "name,city\nAnn,Seoul\nBob,Busan\n")
    built(tmp_path)

    with Searcher.open(tmp_path / FOLDER) as opened:
        (hit,) = opened.search("seoul", strict=True, bridge=False)
        assert hit.matches
        assert [hit.document for hit in opened.search("city:busan")] == ["table.csv#3"]


def test_fields_survive_a_later_build_and_are_verified(searcher: Searcher, tmp_path: Path) -> None:
    put(tmp_path, "more.txt", "storm")
    build(tmp_path / FOLDER)

    assert not verify(tmp_path / FOLDER, deep=True).damage
    with Searcher.open(tmp_path / FOLDER) as opened:
        assert found(opened, "작성자:김보람 river") == ["r1"]
