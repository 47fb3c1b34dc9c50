"""The words that tell results apart, and the course of words by year."""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import pytest
from bridge_corpus import built as build_plain
from bridge_corpus import no_general_glossary as no_general_glossary
from bridge_corpus import plain_korean as plain_korean
from hypothesis import given
from hypothesis import strategies as st
from search_corpus import ENGLISH, built, grown, prose, write_rows

from corpus.errors import QueryError
from index.directory.location import FOLDER
from search.keyness import telling_words
from search.keyness.telling_words import LEAST, TellingWord, log_likelihood
from search.searcher import Searcher

ALL = 100_000


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grown(tmp_path_factory.mktemp("words"), 3, ENGLISH)


@pytest.fixture(scope="module")
def ships(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of two kinds: each ship has a mast, each house a roof, and all have a door."""
    folder = tmp_path_factory.mktemp("ships")
    rows = [
        {"id": f"{kind}{n}", "date": f"{2000 + n // 10}", "text": f"A {kind} {n}: {part}, door."}
        for kind, part in (("ship", "Masts"), ("house", "Roofs"), ("tent", "Canvas"))
        for n in range(40)
    ]
    write_rows(folder / "rows.jsonl", rows)
    built(folder)
    return folder / FOLDER


def terms_in(searcher: Searcher, passage: int) -> set[str]:
    text = searcher._engine.snapshot.stored(passage)["text"]
    return {part.term for token in searcher._analyzer.tokens(text) for part in token.word.parts}


# ---- the measure


def slow_g2(own: int, size: int, others: int, rest: int) -> float:
    """Return G² as textbooks have it: twice the sum of O ln(O/E) over a two by two table."""
    table = [[own, size - own], [others, rest - others]]
    total = size + rest
    found = 0.0
    for row in table:
        for column, cell in enumerate(row):
            expected = sum(row) * (table[0][column] + table[1][column]) / total
            found += cell * math.log(cell / expected) if cell else 0.0
    return 2 * found


@given(st.lists(st.tuples(*[st.integers(0, 500)] * 4), min_size=1))
def test_the_measure_is_that_of_the_textbook(counts: list[tuple[int, int, int, int]]) -> None:
    tables = [(a, a + b + 1, c, c + d + 1) for a, b, c, d in counts]
    columns = [np.array(column, np.int64) for column in zip(*tables, strict=True)]
    expected = [slow_g2(*table) for table in tables]
    assert log_likelihood(*columns).tolist() == pytest.approx(expected, abs=1e-6)


def test_a_published_table_gives_its_published_value() -> None:
    # Dunning (1993), table 3: "the swiss" in 31,777 bigrams of Swiss bank reports.
    a, b, c, d = 110, 2442, 111, 29114
    columns = (np.array([n], np.int64) for n in (a, a + b, c, c + d))
    assert log_likelihood(*columns)[0] == pytest.approx(270.72, abs=0.01)


# ---- words


def named(words: tuple[TellingWord, ...]) -> list[str]:
    return [word.word for word in words]


def test_a_word_of_all_documents_that_match_tells_them_as_it_is_written(ships: Path) -> None:
    with Searcher.open(ships) as searcher:
        found = searcher.telling_words("ship")
    assert named(found.words) == ["Masts"]
    assert (found.passages, found.other_passages) == (40, 80)
    (masts,) = found.words
    assert (masts.share, masts.other_share) == (1.0, 0.0)
    assert masts.keyness == pytest.approx(slow_g2(40, 40, 0, 80))
    assert found.other_words == ()
    assert found.notes == ()


def test_no_words_are_asked_for_or_fewer(ships: Path) -> None:
    with Searcher.open(ships) as searcher:
        assert searcher.telling_words("ship", limit=0).words == ()
        with pytest.raises(ValueError, match="must not be negative"):
            searcher.telling_words("ship", limit=-1)


def test_two_results_are_told_apart_from_both_sides(ships: Path) -> None:
    with Searcher.open(ships) as searcher:
        found = searcher.telling_words("ship", versus="house")
        turned = searcher.telling_words("house", versus="ship")
    assert (named(found.words), named(found.other_words)) == (["Masts"], ["Roofs"])
    assert (found.words, found.other_words) == (turned.other_words, turned.words)
    assert (found.passages, found.other_passages) == (40, 40)


def test_passages_of_both_results_are_in_neither(ships: Path) -> None:
    with Searcher.open(ships) as searcher:
        found = searcher.telling_words("ship house", versus="house tent")
    assert (found.passages, found.other_passages) == (40, 40)
    assert (named(found.words), named(found.other_words)) == (["Masts"], ["Canvas"])


def test_of_a_filter_the_rest_is_what_it_lets_through(ships: Path) -> None:
    with Searcher.open(ships) as searcher:
        found = searcher.telling_words("ship", date="2001..2002")
    assert (found.passages, found.other_passages) == (20, 40)
    assert named(found.words) == ["Masts"]
    assert found.other_words == ()


def test_a_query_that_finds_nothing_or_all_has_no_telling_words(ships: Path) -> None:
    with Searcher.open(ships) as searcher:
        for query in ("zzzz", "door"):
            assert searcher.telling_words(query, strict=True).words == ()
        assert searcher.telling_words("zzzz", versus="ship", strict=True).words == ()


def test_shares_are_those_of_all_passages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(8)
    rows = [{"id": str(n), "title": "", "text": prose(chance, ENGLISH)} for n in range(60)]
    write_rows(tmp_path / "rows.jsonl", rows)
    built(tmp_path)
    monkeypatch.setattr(telling_words, "LEAST", 0.0001)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        terms = [terms_in(searcher, each) for each in range(searcher._engine.snapshot.size)]
        found = searcher.telling_words("lighthouse", limit=ALL, bridge=False)
    inside = [own for own in terms if "lighthous" in own]
    outside = [own for own in terms if "lighthous" not in own]
    assert (found.passages, found.other_passages) == (len(inside), len(outside))
    assert len(found.words) > 5
    for word in found.words:
        own, others = (sum(word.term in each for each in side) for side in (inside, outside))
        assert word.share == pytest.approx(own / len(inside))
        assert word.other_share == pytest.approx(others / len(outside))
        expected = slow_g2(own, len(inside), others, len(outside))
        assert word.keyness == pytest.approx(expected)
    scores = [word.keyness for word in found.words]
    assert scores == sorted(scores, reverse=True)


def best_of(searcher: Searcher, query: str, most: int) -> list[tuple[str, float]]:
    words = searcher.telling_words(query, limit=most).words
    return [(word.term, word.keyness) for word in words]


def test_the_best_are_the_same_however_many_are_asked_for(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling_words, "LEAST", 0.0001)
    monkeypatch.setattr(telling_words, "_AT_ONCE", 3)
    with Searcher.open(corpus) as searcher:
        for query in ("lighthouse", "captain", "customs duty"):
            every = best_of(searcher, query, ALL)
            assert len(every) > 8
            for limit in (1, 2, 5, 8):
                assert best_of(searcher, query, limit) == every[:limit]


def test_what_chance_gives_is_left_out(corpus: Path) -> None:
    with Searcher.open(corpus) as searcher:
        found = searcher.telling_words("lighthouse", limit=ALL)
    assert all(word.keyness >= LEAST for word in found.words)


def test_of_too_many_passages_a_spread_is_counted_and_said(
    ships: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling_words, "MOST_READ", 30)
    with Searcher.open(ships) as searcher:
        found = searcher.telling_words("ship")
    assert named(found.words) == ["Masts"]
    assert found.words[0].other_share == 0.0
    assert found.notes == ("words were counted in 30 of 40 passages, spread evenly over them",)


@pytest.mark.usefixtures("plain_korean", "no_general_glossary")
def test_a_result_in_korean_is_not_told_by_all_of_korean(tmp_path: Path) -> None:
    files = {f"en/{n}.txt": f"The {n} river bank is wide and long." for n in range(60)}
    files |= {f"ko/{n}.txt": f"있다 {'반도체 수출' if n < 20 else '배'} 번호{n}" for n in range(40)}
    build_plain(tmp_path / "docs", files)
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        found = searcher.telling_words("반도체")
    assert named(found.words) == ["수출"]


@pytest.mark.usefixtures("plain_korean", "no_general_glossary")
def test_korean_words_of_english_documents_do_not_count(tmp_path: Path) -> None:
    english = "The harbour of the island was closed in the storm, and all ferries stayed away"
    files = {f"{n}.txt": f"{english} {'on day 폭풍' if n < 9 else ''} {n}." for n in range(40)}
    build_plain(tmp_path / "docs", files)
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        found = searcher.telling_words("day", limit=ALL)
        assert found.passages == 9
        assert found.words == ()
        assert searcher.telling_words("day", versus="storm").words == ()


# ---- trends


@pytest.mark.parametrize("by", ["year", "month", "language", "filetype"])
def test_a_trend_counts_what_a_search_of_each_period_finds(corpus: Path, by: str) -> None:
    queries = ("captain", "lighthouse island", '"naval storm"')
    with Searcher.open(corpus) as searcher:
        trend = searcher.trend(queries, by=by)
        assert [course.query for course in trend.courses] == list(queries)
        assert sum(count.passages for count in trend.whole) == searcher.info().passages
        assert sum(count.documents for count in trend.whole) == searcher.info().documents
        for course in trend.courses:
            hits = searcher.search(course.query, limit=ALL, fold_copies=False)
            values = {
                "year": lambda hit: hit.date[:4],
                "month": lambda hit: hit.date[:7],
                "language": lambda hit: hit.language,
                "filetype": lambda hit: "jsonl",
            }
            found = [(values[by](hit), hit.document) for hit in hits]
            for period, passages, documents in course.counts:
                own = [document for value, document in found if value == period]
                assert (passages, documents) == (len(own), len(set(own)))
            assert [count.period for count in course.counts] == [
                count.period for count in trend.whole
            ]


def test_years_are_in_order_and_those_without_one_come_last(corpus: Path) -> None:
    with Searcher.open(corpus) as searcher:
        periods = [count.period for count in searcher.trend(["storm"]).whole]
    assert periods[-1] == ""
    assert periods[:-1] == sorted(periods[:-1])


def test_a_word_in_one_folder_counts_in_that_of_the_whole(tmp_path: Path) -> None:
    for name in ("a/x/1", "a/y/2", "b/3"):
        text = "storm ferry" if name == "a/x/1" else "storm"
        write_rows(tmp_path / f"{name}.jsonl", [{"id": name, "text": f"{text} {name}"}])
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        trend = searcher.trend(["ferry", "storm"], by="folder")
    assert [count.period for count in trend.whole] == ["a", "b"]
    assert [count.documents for count in trend.courses[0].counts] == [1, 0]
    assert [count.documents for count in trend.courses[1].counts] == [2, 1]


def test_filters_bound_a_trend_and_its_whole(ships: Path) -> None:
    with Searcher.open(ships) as searcher:
        trend = searcher.trend(["ship"], date="2002..")
    assert trend.whole == (("2002", 30, 30), ("2003", 30, 30))
    assert trend.courses[0].counts == (("2002", 10, 10), ("2003", 10, 10))


def test_an_unknown_facet_is_refused(ships: Path) -> None:
    with Searcher.open(ships) as searcher, pytest.raises(QueryError, match="no such facet"):
        searcher.trend(["ship"], by="colour")
