"""An open index: its passages by path and line, its counts, and readers beside a writer."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from search_corpus import (
    ENGLISH,
    built,
    grown,
    rows,
    write_rows,
    write_texts,
)

import search
from corpus.errors import IndexMissing, QueryError
from index.directory.location import FOLDER
from search import Searcher as Exported
from search.searcher import Searcher

ALL = 10_000


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    with Searcher.open(grown(tmp_path_factory.mktemp("searcher"), 7, ENGLISH)) as searcher:
        yield searcher


# ---- files and counts


def test_the_passage_of_a_line_comes_with_its_neighbours(tmp_path: Path) -> None:
    paragraphs = [f"{word} " * 60 for word in ("one", "two", "three", "four", "five")]
    write_texts(tmp_path, {"a.txt": "\n\n".join(paragraphs)})
    write_rows(tmp_path / "b.jsonl", [{"id": str(n), "text": f"row {n}"} for n in range(3)])
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:

        def shown(line: int | None, around: int, path: str = "a.txt") -> list[str]:
            hits = searcher.passages(path, line=line, around=around)
            assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
            assert all(hit.score == 0 and not hit.matches and not hit.why for hit in hits)
            return [hit.text.split()[0] for hit in hits]

        assert shown(None, 1) == ["one", "two"]
        assert shown(0, 0) == ["one"]
        assert shown(3, 0) == ["two"]
        assert shown(4, 0) == ["two"]
        assert shown(5, 1) == ["two", "three", "four"]
        assert shown(9, 1) == ["four", "five"]
        assert shown(5, 99) == ["one", "two", "three", "four", "five"]
        assert [hit.document for hit in searcher.passages("b.jsonl", line=2, around=5)] == ["1"]


def test_a_line_behind_the_end_stands_for_the_last_passage_and_no_document_is_opened(
    tmp_path: Path,
) -> None:
    write_texts(tmp_path, {"a.txt": f"{'ferry ' * 90}\n\n{'tide ' * 90}", "b.txt": "tide"})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        [last] = searcher.passages("a.txt", line=3, around=0)
        for path in (tmp_path / "a.txt", tmp_path / "b.txt"):
            path.unlink()
            path.mkdir()  # to open it would be an error
        assert searcher.passages("a.txt", line=9999, around=0) == [last]
        assert searcher.similar("a.txt", line=9999) == searcher.similar("a.txt", line=3)
        assert searcher.similar("a.txt", line=9999) != searcher.similar("a.txt", line=1)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("news/a.json", "news/a.jsonl"),
        ("News/a.jsonl", "news/a.jsonl"),
        ("zzz", "prints the paths"),
        ("", "prints the paths"),
        ("news/\udce9.txt", ""),
    ],
)
def test_a_path_that_is_not_there_is_named_with_one_near_it(
    searcher: Searcher, path: str, hint: str
) -> None:
    with pytest.raises(QueryError, match="no such file in the index") as refusal:
        searcher.passages(path)
    assert str(refusal.value).startswith(path)
    assert hint in refusal.value.hint


def test_info_counts_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    write_rows(folder / "a.jsonl", [{"id": str(n), "text": "ferry tide"} for n in range(3)])
    write_texts(folder, {"b.txt": "tide " * 200, "c.txt": "1 2 3", "d.txt": "tide"})
    built(folder)
    (folder / "d.txt").unlink()
    built(folder)
    with Searcher.open(folder / FOLDER) as searcher:
        info = searcher.info()
        passages = 3 + len(searcher.passages("b.txt", around=99)) + 1
    assert (info.files, info.documents, info.passages) == (3, 5, passages)
    assert info.languages == {"ko": 0, "en": 4, "mixed": 0, "": 1}
    assert (info.terms, info.words) == (5, 0)
    assert info.directory == str(folder / FOLDER)
    assert info.sources == (".",)
    assert info.built.startswith("20")
    assert "stemmer" in info.analyzer
    assert info.bytes == sum(f.stat().st_size for f in (folder / FOLDER).rglob("*") if f.is_file())


def test_an_empty_index_answers_everything_with_nothing(tmp_path: Path) -> None:
    write_texts(tmp_path, {"a.txt": "ferry"})
    built(tmp_path)
    (tmp_path / "a.txt").unlink()
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        for query in (
            "ferry",
            "-ferry",
            "lang:en",
            "f*",
            '"a b"',
            "title:a",
            "date:2024",
            "path:a",
        ):
            assert searcher.search(query) == []
            assert searcher.explain(query).hits == ()
        assert searcher.rank_documents("ferry") == []
        assert searcher.info().documents == 0
        with pytest.raises(QueryError):
            searcher.passages("a.txt")


def test_there_must_be_an_index_to_open(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Searcher.open(tmp_path)
    assert Exported is Searcher
    with pytest.raises(AttributeError, match="Seeker"):
        search.Seeker  # noqa: B018 - looking it up is what fails


def test_leaving_the_context_closes_the_index(tmp_path: Path) -> None:
    write_texts(tmp_path, {"a.txt": "ferry"})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        pass
    with pytest.raises(ValueError, match="the searcher is closed"):
        searcher.search("ferry")


# ---- readers beside a writer


def test_threads_that_share_a_searcher_each_get_the_results_of_their_query(
    searcher: Searcher,
) -> None:
    queries = ["harbuor", "lighthosue", "ferry", "foo:bar tide"]
    alone = [searcher.search(query) for query in queries]
    with ThreadPoolExecutor(len(queries)) as pool:
        for together in pool.map(lambda _: [*map(searcher.search, queries)], range(20)):
            assert together == alone
            assert [each.notes for each in together] == [each.notes for each in alone]


def test_readers_beside_a_writer_see_one_commit_each(tmp_path: Path) -> None:
    chance = random.Random(30)
    commits = 30
    stop = threading.Event()
    failures: list[BaseException] = []
    seen: list[set[str]] = [set(), set(), set()]

    def write(commit: int) -> None:
        # Every document names its commit, so that hits show which commits they are of.
        for name in ("a.jsonl", "b.jsonl"):
            documents = rows(chance, ENGLISH, name)
            write_rows(
                tmp_path / name,
                [{**d, "text": f"mark stage{commit} {d['text']}"} for d in documents],
            )
        built(tmp_path)

    def read(stages: set[str]) -> None:
        try:
            while not stop.is_set():
                with Searcher.open(tmp_path / FOLDER) as searcher:
                    whole = searcher.search("mark", limit=ALL)
                    marks = {hit.text.split()[1] for hit in whole if hit.ordinal == 0}
                    assert len(marks) == 1, marks
                    assert searcher.search(f"+mark +{marks.copy().pop()}")
                    assert {hit.path for hit in whole} == {"a.jsonl", "b.jsonl"}
                    stages |= marks
        except BaseException as failure:
            failures.append(failure)

    write(0)
    first = Searcher.open(tmp_path / FOLDER)
    as_it_was = first.search("mark", limit=ALL)
    threads = [threading.Thread(target=read, args=[stages]) for stages in seen]
    for thread in threads:
        thread.start()
    for commit in range(1, commits + 1):
        write(commit)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert all(len(stages) > 1 for stages in seen)
    with first:
        assert first.search("mark", limit=ALL) == as_it_was


@pytest.mark.parametrize("command", ["search", "show"])
def test_a_command_that_reads_an_index_imports_nothing_that_reads_documents(
    tmp_path: Path, command: str
) -> None:
    write_texts(tmp_path, {"a.txt": "harbour"})
    built(tmp_path)
    asked = {"search": "harbour", "show": str(tmp_path / "a.txt")}[command]
    script = (
        "import sys; from search.cli import main; code = main(sys.argv[1:]); "
        "print(code, *sys.modules, sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, command, asked, "--index", str(tmp_path / FOLDER)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    loaded = set(done.stdout.splitlines())
    assert {"0", "search.fetch"} <= loaded
    heavy = {"corpus.readers", "lxml", "pypdfium2", "whoosh", "dataclasses", "shutil"}
    assert loaded.isdisjoint({*heavy, "kiwipiepy"})
