"""Documents with the same text are shown once."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_corpus import ENGLISH, built, write_rows, write_texts

from corpus import Document
from corpus.passages import split
from index.directory.directory_reader import DirectoryReader
from index.directory.location import FOLDER
from index.ingest.text_key import text_key
from index.verify import verify
from search.output.json import hit_object
from search.results import Copies
from search.searcher import Searcher

ALL = 10_000
SAME = "The ferry left the harbour in a storm, and nobody was on board."
OTHER = "A ferry with a captain."


def document(text: str, *, title: str = "", path: str = "a.txt") -> Document:
    return Document(id=path, path=path, title=title, text=text, language="en")


def key(text: str, *, title: str = "", path: str = "a.txt") -> int:
    one = document(text, title=title, path=path)
    return text_key(one, split(one))


# ---- what the same text is


@pytest.mark.parametrize(
    "other",
    [
        document(SAME, path="b.md"),
        document(SAME, title="Another title"),
        document(f"\n {SAME.replace(' ', '  ')} \n"),
        document(SAME.replace(" ", "\n", 3)),
    ],
)
def test_title_path_and_white_space_do_not_make_another_text(other: Document) -> None:
    assert text_key(other, split(other)) == key(SAME)


@pytest.mark.parametrize("other", [SAME.lower(), SAME[:-1], SAME.replace(" ", ""), SAME + " 1"])
def test_nearly_the_same_is_another_text(other: str) -> None:
    assert key(other) != key(SAME)


def test_the_cells_of_short_rows_do_not_run_together() -> None:
    assert key("12\n3") != key("1\n23")


def test_a_short_text_under_another_title_is_another() -> None:
    assert key("처리 완료", title="도로 파손") != key("처리 완료", title="가로등 고장")
    assert key("처리 완료", title="도로 파손") == key("처리 완료", title="도로 파손", path="b.txt")


def test_the_name_of_a_file_is_no_title_of_a_short_text() -> None:
    assert key("처리 완료", title="a") == key("처리 완료", title="b", path="b.txt")


# ---- what a search shows


def shown(index: Path, query: str = "ferry", **options: object) -> list[tuple[str, Copies]]:
    with Searcher.open(index) as searcher:
        return [(hit.document, hit.copies) for hit in searcher.search(query, **options)]


def test_the_best_is_shown_and_names_the_others(tmp_path: Path) -> None:
    write_texts(tmp_path, {"a.txt": SAME, "b.txt": SAME, "sub/c.txt": SAME, "d.txt": OTHER})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        for hits in (searcher.search("storm"), searcher.phrase("nobody was on board")):
            assert [hit.path for hit in hits] == ["a.txt"]
            assert hits[0].copies == (2, ("b.txt", "sub/c.txt"))
            assert hit_object(hits[0])["copies"] == {"number": 2, "paths": ["b.txt", "sub/c.txt"]}
        assert [hit.path for hit in searcher.similar("d.txt")] == ["a.txt"]
        explained = searcher.explain("ferry").hits
        assert sorted(score.hit.path for score in explained) == ["a.txt", "d.txt"]
        for score in explained:
            assert sum(score.parts.values()) == pytest.approx(score.hit.score)
        assert len(searcher.passages("b.txt")) == 1
        assert searcher.passages("b.txt")[0].copies == Copies()
        assert searcher.info().documents == 4


def test_rows_of_one_file_name_it_once(tmp_path: Path) -> None:
    rows = [{"id": f"r{n}", "title": f"row {n}", "text": SAME} for n in range(3)]
    write_rows(tmp_path / "rows.jsonl", rows)
    built(tmp_path)
    assert shown(tmp_path / FOLDER) == [("r0", Copies(2, ("rows.jsonl",)))]
    assert shown(tmp_path / FOLDER, "row 2") == [("r2", Copies(2, ("rows.jsonl",)))]


def test_so_many_hits_as_asked_for_are_different(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = [{"id": f"c{n}", "text": SAME} for n in range(90)]
    others = [{"id": f"o{n}", "text": f"{OTHER} It has {n} masts."} for n in range(5)]
    write_rows(tmp_path / "rows.jsonl", [*copies, *others])
    built(tmp_path)
    monkeypatch.setattr("search.pipeline.CANDIDATES", 8)
    monkeypatch.setattr("search.fetch._MOST_COPIES", 2)
    found = dict(shown(tmp_path / FOLDER, limit=6))
    assert len(found) == 6
    assert found["c0"] == Copies(89, ("rows.jsonl",))


def test_copies_in_other_segments_count_and_deleted_ones_do_not(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        write_texts(tmp_path, {name: SAME, f"other-{name}": f"{OTHER} Of {name}."})
        built(tmp_path)
    assert ("a.txt", Copies(2, ("b.txt", "c.txt"))) in shown(tmp_path / FOLDER)
    (tmp_path / "b.txt").unlink()
    built(tmp_path)
    assert ("a.txt", Copies(1, ("c.txt",))) in shown(tmp_path / FOLDER)
    (tmp_path / "a.txt").unlink()
    built(tmp_path)
    assert ("c.txt", Copies()) in shown(tmp_path / FOLDER)
    assert not verify(tmp_path / FOLDER, deep=True).damage


def test_passages_of_the_document_shown_are_hits_of_their_own(tmp_path: Path) -> None:
    long = "\n\n".join(f"The ferry of day {n}. " + "It was late again. " * 60 for n in range(6))
    write_texts(tmp_path, {"a.txt": long, "b.txt": long})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        hits = searcher.search("ferry late", limit=ALL)
        assert len(hits) > 3
        assert {(hit.path, hit.copies) for hit in hits} == {("a.txt", Copies(1, ("b.txt",)))}


def test_judged_documents_count_each(tmp_path: Path) -> None:
    write_texts(tmp_path, {"a.txt": SAME, "b.txt": SAME})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert [id_ for id_, _ in searcher.rank_documents("ferry")] == ["a.txt", "b.txt"]
        hits = searcher.search("ferry", fold_copies=False)
        assert [(hit.path, hit.copies) for hit in hits] == [
            ("a.txt", Copies()),
            ("b.txt", Copies()),
        ]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1 << 32), limit=st.integers(1, 12), offset=st.integers(0, 5))
def test_a_folded_list_is_the_whole_list_without_later_copies(
    tmp_path_factory: pytest.TempPathFactory, seed: int, limit: int, offset: int
) -> None:
    folder = tmp_path_factory.mktemp("copies")
    chance = random.Random(seed)
    texts = [" ".join(chance.choices(ENGLISH[:6], k=8)) for _ in range(6)]
    for name in ("a.jsonl", "b.jsonl", "c.jsonl"):
        rows = [
            {"id": f"{name}{n}", "title": chance.choice(ENGLISH), "text": chance.choice(texts)}
            for n in range(chance.randrange(1, 6))
        ]
        write_rows(folder / name, rows)
        built(folder)
    query = " ".join(chance.choices(ENGLISH[:6], k=2))
    with Searcher.open(folder / FOLDER) as searcher:
        whole = searcher.search(query, limit=ALL, fold_copies=False)
        first = {hit.text: hit.document for hit in reversed(whole)}
        kept = [hit for hit in whole if first[hit.text] == hit.document]
        found = searcher.search(query, limit=limit, offset=offset)
        assert [hit.document for hit in found] == [
            hit.document for hit in kept[offset : offset + limit]
        ]
        with closing(DirectoryReader.open(folder / FOLDER).snapshot()) as snapshot:
            stored = [snapshot.stored(passage)["text"] for passage in range(snapshot.size)]
        for hit in found:
            is_folded = sum(other.text == hit.text for other in whole) > 1
            assert hit.copies.number == is_folded * (stored.count(hit.text) - 1)


@pytest.mark.parametrize("sort", ["path", "date", "modified"])
def test_in_any_order_the_copies_beyond_the_last_hit_count(tmp_path: Path, sort: str) -> None:
    names = ["a.txt", "b.txt", "c.txt"]
    write_texts(tmp_path, {**dict.fromkeys(names, SAME), "d.txt": OTHER})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        (hit,) = searcher.search("ferry harbour", sort=sort, limit=1)
        assert hit.copies == Copies(2, ("b.txt", "c.txt"))
        (apart,) = searcher.search("ferry harbour", sort=sort, limit=1, fold_copies=False)
        assert apart.copies == Copies()
