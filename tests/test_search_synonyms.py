"""Words are found in their other spellings, and in the synonyms of the user."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bridge_corpus import built
from bridge_corpus import no_general_glossary as no_general_glossary
from bridge_corpus import plain_korean as plain_korean
from command_line import run as run
from hypothesis import given
from test_query_parser import QUERIES

from corpus.errors import GlossaryError
from index.directory.location import FOLDER
from search.searcher import Searcher
from search.synonyms import loanwords, read_synonyms

pytestmark = pytest.mark.usefixtures("plain_korean", "no_general_glossary")

FILES = {
    "new.txt": "콘텐츠 산업 메시지",
    "old.txt": "컨텐츠 공장 메세지",
    "ministry.txt": "과학기술정보통신부 발표",
    "short.txt": "과기정통부 발표",
    "spaced.txt": "과학 기술 정보 통신부",
    "car.txt": "a car and its owner",
    "auto.txt": "an automobile and its owner",
}
SYNONYMS = "# 부처\n\n과기정통부, 과학기술정보통신부\t과학 기술 정보 통신부\ncar\tautomobile\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built(tmp_path / "docs", FILES)
    (tmp_path / "synonyms.tsv").write_text(SYNONYMS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def searcher(folder: Path) -> Iterator[Searcher]:
    with Searcher.open(folder / "docs" / FOLDER, synonyms=folder / "synonyms.tsv") as found:
        yield found


def paths(searcher: Searcher, query: str, *, strict: bool = False) -> set[str]:
    return {hit.path for hit in searcher.search(query, bridge=False, strict=strict)}


@pytest.mark.parametrize("query", ["콘텐츠", "컨텐츠", "+콘텐츠", "+컨텐츠", "title:x OR 컨텐츠"])
def test_both_spellings_of_a_loanword_are_found_by_either(searcher: Searcher, query: str) -> None:
    assert paths(searcher, query) == {"new.txt", "old.txt"}
    assert searcher.search(query).read_as == ()


def test_a_loanword_in_quotes_or_strict_is_searched_for_as_written(searcher: Searcher) -> None:
    assert paths(searcher, '"컨텐츠 공장"') == {"old.txt"}
    assert paths(searcher, '"콘텐츠 공장"') == set()
    assert paths(searcher, "컨텐츠", strict=True) == {"old.txt"}


def test_a_spelling_that_is_excluded_is_excluded_in_all_spellings(searcher: Searcher) -> None:
    assert paths(searcher, "메시지 -컨텐츠") == set()


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    "query", ["+과기정통부", "과학기술정보통신부", '"과학 기술 정보 통신부"', '"과기정통부"']
)
def test_all_words_of_a_line_are_found_by_any_of_them(
    searcher: Searcher, query: str, strict: bool
) -> None:
    assert paths(searcher, query, strict=strict) == {"ministry.txt", "short.txt", "spaced.txt"}


@pytest.mark.parametrize("bridge", [True, False])
def test_synonyms_of_the_glossary_of_an_index_need_no_file(tmp_path: Path, bridge: bool) -> None:
    glossary = "과기정통부\t과학기술정보통신부\ncar\tautomobile\n발표\tannouncement\n"
    built(tmp_path, FILES, glossary=glossary)
    built(tmp_path, {"late.txt": "과기정통부 예산"})  # kept by later builds
    with Searcher.open(tmp_path / FOLDER) as searcher:
        for query in ("+과기정통부", "과학기술정보통신부", '"과기정통부"'):
            hits = searcher.search(query, bridge=bridge)
            assert {hit.path for hit in hits} == {"ministry.txt", "short.txt", "late.txt"}
            assert all(hit.bridged == () for hit in hits)
        assert {hit.path for hit in searcher.search("automobile", bridge=bridge)} == {
            "car.txt",
            "auto.txt",
        }


def test_a_file_and_the_glossary_of_an_index_add_up(folder: Path) -> None:
    built(folder / "docs", {"a.txt": "경비정 출항"}, glossary="car\towner\n")
    index = folder / "docs" / FOLDER
    with Searcher.open(index, synonyms=folder / "synonyms.tsv") as searcher:
        assert len(searcher.search("+automobile", bridge=False)) == 2
        assert len(searcher.search("+과기정통부", bridge=False)) == 3
        assert {hit.path for hit in searcher.search("+owner")} == {"car.txt", "auto.txt"}


def test_words_that_stand_next_to_each_other_are_one_entry(searcher: Searcher) -> None:
    found = paths(searcher, "과학 기술 정보 통신부")
    assert found == {"ministry.txt", "short.txt", "spaced.txt"}


def test_synonyms_are_replaced_inside_phrases(searcher: Searcher) -> None:
    assert {hit.path for hit in searcher.phrase("과기정통부 발표")} == {"short.txt", "ministry.txt"}
    assert {hit.path for hit in searcher.phrase("과기정통부 발표", exact=True)} == {"short.txt"}


def test_english_words_may_have_synonyms(searcher: Searcher, folder: Path) -> None:
    assert paths(searcher, "+car owner") == {"car.txt", "auto.txt"}
    with Searcher.open(folder / "docs" / FOLDER) as plain:
        assert paths(plain, "+car owner") == {"car.txt"}


def test_a_synonym_that_the_index_has_keeps_a_word_from_correction(tmp_path: Path) -> None:
    built(tmp_path / "docs", {"a.txt": "콘텐츠", "b.txt": "컨테츠"})
    with Searcher.open(tmp_path / "docs" / FOLDER) as found:
        results = found.search("컨텐츠")
        assert ([hit.path for hit in results], results.notes) == (["a.txt"], ())


@given(QUERIES)
def test_any_query_can_be_expanded(query: str) -> None:
    from index_corpus import PlainKorean

    from index.analysis.analyzer import Analyzer
    from index.analysis.lexicon import Lexicon
    from search.query.parser import parse
    from search.synonyms import SynonymExpander

    expander = SynonymExpander(Analyzer(Lexicon(), PlainKorean()), {"car": ("car", "auto mobile")})
    assert expander.expanded(parse(query), strict=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("car\n", "synonyms.tsv, line 1, has only one word"),
        ("# cars\n\ncar, car\n", "synonyms.tsv, line 3, has only one word"),
        ("", "synonyms.tsv is empty"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_line(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "synonyms.tsv").write_text(text)
    with pytest.raises(GlossaryError, match=message) as caught:
        read_synonyms(tmp_path / "synonyms.tsv")
    assert caught.value.hint


def test_no_spelling_of_a_loanword_stands_for_two_words() -> None:
    for word, group in loanwords().items():
        assert word in group
        assert all(loanwords()[other] == group for other in group)
