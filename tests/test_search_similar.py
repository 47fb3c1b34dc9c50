"""Similar passages are found by the significant words of a passage, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from bridge_corpus import built
from bridge_corpus import no_general_glossary as no_general_glossary
from bridge_corpus import plain_korean as plain_korean

from corpus.errors import QueryError
from index.directory.location import FOLDER
from search.cli.main import main
from search.searcher import Searcher
from search.similar import significant_words
from search.weights import SIMILAR_WORDS

pytestmark = pytest.mark.usefixtures("plain_korean", "no_general_glossary")

COMMON = "the committee said that the report was late"
FILES = {
    "one.txt": f"A kiln for porcelain, and glaze for the kiln; {COMMON}.",
    "two.txt": f"Porcelain from another kiln, said to have a green glaze; {COMMON}.",
    "far.txt": f"A sawmill by the river; {COMMON}.",
    "near.txt": f"A report on porcelain; {COMMON}.",
    "korean.txt": "도자기 유약 가마터",
    "long.md": "# Kilns\n\n"
    + "\n\n".join(f"## Part {n}\n\nThe kiln number {n}." for n in range(4)),
}
GLOSSARY = "도자기\tporcelain\n유약\tglaze\n가마터\tkiln\n"


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    built(tmp_path / "docs", FILES, glossary=GLOSSARY)
    return Searcher.open(tmp_path / "docs" / FOLDER)


def words(searcher: Searcher, text: str) -> list[str]:
    return significant_words(searcher._engine, searcher._analyzer, [text])


def test_rare_words_are_most_significant_and_keep_their_order(searcher: Searcher) -> None:
    assert words(searcher, "kiln and porcelain") == ["kiln", "porcelain"]
    text = f"{COMMON} {FILES['one.txt']}"
    found = words(searcher, text)
    assert found.index("kiln") < found.index("porcelain") < found.index("glaze")
    assert len(found) <= SIMILAR_WORDS
    assert not {"the", "that", "was", "and", "for"} & set(found)


def test_of_many_words_the_most_significant_are_kept(searcher: Searcher) -> None:
    common = ["committee", "said", "report", "late", "river", "sawmill", "green", "number", "part"]
    text = " ".join([*common, *("porcelain", "glaze", "kiln", "another"), "unheard"])
    found = words(searcher, text)
    assert len(found) == SIMILAR_WORDS
    assert {"porcelain", "glaze", "kiln"} <= set(found)


def test_inflections_count_as_one_word_and_repetition_adds_weight(
    searcher: Searcher,
) -> None:
    assert words(searcher, "Kilns and a kiln, KILN") == ["kilns"]
    many = " ".join(f"{word} {word}" for word in ("late", "report"))
    found = words(searcher, f"{many} committee")
    assert found == ["late", "report", "committee"]


def test_a_text_without_words_has_no_significant_words(searcher: Searcher) -> None:
    assert words(searcher, "… — !") == []


def test_similar_passages_do_not_include_the_passage_itself(searcher: Searcher) -> None:
    found = searcher.similar("one.txt")
    assert {hit.path for hit in found[:2]} == {"two.txt", "korean.txt"}
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
    assert "one.txt" not in [hit.path for hit in found]
    assert [hit.rank for hit in searcher.similar("one.txt", offset=1, limit=2)] == [2, 3]
    assert searcher.similar("one.txt", language="en")[0].path == "two.txt"


def test_similar_passages_are_found_in_both_languages_with_translations(searcher: Searcher) -> None:
    across = {hit.path: hit.bridged for hit in searcher.similar("korean.txt")}
    assert across["one.txt"][0].asked in {"도자기", "유약", "가마터"}
    found = {hit.path: hit.bridged for hit in searcher.similar("one.txt")}
    assert {bridged.other for bridged in found["korean.txt"]} == {"도자기", "유약", "가마터"}
    assert searcher.similar("korean.txt", bridge=False) == []


def test_passages_of_the_same_document_are_limited_by_per_document(searcher: Searcher) -> None:
    found = searcher.similar("long.md", line=7)
    own = [hit for hit in found if hit.path == "long.md"]
    assert len(own) > 1
    assert all("number 1" not in hit.text for hit in own)
    once = searcher.similar("long.md", line=7, per_document=1)
    assert sum(hit.path == "long.md" for hit in once) == 1
    assert len(searcher.similar("long.md", limit=2)) == 2


def test_an_unknown_file_is_an_error_with_a_suggestion(searcher: Searcher) -> None:
    with pytest.raises(QueryError, match=r"ones\.txt: no such file") as error:
        searcher.similar("ones.txt")
    assert error.value.hint == "Did you mean one.txt?"


def test_the_command_takes_a_path_and_line_and_prints_hits(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    built(tmp_path / "docs", FILES, glossary=GLOSSARY)
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    monkeypatch.chdir(tmp_path / "docs")
    assert main(["similar", "korean.txt:1", "-n", "1"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert "→" in out.splitlines()[-1]
    assert main(["similar", "korean.txt:1", "--no-bridge"]) == 1
