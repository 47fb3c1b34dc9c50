"""A word of a dictionary that no passage has is never taken for a similar word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bridge_corpus import built
from bridge_corpus import no_general_glossary as no_general_glossary

from index import analyzers
from index.analysis.english_words import frequency
from index.analysis.korean import Korean
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from search.output.json import hit_lines
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_general_glossary")

FILES = {
    "vote.txt": "야당은 표결에 반대하였다. 임대인을 보호하는 법이다.",
    "school.txt": "고등학교 급식이 하반기에 바뀐다. 강북과 하와이에서도.",
    "chips.txt": "반도체를 수출한다. 블록을 쌓는다. 체인을 건다.",
    "young.txt": "갓생살기를 말하는 세대, 거대여권이 온다.",
    "english.txt": "Iraq and Australia; hypertension; the house; limitation; that list. Greener.",
}


@pytest.fixture(scope="module")
def searcher(korean: Korean, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("right") / "docs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analyzers, "Korean", lambda dictionary: korean)
        patch.setattr(writable_analyzer, "KoreanProcess", lambda dictionary: korean)
        built(folder, FILES)
        with Searcher.open(folder / FOLDER) as found:
            yield found


@pytest.mark.parametrize(
    "word",
    [
        *("여당", "임차인", "초등학교", "상반기", "경북", "상하이", "중학교에서", "여당은"),
        *("Iran", "iran", "Austria", "hypotension", "mouse", "chat", "gist", "litigation"),
        *("greece", "greeted"),
    ],
)
@pytest.mark.parametrize("query", ["{}", "+{}", '"{}"'])
def test_a_word_of_a_dictionary_finds_nothing_rather_than_another_word(
    searcher: Searcher, word: str, query: str
) -> None:
    results = searcher.search(query.format(word), bridge=False)
    assert (list(results), results.read_as) == ([], ())
    [note] = results.notes
    assert note.startswith(f"{word} is not in the index")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("반도채", "반도체"),
        ("임대인르", "임대인을"),
        ("hypertensoin", "hypertension"),
        ("hosue", "house"),
    ],
)
def test_a_misspelling_is_still_put_right(searcher: Searcher, typed: str, meant: str) -> None:
    [read] = searcher.search(typed).read_as
    assert (read.typed, read.understood) == (typed, meant)


def test_a_word_of_the_glossary_is_right_though_no_dictionary_has_it(
    korean: Korean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyzers, "Korean", lambda dictionary: korean)
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", lambda dictionary: korean)
    built(tmp_path / "docs", FILES, glossary="반도채\tbando-chae\n하우세\thosue\n")
    with Searcher.open(tmp_path / "docs" / FOLDER) as found:
        for query in ("반도채", "hosue"):
            for bridge in (True, False):
                assert found.search(query, bridge=bridge).read_as == ()


@pytest.mark.parametrize("word", ["블록체인", "갓생"])
def test_parts_of_a_word_that_no_passage_has_are_shown_with_a_note(
    searcher: Searcher, word: str
) -> None:
    results = searcher.search(word)
    assert results
    assert results.notes == (f"no passage has {word}; showing parts of it",)
    assert searcher.explain(word).notes == results.notes
    for line in hit_lines(results):
        assert json.loads(line)["partial"] == [word]


def test_the_note_on_parts_is_of_the_hits_shown(searcher: Searcher) -> None:
    results = searcher.search("블록체인 반도체", limit=1)
    assert [(hit.path, hit.partial) for hit in results] == [("chips.txt", ("블록체인",))]
    results = searcher.search("블록체인 야당", limit=1)
    assert results[0].path == "vote.txt" or results[0].partial
    assert {hit.partial for hit in searcher.search("야당")} == {()}


def test_a_dictionary_word_is_found_inside_a_longer_word_of_the_documents(
    searcher: Searcher,
) -> None:
    assert [hit.path for hit in searcher.search("여권")] == ["young.txt"]


def test_parts_that_only_their_translations_find_are_told_as_well(
    korean: Korean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyzers, "Korean", lambda dictionary: korean)
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", lambda dictionary: korean)
    files = {"en.txt": "a supply chain", "ko.txt": "임대인"}
    built(tmp_path / "docs", files, glossary="체인\tchain\n")
    with Searcher.open(tmp_path / "docs" / FOLDER) as found:
        results = found.search("블록체인")
        assert [(hit.path, hit.partial) for hit in results] == [("en.txt", ("블록체인",))]
        assert results.notes == ("no passage has 블록체인; showing parts of it",)


def test_known_words_never_ask_for_kiwi_or_the_word_list(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> bool:
        pytest.fail("a dictionary was read for words that are known")

    monkeypatch.setattr(Korean, "is_word", asked)
    monkeypatch.setattr(Korean, "is_entry", asked)
    monkeypatch.setattr("index.analysis.english_words.frequency", asked)
    for query in ("야당", "임대인을 보호", "house", '"고등학교 급식"', "Greener +Iraq"):
        assert searcher.search(query)


@pytest.mark.parametrize(
    ("word", "is_right"),
    [
        *((word, True) for word in ("여당", "여당에게는", "먹었다", "같다", "물을", "여쭤보다")),
        *((word, True) for word in ("반려동물등록제", "학습자료를", "비정규직", "이", "눌러쓰다")),
        *((word, False) for word in ("반도채", "동방자", "졍부는", "외굑", "마법사이", "포함하난")),
    ],
)
def test_a_korean_word_is_right_by_its_morphemes(korean: Korean, word: str, is_right: bool) -> None:
    assert korean.is_word(word) is is_right


def test_the_english_list_has_inflected_forms_and_names() -> None:
    for word in ("house", "houses", "translated", "diligently", "mice", "iran", "greece"):
        assert frequency(word)
    for word in ("hosue", "hanoiness", "decembal", "", "한국"):
        assert not frequency(word)
