"""Searches against a slow reference: the same passages, order and scores."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from bridge_corpus import no_general_glossary as no_general_glossary
from index_corpus import built, put
from search_corpus import ENGLISH, KOREAN, grown, opened, question, taught
from search_scores import Ranker

from index.analysis.korean import Korean
from index.bridge.entry import Entry, Source
from index.directory.location import FOLDER
from index.edit_glossary import add_entries
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
    return Ranker(searcher._snapshot, searcher._analyzer)


@pytest.fixture(scope="module", params=range(4))
def english(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp(f"seed-{request.param}")
    with Searcher.open(grown(folder, request.param, ENGLISH)) as searcher:
        yield searcher


# Small indexes use tables of all passages or documents instead of binary searches.
_TABLES = {"index.postings.posting_list._WORTH_A_TABLE": 1}
_NO_TABLES = {
    f"{file}._MOST_IN_A_TABLE": 0
    for file in ("index.postings.posting_list", "search.ranking.rerank")
}


@pytest.mark.parametrize("limits", [_TABLES, _NO_TABLES], ids=["tables", "no tables"])
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
    assert english._snapshot.has_deleted


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
        ranker = Ranker(searcher._snapshot, searcher._analyzer, entries)
        queries = [question(chance, [*vocabulary, *words]) for _ in range(QUESTIONS)]
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
