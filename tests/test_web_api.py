"""The API of the local page answers what the searcher finds, and refuses the rest in a sentence."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import threading
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from search_corpus import built, write_rows, write_texts
from web_client import CHANGE, Page

from index.directory.location import FOLDER
from index.directory.lock import writer_lock
from index.edit_glossary import entries_of
from search.cli.main import main
from search.output.json import results_line
from search.searcher import Searcher
from search.web.api import Asked
from search.web.application import READING, WRITING
from search.web.parameters import Parameters

HOSTILE = "<script>alert(1)</script>"
PARTS = [f"{word} harbour " * 40 for word in ("one", "two", "three", "four", "five")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    write_texts(
        folder,
        {
            "long.txt": "\n\n".join(PARTS),
            "hostile.md": f"---\ntitle: '{HOSTILE}'\n---\n\n{HOSTILE} harbour",
            "copy/long.txt": "\n\n".join(PARTS),
        },
    )
    rows = [
        {"id": f"row{n}", "title": "=1+1", "date": f"20{n}-05", "text": f"ferry number {n}"}
        for n in range(10, 13)
    ]
    write_rows(folder / "rows.jsonl", rows)
    built(folder)
    return folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return Page(folder / FOLDER)


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    text = files("search.web").joinpath("openapi.json").read_text(encoding="utf-8")
    description: dict[str, Any] = json.loads(text)
    return description


# ---- searches


def test_a_search_answers_the_hits_of_the_searcher(page: Page, folder: Path) -> None:
    answer = page.get("search", q="harbour OR ferry", limit=3, sort="date", fold_copies="0")
    with Searcher.open(folder / FOLDER) as searcher:
        query = "harbour OR ferry"
        found = searcher.search(query, limit=3, sort="date", fold_copies=False)
    expected = json.loads(results_line(query, found))
    assert {**answer, "took": 0} == {**expected, "took": 0}
    assert answer["hits"]


def test_a_phrase_is_searched_for_as_one(page: Page) -> None:
    assert page.get("search", q="number ferry", mode="phrase")["hits"] == []
    assert len(page.get("search", q="ferry number", mode="phrase")["hits"]) == 3
    assert page.get("search", q="number ferry")["hits"]


def test_a_selection_chooses_the_hits(page: Page) -> None:
    def paths(**selection: object) -> list[str]:
        return [hit["path"] for hit in page.get("search", q="harbour ferry", **selection)["hits"]]

    assert set(paths(filetype="jsonl")) == {"rows.jsonl"}
    assert set(paths(path="copy/")) == {"copy/long.txt"}
    assert len(paths(date="2011-01..2012")) == 2
    assert len(paths(per_document=1)) == 5
    assert paths(limit=2, offset=1) == paths(limit=3)[1:]
    assert paths(modified="1990") == []


def test_copies_are_folded_unless_the_selection_shows_them(page: Page) -> None:
    assert len(page.get("search", q="three", limit=100)["hits"]) == 1
    assert len(page.get("search", q="three", limit=100, fold_copies="0")["hits"]) == 2


def test_facets_are_counted_when_they_are_asked_for(page: Page) -> None:
    assert page.get("search", q="ferry")["facets"] == {}
    facets = page.get("search", q="ferry", facets="1")["facets"]
    assert [each["value"] for each in facets["filetype"]] == ["jsonl"]
    assert [each["value"] for each in facets["year"]] == ["2010", "2011", "2012"]


def test_no_query_has_no_hits(page: Page) -> None:
    assert page.get("search", q="")["hits"] == []
    assert page.get("search")["hits"] == []


# ---- documents


def test_a_document_is_shown_around_a_passage_with_the_matches_of_the_query(page: Page) -> None:
    answer = page.get("document", id="long.txt", ordinal=2, around=1, q="three")
    assert [passage["ordinal"] for passage in answer["passages"]] == [1, 2, 3]
    assert answer["total_passages"] == len(PARTS)
    _, middle, last = answer["passages"]
    matches = {middle["text"][match["start"] : match["end"]] for match in middle["matches"]}
    assert matches == {"three"}
    assert last["matches"] == []


def test_a_whole_document_comes_in_pages(page: Page) -> None:
    def ordinals(**asked: object) -> list[int]:
        answer = page.get("document", id="long.txt", around="all", **asked)
        return [passage["ordinal"] for passage in answer["passages"]]

    assert ordinals() == list(range(len(PARTS)))
    assert ordinals(limit=2) == [0, 1]
    assert ordinals(limit=2, **{"from": 3}) == [3, 4]


@pytest.mark.parametrize("row", range(10, 13))
def test_a_row_with_an_id_of_its_own_is_found_by_the_path_of_its_file(page: Page, row: int) -> None:
    answer = page.get("document", id=f"row{row}", path="rows.jsonl")
    assert [passage["text"] for passage in answer["passages"]] == [f"ferry number {row}"]
    status, message, hint = page.refused("document", id=f"row{row}")
    assert (status, message) == (404, "the index has no such document")
    assert "path" in hint


def test_the_hits_of_a_search_lead_to_their_documents(page: Page) -> None:
    for hit in page.get("search", q="harbour ferry", limit=100)["hits"]:
        own = {"id": hit["document"], "path": hit["path"], "ordinal": hit["ordinal"], "around": 0}
        (passage,) = page.get("document", **own)["passages"]
        assert (passage["text"], passage["ordinal"]) == (hit["text"], hit["ordinal"])


def test_a_passage_behind_the_end_is_not_there(page: Page) -> None:
    assert page.refused("document", id="long.txt", ordinal=99) == (
        404,
        "the document has no such passage",
        "It has 5, numbered from 0.",
    )


def test_similar_passages_are_those_of_a_passage_of_a_document(page: Page) -> None:
    hits = page.get("similar", id="row11", path="rows.jsonl", limit=5)["hits"]
    assert {hit["document"] for hit in hits} == {"row10", "row12"}
    assert page.refused("similar", id="row11", path="long.txt")[0] == 404
    assert page.refused("similar", id="long.txt", ordinal=99)[0] == 404


# ---- concordance, completion, info


def test_a_concordance_has_a_line_for_each_place(page: Page) -> None:
    answer = page.get("kwic", q="ferry number", mode="phrase", width=8, by="right")
    assert [(line["match"], line["right"].strip()) for line in answer["lines"]] == [
        ("ferry number", "10"),
        ("ferry number", "11"),
        ("ferry number", "12"),
    ]
    assert (answer["total"], answer["exact"]) == (3, True)


def test_a_trend_counts_by_year_or_month_and_tells_what_has_no_date(page: Page) -> None:
    by_year = page.get("trend", q="ferry")
    assert by_year["counts"][0] == {"period": "2010", "passages": 1, "documents": 1}
    by_month = page.get("trend", q="ferry harbour", by="month")
    assert [each["period"] for each in by_month["counts"]] == ["2010-05", "2011-05", "2012-05"]
    assert (by_year["undated"], by_month["undated"]) == (0, 11)


def test_a_half_typed_word_is_completed(page: Page) -> None:
    assert page.get("complete", q="harb")["completions"] == ["harbour"]
    assert page.get("complete", q="")["completions"] == []


def test_the_info_tells_what_the_index_is_about_and_not_where(page: Page, folder: Path) -> None:
    facts = page.get("info")
    assert facts["name"] == folder.name
    assert facts["documents"] == 6
    assert facts["filetypes"] == {"jsonl": 3, "txt": 2, "md": 1}
    assert facts["years"] == [2010, 2012]
    assert str(folder.parent) not in json.dumps(facts)


# ---- exports


def test_an_export_has_the_whole_filtered_result(page: Page) -> None:
    selection = {"q": "harbour", "path": "long.txt", "fold_copies": "0"}
    answer = page.ask("/api/v1/export", params={**selection, "format": "csv"})
    assert answer.headers["content-disposition"].endswith("chaja.csv")
    assert answer.text.startswith("\ufeffrank,")  # for Excel
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 2 * len(PARTS)
    exported = page.ask("/api/v1/export", params={**selection, "format": "json"}).json()
    assert [hit["path"] for hit in exported["hits"]] == [row["path"] for row in rows]


@pytest.mark.parametrize(
    ("form", "name", "sign"),
    [("bibtex", "chaja.bib", "@misc{"), ("md", "chaja.md", "1. **"), ("csv", "chaja.csv", "'=1+1")],
)
def test_an_export_is_an_attachment_in_its_format(
    page: Page, form: str, name: str, sign: str
) -> None:
    answer = page.ask("/api/v1/export", params={"q": "ferry", "format": form})
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert sign in answer.text


def test_hostile_names_and_texts_are_data_of_json(page: Page) -> None:
    answer = page.ask("/api/v1/search", params={"q": "script"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["hits"][0]["title"] == HOSTILE
    exported = page.ask("/api/v1/export", params={"q": "script", "format": "md"}).text
    assert "<script" not in exported.replace("\\<", "")


# ---- changes


def test_a_struck_translation_is_gone_and_comes_back_as_it_was(tmp_path: Path) -> None:
    write_texts(tmp_path, {"a.txt": "The partnership", "b.txt": "동반자"})
    built(tmp_path)
    page = Page(tmp_path / FOLDER)
    (before,) = (e for e in entries_of(tmp_path / FOLDER, "동반자") if e.english == "partner")
    pair = {"korean": before.korean, "english": before.english}
    answer = page.change("strike", **pair)
    assert answer.status_code == 200
    assert answer.json()["entries"] == [{**pair, "weight": before.weight, "source": before.source}]
    (struck,) = (e for e in entries_of(tmp_path / FOLDER, "동반자") if e.english == "partner")
    assert struck.weight == 0
    assert page.change("strike", **pair).status_code == 200  # again
    assert page.change("unstrike", **pair).status_code == 200
    (after,) = (e for e in entries_of(tmp_path / FOLDER, "동반자") if e.english == "partner")
    assert (after.weight, after.source) == (before.weight, before.source)


def test_a_pair_that_is_not_struck_out_stays_as_it_is(tmp_path: Path) -> None:
    write_texts(tmp_path, {"a.txt": "The partnership", "b.txt": "동반자"})
    built(tmp_path)
    directory = tmp_path / FOLDER
    before = entries_of(directory, "동반자")
    page = Page(directory)
    pair = {"korean": "동반자", "english": "partner"}
    answer = page.change("unstrike", **pair)
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "this pair is not struck out"
    assert entries_of(directory, "동반자") == before
    for change, status in (("strike", 200), ("unstrike", 200), ("unstrike", 404)):
        assert page.change(change, **pair).status_code == status
    assert entries_of(directory, "동반자") == before


def test_what_an_earlier_server_struck_out_comes_back_as_an_entry_of_the_user(
    tmp_path: Path,
) -> None:
    write_texts(tmp_path, {"a.txt": "harbour"})
    built(tmp_path)
    directory = tmp_path / FOLDER
    assert main(["glossary", "strike", "동반자", "partner", "--index", str(directory)]) == 0
    page = Page(directory)
    pair = {"korean": "동반자", "english": "partner"}
    assert page.change("strike", **pair).status_code == 200
    assert page.change("unstrike", **pair).status_code == 200
    (entry,) = (e for e in entries_of(directory, "동반자") if e.english == "partner")
    assert (entry.weight, entry.source) == (1.0, "user")


def test_a_change_says_so_when_there_is_no_such_pair_or_a_build_is_writing(tmp_path: Path) -> None:
    write_texts(tmp_path, {"a.txt": "harbour"})
    built(tmp_path)
    page = Page(tmp_path / FOLDER)
    answer = page.change("strike", korean="없는말", english="nothing")
    assert answer.status_code == 404
    assert "no such pair" in answer.json()["error"]["message"]
    with writer_lock(tmp_path / FOLDER / "lock", wait=None):
        answer = page.change("strike", korean="동반자", english="partner")
    assert answer.status_code == 409
    assert str(tmp_path) not in answer.text


# ---- bad input


@pytest.mark.parametrize(
    ("name", "asked", "message"),
    [
        ("search", {"q": "x", "limit": "101"}, "limit: is no such number"),
        ("search", {"q": "x", "limit": "0"}, "limit: is no such number"),
        ("search", {"q": "x", "limit": "-1"}, "limit: is no such number"),
        ("search", {"q": "x", "limit": "1e3"}, "limit: is no such number"),
        ("search", {"q": "x", "limit": "9" * 5000}, "limit: is no such number"),
        ("search", {"q": "x", "offset": "10001"}, "offset: is no such number"),
        ("search", {"q": "x", "facets": "colour"}, "colour: no such facets"),
        ("search", {"q": "x", "colour": "red"}, "colour: no such parameter"),
        ("search", {"q": "x", "sort": "size"}, "size: no such sort"),
        ("search", {"q": "x", "mode": "regex"}, "regex: no such mode"),
        ("search", {"q": "x", "language": "xx"}, "xx: no such language"),
        ("search", {"q": "x", "date": "yesterday"}, "yesterday: no such date"),
        ("search", {"q": ["x", "y"]}, "q: is given twice"),
        ("kwic", {"q": "x", "by": "colour"}, "colour: no such by"),
        ("export", {"q": "x", "format": "exe"}, "exe: no such format"),
        ("document", {}, "id: is missing"),
        ("info", {"q": "x"}, "q: no such parameter"),
    ],
)
def test_a_bad_argument_is_named_with_the_next_step(
    page: Page, name: str, asked: dict[str, Any], message: str
) -> None:
    status, told, hint = page.refused(name, **asked)
    assert (status, told) == (400, message)
    assert hint.endswith(".") or "=" in hint


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"\xff", b"[]", b"{}", b'{"korean": 1, "english": "a"}', b"[" * 5000, b'"a"'],
)
def test_what_is_no_pair_is_refused(page: Page, content: bytes) -> None:
    answer = page.ask("/api/v1/strike", method="POST", headers=CHANGE, content=content)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "this is not a pair of words"


def test_a_body_without_end_is_not_read_on(page: Page) -> None:
    content = json.dumps({"korean": "가" * 10_000, "english": "a"}).encode()
    answer = page.ask("/api/v1/strike", method="POST", headers=CHANGE, content=content)
    assert answer.status_code == 413
    assert "longer than" in answer.json()["error"]["message"]


@pytest.fixture
def going_on(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Exports and completions wait for this."""
    event = threading.Event()
    monkeypatch.setattr("search.web.api.csv_lines", lambda _: event.wait() and ["", ""])
    monkeypatch.setattr(Searcher, "complete", lambda *_: event.wait() and [])
    return event


def test_exports_hold_up_no_search_however_many_there_are(
    page: Page, going_on: threading.Event
) -> None:
    async def ask() -> list[int]:
        exports = [asyncio.create_task(page.asking("/api/v1/export")) for _ in range(80)]
        await asyncio.wait(exports, return_when=asyncio.FIRST_COMPLETED)
        asked = [page.asking("/api/v1/search", params={"q": "ferry"}) for _ in range(8)]
        assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}
        going_on.set()
        return sorted(answer.status_code for answer in await asyncio.gather(*exports))

    assert asyncio.run(ask()) == [200] * 4 + [503] * 76


def test_too_many_requests_at_once_are_refused(page: Page, going_on: threading.Event) -> None:
    async def ask() -> list[int]:
        asked = [asyncio.create_task(page.asking("/api/v1/complete")) for _ in range(70)]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        going_on.set()
        return sorted(answer.status_code for answer in await asyncio.gather(*asked))

    assert asyncio.run(ask()) == [200] * 64 + [503] * 6


# ---- the description


def parameters_of(described: dict[str, Any], path: str) -> dict[str, dict[str, Any]]:
    """Return the parameters of a route as the description has them, by name."""
    every = described["paths"][path]["get"].get("parameters", [])
    found = [resolved(described, parameter) for parameter in every]
    return {parameter["name"]: parameter for parameter in found}


def resolved(described: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    found = value
    for part in value.get("$ref", "").split("/")[1:]:
        found = described[part] if part == "components" else found[part]
    return found


def test_the_description_has_every_route_and_no_other(described: dict[str, Any]) -> None:
    reading = {f"/api/v1/{name}" for name in (*READING, "openapi.json")}
    writing = {f"/api/v1/{name}" for name in WRITING}
    assert {path for path, own in described["paths"].items() if "get" in own} == reading
    assert {path for path, own in described["paths"].items() if "post" in own} == writing


@pytest.mark.parametrize("name", READING)
def test_the_description_has_every_parameter_that_a_route_reads_and_no_other(
    name: str, page: Page, described: dict[str, Any]
) -> None:
    described_names = parameters_of(described, f"/api/v1/{name}").keys()
    read: set[str] = set()

    class Noting(Parameters):
        def text(self, name: str, *, needed: bool = False) -> str:
            read.add(name)
            return super().text(name, needed=needed)

    with page.index.commit() as (searcher, _):
        known = [(each, "long.txt") for each in ("id", "q") if each in described_names]
        for more in ([], [("around", "all")]) if "around" in described_names else ([],):
            asked = Asked(Noting([*known, *more]), searcher, page.index, 1, "")
            READING[name](asked)
    assert read == described_names


# A value of each parameter that changes what is found by the query beside it.
CHANGED: dict[str, tuple[str, object]] = {
    "q": ("harbour", "ferry"),
    "mode": ("number ferry", "phrase"),
    "bridge": ("항구", 0),
    "strict": ("harbuor", 1),
    **{
        name: ("harbour ferry", value)
        for name, value in {
            "language": "ko",
            "date": "2011",
            "modified": "1990",
            "path": "copy/",
            "filetype": "md",
            "sort": "path",
            "per_document": 1,
            "fold_copies": 0,
            "limit": 1,
            "offset": 1,
            "facets": 1,
            "width": 8,
        }.items()
    },
}
BY = {"kwic": "right", "trend": "month"}


@pytest.mark.parametrize("name", ["search", "kwic", "trend"])
def test_every_parameter_of_a_search_has_an_effect(
    name: str, page: Page, described: dict[str, Any]
) -> None:
    for parameter in parameters_of(described, f"/api/v1/{name}"):
        query, value = CHANGED.get(parameter) or ("harbour ferry", BY[name])
        plain = page.get(name, q=query)
        changed = page.get(name, **{"q": query, parameter: value})
        assert {**plain, "took": 0} != {**changed, "took": 0}, parameter


def test_a_trend_counts_what_the_filters_let_through(page: Page) -> None:
    only = page.get("trend", q="ferry", date="2011", filetype="jsonl")
    assert only["counts"] == [{"period": "2011", "passages": 1, "documents": 1}]
    assert page.get("trend", q="harbour ferry", path="copy/")["undated"] == len(PARTS)


@pytest.mark.parametrize("name", ["sort", "per_document", "fold_copies", "facets"])
def test_a_concordance_refuses_what_only_chooses_among_hits(page: Page, name: str) -> None:
    assert page.refused("kwic", q="ferry", **{name: "1"})[:2] == (400, f"{name}: no such parameter")


@pytest.mark.parametrize("name", READING)
def test_the_defaults_and_limits_of_the_description_are_those_of_the_server(
    name: str, page: Page, described: dict[str, Any]
) -> None:
    needed = {"id": "long.txt"} if name in ("document", "original", "similar") else {}
    needed |= {"q": "ferry"} if name == "trend" else {}
    for parameter, own in parameters_of(described, f"/api/v1/{name}").items():
        paged = parameter in ("from", "limit") and name == "document"
        given = {**needed, **({"around": "all"} if paged else {})}
        schema = own["schema"]
        default = {parameter: schema["default"]} if "default" in schema else {}
        answer = page.ask(f"/api/v1/{name}", params={**given, **default})
        assert without_time(answer.content) == without_time(
            page.ask(f"/api/v1/{name}", params=given).content
        )
        for value in (*schema.get("enum", ()), *[schema[k] for k in ("minimum",) if k in schema]):
            assert (
                page.ask(f"/api/v1/{name}", params={**given, parameter: value}).status_code == 200
            )
        if "maximum" in schema:
            over = {**given, parameter: schema["maximum"] + 1}
            assert page.ask(f"/api/v1/{name}", params=over).status_code == 400


def without_time(body: bytes) -> object:
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    return {name: value for name, value in answer.items() if name != "took"}


def test_the_answers_have_the_keys_of_the_description(
    page: Page, described: dict[str, Any]
) -> None:
    answers = {
        "kwic": page.get("kwic", q="ferry"),
        "trend": page.get("trend", q="ferry"),
        "document": page.get("document", id="long.txt", q="harbour"),
        "complete": page.get("complete", q="ferr"),
        "info": page.get("info"),
    }
    for name, answer in answers.items():
        ok = described["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]
        schema = ok["content"]["application/json"]["schema"]
        assert fits(described, schema, {k: v for k, v in answer.items() if k != "format"})


def fits(described: dict[str, Any], schema: dict[str, Any], value: object) -> bool:
    """Return whether the keys of a value, and of what is in it, are those of a schema."""
    own = resolved(described, schema)
    if isinstance(value, list):
        return all(fits(described, own["items"], each) for each in value)
    if not isinstance(value, dict) or "additionalProperties" in own:
        return True
    return value.keys() == own["properties"].keys() and all(
        fits(described, own["properties"][name], each) for name, each in value.items()
    )


def test_the_description_is_served_as_it_stands(page: Page, described: dict[str, Any]) -> None:
    assert page.ask("/api/v1/openapi.json").json() == described
