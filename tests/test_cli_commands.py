"""The command line with the real engine behind it, in the order a user would type."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command_line import Run

from search import fetch
from search.cli.main import main
from search.searcher import Searcher

pytestmark = pytest.mark.kiwi

# But for one test, the queries are made of words as they stand here: each Searcher loads
# Kiwi for another Korean word, which takes two seconds.
LIBRARY = "작은 도서관이 문을 열었다.\n\n시는 도서관 정책을 새로 세우고 밤에도 책을 빌려준다.\n"
HARBOUR = "# The harbour\n\nTwo ships waited outside the harbour.\n\nThe pilot boarded at dawn.\n"
ROWS = [{"id": "r1", "text": "a lighthouse on the cape"}, {"id": "r2", "text": "등대가 보인다"}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("documents")
    (root / "notes").mkdir()
    (root / "notes" / "library.txt").write_text(LIBRARY, encoding="utf-8")
    (root / "notes" / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    rows = "\n".join(json.dumps(row) for row in ROWS)
    (root / "rows.jsonl").write_text(f"{rows}\nno row\n", encoding="utf-8")
    return root


@pytest.fixture
def run(folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Stand in the folder of the documents, with their index built."""
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    monkeypatch.chdir(folder)
    assert main(["build", ".", "--quiet"]) == 0
    capfd.readouterr()
    return Run(capfd)


def test_a_second_build_finds_nothing_to_do_and_names_the_problems_again(run: Run) -> None:
    code, out, err = run("build")
    assert code == 0
    assert out.startswith("0 added, 0 updated, 0 removed, 3 unchanged: 3 files, 4 documents, ")
    assert err.startswith("rows.jsonl:3: ")
    assert out.endswith(
        "\nformat  read  read in part\n"
        ".jsonl     0             1\n.md        1             0\n.txt       1             0\n"
    )


def test_the_files_that_were_not_wholly_read_are_listed_with_the_next_step(run: Run) -> None:
    code, out, _ = run("health")
    assert code == 0
    _, _, listed = out.partition("\n\n")
    assert listed.startswith(
        "read in part: Correct what is named, and build again: with --ocr for scanned pages.\n"
        "  rows.jsonl:3: "
    )
    found = json.loads(run("health", "--json")[1])
    assert found["states"] == {
        ".md": {"read": 1},
        ".txt": {"read": 1},
        ".jsonl": {"read in part": 1},
    }
    (file,) = found["files"]
    assert (file["path"], file["state"]) == ("rows.jsonl", "read in part")
    assert [problem["line"] for problem in file["problems"]] == [3]


def test_a_strict_build_changes_nothing_when_there_is_a_problem(run: Run) -> None:
    code, out, err = run("build", "--strict", "--rebuild")
    assert (code, out) == (2, "")
    assert "rows.jsonl:3" in err
    assert run("search", "harbour")[0] == 0


def test_a_korean_word_is_found_whatever_its_ending(run: Run) -> None:
    code, out, _ = run("search", "도서관에서", "--color", "always")
    assert code == 0
    assert "\x1b[1;31m도서관\x1b[0m" in out
    assert "notes/library.txt:" in out


def test_an_excluded_word_excludes(run: Run) -> None:
    assert run("search", "lighthouse")[0] == 0
    assert run("search", "lighthouse -cape", "--no-bridge", "--strict")[0] == 1
    assert run("search", "등대가", "-보인다", "--no-bridge", "--strict")[0] == 1


def test_a_word_is_found_in_the_other_language_by_the_glossary_that_comes_with_chaja(
    run: Run,
) -> None:
    code, out, _ = run("search", "lighthouse -cape", "--json")
    assert code == 0
    [hit] = json.loads(out)["hits"]
    assert hit["document"] == "r2"
    assert {(match["term"], match["crossed"]) for match in hit["matches"]} == {("등대", True)}
    assert [(way["asked"], way["other"], way["source"]) for way in hit["bridged"]] == [
        ("lighthouse", "등대", "glossary")
    ]
    assert "lighthouse → 등대, glossary" in run("search", "lighthouse")[1]


def test_a_place_leads_to_what_is_most_like_it_in_either_language(run: Run) -> None:
    code, out, _ = run("similar", "rows.jsonl:1", "--json")
    assert code == 0
    assert json.loads(out)["hits"][0]["document"] == "r2"


def test_a_struck_pair_is_not_used_until_a_glossary_gives_it_again(
    run: Run, tmp_path: Path
) -> None:
    run("glossary", "strike", "등대", "lighthouse")
    assert run("search", "lighthouse -cape", "--strict")[0] == 1
    assert run("build", ".", "--rebuild", "--quiet")[0] == 0
    assert run("search", "lighthouse -cape", "--strict")[0] == 1
    (tmp_path / "mine.tsv").write_text("등대\tlighthouse\n", encoding="utf-8")
    assert run("build", "--glossary", str(tmp_path / "mine.tsv"), "--quiet")[0] == 0
    assert "lighthouse → 등대, user" in run("search", "lighthouse -cape")[1]


def test_an_exported_glossary_that_was_edited_gives_the_index_what_is_new_in_it(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "all.tsv"
    before = run("glossary", "list")[1].splitlines()
    assert run("glossary", "export", str(path))[0] == 0
    with path.open("a", encoding="utf-8") as file:
        file.write("등대\tbeacon\t0.4\n")
    for taken in (1, 0):
        _, out, _ = run("glossary", "import", str(path))
        assert out.startswith(f"{taken} entries imported")
    after = run("glossary", "list")[1].splitlines()
    assert sorted(after) == sorted([*before, "등대\tbeacon\t0.4\tuser"])


def test_a_word_typed_on_the_other_keyboard_is_found_and_told_unless_it_was_meant_so(
    run: Run,
) -> None:
    code, out, err = run("search", "ehtjrhks")
    assert code == 0
    assert "notes/library.txt:" in out
    assert err.startswith("note: ehtjrhks was corrected to 도서관")
    assert run("search", "ehtjrhks", "--strict")[0] == 1


def test_a_half_typed_word_is_completed_from_the_index(run: Run) -> None:
    assert "도서관" in run("complete", "도서ㄱ")[1].splitlines()
    assert "lighthouse" in run("complete", "light")[1].splitlines()
    code, out, _ = run("complete", "도서ㄱ", "--json", "-n", "1")
    assert (code, json.loads(out)) == (0, {"format": 1, "term": "도서관", "passages": 1})
    assert run("complete", "xyz")[0] == 1


def test_a_phrase_wants_its_words_together(run: Run) -> None:
    assert run("phrase", "도서관", "정책을")[0] == 0
    assert run("phrase", "정책을", "도서관")[0] == 1
    assert run("phrase", "도서관 정책을", "--exact")[0] == 0


@pytest.mark.parametrize("query", ["harbour", "도서관", "lighthouse"])
def test_a_place_that_a_search_prints_can_be_shown(
    run: Run, folder: Path, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "notes")
    location = re.search(r"\((\S+:\d+)\)", run("search", query, "-n", "1")[1])
    assert location is not None
    code, out, _ = run("show", location[1])
    assert code == 0
    assert ">" in out


def test_a_run_of_a_search_names_documents_as_judgements_do(run: Run) -> None:
    _, out, _ = run("search", "lighthouse", "--format", "trec")
    assert out.split()[:4] == ["1", "Q0", "r1", "1"]


def test_an_explanation_adds_up_to_the_score(run: Run) -> None:
    code, out, _ = run("explain", "도서관이", "-보인다", "--json")
    assert code == 0
    explained = json.loads(out)
    assert explained["words"][0]["word"] == "도서관이"
    for score in explained["hits"]:
        assert sum(score["parts"].values()) == pytest.approx(score["hit"]["score"])
    assert run("explain", "도서관이")[1].startswith("reading  ")


def test_the_facts_of_the_index_are_those_of_the_folder(run: Run) -> None:
    facts = json.loads(run("info", "--json")[1])
    assert (facts["files"], facts["documents"]) == (3, 4)
    assert "documents  4 (" in run("info")[1]


def test_a_search_can_be_measured(run: Run, tmp_path: Path) -> None:
    (tmp_path / "q.tsv").write_text("1\tlighthouse\n2\t도서관 정책을\n", encoding="utf-8")
    (tmp_path / "qrels").write_text("1 0 r1 1\n2 0 notes/library.txt 1\n", encoding="utf-8")
    files = ["--queries", str(tmp_path / "q.tsv"), "--qrels", str(tmp_path / "qrels")]
    code, out, _ = run("evaluate", *files)
    assert code == 0
    assert re.search(r"^nDCG@10 +1\.0000$", out, re.MULTILINE)


def test_a_shell_completes_a_word_of_a_query_from_the_index_and_says_nothing_without_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_CHAJA_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "chaja search 도서ㄱ")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert "plain,도서관" in run()[1].splitlines()
    monkeypatch.chdir(tmp_path)
    assert run() == (0, "\n", "")


def test_a_bug_is_called_a_bug_and_no_damage_of_the_index(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("colour")

    monkeypatch.setattr(fetch, "highlight_titled", broken)
    code, out, err = run("search", "harbour")
    assert (code, out) == (2, "")
    assert err.startswith("chaja: this is a bug in Chaja (KeyError: 'colour'); please report it")
    with Searcher.open(".chaja") as searcher, pytest.raises(KeyError, match="colour"):
        searcher.search("harbour")
