"""A hit in a file without lines tells its page, and the page leads back to it."""

from __future__ import annotations

import json
import os
from email.message import EmailMessage
from pathlib import Path

import pytest
from command_line import Run
from command_line import run as run
from hypothesis import given
from hypothesis import strategies as st
from pdf_writer import pdf

from corpus import read
from corpus.document import LINE, PAGE, Document
from corpus.passages import split
from index.builder.build import build
from index.directory.location import FOLDER
from index.verify import verify
from search.cli.paths import split_location
from search.output.text import View, location_of
from search.results import Hit
from search.searcher import Searcher
from tests.office_files import row, text_cell, xlsx, zipped

SAMPLE = Path(__file__).parents[1] / "sample"
SHEETS = ("flora", "fauna")
PAGES = [["the river is wide"], ["the harbour is deep"], ["a lighthouse on the cape"]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a PDF of three pages in one passage, and a file named like a place."""
    (tmp_path / "a.pdf").write_bytes(pdf(PAGES))
    build(tmp_path / FOLDER, [tmp_path])
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_hit_is_on_the_page_of_its_first_match(folder: Path) -> None:
    with Searcher.open(folder / FOLDER) as searcher:
        for word, page in (("river", 1), ("harbour", 2), ("cape", 3), ("deep lighthouse", 2)):
            (hit,) = searcher.search(word)
            assert (hit.unit, hit.line) == (PAGE, page)
    assert verify(folder / FOLDER, deep=True).sound


def test_the_place_that_a_search_prints_is_taken_by_show_and_similar(
    folder: Path, run: Run
) -> None:
    _, out, _ = run("search", "harbour")
    assert "a.pdf:p2" in out
    (found,) = json.loads(run("search", "harbour", "--json")[1])["hits"]
    assert (found["line"], found["unit"]) == (2, "page")
    for place in ("a.pdf:p2", "a.pdf:2"):
        code, out, _ = run("show", place)
        assert (code, "the harbour is deep" in out) == (0, True)
    assert run("similar", "a.pdf:p2")[0] == 1  # nothing else is there


def test_a_hit_tells_the_label_of_its_page(folder: Path, run: Run) -> None:
    (folder / "b.pdf").write_bytes(pdf([["preface"], ["the fjord"]], labels="0 << /S /r >>"))
    build(folder / FOLDER)
    assert "(b.pdf:p2, labelled ii)" in run("search", "fjord")[1]
    (found,) = json.loads(run("search", "fjord", "--json")[1])["hits"]
    assert (found["line"], found["label"]) == (2, "ii")
    assert "labelled" not in run("search", "harbour")[1]


def test_the_first_bytes_tell_the_format_whatever_the_suffix(folder: Path) -> None:
    (folder / "b.docx").write_bytes(pdf([["the tide is low"]]))
    build(folder / FOLDER)
    with Searcher.open(folder / FOLDER) as searcher:
        (hit,) = searcher.search("tide")
        assert (hit.path, hit.unit) == ("b.docx", PAGE)


def test_a_file_whose_name_looks_like_a_place_is_found_by_its_name(folder: Path, run: Run) -> None:
    if os.name == "nt":
        pytest.skip("no file is named so there")
    (folder / "note:p2").mkdir()
    (folder / "note:p2" / "b.txt").write_text("a note", encoding="utf-8")
    assert run("build", "-q")[0] == 0
    code, out, _ = run("show", "note:p2/b.txt")
    assert (code, "a note" in out) == (0, True)


@given(
    st.lists(st.text("ab \n", min_size=1, max_size=40), min_size=1, max_size=6),
    st.sampled_from([PAGE, LINE]),
)
def test_passages_know_the_places_inside_them(pages: list[str], unit: str) -> None:
    starts = [sum(len(page) for page in pages[:number]) for number in range(len(pages))]
    places = tuple((start, number) for number, start in enumerate(starts, start=1))
    document = Document("a", "a", "a", "".join(pages), "en", lines=places, unit=unit)
    for passage in split(document, target=20):
        expected = [
            (start - passage.start, number)
            for start, number in places
            if passage.start < start < passage.end
        ]
        assert list(passage.places) == (expected if unit == PAGE else [])


def mail(word: str) -> bytes:
    """Return a mail with a PDF of two pages, the second with a word."""
    message = EmailMessage()
    message["Subject"] = "minutes"
    message.set_content("see the minutes")
    pages = pdf([["first"], [f"the {word}"]])
    message.add_attachment(pages, maintype="application", subtype="pdf", filename="회의록.pdf")
    return message.as_bytes()


@pytest.fixture
def nested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """Stand in a folder with an archive, a mail and a mailbox, whose documents hold others."""
    members = {"폴더/a.pdf": pdf(PAGES), "b.txt": "one\n\nthe anchor\n", "m.eml": mail("keel")}
    (tmp_path / "a.zip").write_bytes(zipped(members))
    (tmp_path / "m.eml").write_bytes(mail("hull"))
    envelope = b"From a@example.com Mon Mar  4 09:30:00 2024\n"
    (tmp_path / "box.mbox").write_bytes(envelope + mail("mast"))
    (tmp_path / "below").mkdir()
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    monkeypatch.chdir(tmp_path)
    assert run("build", "-q", "--archives", ".")[0] == 0
    return tmp_path


@pytest.mark.parametrize(
    ("word", "place"),
    [
        ("harbour", "a.zip › 폴더/a.pdf:p2"),
        ("anchor", "a.zip › b.txt:1"),
        ("keel", "a.zip › m.eml › 회의록.pdf:p2"),
        ("hull", "m.eml › 회의록.pdf:p2"),
        ("mast", "box.mbox#1 › 회의록.pdf:p2"),
    ],
)
def test_the_place_of_a_document_inside_a_file_leads_back_to_it(
    nested: Path, run: Run, word: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place in run("search", word)[1]
    code, out, _ = run("show", place)
    assert (code, word in out) == (0, True)
    assert run("similar", place)[0] in (0, 1)
    monkeypatch.chdir(nested / "below")
    code, out, _ = run("show", f"../{place}")
    assert (code, word in out) == (0, True)


def test_a_document_that_is_not_inside_a_file_is_no_place(nested: Path, run: Run) -> None:
    code, _, err = run("show", "a.zip › c.txt")
    assert code == 2
    assert "no such file in the index" in err


def at(searcher: Searcher, hit: Hit) -> list[tuple[str, int]]:
    """Return the documents and ordinals of the passages at the location printed for a hit."""
    path, line = split_location(location_of(hit, View()))
    assert searcher.similar(path, line=line) is not None
    found = searcher.passages(path, line=line, around=0)
    return [(each.document, each.ordinal) for each in found]


def test_every_location_of_the_sample_leads_to_its_passage(tmp_path: Path) -> None:
    build(tmp_path / FOLDER, [SAMPLE])
    units = set()
    with Searcher.open(tmp_path / FOLDER) as searcher:
        for item in (item for path in SAMPLE.rglob("*.*") for item in read(path, name=path.name)):
            if isinstance(item, Document):
                for hit in searcher.search(item.text[:200], limit=20):
                    assert (hit.document, hit.ordinal) in at(searcher, hit), hit.path
                    units.add(hit.unit)
    assert units == {"line", "page", "slide", "row", "paragraph"}


@pytest.mark.parametrize("words", [3, 30, 90, 400])
def test_a_match_is_in_a_passage_at_its_place_however_long_the_pages_are(
    tmp_path: Path, words: int
) -> None:
    marks = [f"mark{number}" for number in range(12)]
    lines = [f"{mark} {'tide ' * words}" for mark in marks]
    pages = [lines[:1], lines[1:7], lines[7:]]
    (tmp_path / "a.pdf").write_bytes(pdf(pages, font="Helvetica"))
    (tmp_path / "a.txt").write_text("\n".join(" ".join(page) for page in pages), encoding="utf-8")
    build(tmp_path / FOLDER, [tmp_path])
    with Searcher.open(tmp_path / FOLDER) as searcher:
        for mark in marks:
            hits = searcher.search(mark, fold_copies=False).hits
            assert {hit.path for hit in hits} == {"a.pdf", "a.txt"}
            assert all((hit.document, hit.ordinal) in at(searcher, hit) for hit in hits)


def test_rows_of_several_sheets_are_told_apart(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets = {name: row(1, A=text_cell("word")) + row(2, A=text_cell(name)) for name in SHEETS}
    (tmp_path / "a.xlsx").write_bytes(xlsx(sheets))
    monkeypatch.chdir(tmp_path)
    assert run("build", "-q", ".")[0] == 0
    for name in SHEETS:
        place = f"a.xlsx#{name}:row"
        assert place in run("search", name)[1]
        assert name in run("show", f"{place}2")[1]


def test_a_line_of_a_mail_is_not_taken_for_a_page_of_what_is_attached(
    nested: Path, run: Run
) -> None:
    for place in ("m.eml", "m.eml:2", "m.eml:11"):
        code, out, _ = run("show", place)
        assert (code, "see the minutes" in out, "hull" in out) == (0, True, False)


def test_a_copy_inside_a_file_is_named_as_it_can_be_shown(nested: Path, run: Run) -> None:
    (nested / "c.zip").write_bytes(
        zipped(dict.fromkeys(("d.txt", "e.txt"), "a buoy, far out and red, by the cape"))
    )
    assert run("build", "-q")[0] == 0
    out = run("search", "buoy")[1]
    shown, copy = ("d", "e") if "(c.zip › d.txt:1)" in out else ("e", "d")
    assert f"(c.zip › {shown}.txt:1)" in out
    assert f"also in c.zip › {copy}.txt" in out


def test_what_only_the_passages_of_a_page_say_is_no_reason_to_be_like_it(
    tmp_path: Path,
) -> None:
    own = " ".join(f"isthmus{number}" for number in range(40))
    (tmp_path / "a.pdf").write_bytes(pdf([[f"{own} the lagoon"] * 4], font="Helvetica"))
    (tmp_path / "b.txt").write_text("by the lagoon\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("by the sea\n", encoding="utf-8")
    build(tmp_path / FOLDER, [tmp_path])
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert len(searcher.passages("a.pdf", line=1, around=0)) > 1
        assert [hit.path for hit in searcher.similar("a.pdf", line=1)] == ["b.txt"]


def test_show_tells_the_label_of_a_page_and_that_ocr_read_it(folder: Path, run: Run) -> None:
    (folder / "b.pdf").write_bytes(pdf([["preface"], ["the fjord"]], labels="0 << /S /r >>"))
    build(folder / FOLDER)
    assert "labelled i\n" in run("show", "b.pdf:p1")[1]
    assert "labelled" not in run("show", "a.pdf:p1")[1]
