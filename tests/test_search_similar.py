"""What is most like a passage is found by the words that tell most of it, in both languages."""

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
from search.similar import telling_words
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
    return telling_words(searcher._snapshot, searcher._analyzer, text)


def test_words_that_few_others_have_tell_most_and_keep_their_order(searcher: Searcher) -> None:
    assert words(searcher, "kiln and porcelain") == ["kiln", "porcelain"]
    text = f"{COMMON} {FILES['one.txt']}"
    told = words(searcher, text)
    assert told.index("kiln") < told.index("porcelain") < told.index("glaze")
    assert len(told) <= SIMILAR_WORDS
    assert not {"the", "that", "was", "and", "for"} & set(told)


def test_of_very_many_words_the_most_telling_are_kept(searcher: Searcher) -> None:
    common = ["committee", "said", "report", "late", "river", "sawmill", "green", "number", "part"]
    text = " ".join([*common, *("porcelain", "glaze", "kiln", "another"), "unheard"])
    told = words(searcher, text)
    assert len(told) == SIMILAR_WORDS
    assert {"porcelain", "glaze", "kiln"} <= set(told)


def test_a_word_counts_once_whatever_its_ending_and_more_where_it_is_repeated(
    searcher: Searcher,
) -> None:
    assert words(searcher, "Kilns and a kiln, KILN") == ["kilns"]
    many = " ".join(f"{word} {word}" for word in ("late", "report"))
    told = words(searcher, f"{many} committee")
    assert told == ["late", "report", "committee"]


def test_a_text_without_words_tells_nothing(searcher: Searcher) -> None:
    assert words(searcher, "… — !") == []


def test_the_passages_most_like_one_are_found_without_itself(searcher: Searcher) -> None:
    found = searcher.similar("one.txt")
    assert {hit.path for hit in found[:2]} == {"two.txt", "korean.txt"}
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
    assert "one.txt" not in [hit.path for hit in found]
    assert [hit.rank for hit in searcher.similar("one.txt", offset=1, limit=2)] == [2, 3]
    assert searcher.similar("one.txt", language="en")[0].path == "two.txt"


def test_they_are_found_in_both_languages_and_say_so(searcher: Searcher) -> None:
    across = {hit.path: hit.bridged for hit in searcher.similar("korean.txt")}
    assert across["one.txt"][0].asked in {"도자기", "유약", "가마터"}
    found = {hit.path: hit.bridged for hit in searcher.similar("one.txt")}
    assert {bridged.other for bridged in found["korean.txt"]} == {"도자기", "유약", "가마터"}
    assert searcher.similar("korean.txt", bridge=False) == []


def test_other_passages_of_its_document_are_among_them_up_to_a_number(searcher: Searcher) -> None:
    found = searcher.similar("long.md", line=7)
    own = [hit for hit in found if hit.path == "long.md"]
    assert len(own) > 1
    assert all("number 1" not in hit.text for hit in own)
    once = searcher.similar("long.md", line=7, per_document=1)
    assert sum(hit.path == "long.md" for hit in once) == 1
    assert len(searcher.similar("long.md", limit=2)) == 2


def test_a_file_that_is_not_in_the_index_is_refused_with_the_nearest(searcher: Searcher) -> None:
    with pytest.raises(QueryError, match=r"ones\.txt: no such file") as told:
        searcher.similar("ones.txt")
    assert told.value.hint == "Did you mean one.txt?"


def test_the_command_takes_a_place_and_prints_hits(
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
