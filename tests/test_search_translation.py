"""Queries match translations of their words, report the entries, and rank them below the words."""

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
from index.snapshot import Snapshot
from search.embedded.engine import EmbeddedEngine
from search.pipeline import QueryPipeline
from search.results import Bridged, Hit
from search.searcher import Searcher
from search.translation import TermTranslation, by_term, matched_entries
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


# Translations of words.


def test_a_word_matches_its_translations_and_reports_them(partners: Searcher) -> None:
    found = bridged(partners.search("동반자"))
    assert found["companion.txt"] == (Bridged("동반자", "companion", USER, 0.8),)
    assert found["part.txt"] == (Bridged("동반자", "partnership", USER, 0.5),)
    assert found["korean.txt"] == ()
    assert str(found["part.txt"][0]) == "동반자 → partnership, user"
    back = bridged(partners.search("Companions"))
    assert back["korean.txt"] == (Bridged("companion", "동반자", USER, 0.8),)


def test_a_matched_translation_is_highlighted_as_the_query_word(
    partners: Searcher,
) -> None:
    [hit] = [hit for hit in partners.search("동반자") if hit.path == "part.txt"]
    [match] = hit.matches
    assert hit.text[match.start : match.end] == "partnership"
    assert hit.why == {"동반자": (match.term,)}
    hits = {hit.path: hit.why for hit in partners.search("전략적 동반자")}
    assert hits["both.txt"] == {"전략적 동반자": ("strateg", "partnership")}


def test_an_entry_of_several_words_is_reported_as_a_whole_or_by_the_part_that_matches(
    partners: Searcher,
) -> None:
    found = bridged(partners.search("전략적 동반자"))
    assert found["both.txt"] == (Bridged("전략적 동반자", "strategic partnership", USER, 1.0),)
    assert found["part.txt"] == (Bridged("전략적 동반자", "partnership", USER, 1.0),)


def test_an_entry_of_several_words_is_found_in_any_inflection(partners: Searcher) -> None:
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
def test_names_with_punctuation_digits_and_capitals_are_translated(
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


def test_a_term_on_both_sides_of_an_entry_is_not_its_own_translation(tmp_path: Path) -> None:
    files = {"a.txt": "COVID-19", "b.txt": "코로나19", "c.txt": "19"}
    with searcher(tmp_path / "docs", files, "코로나19\tCOVID-19\n") as opened:
        found = bridged(opened.search("코로나19", strict=True))
        assert found["b.txt"] == found["c.txt"] == ()
        assert [translation.other for translation in translations_of(opened, "코로나19")] == [
            "covid"
        ]


def test_the_terms_of_a_translation_share_its_weight(tmp_path: Path) -> None:
    files = {"a.txt": "critical raw materials", "b.txt": "raw raw fish", "c.txt": "핵심광물"}
    with searcher(tmp_path / "docs", files, "핵심광물\tcritical raw materials\t0.9\n") as opened:
        translations = translations_of(opened, "핵심광물")
        assert [translation.written for translation in translations] == [
            "critical",
            "raw",
            "materials",
        ]
        assert sum(translation.weight for translation in translations) == pytest.approx(0.9)
        assert translations[0].weight > translations[1].weight  # raw is in more passages


@pytest.mark.parametrize(("source", "weight"), [("user", 0.1), ("sound", 0.4), ("gloss", 0.4)])
def test_a_name_of_several_words_is_translated_however_low_its_weight(
    tmp_path: Path, source: str, weight: float
) -> None:
    files = {"a.txt": "Minister Cho Tae yul spoke.", "b.txt": "외교부 장관 조태열"}
    with searcher(tmp_path / "docs", files, "굴렁쇠\thoop\n") as opened:
        entry = Entry("조태열", "Cho Tae yul", weight, Source(source))
        bridge = opened._pipeline._bridge
        assert bridge is not None
        found = [*bridge._by_entry(["조태열"], entry, 1.0)]
        assert [translation.written for translation in found] == ["cho", "tae", "yul"]
        learned = entry._replace(source=Source.PARALLEL)
        assert [*bridge._by_entry(["조태열"], learned, 1.0)] == []


def test_an_ending_is_no_translation_of_one_of_several_words(tmp_path: Path) -> None:
    files = {"a.txt": "strategic partnership", "b.txt": "전략 적 동반자 관계"}
    with searcher(tmp_path / "docs", files, "전략 적 동반자\tstrategic partnership\n") as opened:
        others = {
            translation.other for translation in translations_of(opened, "strategic partnership")
        }
        assert others == {"전략", "동반자"}


def test_a_word_in_a_longer_entry_keeps_its_own_translations(partners: Searcher) -> None:
    weights = by_term(translations_of(partners, "전략적 동반자"))
    assert weights["전략적"] == {"strateg": 1.0}
    assert weights["동반자"] == {"partnership": 1.0, "companion": 0.8}


def translations_of(opened: Searcher, query: str) -> list[TermTranslation]:
    from search.query.parser import parse

    pipeline = opened._pipeline
    collected = pipeline.collect(parse(query))
    pipeline.rank(parse(query), collected, depth=10)
    return collected.translations


def test_a_translation_in_no_passage_is_left_out(tmp_path: Path) -> None:
    glossary = "동반자\tsidekick\n동반자\tcompanion of honour\n"
    with searcher(tmp_path / "docs", glossary=glossary) as opened:
        entries = opened.explain("동반자").bridged
        assert [other.other for other in entries] == ["companion of honour"]
        assert [translation.other for translation in translations_of(opened, "동반자")] == [
            "companion"
        ]
        assert opened.explain("companion").bridged == ()


def test_korean_unknown_to_the_lexicon_is_cut_into_terms_of_the_index(
    tmp_path: Path,
) -> None:
    files = {"a.txt": "한미 동맹 강화", "b.txt": "한미 회담", "c.txt": "alliance"}
    with searcher(tmp_path / "docs", files, "한미동맹\talliance\n") as opened:
        found = bridged(opened.search("alliance"))
        assert found["a.txt"] == (Bridged("alliance", "한미동맹", USER, 1.0),)
        assert found["b.txt"] == (Bridged("alliance", "한미", USER, 1.0),)


def test_only_the_heaviest_of_many_translations_are_used(tmp_path: Path) -> None:
    words = [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(500)]
    glossary = "".join(f"말\t{word}\t{1 - n / 1000}\n" for n, word in enumerate(words))
    with searcher(tmp_path / "docs", {"a.txt": " ".join(words)}, glossary) as opened:
        found = [translation.other for translation in translations_of(opened, "말")]
        assert found == words[:MAX_TRANSLATIONS]


def test_a_removed_entry_is_not_used(tmp_path: Path) -> None:
    with searcher(tmp_path / "docs", glossary="동반자\tcompanion\t0\n") as opened:
        assert paths(opened.search("동반자")) == ["korean.txt"]


@pytest.mark.parametrize(
    ("query", "asked"),
    [("봄", "봄"), ("종교의 자유", "종교의 자유"), ('"종교의 자유"', "종교의 자유")],
)
def test_words_with_another_reading_are_translated_as_written(
    tmp_path: Path, korean: Korean, query: str, asked: str
) -> None:
    files = {"en.txt": "Spring brings freedom of religion.", "ko.txt": "봄 종교의 자유"}
    written = " ".join(files.values())
    taught(tmp_path / "docs", korean, [written])
    built(tmp_path / "docs", files, glossary="봄\tspring\n종교의 자유\tfreedom of religion\n")
    with with_kiwi(tmp_path / "docs" / FOLDER, korean) as opened:
        found = bridged(opened.search(query, strict=True))
        assert [way.asked for way in found["en.txt"]] == [asked]


# Ranking below the words themselves.


@pytest.mark.parametrize("query", ["동반자", "companion"])
def test_a_passage_with_the_word_ranks_above_a_like_one_with_its_translation(
    tmp_path: Path, query: str
) -> None:
    files = {
        f"{number}.txt": f"coast {word}" for number, word in enumerate(("동반자", "companion"))
    }
    with searcher(tmp_path / "docs", files, "동반자\tcompanion\n") as opened:
        hits = opened.search(query)
        assert [bool(hit.bridged) for hit in hits] == [False, True]
        assert hits[0].score > hits[1].score > 0


def test_a_passage_with_the_word_alone_scores_as_without_translations(
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


# Without the bridge, and what it leaves alone.


@pytest.mark.parametrize(
    "query",
    ["동반자", "전략적 동반자", '"전략적 동반자"', "partnership -strategic", "+coast 동반자"],
)
def test_without_the_bridge_results_are_those_of_an_index_that_has_none(
    tmp_path: Path, query: str
) -> None:
    with searcher(tmp_path / "with") as bridged_, searcher(tmp_path / "without", glossary="") as no:
        without = ranked(bridged_.search(query, bridge=False))
        assert without == ranked(no.search(query)) == ranked(no.search(query, bridge=False))
        snapshot = Snapshot(bridged_._engine.snapshot._readers)
        engine = EmbeddedEngine(snapshot, bridged_._analyzer)
        bridged_._pipeline = QueryPipeline(engine, bridged_._analyzer)
        assert ranked(bridged_.search(query)) == without


def test_required_excluded_and_title_words_are_not_translated(partners: Searcher) -> None:
    assert paths(partners.search("+동반자")) == ["korean.txt"]
    assert paths(partners.search("+동반자 partnership")) == ["korean.txt"]
    assert "companion.txt" in paths(partners.search("announced -동반자"))
    assert paths(partners.search("title:동반자")) == []


def test_a_language_filter_applies_to_translations(partners: Searcher) -> None:
    english = partners.search("동반자", language="en")
    assert {hit.language for hit in english} == {"en"}
    assert all(hit.bridged for hit in english)
    assert paths(partners.search("companion", language="ko")) == ["korean.txt"]
    assert paths(partners.search("동반자 lang:ko")) == ["korean.txt"]


def test_an_index_of_one_language_is_searched_as_without_a_bridge(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if name != "korean.txt"}
    with searcher(tmp_path / "docs", files) as opened:
        for query in ("partnership", "a companion on the coast", '"strategic partnership"'):
            assert ranked(opened.search(query)) == ranked(opened.search(query, bridge=False))
            assert opened.explain(query).bridged == ()


def test_an_explanation_has_the_entries_of_each_hit(
    partners: Searcher,
) -> None:
    explained = [score.hit for score in partners.explain("동반자", limit=9).hits]
    assert any(hit.bridged for hit in explained)
    assert explained == partners.search("동반자")


# Phrases.


@pytest.mark.parametrize("query", ['"전략적 동반자"', '+"전략적 동반자"', '("전략적 동반자")'])
def test_a_phrase_with_an_entry_is_translated_as_a_phrase(partners: Searcher, query: str) -> None:
    assert sorted(paths(partners.search(query))) == ["both.txt", "korean.txt"]
    assert paths(partners.search(query, bridge=False)) == ["korean.txt"]


def test_phrases_of_the_library_are_translated_unless_exact(partners: Searcher) -> None:
    assert sorted(paths(partners.phrase("strategic partnership"))) == ["both.txt", "korean.txt"]
    assert paths(partners.phrase("strategic partnership", exact=True)) == ["both.txt"]
    assert paths(partners.phrase("strategic partnership", bridge=False)) == ["both.txt"]
    assert sorted(paths(partners.phrase("announced on"))) == ["both.txt", "other.txt"]


def test_an_exact_phrase_reports_no_translations(tmp_path: Path) -> None:
    files = FILES | {"mixed.txt": "A strategic partnership\n\n전략적 동반자"}
    with searcher(tmp_path / "docs", files) as opened:
        assert bridged(opened.phrase("전략적 동반자"))["mixed.txt"]
        hits = opened.phrase("전략적 동반자", exact=True)
        assert bridged(hits) == {"korean.txt": (), "mixed.txt": ()}
        assert ranked(hits) == ranked(opened.phrase("전략적 동반자", exact=True, bridge=False))


def test_a_phrase_does_not_load_kiwi_for_its_translation(tmp_path: Path) -> None:
    files = {"a.txt": "critical minerals", "b.txt": "희토류"}
    with searcher(tmp_path / "docs", files, "핵심 광물\tcritical minerals\n") as opened:
        assert paths(opened.search('"critical minerals"', strict=True)) == ["a.txt"]
        korean = opened._analyzer.korean
        assert isinstance(korean, PlainKorean)
        assert korean.asked == []


def test_an_excluded_phrase_is_not_translated(partners: Searcher) -> None:
    assert "both.txt" in paths(partners.search('announced -"전략적 동반자"'))


# Ranked documents.


def test_ranked_documents_can_be_filtered_by_path(partners: Searcher) -> None:
    every = dict(partners.rank_documents("동반자"))
    assert every.keys() == {"both.txt", "part.txt", "apart.txt", "companion.txt", "korean.txt"}
    assert dict(partners.rank_documents("동반자", path="part.txt")).keys() == {"part.txt"} | {
        name for name in every if "part.txt" in name
    }
    assert dict(partners.rank_documents("동반자", bridge=False)).keys() == {"korean.txt"}


# Entries that matched.

_translations = st.lists(
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


@given(_translations, st.sets(st.sampled_from("abcd")))
def test_each_matched_term_is_reported_by_its_heaviest_entry(
    translations: list[TermTranslation], terms: set[str]
) -> None:
    found = matched_entries(translations, terms)
    assert len(set(found)) == len(found)
    matched = {translation.other for translation in translations} & terms
    assert len(found) <= len(matched)
    assert bool(found) == bool(matched)
    for other in matched:
        best = max(translation.weight for translation in translations if translation.other == other)
        heaviest = [own for own in translations if own.other == other and own.weight == best]
        asked = {way.through.asked for way in heaviest}
        assert any(bridge.asked in asked for bridge in found)


@given(_translations)
def test_a_translation_has_the_weight_of_its_heaviest_entry(
    translations: list[TermTranslation],
) -> None:
    weights = by_term(translations)
    for translation in translations:
        same = [
            own
            for own in translations
            if (own.term, own.other) == (translation.term, translation.other)
        ]
        assert weights[translation.term][translation.other] == max(own.weight for own in same)
