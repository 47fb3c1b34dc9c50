"""A query finds what its words are in the other language, says so, and ranks it below the words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from bridge_corpus import built
from bridge_corpus import no_general_glossary as no_general_glossary
from bridge_corpus import plain_korean as plain_korean
from hypothesis import given
from hypothesis import strategies as st
from index_corpus import PlainKorean
from search_corpus import opened as with_kiwi
from search_corpus import taught

from index.analysis.korean import Korean
from index.bridge.entry import Entry, Source
from index.directory.location import FOLDER
from search.pipeline import QueryPipeline
from search.results import Bridged, Hit
from search.searcher import Searcher
from search.translation import TermTranslation, by_term, met
from search.weights import MAX_TRANSLATIONS

pytestmark = pytest.mark.usefixtures("plain_korean", "no_general_glossary")

USER = "user"
GLOSSARY = (
    "전략적 동반자\tstrategic partnership\n동반자\tcompanion\t0.8\n동반자\tpartnership\t0.5\n"
)
FILES = {
    "both.txt": "A strategic partnership was announced on the coast.",
    "part.txt": "A partnership was announced far from the coast.",
    "apart.txt": "The partnership that they announced is strategic.",
    "companion.txt": "A companion was announced far from the coast.",
    "korean.txt": "전략적 동반자 선언",
    "other.txt": "Nothing was announced on the other coast.",
}


def searcher(folder: Path, files: Mapping[str, str] = FILES, glossary: str = GLOSSARY) -> Searcher:
    """Return a searcher over a fresh index."""
    built(folder, files, glossary=glossary)
    return Searcher.open(folder / FOLDER)


@pytest.fixture
def partners(tmp_path: Path) -> Searcher:
    return searcher(tmp_path / "docs")


def paths(hits: list[Hit]) -> list[str]:
    return [hit.path for hit in hits]


def bridged(hits: list[Hit]) -> dict[str, tuple[Bridged, ...]]:
    return {hit.path: hit.bridged for hit in hits}


def ranked(hits: list[Hit]) -> list[tuple[object, ...]]:
    return [(hit.path, hit.ordinal, hit.score, hit.matches, hit.bridged) for hit in hits]


# Words across.


def test_a_word_finds_what_it_is_in_the_other_language_and_says_so(partners: Searcher) -> None:
    found = bridged(partners.search("동반자"))
    assert found["companion.txt"] == (Bridged("동반자", "companion", USER, 0.8),)
    assert found["part.txt"] == (Bridged("동반자", "partnership", USER, 0.5),)
    assert found["korean.txt"] == ()
    assert str(found["part.txt"][0]) == "동반자 → partnership, user"
    back = bridged(partners.search("Companions"))
    assert back["korean.txt"] == (Bridged("companion", "동반자", USER, 0.8),)


def test_what_was_met_in_the_other_language_is_lit_up_as_the_words_asked(
    partners: Searcher,
) -> None:
    [hit] = [hit for hit in partners.search("동반자") if hit.path == "part.txt"]
    [match] = hit.matches
    assert hit.text[match.start : match.end] == "partnership"
    assert hit.why == {"동반자": (match.term,)}
    hits = {hit.path: hit.why for hit in partners.search("전략적 동반자")}
    assert hits["both.txt"] == {"전략적 동반자": ("strateg", "partnership")}


def test_a_term_of_several_words_is_told_as_a_whole_or_by_the_part_that_stands_there(
    partners: Searcher,
) -> None:
    found = bridged(partners.search("전략적 동반자"))
    assert found["both.txt"] == (Bridged("전략적 동반자", "strategic partnership", USER, 1.0),)
    assert found["part.txt"] == (Bridged("전략적 동반자", "partnership", USER, 1.0),)


def test_a_term_is_looked_up_as_a_whole_however_it_is_spaced_or_ends(partners: Searcher) -> None:
    expected = Bridged("strategic partnership", "전략적 동반자", USER, 1.0)
    for query in ("strategic partnership", "the Strategic Partnerships"):
        assert expected in bridged(partners.search(query))["korean.txt"]


@pytest.mark.parametrize(
    ("query", "path", "way"),
    [
        ("아시아태평양", "english.txt", "아시아태평양 → Asia-Pacific, user"),
        ("Asia Pacific", "korean.txt", "Asia-Pacific → 아시아태평양, user"),
        ("Asia-Pacific", "korean.txt", "Asia-Pacific → 아시아태평양, user"),
        ("코로나19", "english.txt", "코로나19 → COVID-19, user"),
        ("covid 19", "korean.txt", "COVID-19 → 코로나19, user"),
        ("미국", "english.txt", "미국 → U.S., user"),
        ("US", "korean.txt", "U.S. → 미국, user"),
        ("R&D", "korean.txt", "R&D → 연구개발, user"),
        ("AI 반도체", "english.txt", "AI 반도체 → AI chips, user"),
        ("WHO", "korean.txt", "WHO → 세계보건기구, user"),
    ],
)
def test_names_with_signs_digits_and_capitals_cross(
    tmp_path: Path, query: str, path: str, way: str
) -> None:
    files = {
        "english.txt": "COVID-19 cases rose in the Asia-Pacific; the U.S. makes AI chips in R&D.",
        "korean.txt": "코로나19 미국 연구개발 아시아태평양 반도체 세계보건기구",
    }
    glossary = (
        "코로나19\tCOVID-19\n아시아태평양\tAsia-Pacific\n미국\tU.S.\n연구개발\tR&D\n"
        "AI 반도체\tAI chips\n세계보건기구\tWHO\n"
    )
    with searcher(tmp_path / "docs", files, glossary) as opened:
        assert way in map(str, bridged(opened.search(query, strict=True))[path])


def test_a_term_that_stands_on_both_sides_is_met_as_it_is(tmp_path: Path) -> None:
    files = {"a.txt": "COVID-19", "b.txt": "코로나19", "c.txt": "19"}
    with searcher(tmp_path / "docs", files, "코로나19\tCOVID-19\n") as opened:
        found = bridged(opened.search("코로나19", strict=True))
        assert found["b.txt"] == found["c.txt"] == ()
        assert [crossing.other for crossing in crossings_of(opened, "코로나19")] == ["covid"]


def test_the_terms_of_a_translation_share_what_it_weighs(tmp_path: Path) -> None:
    files = {"a.txt": "critical raw materials", "b.txt": "raw raw fish", "c.txt": "핵심광물"}
    with searcher(tmp_path / "docs", files, "핵심광물\tcritical raw materials\t0.9\n") as opened:
        translations = crossings_of(opened, "핵심광물")
        assert [crossing.written for crossing in translations] == ["critical", "raw", "materials"]
        assert sum(crossing.weight for crossing in translations) == pytest.approx(0.9)
        assert translations[0].weight > translations[1].weight  # raw stands in more passages


@pytest.mark.parametrize(("source", "weight"), [("user", 0.1), ("sound", 0.4), ("gloss", 0.4)])
def test_a_name_of_several_words_is_followed_however_little_each_weighs(
    tmp_path: Path, source: str, weight: float
) -> None:
    files = {"a.txt": "Minister Cho Tae yul spoke.", "b.txt": "외교부 장관 조태열"}
    with searcher(tmp_path / "docs", files, "굴렁쇠\thoop\n") as opened:
        entry = Entry("조태열", "Cho Tae yul", weight, Source(source))
        bridge = opened._pipeline._bridge
        assert bridge is not None
        found = [*bridge._by_entry(["조태열"], entry, 1.0)]
        assert [crossing.written for crossing in found] == ["cho", "tae", "yul"]
        learned = entry._replace(source=Source.PARALLEL)
        assert [*bridge._by_entry(["조태열"], learned, 1.0)] == []


def test_an_ending_is_no_translation_of_a_word_of_several(tmp_path: Path) -> None:
    files = {"a.txt": "strategic partnership", "b.txt": "전략 적 동반자 관계"}
    with searcher(tmp_path / "docs", files, "전략 적 동반자\tstrategic partnership\n") as opened:
        others = {crossing.other for crossing in crossings_of(opened, "strategic partnership")}
        assert others == {"전략", "동반자"}


def test_a_word_in_a_longer_entry_keeps_its_own_translations(partners: Searcher) -> None:
    weights = by_term(crossings_of(partners, "전략적 동반자"))
    assert weights["전략적"] == {"strateg": 1.0}
    assert weights["동반자"] == {"partnership": 1.0, "companion": 0.8}


def crossings_of(opened: Searcher, query: str) -> list[TermTranslation]:
    from search.query.parser import parse

    evaluator = opened._pipeline
    collected = evaluator.collect(parse(query))
    evaluator.rank(parse(query), collected, deep=10)
    return collected.translations


def test_a_translation_that_stands_nowhere_is_not_followed(tmp_path: Path) -> None:
    glossary = "동반자\tsidekick\n동반자\tcompanion of honour\n"
    with searcher(tmp_path / "docs", glossary=glossary) as opened:
        told = opened.explain("동반자").bridged
        assert [other.other for other in told] == ["companion of honour"]
        assert [crossing.other for crossing in crossings_of(opened, "동반자")] == ["companion"]
        assert opened.explain("companion").bridged == ()


def test_korean_that_the_lexicon_does_not_know_is_made_up_of_words_of_the_index(
    tmp_path: Path,
) -> None:
    files = {"a.txt": "한미 동맹 강화", "b.txt": "한미 회담", "c.txt": "alliance"}
    with searcher(tmp_path / "docs", files, "한미동맹\talliance\n") as opened:
        found = bridged(opened.search("alliance"))
        assert found["a.txt"] == (Bridged("alliance", "한미동맹", USER, 1.0),)
        assert found["b.txt"] == (Bridged("alliance", "한미", USER, 1.0),)


def test_of_very_many_translations_only_the_heaviest_are_followed(tmp_path: Path) -> None:
    words = [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(500)]
    glossary = "".join(f"말\t{word}\t{1 - n / 1000}\n" for n, word in enumerate(words))
    with searcher(tmp_path / "docs", {"a.txt": " ".join(words)}, glossary) as opened:
        found = [crossing.other for crossing in crossings_of(opened, "말")]
        assert found == words[:MAX_TRANSLATIONS]


def test_a_pair_that_was_struck_out_is_not_followed(tmp_path: Path) -> None:
    with searcher(tmp_path / "docs", glossary="동반자\tcompanion\t0\n") as opened:
        assert paths(opened.search("동반자")) == ["korean.txt"]


@pytest.mark.parametrize(
    ("query", "asked"),
    [("봄", "봄"), ("종교의 자유", "종교의 자유"), ('"종교의 자유"', "종교의 자유")],
)
def test_words_that_are_read_as_something_else_cross_as_they_are_written(
    tmp_path: Path, korean: Korean, query: str, asked: str
) -> None:
    files = {"en.txt": "Spring brings freedom of religion.", "ko.txt": "봄 종교의 자유"}
    written = " ".join(files.values())
    taught(tmp_path / "docs", korean, [written])
    built(tmp_path / "docs", files, glossary="봄\tspring\n종교의 자유\tfreedom of religion\n")
    with with_kiwi(tmp_path / "docs" / FOLDER, korean) as opened:
        found = bridged(opened.search(query, strict=True))
        assert [way.asked for way in found["en.txt"]] == [asked]


# Below the words themselves.


@pytest.mark.parametrize("query", ["동반자", "companion"])
def test_a_passage_with_the_word_stands_above_one_like_it_with_its_translation(
    tmp_path: Path, query: str
) -> None:
    files = {
        f"{number}.txt": f"coast {word}" for number, word in enumerate(("동반자", "companion"))
    }
    with searcher(tmp_path / "docs", files, "동반자\tcompanion\n") as opened:
        hits = opened.search(query)
        assert [bool(hit.bridged) for hit in hits] == [False, True]
        assert hits[0].score > hits[1].score > 0


def test_a_passage_with_the_word_alone_scores_as_if_nothing_else_could_stand_for_it(
    tmp_path: Path,
) -> None:
    files = {"a.txt": "동반자 coast", "b.txt": "동반자 동반자", "c.txt": "companion 동반자"}
    with searcher(tmp_path / "docs", files, "동반자\tcompanion\t0.5\n") as opened:
        with_, without = (
            {hit.path: hit.score for hit in opened.search("동반자", bridge=bridge)}
            for bridge in (True, False)
        )
    assert [with_[name] for name in ("a.txt", "b.txt")] == pytest.approx(
        [without[name] for name in ("a.txt", "b.txt")]
    )
    assert with_["c.txt"] > without["c.txt"]


# Without it, and what it leaves alone.


@pytest.mark.parametrize(
    "query",
    ["동반자", "전략적 동반자", '"전략적 동반자"', "partnership -strategic", "+coast 동반자"],
)
def test_without_the_bridge_all_is_as_in_an_index_that_has_none(tmp_path: Path, query: str) -> None:
    with searcher(tmp_path / "with") as bridged_, searcher(tmp_path / "without", glossary="") as no:
        without = ranked(bridged_.search(query, bridge=False))
        assert without == ranked(no.search(query)) == ranked(no.search(query, bridge=False))
        bridged_._pipeline = QueryPipeline(bridged_._snapshot, bridged_._analyzer)
        assert ranked(bridged_.search(query)) == without


def test_what_must_or_must_not_be_there_is_meant_as_it_stands(partners: Searcher) -> None:
    assert paths(partners.search("+동반자")) == ["korean.txt"]
    assert paths(partners.search("+동반자 partnership")) == ["korean.txt"]
    assert "companion.txt" in paths(partners.search("announced -동반자"))
    assert paths(partners.search("title:동반자")) == []


def test_only_documents_in_the_language_asked_for_are_found(partners: Searcher) -> None:
    english = partners.search("동반자", language="en")
    assert {hit.language for hit in english} == {"en"}
    assert all(hit.bridged for hit in english)
    assert paths(partners.search("companion", language="ko")) == ["korean.txt"]
    assert paths(partners.search("동반자 lang:ko")) == ["korean.txt"]


def test_documents_in_one_language_are_found_as_without_a_bridge(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if name != "korean.txt"}
    with searcher(tmp_path / "docs", files) as opened:
        for query in ("partnership", "a companion on the coast", '"strategic partnership"'):
            assert ranked(opened.search(query)) == ranked(opened.search(query, bridge=False))
            assert opened.explain(query).bridged == ()


def test_an_explanation_says_of_each_hit_how_it_was_met_in_the_other_language(
    partners: Searcher,
) -> None:
    explained = [score.hit for score in partners.explain("동반자", limit=9).hits]
    assert any(hit.bridged for hit in explained)
    assert explained == partners.search("동반자")


# Phrases.


@pytest.mark.parametrize("query", ['"전략적 동반자"', '+"전략적 동반자"', '("전략적 동반자")'])
def test_a_phrase_that_is_known_as_a_whole_is_found_as_a_phrase(
    partners: Searcher, query: str
) -> None:
    assert sorted(paths(partners.search(query))) == ["both.txt", "korean.txt"]
    assert paths(partners.search(query, bridge=False)) == ["korean.txt"]


def test_a_phrase_of_the_library_crosses_unless_it_is_exact(partners: Searcher) -> None:
    assert sorted(paths(partners.phrase("strategic partnership"))) == ["both.txt", "korean.txt"]
    assert paths(partners.phrase("strategic partnership", exact=True)) == ["both.txt"]
    assert paths(partners.phrase("strategic partnership", bridge=False)) == ["both.txt"]
    assert sorted(paths(partners.phrase("announced on"))) == ["both.txt", "other.txt"]


def test_an_exact_phrase_is_met_in_no_other_words_where_it_stands_either(tmp_path: Path) -> None:
    files = FILES | {"mixed.txt": "A strategic partnership\n\n전략적 동반자"}
    with searcher(tmp_path / "docs", files) as opened:
        assert bridged(opened.phrase("전략적 동반자"))["mixed.txt"]
        hits = opened.phrase("전략적 동반자", exact=True)
        assert bridged(hits) == {"korean.txt": (), "mixed.txt": ()}
        assert ranked(hits) == ranked(opened.phrase("전략적 동반자", exact=True, bridge=False))


def test_a_phrase_does_not_wait_for_the_analyser_to_read_its_translation(tmp_path: Path) -> None:
    files = {"a.txt": "critical minerals", "b.txt": "희토류"}
    with searcher(tmp_path / "docs", files, "핵심 광물\tcritical minerals\n") as opened:
        assert paths(opened.search('"critical minerals"', strict=True)) == ["a.txt"]
        korean = opened._analyzer.korean
        assert isinstance(korean, PlainKorean)
        assert korean.asked == []


def test_a_phrase_that_is_forbidden_is_meant_as_it_stands(partners: Searcher) -> None:
    assert "both.txt" in paths(partners.search('announced -"전략적 동반자"'))


# Documents, as judgements know them.


def test_ranked_documents_may_be_of_one_part_of_the_index(partners: Searcher) -> None:
    every = dict(partners.rank_documents("동반자"))
    assert every.keys() == {"both.txt", "part.txt", "apart.txt", "companion.txt", "korean.txt"}
    assert dict(partners.rank_documents("동반자", path="part.txt")).keys() == {"part.txt"} | {
        name for name in every if "part.txt" in name
    }
    assert dict(partners.rank_documents("동반자", bridge=False)).keys() == {"korean.txt"}


# Which way was taken.

_crossings = st.lists(
    st.builds(
        TermTranslation,
        term=st.sampled_from("가나"),
        other=st.sampled_from("abc"),
        written=st.sampled_from(["as", "bs"]),
        weight=st.sampled_from([0.2, 0.5, 1.0]),
        through=st.builds(
            Bridged,
            asked=st.sampled_from(["가", "가 나"]),
            other=st.sampled_from(["a b", "c"]),
            source=st.just(USER),
            weight=st.just(1.0),
        ),
    ),
    max_size=6,
)


@given(_crossings, st.sets(st.sampled_from("abcd")))
def test_each_term_met_is_told_by_the_heaviest_way_to_it(
    translations: list[TermTranslation], terms: set[str]
) -> None:
    told = met(translations, terms)
    assert len(set(told)) == len(told)
    reached = {crossing.other for crossing in translations} & terms
    assert len(told) <= len(reached)
    assert bool(told) == bool(reached)
    for other in reached:
        best = max(crossing.weight for crossing in translations if crossing.other == other)
        ways = [c for c in translations if c.other == other and c.weight == best]
        asked = {way.through.asked for way in ways}
        assert any(bridge.asked in asked for bridge in told)


@given(_crossings)
def test_a_term_counts_what_the_heaviest_way_to_it_says(
    translations: list[TermTranslation],
) -> None:
    weights = by_term(translations)
    for crossing in translations:
        same = [c for c in translations if (c.term, c.other) == (crossing.term, crossing.other)]
        assert weights[crossing.term][crossing.other] == max(c.weight for c in same)
