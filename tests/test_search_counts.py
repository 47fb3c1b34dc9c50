"""Totals, facets, filters and orders: what is said of all passages that match."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, splitext
from unittest.mock import patch

import pytest
from index_corpus import built, put
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from search_corpus import ENGLISH, grown, question

from corpus.errors import QueryError
from index.directory.location import FOLDER
from index.schema import span_of
from index.segment import doc_values, segment_writer
from index.segment.content import FieldPostings
from index.segment.path_labels import PathLabels
from index.value import replace
from index.verify import verify
from search.embedded import retrieval, totals
from search.results import FacetCount, Hit, Results, Total
from search.searcher import Searcher
from search.selection import FACETS, SORTS

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")

ALL = 10_000
TEXTS = {
    "a.txt": ("river bank", "2024-05-06"),
    "docs/b.md": ("river", "2019-01-01"),
    "docs/ko/c.MD": ("river boat river", "2024-05-31"),
    "docs/ko/old/d.txt": ("a river", "2023-12-31"),
    "README": ("no match", "2024-05-06"),
}


@pytest.fixture
def searcher(tmp_path: Path) -> Iterator[Searcher]:
    put(tmp_path, "rows.jsonl", '{"id": "r1", "text": "river rows", "date": "2020"}\n')
    for name, (text, modified) in TEXTS.items():
        put(tmp_path, name + ".txt" * ("." not in name), text)
        if "." in name:
            changed = time.mktime(time.strptime(modified, "%Y-%m-%d"))
            os.utime(tmp_path / name, (changed, changed))
    os.utime(tmp_path / "rows.jsonl", (0, 0))
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as opened:
        yield opened


def paths(results: Results) -> list[str]:
    return [hit.path for hit in results]


def plainly(facet: tuple[FacetCount, ...]) -> dict[str, int]:
    return dict(facet)


# ---- against counting every hit


def _month(hit: Hit) -> str:
    return hit.date[:7]


def _folders(hits: Results) -> Counter[str]:
    """Count by the folders below the deepest one that all hits are in."""
    folders = [dirname(hit.path).split("/") if dirname(hit.path) else [] for hit in hits]
    depth = 0
    while all(len(own) > depth for own in folders) and len({own[depth] for own in folders}) == 1:
        depth += 1
    return Counter("/".join(own[: depth + 1]) for own in folders)


def slowly_counted(hits: Results) -> dict[str, Counter[str]]:
    return {
        "language": Counter(hit.language for hit in hits),
        "folder": _folders(hits) if hits else Counter(),
        "filetype": Counter(splitext(hit.path)[1][1:].lower() for hit in hits),
        "year": Counter(hit.date[:4] for hit in hits),
        "month": Counter(map(_month, hits)),
        "modified_year": Counter(hit.modified[:4] for hit in hits),
        "modified_month": Counter(hit.modified[:7] for hit in hits),
    }


def check_counts(searcher: Searcher, query: str, **filters: str) -> None:
    """Check what a search counts against a list of every hit, and its pages and orders too."""
    everything = searcher.search(query, limit=ALL, fold_copies=False, facets=FACETS, **filters)
    documents = {(hit.path, hit.document) for hit in everything}
    assert everything.total == Total(len(everything), len(documents), True), query
    assert list(everything.facets) == list(FACETS)
    for name, counts in slowly_counted(everything).items():
        facet = everything.facets[name]
        assert plainly(facet) == dict(counts), (query, name)
        in_order = name.endswith(("year", "month"))
        assert list(facet) == sorted(facet, key=lambda f: f.value if in_order else -f.passages)
    first = searcher.search(query, limit=3, **filters)
    assert (first.total, first.facets) == (everything.total, {})
    for sort in SORTS:
        ordered = searcher.search(query, limit=ALL, fold_copies=False, sort=sort, **filters)
        assert sorted(map(_place, ordered)) == sorted(map(_place, everything)), (query, sort)
        if sort != "score":
            assert list(ordered) == sorted(ordered, key=lambda hit: _key(hit, sort)), (query, sort)
            page = searcher.search(
                query, limit=2, offset=1, fold_copies=False, sort=sort, **filters
            )
            assert list(map(_place, page)) == list(map(_place, ordered))[1:3]
            assert [hit.rank for hit in page] == [2, 3][: len(page)]


def _place(hit: Hit) -> tuple[object, ...]:
    return hit.path, hit.line, hit.ordinal


def _key(hit: Hit, sort: str) -> tuple[object, ...]:
    newest_first = {"date": -span_of(hit.date)[0], "modified": _reversed(hit.modified), "path": 0}
    return newest_first[sort], *_place(hit)


def _reversed(text: str) -> tuple[int, ...]:
    return (*(-ord(character) for character in text), 1)


@pytest.mark.parametrize("seed", range(4))
def test_counts_and_orders_are_those_of_all_hits(tmp_path: Path, seed: int) -> None:
    directory = grown(tmp_path, seed, ENGLISH)
    chance = random.Random(seed)
    with Searcher.open(directory) as searcher:
        assert searcher._engine.snapshot.has_deleted
        for _ in range(25):
            check_counts(searcher, question(chance, ENGLISH))
        check_counts(searcher, "ferry", date="2023..2024")
        check_counts(searcher, "ferry OR tide", path="news", filetype="jsonl")
        check_counts(searcher, "the")
        check_counts(searcher, "")


def test_counts_are_the_same_after_a_merge_and_in_an_index_of_an_earlier_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(folder: Path) -> tuple[object, ...]:
        with Searcher.open(folder / FOLDER) as searcher:
            found = searcher.search("river", facets=FACETS)
            return found.total, dict(found.facets), paths(searcher.search("river", sort="path"))

    def written(folder: Path) -> Path:
        for number in range(10):  # more than are kept unmerged
            name = f"{number % 3}/{number}.{'md' if number % 2 else 'txt'}"
            put(folder, name, f"river {number}")
            os.utime(folder / name, (0, 0))
            built(folder)
        return folder

    merged = counted(written(tmp_path / "merged"))
    assert merged[0] == Total(10, 10, True)
    monkeypatch.setattr(PathLabels, "write", lambda *_: None)
    write = doc_values._write
    monkeypatch.setattr(
        doc_values,
        "_write",
        lambda file, name, *rest: name == "modified" or write(file, name, *rest),
    )
    assert counted(written(tmp_path / "earlier")) == merged
    assert verify(tmp_path / "earlier" / FOLDER, deep=True).sound


def test_a_wrong_folder_is_reported_by_a_deep_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Wrong(PathLabels):
        def add(self, part: FieldPostings) -> None:
            super().add(replace(part, terms=[b"elsewhere/" + term for term in part.terms]))

    put(tmp_path, "a.txt", "river")
    with patch.object(segment_writer, "PathLabels", Wrong):
        built(tmp_path)
    assert not verify(tmp_path / FOLDER, deep=True).sound
    assert "folder does not match the paths" in str(verify(tmp_path / FOLDER, deep=True))


# ---- totals


def test_a_total_is_exact_to_its_bound_and_then_says_that_there_are_more(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert searcher.search("river", limit=1).total == Total(5, 5, True)
    for bound, total in ((5, Total(5, 5, True)), (4, Total(4, 4, False))):
        for module in (retrieval, totals):
            monkeypatch.setattr(module, "MOST_COUNTED", bound)
        for query in ("river", "river -absent", "river bank"):
            assert searcher.search(query, limit=1).total == total, query
            assert searcher.search(query, limit=1, facets=["language"]).total == total, query


def test_passages_of_copies_count_and_are_no_hits(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        put(tmp_path, name, "The ferry left the harbour in a storm, and nobody was on board.")
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        for sort in SORTS:
            results = searcher.search("ferry", sort=sort)
            assert (len(results), results.total) == (1, Total(3, 3, True))
            assert results[0].copies.number == 2


def test_passages_like_a_passage_do_not_count_itself(searcher: Searcher) -> None:
    results = searcher.similar("a.txt", facets=["filetype"])
    assert "a.txt" not in paths(results)
    files = results.facets["filetype"]
    assert results.total.passages == len(results) == sum(each.passages for each in files)


def test_a_part_of_the_results_keeps_what_is_said_of_all(searcher: Searcher) -> None:
    results = searcher.search("river", facets=["year"])
    part = results[:2]
    assert (len(part), part.total, part.facets) == (2, results.total, results.facets)
    assert results.took > 0


# ---- filters


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"filetype": "md"}, ["docs/b.md", "docs/ko/c.MD"]),
        ({"filetype": "*.MD"}, ["docs/b.md", "docs/ko/c.MD"]),
        ({"filetype": "pdf"}, []),
        ({"filetype": "."}, []),
        ({"path": "docs/"}, ["docs/b.md", "docs/ko/c.MD", "docs/ko/old/d.txt"]),
        ({"path": "docs/", "filetype": "txt"}, ["docs/ko/old/d.txt"]),
        ({"date": "2020"}, ["rows.jsonl"]),
        ({"date": "2021.."}, []),
        ({"modified": "2024-05"}, ["a.txt", "docs/ko/c.MD"]),
        ({"modified": "2024-05-06"}, ["a.txt"]),
        ({"modified": "2023-12-31..2024-05-30"}, ["a.txt", "docs/ko/old/d.txt"]),
        ({"modified": "..2019"}, ["docs/b.md"]),
        ({"modified": "2024년 5월"}, ["a.txt", "docs/ko/c.MD"]),
        ({"language": "ko"}, []),
    ],
)
@pytest.mark.parametrize("query", ["river", "river OR bank", "bank OR river lang:en", "riv*"])
def test_filters_apply_to_the_whole_query(
    searcher: Searcher, query: str, filters: dict[str, str], expected: list[str]
) -> None:
    assert paths(searcher.search(query, sort="path", **filters)) == expected


def test_a_field_of_a_document_is_not_taken_for_its_file(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "---\nmodified: '1999'\nfiletype: pdf\n---\nriver\n")
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert paths(searcher.search("river filetype:pdf modified:1999")) == ["a.md"]
        assert not searcher.search("river", filetype="pdf")
        assert not searcher.search("river", modified="1999")


def test_an_index_without_times_of_files_says_so(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    os.utime(tmp_path / "a.txt", (0, 0))
    built(tmp_path)
    note = "the index has no times of files; chaja build --rebuild adds them"
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert searcher.search("river", sort="modified").notes == (note,)
        assert searcher.search("river", modified="2024").notes == (note,)
        assert searcher.search("river", facets=["modified_year"]).notes == (note,)
        assert searcher.search("river", sort="date").notes == ()


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ({"sort": "size"}, "size: no such order", "sort is one of score, date, modified, path."),
        ({"language": "jp"}, "jp: no such language", "language is one of ko, en, mixed."),
        ({"date": "2024-13"}, "2024-13: no such date", "date is 2024, 2024-11, 2024-11-14, or a"),
        ({"modified": "2025..2024"}, "2025..2024: no such date", "modified is 2024, 2024-11,"),
        ({"facets": ["author"]}, "author: no such facet", "facets is one of language, folder,"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(
    searcher: Searcher, arguments: dict[str, str], message: str, hint: str
) -> None:
    with pytest.raises(QueryError) as raised:
        searcher.search("river", **arguments)  # type: ignore[arg-type] - one of them is a list
    assert (str(raised.value), str(raised.value.hint)[: len(hint)]) == (message, hint)


# ---- facets


def test_folders_are_those_below_the_one_that_all_matches_share(searcher: Searcher) -> None:
    everywhere = searcher.search("river", facets=["folder"])
    assert everywhere.facets["folder"] == (FacetCount("docs", 3), FacetCount("", 2))
    inside = searcher.search("river", path="docs/", facets=["folder"])
    assert inside.facets["folder"] == (FacetCount("docs/ko", 2), FacetCount("docs", 1))
    deeper = searcher.search("river", path="docs/ko", facets=["folder"])
    assert deeper.facets["folder"] == (FacetCount("docs/ko", 1), FacetCount("docs/ko/old", 1))


def test_the_time_of_a_file_is_that_of_the_clock_here(searcher: Searcher) -> None:
    results = searcher.search("river", sort="modified", facets=["modified_month"])
    assert [hit.modified[:10] for hit in results] == [
        *("2024-05-31", "2024-05-06", "2023-12-31", "2019-01-01", "")
    ]
    assert [value for value, _ in results.facets["modified_month"]] == [
        *("", "2019-01", "2023-12", "2024-05")
    ]


# ---- how a query was read


def test_results_say_how_each_word_was_read(searcher: Searcher) -> None:
    results = searcher.search("a rivver zzyzx")
    words = {word.typed: word for word in results.words}
    assert (words["rivver"].understood, words["rivver"].terms) == ("river", ("river",))
    assert words["a"].terms == ()
    assert words["zzyzx"].understood == "zzyzx"
    assert results.missing == ("zzyzx",)
    assert results.partial == ()
    strict = searcher.search("river rivver", strict=True)
    assert (strict.missing, strict.read_as, strict.notes) == (("rivver",), (), ())
