"""A word that stands in the index is never replaced; a rare misspelling gets a hint."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest
from bridge_corpus import built
from bridge_corpus import no_general_glossary as no_general_glossary

from index import analyzers
from index.analysis.korean import Korean
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from search.searcher import Searcher

pytestmark = pytest.mark.usefixtures("no_general_glossary")

COMMON = "반도체 수출과 고등학교 급식; the government and its parliament of computers 콘텐츠 산업"
RARE = (
    "반도채를 수출한다. 초등학교 급식이다. 컨텐츠 산업이다. The goverment, a parlaiment.",
    "김빛누리 기자, 김빛나래 기자. A gouvernement of the compuvers and compilers, wcomputer.",
)


@pytest.fixture(scope="module")
def searcher(korean: Korean, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("hints") / "docs"
    common = [{"text": f"{COMMON} 제{n}호"} for n in range(1, 61)]
    rows = [json.dumps(row, ensure_ascii=False) for row in (*common, *({"text": t} for t in RARE))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analyzers, "Korean", lambda dictionary: korean)
        patch.setattr(writable_analyzer, "KoreanProcess", lambda dictionary: korean)
        built(folder, {"rows.jsonl": "\n".join(rows)}, glossary="parlaiment\tparliamant\n")
        with Searcher.open(folder / FOLDER) as found:
            yield found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("반도채", "반도체"),
        ("반도채를", "반도체"),
        ("+반도채", "반도체"),
        ("goverment", "government"),
        ('"goverment"', "government"),
    ],
)
def test_a_rare_misspelling_gets_a_hint_and_its_own_hits(
    searcher: Searcher, typed: str, meant: str
) -> None:
    results = searcher.search(typed, bridge=False)
    word = typed.strip('+"')
    assert results.notes == (f"hardly any passage has {word}; did you mean {meant}?",)
    assert results.read_as == ()
    assert list(results) == list(searcher.search(typed, bridge=False, strict=True))
    assert len(results) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "초등학교",  # a word of the dictionary
        "고등학교",  # a common one
        "Goverment",  # a name
        "컨텐츠",  # another spelling, for which both are found
        "parlaiment",  # the user's glossary has it
        "김빛누리",  # no common word is near
        "compilers",
        "반도채 goverment a b c d e f g h i",  # found by its other words
        "title:반도채",
    ],
)
def test_other_words_get_no_hint(searcher: Searcher, typed: str) -> None:
    assert not [note for note in searcher.search(typed).notes if "did you mean" in note]


def test_strict_gives_no_hint(searcher: Searcher) -> None:
    assert searcher.search("반도채", strict=True).notes == ()


def test_a_hint_is_a_note_of_an_explanation(searcher: Searcher) -> None:
    notes = searcher.explain("반도채").notes
    assert notes == ("hardly any passage has 반도채; did you mean 반도체?",)


def test_common_words_load_no_module_of_hints(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "search.correction.rare_words", None)
    assert len(searcher.search("government 고등학교")) == 10
    with pytest.raises(ImportError):
        searcher.search("goverment")
