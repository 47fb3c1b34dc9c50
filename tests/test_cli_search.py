"""Searching, phrases, and the commands that show what is there."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import fake_engine
import pytest
from command_line import Run
from command_line import folder as folder
from command_line import judged as judged
from command_line import run as run
from fake_engine import called
from golden_hits import HITS
from hypothesis import given
from hypothesis import strategies as st

from search.cli import session
from search.cli.main import main

ODD_ARGUMENTS = ["-", "--", "-n", "-d", "--lang", "--json", "-h", "--format=trec", "-북"]


def test_a_search_prints_hits_and_ends_with_0(run: Run) -> None:
    code, out, err = run("search", "작은", "도서관")
    assert (code, err) == (0, "")
    assert out.startswith("1.  작은 도서관을 지역마다 두기로  (news/2024/library.txt:12)")
    assert called("search") == {
        "query": "작은 도서관",
        "limit": 10,
        "offset": 0,
        "language": "",
        "per_document": None,
        "bridge": True,
        "strict": False,
    }


def test_the_options_of_a_search_reach_the_searcher(run: Run) -> None:
    run(
        *[
            "search",
            "x",
            "-n",
            "3",
            "--offset",
            "20",
            "--lang",
            "ko",
            "-d",
            "2",
            "--no-bridge",
            "--strict",
        ]
    )
    assert called("search") == {
        "query": "x",
        "limit": 3,
        "offset": 20,
        "language": "ko",
        "per_document": 2,
        "bridge": False,
        "strict": True,
    }


def test_the_options_of_a_phrase_reach_the_searcher(run: Run) -> None:
    run("phrase", "한국의", "외교", "--exact", "--slop", "2")
    options = called("phrase")
    assert (options["query"], options["exact"], options["slop"]) == ("한국의 외교", True, 2)
    assert (options["bridge"], options["strict"]) == (True, False)
    run("phrase", "한국의", "외교", "--no-bridge", "--strict")
    options = called("phrase")
    assert (options["bridge"], options["strict"]) == (False, True)


def test_a_hit_that_the_bridge_found_says_so(run: Run) -> None:
    _, out, _ = run("search", "도서관", "-n", "2")
    assert out.splitlines()[-2].split("; ")[0].strip() == "도서관 → library, glossary"


def test_nothing_found_ends_with_1_and_says_so_on_standard_error(run: Run) -> None:
    code, out, err = run("search", "nothing")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "chaja: nothing found for nothing",
        "  chaja explain QUERY shows how the query was parsed",
    ]
    assert "try without --lang" in run("search", "nothing", "--lang", "en")[2]
    assert run("search", "nothing", "--offset", "10")[2] == (
        "chaja: no hits after the first 10 for nothing\n"
    )


@pytest.mark.parametrize("option", [["--json"], ["--format", "json"], ["--json", "--format=json"]])
def test_json_is_one_object_with_all_that_is_known(run: Run, option: Sequence[str]) -> None:
    _, out, _ = run("search", "x", *option)
    assert called("search")["facets"] == ("language", "folder", "filetype", "year")
    results = json.loads(out)
    assert (results["format"], results["query"]) == (2, "x")
    assert [hit["rank"] for hit in results["hits"]] == [hit.rank for hit in HITS]
    assert results["total"] == {"passages": len(HITS) + 100, "documents": len(HITS), "exact": True}
    assert results["facets"] == {"language": [{"value": "ko", "passages": 9}]}


def test_the_earlier_json_is_one_hit_a_line_and_unchanged(run: Run) -> None:
    _, out, _ = run("phrase", "x", "--json", "--json-format", "1")
    golden = Path(__file__).parent / "golden" / "hits.jsonl"
    assert out == golden.read_text(encoding="utf-8")
    assert "facets" not in called("phrase")


def test_json_of_no_hits_is_an_object_and_ends_with_1(run: Run) -> None:
    code, out, err = run("search", "nothing", "--json")
    assert (code, json.loads(out)["hits"]) == (1, [])
    assert err.startswith("chaja: nothing found for nothing")
    assert run("search", "nothing", "--json", "--json-format=1")[:2] == (1, "")


def test_filters_and_orders_are_passed_on_when_they_are_given(run: Run) -> None:
    options = ["--date", "2024..2025", "--modified", "2023", "--path", "news/", "--type", "pdf"]
    run("search", "x", *options, "--sort", "date")
    given = {name: value for name, value in called("search").items() if name in _CHOOSING}
    assert given == {
        "date": "2024..2025",
        "modified": "2023",
        "path": "news/",
        "filetype": "pdf",
        "sort": "date",
    }
    _, _, err = run("search", "nothing", "--type", "pdf", "--lang", "ko")
    assert err.splitlines()[1] == "  only a part was searched; try without --lang --type"
    code, _, err = run("search", "x", "--sort", "size")
    assert (code, "'score', 'date', 'modified', 'path'" in err) == (2, True)


_CHOOSING = ("date", "modified", "path", "filetype", "sort", "facets")


def test_count_prints_the_number_of_passages_only(run: Run) -> None:
    assert run("search", "x", "--count")[:2] == (0, "100\n")
    assert called("search")["limit"] == 0
    code, out, err = run("search", "nothing", "--count")
    assert (code, out, err.splitlines()[0]) == (1, "0\n", "chaja: nothing found for nothing")


def test_files_are_the_paths_of_the_hits_each_once(run: Run) -> None:
    _, out, _ = run("search", "x", "-l")
    assert out.splitlines() == list(dict.fromkeys(hit.path for hit in HITS))
    assert called("search")["per_document"] == 1


def test_the_total_stands_under_the_hits_on_a_terminal_only(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = run("search", "x", "-n", "2", "--facets")[1]
    assert piped.endswith("\n\nlanguage: ko 9\n")
    assert " of 102 passages" not in piped
    monkeypatch.setattr(session, "is_terminal", lambda: True)
    shown = run("search", "x", "-n", "2")[1].splitlines()[-2:]
    assert shown == ["", "2 of 102 passages"]
    assert run("search", "x", "-n", "2", "--offset", "4")[1].splitlines()[-1] == (
        "5–6 of 102 passages"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--count", "-l"], "--count and --files contradict each other"),
        (["--count", "--json"], "--count and --format json contradict each other"),
        (["--query-id", "7", "--format=csv"], "--query-id is of --format trec, not of csv"),
        (["--query-id", "7", "--json"], "--query-id is of --format trec, not of json"),
        (["--json-format=1", "--format=text"], "--json-format is of --format json, not of text"),
        (["-l", "--format", "trec"], "--files and --format trec contradict each other"),
        (["--facets", "--format=trec"], "--facets and --format trec contradict each other"),
        (
            ["--sort", "date", "--format", "trec"],
            "--format trec is in the order of scores; leave out --sort",
        ),
    ],
)
def test_outputs_that_contradict_each_other_are_refused(
    run: Run, options: Sequence[str], message: str
) -> None:
    code, out, err = run("search", "x", *options)
    assert (code, out, err.splitlines()[0]) == (2, "", f"chaja: {message}")


@pytest.mark.parametrize(
    ("option", "implied"), [("--json-format=1", "--json"), ("--query-id=7", "--format=trec")]
)
def test_an_option_of_one_format_implies_it(run: Run, option: str, implied: str) -> None:
    expected = run("search", "x", option, implied)
    assert expected[0] == 0
    assert run("search", "x", option) == expected


def test_similar_has_no_words_to_be_searched_for_as_typed(run: Run) -> None:
    code, _, err = run("similar", HITS[0].path, "--strict")
    assert code == 2
    assert err.startswith("chaja: No such option '--strict'.")


def test_a_trec_run_asks_for_one_passage_of_each_document(run: Run) -> None:
    _, out, _ = run("phrase", "x", "--format", "trec", "--query-id", "q7")
    assert called("phrase")["fold_copies"] is False  # judged documents count each
    assert out.splitlines()[0] == "q7 Q0 news/2024/library.txt 1 12.3456789 chaja"
    assert called("phrase")["per_document"] == 1
    run("search", "x", "--format", "trec", "-d", "3")
    assert called("search")["per_document"] == 3


def test_contradicting_formats_are_refused(run: Run) -> None:
    code, _, err = run("search", "x", "--json", "--format", "trec")
    assert (code, err.splitlines()[0]) == (
        2,
        "chaja: --json and --format trec contradict each other",
    )


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (["전략 -북한"], "전략 -북한"),
        (["전략", "-북한"], "전략 -북한"),
        (["-북한", "전략", "-n", "3"], "-북한 전략"),
        (["-2019", '-"a b"', "-(x)"], '-2019 -"a b" -(x)'),
        (["외교", "-path:ko", "-lang:en"], "외교 -path:ko -lang:en"),
        (["--", "+must", "-not"], "+must -not"),
        (["-n", "3", "--", "-not", "--", "-북"], "-not -- -북"),
        (["  한국\n외교 "], "한국 외교"),
    ],
)
def test_words_that_begin_with_minus_belong_to_the_query(
    run: Run, arguments: Sequence[str], query: str
) -> None:
    assert run("search", *arguments)[0] == 0
    assert called("search")["query"] == query


def test_the_value_of_an_option_may_begin_with_minus(run: Run) -> None:
    assert run("search", "x", "--format", "trec", "--query-id", "-북")[1].startswith("-북 Q0 ")
    code, _, err = run("search", "x", "-n", "-5")
    assert (code, "-5" in err, "\0" in err) == (2, True, False)


@given(st.lists(st.one_of(st.text(max_size=6), st.sampled_from(ODD_ARGUMENTS)), max_size=5))
def test_no_arguments_are_an_internal_error(arguments: list[str]) -> None:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO("typed"))
        code = main(["search", *arguments])
    assert code in (0, 2)
    assert bool(out.getvalue()) == (code == 0)
    assert "internal error" not in err.getvalue()


@pytest.mark.parametrize("word", ["-not", "-xyz"])
def test_a_word_that_looks_like_options_is_refused_with_advice(run: Run, word: str) -> None:
    code, _, err = run("search", "a", word)
    assert code == 2
    assert err.splitlines()[1] == (
        "  For words that start with -, put -- first: chaja search -- -WORD"
    )


def test_a_mistyped_option_is_no_word(run: Run) -> None:
    code, _, err = run("search", "a", "--limt", "3")
    assert code == 2
    assert "--limt" in err
    assert err.splitlines()[1] == "  See: chaja search --help"


def test_a_query_can_come_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.BytesIO("한국\n외교\n".encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(typed, encoding="latin-1"))
    run("search", "-")
    assert called("search")["query"] == "한국 외교"


@pytest.mark.parametrize("arguments", [[], [""], [" ", "\n"]])
def test_an_empty_query_is_refused(run: Run, arguments: Sequence[str]) -> None:
    code, out, err = run("search", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("chaja: ")


def test_colour_can_be_asked_for(run: Run) -> None:
    assert "\x1b[1;31m" in run("search", "x", "--color", "always")[1]
    assert "\x1b" not in run("search", "x")[1]


def test_what_the_writer_of_a_query_should_know_is_told_on_standard_error(run: Run) -> None:
    code, out, err = run("search", "colour:red", "--json")
    assert (code, err) == (0, "note: there is no field colour\n")
    assert json.loads(out)["notes"] == ["there is no field colour"]


# Where the index is


def test_the_nearest_index_above_is_used_and_paths_are_shown_from_here(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "news").mkdir()
    monkeypatch.chdir(folder / "news")
    _, out, _ = run("search", "x")
    assert called("open") == {"directory": folder / ".chaja"}
    assert "(2024/library.txt:12)" in out


def test_an_index_can_be_named_by_option_or_environment(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    directory = fake_engine.index_in(elsewhere)
    run("search", "x", "--index", str(directory))
    assert called("open") == {"directory": directory}
    fake_engine.CALLS.clear()
    monkeypatch.setenv("CHAJA_INDEX", str(directory))
    run("search", "x")
    assert called("open") == {"directory": directory}


def test_a_missing_index_is_one_sentence_with_a_next_step(run: Run, folder: Path) -> None:
    code, out, err = run("search", "x", "--index", str(folder / "none"))
    assert (code, out) == (2, "")
    assert err.startswith(f"chaja: {folder / 'none'}")
    assert "\n  " in err


# The other commands


def test_show_prints_the_passage_of_a_place(run: Run) -> None:
    code, out, _ = run("show", "news/2024/library.txt:13", "-C", "2")
    assert code == 0
    assert called("passages") == {"path": HITS[0].path, "line": 13, "around": 2}
    assert out.splitlines()[1].startswith("> 12  정부는")


def test_show_takes_a_path_as_it_is_seen_from_here(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "news").mkdir()
    monkeypatch.chdir(folder / "news")
    for path in ("2024/library.txt", "news/2024/library.txt", f"{folder}/news/2024/library.txt"):
        assert run("show", path)[0] == 0, path
        assert called("passages")["line"] is None


def test_show_refuses_a_path_that_is_not_in_the_index(run: Run) -> None:
    code, _, err = run("show", "other.txt")
    assert code == 2
    assert err.splitlines() == [
        "chaja: other.txt is not in the index",
        "  did you mean news/2024/library.txt?",
    ]


def test_similar_asks_for_a_place_and_prints_hits(run: Run) -> None:
    options = ("-n", "1", "--offset", "3", "--lang", "en", "-d", "2", "--no-bridge")
    code, out, _ = run("similar", "news/2024/library.txt:13", *options)
    assert code == 0
    assert called("similar") == {
        "path": HITS[0].path,
        "line": 13,
        "limit": 1,
        "offset": 3,
        "language": "en",
        "per_document": 2,
        "bridge": False,
    }
    assert HITS[1].title in out


def test_similar_refuses_a_path_that_is_not_in_the_index(run: Run) -> None:
    code, out, err = run("similar", "other.txt")
    assert (code, out) == (2, "")
    assert err.splitlines()[0] == "chaja: other.txt is not in the index"


def test_an_explanation_tells_what_words_are_in_the_other_language(run: Run) -> None:
    out = run("explain", "도서관", "-n", "0")[1]
    assert [line.split() for line in out.splitlines() if "→" in line] == [
        ["도서관", "→", "library", "0.90", "glossary"],
        ["작은", "도서관", "→", "branch", "0.25", "parallel", "documents"],
    ]
    run("explain", "도서관", "--no-bridge", "--strict")
    options = called("explain")
    assert (options["bridge"], options["strict"]) == (False, True)


def test_show_explain_and_info_speak_json(run: Run) -> None:
    assert json.loads(run("show", HITS[0].path, "--json")[1])["line"] == 12
    assert json.loads(run("info", "--json")[1])["sources"] == ["news"]
    explained = json.loads(run("explain", "학교", "--json", "-n", "1")[1])
    assert explained["words"][0]["terms"] == ["말"]
    assert [score["parts"] for score in explained["hits"]] == [{"bm25": 1.0}]


def test_info_and_explain_print_facts_to_read(run: Run) -> None:
    assert "documents  2 (Korean 2)" in run("info")[1]
    assert run("explain", "학교", "-북한")[1].startswith("reading  학교 -북한\n")


def test_evaluate_prints_measures_and_writes_a_run(
    run: Run, folder: Path, judged: list[str]
) -> None:
    code, out, _ = run(*judged, "--run", "chaja.run")
    assert code == 0
    lines = dict(line.rsplit(maxsplit=1) for line in out.splitlines())
    assert lines["MRR@10"] == "0.2500"
    assert (lines["queries"], lines["without hits"]) == ("2", "1")
    assert (folder / "chaja.run").read_text(encoding="utf-8").count(" Q0 ") == 2


def test_evaluate_speaks_json(run: Run, judged: list[str]) -> None:
    value = json.loads(run(*judged, "--json")[1])
    assert (value["measures"]["R@10"], value["without_hits"]) == (0.5, 1)


def test_evaluate_without_its_extra_says_how_to_install_it(
    run: Run, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    code, out, err = run(*judged)
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "chaja: evaluation needs ir-measures, which is not installed",
        "  install it: pip install 'chaja[evaluate]'",
    ]


def test_a_part_of_the_index_can_be_measured_without_the_bridge(
    run: Run, judged: list[str]
) -> None:
    assert run(*judged)[0] == 0
    options = called("rank_documents")
    assert (options["path"], options["bridge"]) == ("", True)
    assert run(*judged, "--path", "help/en/", "--no-bridge")[0] == 0
    options = called("rank_documents")
    assert (options["path"], options["bridge"]) == ("help/en/", False)


def test_since_is_short_for_an_open_range_of_dates(run: Run) -> None:
    run("search", "x", "--since", "2024-05")
    assert called("search")["date"] == "2024-05.."
    code, _, err = run("search", "x", "--since", "2024", "--date", "2025")
    assert (code, err.splitlines()[0]) == (
        2,
        "chaja: --since and --date contradict each other; --date takes A..B",
    )
    assert run("search", "nothing", "--since", "2024")[2].splitlines()[1] == (
        "  only a part was searched; try without --since"
    )


@pytest.mark.parametrize("value", ["2019..2021", "2024..", "lately", "2024-13"])
def test_since_takes_one_date(run: Run, value: str) -> None:
    code, out, err = run("search", "x", "--since", value)
    assert (code, out) == (2, "")
    assert err.startswith(f"chaja: Invalid value for '--since': {value} is no date such as 2024")
