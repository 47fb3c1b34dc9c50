from __future__ import annotations

import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from golden_hits import HITS
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Problem, State
from search.cli.paths import PathMapper, split_location
from search.output.json import hit_lines as json_lines
from search.output.report import (
    build_details,
    build_summary,
    evaluation_lines,
    explanation_lines,
    info_lines,
    problem_lines,
)
from search.output.summary import facet_lines
from search.output.terminal import COLOURED, PLAIN, Palette, display_width, palette, wrapped
from search.output.text import View, hit_lines, passage_lines, title_of
from search.output.trec import run_lines
from search.results import Bridged, FacetCount, Hit, Match

GOLDEN = Path(__file__).with_name("golden")
ESCAPE = re.compile("\x1b\\[[0-9;]*m")
WIDTHS = (40, 80, 120)


def assert_golden(name: str, lines: list[str]) -> None:
    """Compare with a file of tests/golden, or rewrite it when CHAJA_UPDATE_GOLDEN is set."""
    path = GOLDEN / name
    text = "\n".join(lines) + "\n"
    if os.environ.get("CHAJA_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8"), f"CHAJA_UPDATE_GOLDEN=1 rewrites {path}"


@pytest.mark.parametrize("width", WIDTHS)
def test_text_is_as_agreed(width: int) -> None:
    assert_golden(f"text-{width}.txt", list(hit_lines(HITS, View(width=width))))


@pytest.mark.parametrize("width", WIDTHS)
def test_coloured_text_is_as_agreed(width: int) -> None:
    lines = list(hit_lines(HITS, View(width=width, palette=COLOURED)))
    assert_golden(f"colour-{width}.txt", [line.replace("\x1b", "<ESC>") for line in lines])


def test_json_is_as_agreed() -> None:
    assert_golden("hits.jsonl", list(json_lines(HITS)))


def test_a_trec_run_is_as_agreed() -> None:
    assert_golden("hits.run", list(run_lines(HITS, "q1")))


def test_passages_in_full_are_as_agreed() -> None:
    assert_golden("passages.txt", list(passage_lines(HITS, 8, View())))


@pytest.mark.parametrize("width", WIDTHS)
def test_colour_adds_nothing_but_escapes(width: int) -> None:
    coloured = hit_lines(HITS, View(width=width, palette=COLOURED))
    assert [ESCAPE.sub("", line) for line in coloured] == list(hit_lines(HITS, View(width=width)))


@pytest.mark.parametrize("width", [1, 20, 33, *WIDTHS])
def test_only_a_path_may_be_wider_than_the_terminal(width: int) -> None:
    for line in hit_lines(HITS, View(width=width)):
        assert display_width(line) <= max(width, 20) or re.fullmatch(r" {4}\S.*:\d+", line)


def test_a_date_leaves_room_for_the_title() -> None:
    hit = replace(HITS[0], title="The rules of books", heading="", date="2024-05-17")
    first, second, third, *_ = hit_lines([hit], View(width=20))
    assert (first, second) == ("1.  The rules of bo…", "    [2024-05-17]")
    assert third.endswith(":12")
    wide = next(iter(hit_lines([hit], View(width=40))))
    assert wide == "1.  The rules of books  [2024-05-17]"
    short = replace(hit, path="a.md", document="a.md")
    for width in range(20, 60):
        heading = "".join(list(hit_lines([short], View(width=width)))[:3])
        assert heading.count("[2024-05-17]") == heading.count("a.md:12") == 1


def excerpt_of(text: str, *words: str) -> str:
    matches = tuple(
        Match(start=text.index(word), end=text.index(word) + len(word), word=word, term=word)
        for word in words
    )
    hit = replace(HITS[0], title="The rules", heading="Of books", text=text, matches=matches)
    return " ".join(line.strip() for line in list(hit_lines([hit], View(palette=MARKED)))[-1:])


MARKED = Palette(match="<", end=">")


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("The rules\n\nBe quiet here.", ["quiet"], "Be <quiet> here."),
        ("## Of books\nBe quiet, rules say.", ["quiet", "say"], "Be <quiet>, rules <say>."),
        ("The rules\nBe quiet here.", [], "Be quiet here."),
        ("The rules\nBe quiet here.", ["rules"], "The <rules> Be quiet here."),
        ("The rulesmaker is quiet.", ["quiet"], "The rulesmaker is <quiet>."),
        ("# The rules\n", [], "# The rules"),
        ("Be quiet. The rules say so.", ["rules"], "Be quiet. The <rules> say so."),
    ],
)
def test_an_excerpt_does_not_repeat_the_title_unless_only_it_answers(
    text: str, words: list[str], shown: str
) -> None:
    assert excerpt_of(text, *words) == shown


@pytest.mark.parametrize(
    ("title", "document", "called"),
    [
        ("Rules", "row-7", "Rules"),
        ("rows", "row-7", "row-7"),
        ("rows.csv", "row-7", "row-7"),
        ("", "row-7", "row-7"),
        ("", "data/rows.csv", "rows.csv"),
        ("rows", "data/rows.csv", "rows"),
    ],
)
def test_a_row_without_a_title_is_called_by_its_id(title: str, document: str, called: str) -> None:
    assert (
        title_of(replace(HITS[0], path="data/rows.csv", document=document, title=title)) == called
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_control_characters_of_a_document_never_reach_the_terminal(width: int) -> None:
    lines = [*hit_lines(HITS, View(width=width)), *passage_lines(HITS, None, View())]
    assert not re.search("[\x00-\x1f\x7f-\x9f]", "".join(lines))


def test_a_json_line_gives_the_text_back_unchanged() -> None:
    value = json.loads(next(iter(json_lines(HITS[2:]))))
    assert value["format"] == 1
    assert value["text"] == HITS[2].text


def test_a_run_names_a_document_once_and_parts_its_columns_by_single_spaces() -> None:
    lines = [line.split(" ") for line in run_lines([*HITS, *HITS], "my query")]
    names = [line[2] for line in lines]
    assert names == ["news/2024/library.txt", "handbook-7", "src/main.c#handbook-7"]
    assert {(len(line), line[0]) for line in lines} == {(6, "my_query")}


def test_a_run_tells_documents_of_two_files_with_the_same_id_apart() -> None:
    first, second = (replace(HITS[0], document="7", path=path) for path in ("a.csv", "b.csv"))

    lines = [line.split(" ") for line in run_lines([second, first, second], "1")]

    assert [line[2:4] for line in lines] == [["7", "1"], ["a.csv#7", "2"]]


def test_a_run_continues_at_the_rank_it_was_asked_from() -> None:
    assert [line.split()[3] for line in run_lines(HITS[1:], "1")] == ["2", "3"]
    assert list(run_lines([], "1")) == []


def test_the_passage_of_the_line_asked_for_is_marked() -> None:
    def first_characters(line_number: int | None) -> str:
        hits = sorted(HITS, key=lambda hit: hit.line)
        numbered = [
            line for line in passage_lines(hits, line_number, View()) if re.match(". +[0-9]", line)
        ]
        return "".join(line[0] for line in numbered)

    assert first_characters(1) == ">  "
    assert first_characters(11) == " > "
    assert first_characters(500) == "  >"
    assert first_characters(None) == "   "
    assert list(passage_lines([], 3, View())) == []


def test_a_line_before_the_first_passage_marks_the_first() -> None:
    assert list(passage_lines(HITS[:1], 1, View()))[1].startswith("> 12")


TEXTS = st.text(st.sampled_from("ab 가나  é☺\u0301中-"), max_size=80)


@given(text=TEXTS, width=st.integers(2, 20))
def test_a_text_is_broken_at_spaces_and_loses_nothing_else(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert all(display_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    if max(map(display_width, text.split()), default=0) <= width:
        assert " ".join(lines).split() == text.split()


@pytest.mark.parametrize("width", [24, 40, 80])
def test_a_passage_at_a_terminal_breaks_no_word(width: int) -> None:
    long = replace(HITS[0], text="가나다라 마바사 " * 20 + "\n    indented")
    lines = list(passage_lines([long], 12, View(width=width), wraps=True))[1:]
    assert max(map(display_width, lines)) <= width
    assert {word for line in lines for word in line.split()} == {
        *(">", "12", "가나다라", "마바사", "indented")
    }
    assert lines[-1] == ">         indented"
    assert len(list(passage_lines([long], 12, View(width=width)))) == 3


def with_translations(*asked: str) -> Hit:
    ways = tuple(Bridged(word, f"{word} 말", "glossary", 0.5) for word in asked)
    return replace(HITS[0], bridged=ways)


def test_a_translation_of_most_hits_stands_once_above_them() -> None:
    hits = [with_translations("a", "b"), with_translations("a"), with_translations("a"), HITS[0]]
    first, empty, *rest = hit_lines(hits, View())
    assert (first, empty) == ("in most hits: a → a 말, glossary", "")
    assert [line.strip() for line in rest if "→" in line] == ["b → b 말, glossary"]


def test_a_translation_of_few_hits_or_half_of_them_stands_below_each() -> None:
    for hits in ([with_translations("a")] * 2, [with_translations("a"), HITS[0]] * 2):
        lines = list(hit_lines(hits, View()))
        assert lines[0].startswith("1.")
        assert sum("a → a 말" in line for line in lines) == 2


def test_no_translation_above_the_hits_is_cut() -> None:
    words = [f"word{number}" for number in range(9)]
    lines = list(hit_lines([with_translations(*words)] * 3, View(width=40)))
    above = lines[: lines.index("")]
    assert max(map(display_width, above)) <= 40
    assert all(f"{word} 말, glossary" in " ".join(above) for word in words)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "stream", "environment", "expected"),
    [
        ("auto", Terminal(), {}, COLOURED),
        ("auto", Terminal(), {"NO_COLOR": ""}, COLOURED),
        ("auto", Terminal(), {"NO_COLOR": "1"}, PLAIN),
        ("auto", Terminal(), {"TERM": "dumb"}, PLAIN),
        ("auto", io.StringIO(), {}, PLAIN),
        ("always", io.StringIO(), {"NO_COLOR": "1"}, COLOURED),
        ("never", Terminal(), {}, PLAIN),
    ],
)
def test_colour_is_for_terminals_unless_told_otherwise(
    choice: str, stream: io.StringIO, environment: dict[str, str], expected: object
) -> None:
    assert palette(choice, stream, environment) is expected


@pytest.mark.parametrize(
    ("here", "path", "shown"),
    [
        ("/data", "news/a.txt", "news/a.txt"),
        ("/data/news", "news/a.txt", "a.txt"),
        ("/data/other", "news/a.txt", "../news/a.txt"),
        ("/home/user/x/y/z", "news/a.txt", "/data/news/a.txt"),
        ("/data/news", "../away/a.txt", "/away/a.txt"),
        ("/data/news", "/far/a.txt", "/far/a.txt"),
    ],
)
def test_a_path_is_shown_as_it_is_reached_from_here(here: str, path: str, shown: str) -> None:
    paths = PathMapper(Path("/data"), Path(here))
    assert paths.shown(path) == shown
    assert path in paths.candidates(shown) or os.path.isabs(shown)


def test_a_path_on_another_drive_is_shown_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str, start: str) -> str:
        raise ValueError(path, start)

    monkeypatch.setattr("os.path.relpath", refused)
    assert PathMapper(Path("/data"), Path("/data/news")).shown("news/a.txt") == "/data/news/a.txt"


def test_a_path_in_full_is_known_by_its_name_in_the_index() -> None:
    paths = PathMapper(Path("/data"), Path("/home"))
    assert next(paths.candidates("/data/news/a.txt")) == "news/a.txt"
    assert "news/a.txt" in list(paths.candidates("news/a.txt"))


@pytest.mark.parametrize(
    ("location", "parts"),
    [
        ("a.txt:12", ("a.txt", 12)),
        ("a.txt:12:", ("a.txt", 12)),
        ("a.txt", ("a.txt", None)),
        ("C:\\notes.txt", ("C:\\notes.txt", None)),
        ("a:b.txt", ("a:b.txt", None)),
        ("a.txt:0", ("a.txt:0", None)),
        ("a.txt:²", ("a.txt:²", None)),
        (":12", (":12", None)),
    ],
)
def test_a_location_is_a_path_and_perhaps_a_line(
    location: str, parts: tuple[str, int | None]
) -> None:
    assert split_location(location) == parts


def report(**values: object) -> SimpleNamespace:
    counts = {"added": 12, "updated": 3, "removed": 1, "unchanged": 1540, "documents": 1555}
    rest = {"passages": 4812, "problems": (), "other_files": {}, "seconds": 3.21, "new_words": 1}
    rest |= {"unreadable": 0, "postponed": 0, "states": {}}
    return SimpleNamespace(**{**counts, **rest, "kiwi_seconds": 1.5, "learning": (0, 0), **values})


def summary(**values: object) -> list[str]:
    return list(build_summary(report(**values), width=80))


def test_a_build_is_told_in_a_line_on_what_it_did_and_one_on_what_there_is() -> None:
    assert summary() == [
        "12 added, 3 updated, 1 removed, 1,540 unchanged in 3.2 s",
        "1,555 files, 4,812 passages",
    ]
    one = summary(added=1, updated=0, unchanged=0, documents=20, passages=1)
    assert one[1] == "1 file, 20 documents, 1 passage"


@pytest.mark.parametrize(
    ("learning", "expected"),
    [
        ((5210, 2517), ["learned 5,210 translations from 2,517 texts in both languages"]),
        ((1, 1), ["learned 1 translation from 1 text in both languages"]),
        ((0, 40), []),
    ],
)
def test_a_build_says_what_it_has_learned(learning: tuple[int, int], expected: list[str]) -> None:
    assert summary(learning=learning)[2:] == expected


def test_a_build_says_how_many_of_its_files_could_not_be_read() -> None:
    one = {"added": 1, "updated": 0, "unchanged": 0, "documents": 1, "passages": 1}
    assert summary(**one, unreadable=1)[1] == "1 file (1 could not be read), 1 passage"
    assert summary(**one, unreadable=1, postponed=1)[1] == (
        "1 file (1 could not be read, the next build tries 1 again), 1 passage"
    )


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({}, []),
        ({".txt": {State.READ: 7}}, []),
        (
            {"": {State.READ: 2}, ".hwp": {State.READ: 1200}, ".docx": {State.READ: 2}},
            ["files by kind: 1,200 .hwp, 2 .docx, 2 (no suffix)"],
        ),
        # The table that follows has these counts.
        ({".txt": {State.READ: 2}, ".pdf": {State.READ: 1, State.DAMAGED: 1}}, []),
    ],
)
def test_a_build_counts_the_files_of_each_kind(
    states: dict[str, dict[State, int]], expected: list[str]
) -> None:
    assert summary(states=states)[2:] == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, []),
        (
            {".zip": 1},
            ["1 file of another kind passed over: .zip (--archives looks into .zip)"],
        ),
        (
            {".7z": 1, "": 4, ".pdf": 4},
            ["9 files of other kinds passed over: .pdf (no suffix) .7z"],
        ),
        (
            {f".{number:02}": 2000 - number for number in range(12)},
            [
                "23,934 files of other kinds passed over: .00 .01 .02 .03 .04 .05 .06 .07 and 4",
                "  other kinds",
            ],
        ),
        ({".a b": 1, ".\x1b": 1}, ["2 files of other kinds passed over: .␛ .a b"]),
    ],
)
def test_a_build_counts_what_it_passed_over_by_kind(
    counts: dict[str, int], expected: list[str]
) -> None:
    assert summary(other_files=counts)[2:] == expected


@given(width=st.integers(30, 100), kinds=st.integers(2, 30), number=st.integers(1, 10**6))
def test_no_line_of_a_build_is_wider_than_the_terminal_or_parts_a_count_from_its_kind(
    width: int, kinds: int, number: int
) -> None:
    suffixes = [f".{kind:x}" for kind in range(kinds)]
    states = {suffix: {State.READ: number} for suffix in suffixes}
    counts = dict.fromkeys(suffixes, number)
    everything = report(states=states, other_files=counts, learning=(number, number))
    lines = list(build_summary(everything, width=width))
    assert max(map(len, lines)) <= width
    start = next(row for row, line in enumerate(lines) if line.startswith("files by kind: "))
    end = next(row for row, line in enumerate(lines) if line.startswith("learned "))
    counted = " ".join(map(str.strip, lines[start:end])).removeprefix("files by kind: ")
    assert counted.split(", ") == [f"{number:,} {suffix}" for suffix in sorted(suffixes)]
    assert all(line.endswith(",") for line in lines[start : end - 1])


@given(width=st.integers(30, 100), number=st.integers(1, 10**6))
def test_no_line_of_a_facet_is_wider_than_the_terminal_or_parts_a_value_from_its_count(
    width: int, number: int
) -> None:
    counts = [
        FacetCount(value, number) for value in ("", "보고서", *("ab" * n for n in range(3, 9)))
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        lines = [*facet_lines({"folder": counts, "language": counts})]
    assert max(map(display_width, lines)) <= width
    whole = " ".join(map(str.strip, lines)).replace("language: ", "|")
    folders, languages = (part.split(", ") for part in whole.removeprefix("folder: ").split(" |"))
    assert folders == [f"{count.value or '.'} {number:,}" for count in counts]
    assert languages == [f"{count.value or '(none)'} {number:,}" for count in counts]
    assert all(line.endswith((",", f" {number:,}")) for line in lines)


def test_the_details_of_a_build_say_where_its_time_went() -> None:
    assert list(build_details(report())) == ["1 new word, analyzed in 1.5 s"]


def test_problems_name_their_file_and_line_and_are_counted_past_twenty() -> None:
    problems = [Problem(path="a.csv", reason="not a row", line=line) for line in range(61)]
    view = View(shown=lambda path: f"../{path}")
    lines = list(problem_lines(problems, view, all_of_them=False))
    assert lines[:2] == ["../a.csv: not a row", "../a.csv:1: not a row"]
    assert lines[20:] == ["and 41 more (--verbose lists them all)"]
    assert len(list(problem_lines(problems, view, all_of_them=True))) == 61


def explanation(hits: tuple[Hit, ...], *notes: str) -> SimpleNamespace:
    words = (
        SimpleNamespace(
            word="도서관에서는",
            terms=("도서관",),
            source="stem 도서관 + 에서는",
            field="",
            documents=1234,
        ),
        SimpleNamespace(word="xyzzy", terms=(), source="kiwi", field="title", documents=0),
    )
    scores = tuple(SimpleNamespace(hit=hit, parts={"bm25": 7.0, "title": 0.5}) for hit in hits)
    return SimpleNamespace(
        query="도서관에서는 title:xyzzy",
        reading="도서관 OR title:xyzzy",
        words=words,
        hits=scores,
        notes=notes,
        bridged=HITS[1].bridged if hits else (),
    )


def test_an_explanation_is_as_agreed() -> None:
    expected = explanation(HITS[1:2], "xyzzy is in no passage")
    assert_golden("explanation.txt", list(explanation_lines(expected, View())))


def test_an_explanation_without_hits_ends_with_its_words() -> None:
    assert list(explanation_lines(explanation(()), View()))[-1].startswith("title:xyzzy")


def info(**values: object) -> SimpleNamespace:
    facts: dict[str, object] = {
        "directory": "/data/.chaja",
        "format": 1,
        "documents": 2561,
        "passages": 98123,
        "files": 12,
        "terms": 40211,
        "words": 35000,
        "bytes": 12_345_678,
        "languages": {"en": 61, "ko": 2500, "mixed": 0},
        "bridge": {"user": 12, "parallel documents": 5210},
        "fields": {"author": 2100, "부서": 60, **{f"f{number:02}": 1 for number in range(30)}},
        "analyzer": "chaja 1, kiwi 0.24",
        "built": "2024-03-02T10:11:12+09:00",
        "sources": ("news", "handbook.jsonl"),
    }
    return SimpleNamespace(**{**facts, **values})


def test_the_facts_of_an_index_are_as_agreed() -> None:
    assert_golden("info.txt", list(info_lines(info(), lambda source: f"/data/{source}")))


@pytest.mark.parametrize(
    ("size", "shown"),
    [(999, "999 bytes"), (1500, "1.5 kB"), (12_345_678, "12.3 MB"), (5_000_000_000, "5.0 GB")],
)
def test_a_size_is_given_in_the_unit_it_fills(size: int, shown: str) -> None:
    lines = list(info_lines(info(bytes=size, languages={}, bridge={}, fields={}), str))
    assert f"size       {shown}" in lines
    assert "documents  2,561" in lines
    assert "bridge     0" in lines


def test_measures_have_four_decimals_and_stand_aligned() -> None:
    evaluation = SimpleNamespace(
        measures={"nDCG@10": 0.97041, "R@100": 1.0}, queries=1964, without_hits=3
    )
    assert list(evaluation_lines(evaluation)) == [
        "nDCG@10       0.9704",
        "R@100         1.0000",
        "queries        1,964",
        "without hits       3",
    ]
