"""Searches against a slow reference: the same passages, order and scores."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from bridge_corpus import no_general_glossary as no_general_glossary
from hypothesis import given
from hypothesis import strategies as st
from index_corpus import built, put
from search_corpus import ENGLISH, KOREAN, grown, opened, question, taught
from search_scores import Ranker

from index.analysis.korean import Korean
from index.bridge.entry import Entry, Source
from index.directory.location import FOLDER
from index.edit_glossary import add_entries
from search import weights
from search.embedded import gathered
from search.ranking.bm25 import SynonymGroups, combined_synonyms
from search.searcher import Searcher

QUESTIONS = 120
_ALL = 10_000
_TRANSLATIONS = (
    *(("항구", "harbour", 1.0), ("여객선", "ferry", 0.9), ("등대", "lighthouse", 0.8)),
    *(("선장", "captain", 0.7), ("화물", "cargo", 0.6), ("화물", "customs", 0.2)),
    *(("관세", "duty", 1.0), ("폭풍", "storm", 0.5), ("폭풍", "stormy", 0.35)),
    *(("조류", "tide", 0.1), ("해군", "navy", 0.9), ("해군", "naval", 0.4)),
    *(("국가", "zebra", 1.0), ("협력", "sails", 1.0), ("정책", "g7+", 0.3)),
)


def check(searcher: Searcher, ranker: Ranker, query: str) -> int:
    """Compare one search with the reference; return the number of hits."""
    hits = searcher.search(query, limit=_ALL, bridge=bool(ranker.entries), strict=True)
    found = [(ranker.keys[hit.document, hit.ordinal], hit.score) for hit in hits]
    expected = ranker.rank(query)
    assert {number for number, _ in found} == set(expected), query
    assert dict(found) == pytest.approx(expected, rel=1e-9, abs=1e-9), query
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0])), query
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    return len(found)


def ranker_of(searcher: Searcher) -> Ranker:
    return Ranker(searcher._engine.snapshot, searcher._analyzer)


@pytest.fixture(scope="module", params=range(4))
def english(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp(f"seed-{request.param}")
    with Searcher.open(grown(folder, request.param, ENGLISH)) as searcher:
        yield searcher


# The lists of a query in a small index are gathered; of those in a larger one, some are found with
# tables of all passages or documents instead of binary searches.
_APART = {"search.embedded.gathered._MOST_POSTINGS": 0}
_TABLES = _APART | {"index.postings.posting_list._WORTH_A_TABLE": 1}
_NO_TABLES = _APART | {
    f"{file}._MOST_IN_A_TABLE": 0
    for file in ("index.postings.posting_list", "search.embedded.candidates")
}


@pytest.mark.parametrize(
    "limits", [{}, _TABLES, _NO_TABLES], ids=["gathered", "tables", "no tables"]
)
def test_english_searches_equal_the_reference(
    english: Searcher, limits: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, limit in limits.items():
        monkeypatch.setattr(name, limit)
    ranker = ranker_of(english)
    chance = random.Random(len(limits))
    counts = [
        check(english, ranker, question(chance, [*ENGLISH, "zebra"])) for _ in range(QUESTIONS)
    ]
    assert sum(map(bool, counts)) > QUESTIONS / 2
    assert english._engine.snapshot.has_deleted


def test_korean_searches_equal_the_reference(tmp_path: Path, korean: Korean) -> None:
    taught(tmp_path, korean, KOREAN)
    directory = grown(tmp_path, 5, KOREAN)
    chance = random.Random(6)
    with opened(directory, korean) as searcher:
        ranker = ranker_of(searcher)
        counts = [
            check(searcher, ranker, question(chance, [*KOREAN, "얼룩말"])) for _ in range(QUESTIONS)
        ]
    assert sum(map(bool, counts)) > QUESTIONS / 2


@pytest.mark.usefixtures("no_general_glossary")
def test_searches_with_translations_equal_the_reference(
    tmp_path: Path, korean: Korean, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.ingest.bridge_update.pairs_by_sound", lambda korean, english: [])
    words = [word for *pair, _ in _TRANSLATIONS for word in pair]
    vocabulary = [*words, *KOREAN, *ENGLISH]
    taught(tmp_path, korean, vocabulary)
    directory = grown(tmp_path, 7, vocabulary)
    entries = [Entry(*pair, Source.USER) for pair in _TRANSLATIONS]
    add_entries(directory, entries)
    chance = random.Random(8)
    with opened(directory, korean) as searcher:
        ranker = Ranker(searcher._engine.snapshot, searcher._analyzer, entries)
        queries = [question(chance, [*vocabulary, *words]) for _ in range(QUESTIONS)]
        for most in (gathered._MOST_POSTINGS, 0):
            monkeypatch.setattr(gathered, "_MOST_POSTINGS", most)
            assert sum(check(searcher, ranker, query) > 0 for query in queries) > QUESTIONS / 2
        bridged = [
            any(hit.bridged for hit in searcher.search(query, strict=True)) for query in queries
        ]
        assert sum(bridged) > QUESTIONS / 8


def test_a_passage_of_a_book_with_all_words_ranks_before_a_note_with_one(
    tmp_path: Path,
) -> None:
    chance = random.Random(9)
    others = [" ".join(chance.choices(ENGLISH[:8], k=50)) for _ in range(2_000)]
    wanted = "The strait has a tuna treaty, which has lasted long."
    put(tmp_path, "book.txt", "\n\n".join([*others[:900], wanted, *others[900:]]))
    put(tmp_path, "note.txt", "The strait is narrow.")
    notes = [{"id": str(number), "text": text} for number, text in enumerate(others[:600])]
    put(tmp_path, "notes.jsonl", "\n".join(map(json.dumps, notes)))
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        first, second = searcher.search("strait tuna treaty", limit=2)
        assert (first.path, second.path) == ("book.txt", "note.txt")
        assert first.text.startswith(wanted)
        (score, _) = searcher.explain("strait tuna treaty", limit=2).hits
        assert score.parts["alone"] > score.parts["document"]
        assert sum(score.parts.values()) == pytest.approx(first.score)


def test_a_title_that_is_the_query_and_a_sentence_with_it_rank_before_the_words_apart(
    tmp_path: Path,
) -> None:
    put(tmp_path, "title.md", "# Coastal ferries\n\n" + "The board met in spring. " * 30)
    put(tmp_path, "sentence.txt", "He wrote about coastal ferries once.")
    put(tmp_path, "apart.txt", "Ferries of all companies. Coastal storms in winter are many. " * 3)
    put(tmp_path, "list.txt", "coastal " * 50 + "\n\n" + "ferries " * 50)
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        first, second, *_ = searcher.search("coastal ferries", bridge=False)
        assert {first.path, second.path} == {"title.md", "sentence.txt"}


@pytest.mark.parametrize("removed", [0, 5])
def test_a_title_that_many_documents_share_counts_less(tmp_path: Path, removed: int) -> None:
    shared = [
        {"id": f"s{number}", "title": "Harbour manual", "text": f"Part {number}."}
        for number in range(9)
    ]
    put(
        tmp_path,
        "own.jsonl",
        json.dumps({"id": "own", "title": "Harbour guide", "text": "Part 9."}),
    )
    for row in shared:
        put(tmp_path, f"{row['id']}.jsonl", json.dumps(row))
    built(tmp_path)
    for row in shared[:removed]:
        (tmp_path / f"{row['id']}.jsonl").unlink()
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        scores = searcher.explain("harbour", limit=20).hits
        titles = {score.hit.document: score.parts["title"] for score in scores}
        ratio = 1 + weights.SHARED_TITLE * math.log(9 - removed)
        assert titles["own"] == pytest.approx(titles["s8"] * ratio)


_groups = st.lists(
    st.lists(st.tuples(st.floats(0.1, 1), st.floats(0.1, 1), st.booleans()), max_size=3),
    min_size=1,
    max_size=3,
)


@given(_groups, st.data())
def test_a_guessed_translation_counts_once_and_only_where_its_term_is_not(
    groups: list[list[tuple[float, float, bool]]], data: st.DataObject
) -> None:
    rows = [row for group in groups for row in ((1.0, 1.0, False), *group)]
    sizes = [1 + len(group) for group in groups]
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    cells = st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows))
    frequencies = data.draw(cells)
    idfs = data.draw(st.lists(st.floats(0.1, 5), min_size=len(rows), max_size=len(rows)))
    synonyms = SynonymGroups(
        tuple(b"t%d" % number for number in range(len(rows))),
        *(np.array(column) for column in zip(*rows, strict=True)),
        starts=np.array(starts),
        counts=np.ones(len(groups)),
    )
    totals, means = combined_synonyms(
        synonyms, np.array(frequencies, float)[:, None], np.array(idfs)
    )
    for number, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        counts = []
        for row in range(start, start + size):
            weight, idf_weight, guessed = rows[row]
            count = frequencies[row]
            if guessed:
                count = min(count, 1) if not frequencies[start] else 0
            counts.append((weight * count, idf_weight * idfs[row]))
        total = sum(count for count, _ in counts)
        assert totals[number, 0] == pytest.approx(total)
        mean = sum(count * idf for count, idf in counts) / total if total else 0.0
        assert means[number, 0] == pytest.approx(mean)
