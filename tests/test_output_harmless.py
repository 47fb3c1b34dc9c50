"""Whatever documents, names, glossaries and queries contain, a terminal shows it harmlessly."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from command_line import Run
from command_line import run as run
from golden_hits import HITS
from harmless_text import ESCAPES, EVIL, FINE, MARKS, harm_of
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.document import Problem
from corpus.errors import CorpusError, IndexMissing
from index import analyzers
from index.bridge.entry import Entry, Source
from index.bridge.glossary_file import read_glossary, write_glossary
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from search.cli.failures import failure_lines
from search.output.json import hit_lines as json_lines
from search.output.json import hit_object, json_line
from search.output.report import explanation_lines, info_lines, problem_lines
from search.output.terminal import COLOURED, printable
from search.output.text import View, hit_lines, passage_lines
from search.output.trec import run_lines
from search.results import Bridged, Hit, Match
from search.searcher import Searcher
from tests.index_corpus import PlainKorean, put

_KINDS = ("Cc", "Cf")
# Without what ends a line in a file, or is no part of a file name.
_LINE = EVIL.replace("\x85", "").replace("\u2028", "").replace("\u2029", "")
_NAME = f"evil\x1b[2J\x9b31m\u202e\u2066\U000e0041{FINE[:4]}"
_ROW = {
    "id": f"one {EVIL}",
    "title": f"{EVIL} \0\r river row",
    "text": f"river bank {EVIL} treaty",
    f"key {EVIL}": f"{EVIL}\0\r\n",
    "date": f"2024-03-02 {EVIL}",
    "author": EVIL,
}
# A text of many control characters would be taken for a binary file.
_REST = "budget school harbour energy " * 60
DOCUMENTS = {
    "page.html": f"<html><head><title>{_LINE} river page</title>"
    f"<meta name='date' content='2024-03-02{_LINE}'></head><body><h1>{_LINE} storm</h1>"
    f"<p>river {_LINE} treaty &#27;[2J &#x202e; of the minister</p><p>{_REST}</p></body>",
    "front.md": f"---\ntitle: {_LINE} river\nauthor: {_LINE}\ndate: 2024-03-02{MARKS}\n---\n"
    f"# {_LINE} storm\n\nriver bank {EVIL} treaty\n\n{_REST}\n",
    "heading.md": f"# river {_LINE}\n\nriver bank\n\n## 둘 {_LINE}\n\nriver {_REST}",
    "line.txt": f"river {_LINE} line\n\nriver bank {EVIL} treaty {_LINE}\n\n{_REST}\n",
    "table.csv": f"id,title,text,author {_LINE}\n1{_LINE},{_LINE} river,"
    f"river bank {_LINE} treaty {_REST},{_LINE}\n{_LINE}\n",
    "rows.jsonl": f"{json.dumps(_ROW)}\n{json.dumps(_ROW)}\nnone {_LINE}\n",
    f"{_NAME}.txt": "river bank\n",
    "plain.txt": f"river plain\n\nriver bank {FINE} treaty\n",
    ".chajaignore": f"!\n{_LINE}/**[z-a]\n# {_REST}\n",
}
_GLOSSARY = f"강물{MARKS}\x1b\x9b\triver {MARKS}\x1b\x9b\t0.5\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build an index of documents of every format in a folder whose name is evil as well."""
    if os.name == "nt":
        pytest.skip("such names are not allowed on Windows")
    folder = tmp_path_factory.mktemp("harm") / _NAME
    for name, text in DOCUMENTS.items():
        put(folder, name, text)
    (folder.parent / "glossary.tsv").write_text(_GLOSSARY, encoding="utf-8")
    (folder.parent / "queries.tsv").write_text("1\triver\n", encoding="utf-8")
    (folder.parent / "qrels.txt").write_text("1 0 line.txt 1\n", encoding="utf-8")
    with (
        patch.object(analyzers, "Korean", PlainKorean),
        patch.object(writable_analyzer, "KoreanProcess", PlainKorean),
    ):
        yield folder


@pytest.fixture
def here(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to the folder, and bring its index up to date."""
    monkeypatch.chdir(folder)
    assert_harmless(run("build", "-v", "--glossary", "../glossary.tsv", "."))
    return folder


def assert_harmless(ended: tuple[int, str, str], *, allowed: str = "") -> None:
    code, out, err = ended
    assert code in (0, 1, 2)
    assert harm_of(out, allowed=f"\n{allowed}") == []
    assert harm_of(err, allowed="\n") == []


@pytest.mark.parametrize(
    "command",
    [
        ("build", "-v", "--rebuild", "."),
        ("build", "--index", "../other", "."),
        ("build", "--strict", "--rebuild", "."),
        ("build", f"missing{EVIL}"),
        ("search", "river", "-n", "99"),
        ("search", "river", "--json"),
        ("search", "river", "--json", "--json-format", "1"),
        ("search", "river", "--facets"),
        ("search", "river", "-l"),
        ("search", "river", "--date", f"2024{EVIL}"),
        ("search", "river", "--type", f"pdf{EVIL}"),
        ("search", "river", "--format", "trec", "--query-id", f"q{EVIL}"),
        ("search", f"rivver {EVIL}"),
        ("search", f"nothing{EVIL}", "--strict"),
        ("search", f"colour{EVIL}:x"),
        ("search", "river", f"--{EVIL}"),
        ("phrase", "river bank", "--json"),
        ("phrase", f"bank {EVIL}"),
        ("kwic", "river", "-n", "99"),
        ("kwic", "river", "--json"),
        ("kwic", "river", "--format", "csv"),
        ("kwic", f"nothing{EVIL}", "--strict"),
        ("terms", "river", f"{EVIL}"),
        ("terms", "--by", "folder", "river", f"river {EVIL}"),
        ("terms", "--by", "year", "river", f"river {EVIL}", "--json"),
        ("terms", "river", "--versus", f"storm {EVIL}"),
        ("open", f"line.txt{EVIL}"),
        ("open", f"{_NAME}.txt"),
        ("open", "--hit", "99", f"river {EVIL}"),
        ("similar", "line.txt"),
        ("similar", f"line.txt{EVIL}"),
        *(("show", name) for name in DOCUMENTS),
        ("show", "rows.jsonl:1", "--json"),
        ("show", f"{_NAME}.txt:99"),
        ("explain", "river", "강물"),
        ("explain", f"{EVIL} river", "--json"),
        ("complete", "riv", "--json"),
        ("complete", f"riv{EVIL}"),
        ("info",),
        ("info", "--json"),
        ("verify",),
        ("verify", "--index", f"none{EVIL}"),
        ("glossary", "list", "강물", "--json"),
        ("glossary", "list", f"{EVIL} none"),
        ("glossary", "strike", f"강물{MARKS}", "river"),
        ("evaluate", "--queries", "../queries.tsv", "--qrels", "../qrels.txt", "--json"),
        ("evaluate", "--queries", f"none{EVIL}", "--qrels", "../qrels.txt"),
        ("--debug", "show", f"missing{EVIL}"),
        (f"none{EVIL}",),
    ],
    ids=ascii,
)
def test_no_command_sends_a_control_character_to_the_terminal(
    here: Path, run: Run, command: tuple[str, ...]
) -> None:
    assert_harmless(run(*command))


@pytest.mark.parametrize("command", [("list", "강물"), ("export", "-")])
def test_a_printed_glossary_is_harmless_and_keeps_its_columns(
    here: Path, run: Run, command: tuple[str, ...]
) -> None:
    ended = run("glossary", *command)
    assert_harmless(ended, allowed="\t")
    rows = [line.split("\t") for line in ended[1].splitlines()]
    assert {len(row) for row in rows} == {4}
    assert ["강물", "river", "0.5", "user"] in rows


def test_colours_are_all_that_a_coloured_hit_adds(here: Path, run: Run) -> None:
    code, out, err = run("search", "river", "-n", "99", "--color", "always")
    for start in COLOURED:
        out = out.replace(start, "")
    assert_harmless((code, out, err))


@pytest.mark.parametrize(
    "name", [name for name in DOCUMENTS if not name.startswith(".")], ids=ascii
)
def test_json_gives_the_strings_of_a_document_back_exactly(here: Path, run: Run, name: str) -> None:
    code, out, _ = run("show", name, "--json")
    with Searcher.open(here / FOLDER) as searcher:
        hits = searcher.passages(name, line=None)
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()] == [
        json.loads(json.dumps({"format": 1, **hit_object(hit)})) for hit in hits
    ]


def test_the_index_keeps_what_the_documents_say(here: Path) -> None:
    with Searcher.open(here / FOLDER) as searcher:
        row, page, front = (
            searcher.passages(name, line=None)[0]
            for name in ("rows.jsonl", "page.html", "front.md")
        )
    assert row.text == f"river bank {EVIL} treaty"
    assert (row.metadata["author"], row.metadata[" ".join(f"key {EVIL}".split())]) == (
        EVIL,
        f"{EVIL}\0\n",
    )
    assert set(ESCAPES[:10] + MARKS) <= set(row.title)
    assert set("\u202e\u2066\x9b") <= set(page.title) & set(front.title)
    assert set(MARKS) <= set(front.metadata["author"])


def test_what_is_harmless_is_printed_as_it_is(here: Path, run: Run) -> None:
    assert FINE in run("show", "plain.txt")[1]
    assert FINE in run("show", "plain.txt", "--json")[1]
    assert printable(FINE) == FINE


# Every character that could do harm; and any other.
HARMFUL = st.one_of(
    st.sampled_from(
        [c for c in map(chr, range(sys.maxunicode)) if unicodedata.category(c) in _KINDS]
    ),
    st.sampled_from("\u2028\u2029\udc80\ufe0f\ufe0e\U000e0100 "),
)
TEXTS = st.text(st.one_of(HARMFUL, st.characters()), max_size=40)


def hit_of(text: str) -> Hit:
    """Return a hit all of whose strings are a text."""
    values: dict[str, Any] = {
        field.name: text for field in fields(Hit) if isinstance(getattr(HITS[0], field.name), str)
    }
    end = min(len(text), 1)
    return replace(
        HITS[0],
        **values,
        matches=(Match(start=0, end=end, word=text, term=text),) if end else (),
        why={text: (text,)},
        bridged=(Bridged(text, text, text, 1.0),),
        metadata={text: text},
    )


@given(TEXTS)
@example(EVIL)
def test_no_output_of_a_hit_contains_a_harmful_character(text: str) -> None:
    hit = hit_of(text)
    view = View(width=33)
    lines = [*hit_lines([hit, hit], view), *passage_lines([hit], 1, view), *run_lines([hit], text)]
    lines += [*json_lines([hit]), json_line({text: [text, {text: text}]})]
    assert harm_of("".join(lines)) == []
    assert json.loads(lines[-1]) == {"format": 1, text: [text, {text: text}]}
    assert re.fullmatch(r"\S+ Q0 \S+ 1 \S+ chaja", *run_lines([hit], text))


@given(TEXTS)
@example(EVIL)
def test_no_report_contains_a_harmful_character(text: str) -> None:
    word = SimpleNamespace(word=text, terms=(text,), source=text, field=text, documents=2)
    explanation: Any = SimpleNamespace(
        reading=text,
        words=(word,),
        bridged=hit_of(text).bridged,
        hits=[SimpleNamespace(hit=hit_of(text), parts={"bm25": 1.0})],
        notes=(text,),
    )
    counts = dict.fromkeys(
        ("files", "documents", "passages", "terms", "words", "bytes", "format"), 1
    )
    info: Any = SimpleNamespace(
        directory=text,
        built=text,
        sources=(text,),
        languages={},
        bridge={},
        fields={text: 1},
        analyzer=text,
        notes=(text,),
        **counts,
    )
    lines = [*explanation_lines(explanation, View()), *info_lines(info, str)]
    lines += problem_lines([Problem(path=text, reason=text)], View(), all_of_them=True)
    for error in (
        CorpusError(text, hint=text),
        IndexMissing(text),
        RuntimeError(text),
        OSError(5, text, text),
    ):
        lines += failure_lines(error)
    assert harm_of("".join(lines)) == []


@given(st.text(HARMFUL), st.text(HARMFUL))
@example(EVIL, "\u00ad")
def test_a_glossary_is_written_as_harmless_rows_that_are_read_as_written(
    first: str, second: str
) -> None:
    entry = Entry(f"강{first}물", f"river{second}bank", 0.5, Source.USER)
    written = io.StringIO()
    write_glossary([entry], written)
    assert harm_of(written.getvalue(), allowed="\t\n\u200c\u200d") == []
    again = io.StringIO()
    entries = read_glossary(io.BytesIO(written.getvalue().encode()))
    write_glossary(entries, again)
    assert again.getvalue() == written.getvalue()
