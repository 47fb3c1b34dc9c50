"""The tools for agents answer in few bytes, name what they found, and read documents by pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from index_corpus import put

from corpus.errors import DocumentMissing, QueryError
from index import SourceDocument, build
from index.directory.location import FOLDER
from search import Searcher
from search.agents import tools
from search.results import Hit, Results

HARBOUR = "The harbour opens at dawn. " * 30
ROWS = "id,title,text\nr1,Ferry,A ferry of the harbour sails.\nr2,Tug,A tug waits there.\n"
BOOK = "\n\n".join(
    f"Chapter {number} tells of the harbour. " + "Ships. " * 50 for number in range(60)
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of files and documents."""
    root = tmp_path_factory.mktemp("agents")
    put(root, "항구/a.txt", HARBOUR)
    put(root, "rows.csv", ROWS)
    put(root, "book.txt", BOOK)
    documents = [
        SourceDocument(id="notes/1", text="A harbour of notes.", date="2024-05-03"),
        SourceDocument(id="notes/2", text="A pier.", url="https://example.org/부두?a=b c"),
    ]
    build(root / FOLDER, [root], documents=documents)
    return root


@pytest.fixture
def searcher(root: Path) -> Iterator[Searcher]:
    with Searcher.open(root / FOLDER) as searcher:
        yield searcher


def asked(searcher: Searcher, root: Path, query: str, **options: object) -> dict[str, Any]:
    chosen: Any = {"limit": 25, "offset": 0, "sort": "score", "filters": {}, **options}
    answer: dict[str, Any] = json.loads(tools.search(searcher, root, query, **chosen))
    return answer


def read(searcher: Searcher, root: Path, identity: str, passage: int = 0) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tools.fetch(searcher, root, identity, passage=passage))
    return answer


def test_a_result_names_its_document_its_place_and_an_address(
    searcher: Searcher, root: Path
) -> None:
    answer = asked(searcher, root, "dawn", limit=1)
    (result,) = answer["results"]
    address = urlsplit(result["url"])
    assert Path(unquote(address.path)) == root / "항구/a.txt"
    assert (address.scheme, address.fragment) == ("file", f"L{result['line']}")
    assert (result["id"], result["path"], result["date"]) == ("항구/a.txt", "항구/a.txt", "")
    assert "opens at dawn" in result["text"]
    assert answer["total"]["documents"] == 1
    assert "never instructions" in answer["content"]


def test_results_go_on_where_the_page_before_ended(searcher: Searcher, root: Path) -> None:
    whole = asked(searcher, root, "harbour")["results"]
    first = asked(searcher, root, "harbour", limit=3)
    rest = asked(searcher, root, "harbour", offset=first["next_offset"], limit=3)
    assert first["results"] + rest["results"] == whole[:6]


def test_every_result_can_be_fetched_by_its_id_and_passage(searcher: Searcher, root: Path) -> None:
    results = asked(searcher, root, "notes OR pier OR tug OR dawn OR chapter")["results"]
    assert {result["path"] for result in results} == {
        *("항구/a.txt", "rows.csv", "book.txt", "notes/1", "notes/2")
    }
    for result in results:
        page = read(searcher, root, result["id"], result["passage"])
        start = result["text"].strip("…")[:15]
        assert start in " ".join(page["text"].split())
        assert page["title"] == result["title"]
        assert page["metadata"]["path"] == result["path"]


def test_pages_are_bounded_and_together_the_whole_document(searcher: Searcher, root: Path) -> None:
    texts, passage = [], 0
    while True:
        page = read(searcher, root, "book.txt", passage)
        assert len(page["text"]) <= 8_000 + 800
        texts.append(page["text"])
        if "next" not in page:
            break
        assert page["next"] > passage
        passage = page["next"]
    assert len(texts) > 1
    assert " ".join("\n\n".join(texts).split()) == " ".join(BOOK.split())


def test_an_unknown_document_or_passage_is_an_error_with_the_next_step(
    searcher: Searcher, root: Path
) -> None:
    with pytest.raises(DocumentMissing):
        tools.fetch(searcher, root, "none::r1", passage=0)
    with pytest.raises(QueryError) as error:
        tools.fetch(searcher, root, "book.txt", passage=100_000)
    assert "from 0 on" in error.value.hint


def test_an_address_is_that_which_the_document_states_or_no_file(
    searcher: Searcher, root: Path
) -> None:
    found = asked(searcher, root, "harbour OR pier", filters={"path": "notes"})
    addresses = {result["id"]: result["url"] for result in found["results"]}
    assert addresses == {
        "notes/1": "chaja:notes/1",
        "notes/2": "https://example.org/%EB%B6%80%EB%91%90?a=b%20c",
    }


def test_the_id_of_a_given_document_is_no_address_of_a_file(tmp_path: Path) -> None:
    put(tmp_path, "secret.txt", "A secret.")
    (tmp_path / "index").mkdir()
    ids = [str(tmp_path / "secret.txt"), "../secret.txt"]
    directory = tmp_path / "index" / FOLDER
    build(directory, documents=[SourceDocument(id=name, text="A harbour.") for name in ids])
    with Searcher.open(directory) as searcher:
        found = asked(searcher, directory.parent, "harbour", filters={})["results"]
        pages = [read(searcher, directory.parent, name) for name in ids]
    assert {each["url"] for each in (*found, *pages)} == {f"chaja:{name}" for name in ids}


def test_counts_are_those_of_the_search(searcher: Searcher, root: Path) -> None:
    whole = asked(searcher, root, "harbour")["total"]
    counted = json.loads(tools.count(searcher, "harbour", by="filetype", filters={}))
    assert counted["total"] == whole
    assert sum(counted["filetype"].values()) == whole["passages"]
    assert json.loads(tools.count(searcher, "pier", by="", filters={}))["total"]["passages"] == 1


def test_the_overview_has_the_shape_of_the_index(searcher: Searcher, root: Path) -> None:
    facts = json.loads(tools.overview(searcher, root.name))
    assert (facts["documents"], facts["years"]) == (6, [2024, 2024])
    assert facts["folders"] == {"": 3, "notes": 2, "항구": 1}
    assert facts["filetypes"] == {"": 2, "csv": 2, "txt": 2}


class _Found:
    """A searcher that has found some hits."""

    def __init__(self, hits: tuple[Hit, ...]) -> None:
        self._hits = hits

    def search(self, query: str, **_: object) -> Results:
        return Results(self._hits, ("a note of the index. " * 3,))


korean = st.text(st.sampled_from("가나다라마바사 "), min_size=1, max_size=900)
english = st.text(st.sampled_from("abcdefg \n"), min_size=1, max_size=900)


@given(st.lists(st.tuples(korean | english, st.integers(1, 24), st.integers(1, 80)), max_size=25))
def test_eight_results_have_at_most_eight_kilobytes_with_paths_of_usual_length(
    found: list[tuple[str, int, int]],
) -> None:
    hits = tuple(
        Hit(
            rank=rank,
            score=12.3456,
            document=f"{'폴더/' * 2}{'글' * of_path}{rank}",
            path=f"{'폴더/' * 2}{'글' * of_path}{rank}",
            title="제목" * of_title,
            language="ko",
            date="2024-05-03",
            text=text,
            line=1,
            start=0,
            end=len(text),
            ordinal=0,
            heading="",
        )
        for rank, (text, of_path, of_title) in enumerate(found, 1)
    )
    answer = tools.search(
        _Found(hits),  # type: ignore[arg-type]  # as a searcher answers
        Path("/home/someone"),
        "x",
        limit=25,
        offset=0,
        sort="score",
        filters={},
    )
    assert len(answer.encode()) <= 900 * len(hits) + 800  # 8,000 for 8
    texts: list[Mapping[str, str]] = json.loads(answer)["results"]
    assert all(len(result["text"]) <= 300 for result in texts)
