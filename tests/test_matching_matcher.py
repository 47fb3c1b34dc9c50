"""Matching of filters, patterns, operators and brackets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from search_corpus import built, opened, taught, write_rows, write_texts

from corpus.errors import QueryError
from index.analysis.korean import Korean
from index.directory.location import FOLDER
from search.embedded.matching.filters import FilterEvaluator
from search.embedded.matching.matcher import Matcher
from search.query.parser import MAX_PATTERNS
from search.query.tree import Filter, Pattern
from search.searcher import Searcher

ROWS = [
    {"id": "a", "title": "Harbour rules", "date": "2024-11-14", "text": "Ferries keep left."},
    {"id": "b", "title": "Ferry tables", "date": "2024-02", "text": "The harbour opens at six."},
    {"id": "c", "title": "Strategic cargo", "date": "2023", "text": "An economy of islands."},
    {"id": "d", "title": "항구 규칙", "date": "", "text": "여객선은 왼쪽으로 다닌다."},
    {
        "id": "e",
        "title": "섬 2020",
        "date": "2024-12-31",
        "text": "The ferry 여객선 and a lighthouse",
    },
    {"id": "f", "title": "", "date": "2020-01-01", "text": "Rules [of] the C++ 항구 " + "1" * 50},
]
LONG = {"news/Port Notes.txt": "\n\n".join(f"Tide {n} " + "mud " * 90 for n in range(3))}
EVERYTHING = "abcdef@@@"


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, korean: Korean) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("matching")
    taught(folder, korean, (row["title"] + " " + row["text"] for row in ROWS))
    write_rows(folder / "rows.jsonl", ROWS)
    write_texts(folder, LONG)
    built(folder)
    with opened(folder / FOLDER, korean) as searcher:
        yield searcher


def found(searcher: Searcher, query: str) -> str:
    """Return the letters of the matching rows, without translation; @ is a passage of LONG."""
    hits = searcher.search(query, limit=100, bridge=False)
    return "".join(sorted(hit.document if len(hit.document) == 1 else "@" for hit in hits))


def expect(searcher: Searcher, query: str, letters: str) -> None:
    assert found(searcher, query) == "".join(sorted(letters)), query


@pytest.mark.parametrize(
    ("query", "letters"),
    [
        ("date:2024", "abe"),
        ("date:2024-11", "a"),
        ("date:2024-11-14", "a"),
        ("date:2024-11-15", ""),
        ("date:2024-02-20", "b"),
        ("date:2023-07", "c"),
        ("date:2023..2024-02", "bc"),
        ("date:..2023", "cf"),
        ("date:2024-03..", "ae"),
        ("lang:KO", "d"),
        ("-date:1000..", "d@@@"),
        ("date:(2023 2020)", "cf"),
        ("lang:ko", "d"),
        ("lang:mixed", "ef"),
        ("lang:en", "abc@@@"),
        ("lang:(ko mixed)", "def"),
        ("lang:ko OR lang:mixed", "def"),
        ("lang:ko lang:mixed", ""),
        ("-lang:en", "def"),
        ("path:news", "@@@"),
        ("path:NEWS/port", "@@@"),
        ('path:"port notes"', "@@@"),
        ("path:rows path:news", ""),
        ("path:(rows news)", EVERYTHING),
        ("path:nowhere", ""),
        ("path:\ud800", ""),
    ],
)
def test_a_filter_matches_documents(searcher: Searcher, query: str, letters: str) -> None:
    expect(searcher, query, letters)
    assert all(hit.score == 0 for hit in searcher.search(query))


@pytest.mark.parametrize(
    ("query", "letters"),
    [
        ("ferry", "abe"),
        ("FERRIES", "abe"),
        ("harbour ferry", "abe"),
        ("harbour AND ferry", "ab"),
        ("+harbour ferry", "ab"),
        ("ferry -harbour", "e"),
        ("ferry AND NOT 여객선", "ab"),
        ("-ferry", "cdf@@@"),
        ("-ferry -tide", "cdf"),
        ("ferry OR -rules", "abcde@@@"),
        ("+(harbour cargo)", "abc"),
        ("-(harbour tide) rules", "f"),
        ("(harbour AND ferry) cargo", "abc"),
        ("cargo (harbour AND lighthouse)", "c"),
        ('cargo "harbour lighthouse"', "c"),
        ('nowhere "harbour lighthouse"', ""),
        ('"harbour opens" cargo', "bc"),
        ("lang:en ferry", "ab"),
        ("lang:ko ferry", ""),
        ("(lang:ko OR lang:mixed) ferry", "e"),
        ("+lang:mixed AND rules", "f"),
        ("date:2024 (ferry AND rules)", "a"),
        ("+(date:2024 ferry) -harbour", "e"),
        ("ferry AND &", "abe"),
        ("lang:mixed …", "ef"),
        ("+the +of", "f"),
        ("the", "bef"),
        ("the economy", "c"),
        ("여객선을", "de"),
        ("title:harbour", "a"),
        ("title:ferries", "b"),
        ('title:"harbour rules"', "a"),
        ("title:(harbour ferry)", "ab"),
        ("title:(+harbour +ferry)", ""),
        ("title:항구", "d"),
        ("-title:harbour harbour", "b"),
        ("title:rules rules", "af"),
        ("c++", "f"),
        ("c", ""),
    ],
)
def test_words_operators_and_brackets_match_passages(
    searcher: Searcher, query: str, letters: str
) -> None:
    expect(searcher, query, letters)


@pytest.mark.parametrize(
    ("query", "letters"),
    [
        ("harb*", "ab"),
        ("HARB*", "ab"),
        ("*arbour", "ab"),
        ("h?rbour", "ab"),
        ("h??bour", "ab"),
        ("h?bour", ""),
        ("*bou?*", "ab"),
        ("economy*", "c"),
        ("economies*", "c"),
        ("strategic*", "c"),
        ("title:harb*", "a"),
        ("title:econ*", ""),
        ("여객*", "de"),
        ("?객선", "de"),
        ("ferr* -harb*", "e"),
        ("+harb* +ferr*", "ab"),
        ("20*", "e"),
        ("[of]*", ""),
        ("r[u]les?*", ""),
        ("\udc80*", ""),
        ("tid*", "@@@"),
        ("title:port*", "@@@"),
    ],
)
def test_a_pattern_matches_passages_with_its_terms(
    searcher: Searcher, query: str, letters: str
) -> None:
    expect(searcher, query, letters)


def test_a_pattern_expands_to_the_terms_of_its_field(searcher: Searcher) -> None:
    matcher: Matcher = searcher._engine._matcher
    assert matcher.expand(Pattern("ha?bo*")) == ["harbor", "harbour"]
    assert matcher.expand(Pattern("*r?le*", "title")) == ["rule"]
    assert matcher.expand(Pattern("tables*", "title")) == ["tabl"]
    assert matcher.expand(Pattern("C+*")) == ["c++"]


@pytest.mark.parametrize("pattern", ["1*" * 40 + "2", "*1" * 3_000, "?" * 9_000 + "1*", "1?*" * 99])
def test_no_pattern_backtracks_for_ever(searcher: Searcher, pattern: str) -> None:
    # With backtracking, the first would never end: the test is that it does.
    assert found(searcher, pattern) in ("", "f")


def test_a_pattern_scores_by_the_idf_of_its_matches(searcher: Searcher) -> None:
    hits = searcher.search("ferr* lighthous*")
    assert hits[0].document == "e"
    assert hits[0].score > hits[1].score == hits[2].score > 0


@pytest.mark.parametrize(
    ("query", "letters"),
    [
        ('+ferries +"keep left"', "a"),
        ('+ferry +"opens at six"', "b"),
        ('+ferry +"economy of islands"', ""),
        ('+harbour +"opens at six"', "b"),
        ('+"opens at six" +harbour +lang:en', "b"),
        ('+"opens at six" +(harbour cargo) +h*', "b"),
        ('+ferry -"keep left"', "be"),
        ('+ferry -"keep left" -lang:mixed', "b"),
        ("+(lang:en -path:rows) +mud", "@@@"),
        ('+title:"harbour rules" +"keep left"', "a"),
    ],
)
def test_each_clause_of_a_conjunction_narrows_the_next(
    searcher: Searcher, query: str, letters: str
) -> None:
    expect(searcher, query, letters)


def test_filters_are_cached_and_evicted(searcher: Searcher) -> None:
    filters = FilterEvaluator(searcher._engine.snapshot)
    english = filters.find(Filter("lang", "en"))
    assert filters.find(Filter("lang", "en")) is english
    for year in range(2000, 2040):
        filters.find(Filter("date", str(year)))
    again = filters.find(Filter("lang", "en"))
    assert again is not english
    assert again.numbers.tolist() == english.numbers.tolist()


def test_more_patterns_than_the_cache_holds_are_evaluated(searcher: Searcher) -> None:
    for _ in range(2):
        for number in range(2 * MAX_PATTERNS):
            found(searcher, f"nothing{number}*")
            expect(searcher, "harb* econ*", "abc")
            expect(searcher, "tid* econ*", "c@@@")


def test_a_required_title_word_matches_all_passages_of_the_document(searcher: Searcher) -> None:
    assert len(searcher.search("title:notes")) == 3
    assert len(searcher.search("+notes")) == 3
    assert len(searcher.search("notes")) == 1
    assert not searcher.search("-title:notes path:news")


def test_a_phrase_matches_in_titles_as_words_do(tmp_path: Path) -> None:
    texts = {
        "named.md": "# Northern passage\n\nIce on the way.\n\n## Ports\n\nA list of ports.",
        "text.txt": "The northern passage is open, and ice is rare.",
        "other.txt": "A passage in the northern part.",
    }
    write_texts(tmp_path, texts)
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:

        def found(query: str) -> list[tuple[str, int]]:
            return sorted((hit.path, hit.ordinal) for hit in searcher.search(query, bridge=False))

        both = [("named.md", 0), ("text.txt", 0)]
        assert found('"northern passage"') == both
        assert found('"northern passage" zeppelin') == both
        assert [hit.path for hit in searcher.phrase("Northern passage", exact=True)] == [
            "named.md",
            "text.txt",
        ]
        # Where it is required or excluded, it stands for the whole document.
        assert found('+"northern passage" ports') == [("named.md", 0), ("named.md", 1), both[1]]
        assert found('ice -"northern passage"') == []


def test_deleted_passages_do_not_match(tmp_path: Path) -> None:
    write_texts(tmp_path, {f"{name}.txt": f"the tide, {name}" for name in ("keep", "gone", "stay")})
    built(tmp_path)
    (tmp_path / "gone.txt").unlink()
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert searcher._engine.snapshot.has_deleted
        assert searcher.search("path:gone") == []
        for query in (
            "tide",
            "-x",
            "t*",
            "title:* tide",
            "path:txt",
            "-date:2024",
            "path:(gone keep stay)",
        ):
            assert len(searcher.search(query)) == 2


def test_an_unknown_language_is_an_error(searcher: Searcher) -> None:
    with pytest.raises(QueryError, match="fr") as error:
        searcher.search("ferry", language="fr")
    assert "ko, en, mixed" in error.value.hint
    assert [hit.document for hit in searcher.search("ferry", language="mixed", bridge=False)] == [
        "e"
    ]
    assert [hit.document for hit in searcher.search("-x", language="ko")] == ["d"]
    assert searcher.search("🙂", language="ko") == []
