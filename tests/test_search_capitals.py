"""US, WHO and IT in capitals, and May, are other words than us, who, it and may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bridge_corpus import built
from bridge_corpus import plain_korean as plain_korean

from index.directory.location import FOLDER
from index.verify import verify
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("plain_korean")

FILES = {
    "pact": "The US ratified the pact in May. Officials of the WHO were there.",
    "letter": "She told us that it may rain, and asked who was coming with the pact.",
    "sign": "WHO WE ARE\n\nTELL US WHAT IT WAS",
    "firms": "IT기업 넷이 US-EU 회의에 왔다. WHO가 왔다. ＡＩＤＳ 회의",
    "korean": "미국 5월 세계보건기구 에이즈 회의",
    "aid": "A hearing aid, and other aids.",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("docs")
    built(folder, {f"{name}.txt": text for name, text in FILES.items()})
    with Searcher.open(folder / FOLDER) as found:
        yield found


def names(searcher: Searcher, query: str, *, bridge: bool = False) -> set[str]:
    return {hit.path.removesuffix(".txt") for hit in searcher.search(query, bridge=bridge)}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("WHO", "pact sign firms"),
        ("US", "pact sign firms"),
        ("U.S.", "pact sign firms"),
        ("u.s.", "pact sign firms"),
        ("ＵＳ", "pact sign firms"),
        ("US의", "pact sign firms"),
        ("US-EU", "pact sign firms"),
        ('"US-EU"', "firms"),
        ("IT", "sign firms"),
        ("+IT 비", "sign firms"),
        ("AIDS", "firms"),
        ("May", "pact"),
        ("MAY", "pact"),
        ("WAS", "sign"),
        ('"the WHO"', "pact"),
        ("pact -US", "letter"),
    ],
)
def test_a_name_in_capitals_finds_no_word_in_small_letters(
    searcher: Searcher, query: str, found: str
) -> None:
    assert names(searcher, query) == set(found.split())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("us", "pact letter sign firms"),
        ("Us", "pact letter sign firms"),
        ("+who pact", "pact letter sign firms"),
        ("us*", "pact letter sign firms"),
        ("may", "pact letter"),
        ('"who we are"', "sign"),
        ('"tell us what it was"', "sign"),
        ('"it기업"', "firms"),
        ("aids", "aid firms"),
    ],
)
def test_a_word_in_small_letters_finds_texts_in_capitals_too(
    searcher: Searcher, query: str, found: str
) -> None:
    assert names(searcher, query) == set(found.split())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("미국", "korean pact sign firms"),
        ("세계보건기구", "korean pact sign firms"),
        ("5월", "korean pact"),
        ("에이즈", "korean firms"),
        ("US", "korean pact sign firms"),
        ("May", "korean pact"),
        ("us", "pact letter sign firms"),
        ("may", "pact letter"),
    ],
)
def test_translations_are_those_of_the_name(searcher: Searcher, query: str, found: str) -> None:
    assert names(searcher, query, bridge=True) == set(found.split())


def test_a_name_is_highlighted_and_the_word_in_small_letters_is_not(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": "They told us of the US and of U.S. ships."})
    with Searcher.open(tmp_path / FOLDER) as found:
        for query, marked in (("US", ["US", "U.S"]), ("us", ["us", "US", "U.S"])):
            (hit,) = found.search(query)
            assert [hit.text[match.start : match.end] for match in hit.matches] == marked


def test_a_name_that_no_text_has_is_not_put_right(searcher: Searcher) -> None:
    results = searcher.search("CAN pact", bridge=False)
    assert results.read_as == ()
    assert [note.split(" is ")[0] for note in results.notes] == ["CAN"]


def test_a_bracket_around_a_translation_of_the_glossary_confirms_it(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": "미국(US) 회의", "b.txt": "The US left.", "c.txt": "It left us."})
    with Searcher.open(tmp_path / FOLDER) as found:
        assert names(found, "미국", bridge=True) == {"a", "b"}


def test_names_of_a_glossary_and_of_synonyms_are_found_as_written(tmp_path: Path) -> None:
    files = {
        "a.txt": "WAS 점검",
        "b.txt": "It was late.",
        "c.txt": "웹서버 점검",
        "d.txt": "미들웨어",
    }
    built(tmp_path / "docs", files, glossary="미들웨어\tWAS\n")
    (tmp_path / "synonyms.tsv").write_text("WAS\t웹서버\n", encoding="utf-8")
    directory = tmp_path / "docs" / FOLDER
    with Searcher.open(directory, synonyms=tmp_path / "synonyms.tsv") as found:
        assert names(found, "WAS") == {"a", "c"}
        assert names(found, "was") == {"a", "b"}
        assert names(found, "웹서버") == {"a", "c"}
        assert names(found, "미들웨어", bridge=True) == {"a", "d"}


def test_an_index_with_names_is_whole_when_its_texts_are_read_again(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": "the US-\nled talks of AS\nEAN, WHO\nled. May\n2024 IT\n기업"})
    assert verify(tmp_path / FOLDER, deep=True).sound
