"""The searcher: paging, fields of a hit, explanations, and readers beside a writer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from index_corpus import put_all
from search_corpus import (
    ENGLISH,
    built,
    grown,
    opened,
    question,
    taught,
    write_rows,
    write_texts,
)
from test_query_parser import QUERIES

from corpus.errors import QueryError
from index.analysis.korean import Korean
from index.builder.build import build
from index.directory.location import FOLDER
from search.pipeline import QueryPipeline
from search.results import Hit
from search.searcher import Searcher

ALL = 10_000
# Unknown Korean words would load Kiwi, which these tests do not need.
HANGUL = "".join(map(chr, (*range(0x1100, 0x1200), *range(0x3130, 0x3190), *range(0xAC00, 0xD7B0))))


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    with Searcher.open(grown(tmp_path_factory.mktemp("searcher"), 7, ENGLISH)) as searcher:
        yield searcher


def rows_of(hits: Sequence[Hit]) -> list[tuple[str, int, float]]:
    return [(hit.document, hit.ordinal, hit.score) for hit in hits]


# ---- one that was closed


@pytest.mark.parametrize(
    "ask",
    [
        lambda searcher: searcher.search("ferry"),
        lambda searcher: searcher.search("ferry", strict=True),
        lambda searcher: searcher.phrase("tide harbour"),
        lambda searcher: searcher.rank_documents("ferry"),
        lambda searcher: searcher.explain("ferry"),
        lambda searcher: searcher.passages("0.txt"),
        lambda searcher: searcher.similar("0.txt"),
        lambda searcher: searcher.info(),
    ],
)
@pytest.mark.parametrize("used", [False, True])
def test_a_searcher_that_was_closed_says_so(
    tmp_path: Path, ask: Callable[[Searcher], object], used: bool
) -> None:
    with Searcher.open(grown(tmp_path, 1, ENGLISH)) as searcher:
        if used:
            searcher.search("ferry")
    with pytest.raises(ValueError, match="the searcher is closed"):
        ask(searcher)


def test_a_searcher_that_another_thread_closes_in_the_midst_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = Searcher.open(grown(tmp_path, 1, ENGLISH))
    rank = QueryPipeline.rank

    def overtaken(*given: object, **options: object) -> object:
        searcher.close()
        return rank(*given, **options)

    monkeypatch.setattr(QueryPipeline, "rank", overtaken)
    with pytest.raises(ValueError, match="the searcher is closed"):
        searcher.search("ferry")


# ---- lists of hits


def test_results_are_a_sequence_of_hits_that_equals_a_list_of_them(searcher: Searcher) -> None:
    results = searcher.search("ferry foo:bar", limit=3)
    hits = list(results)
    assert results == hits
    assert hits == results
    assert results == tuple(hits)
    assert results == searcher.search("ferry foo:bar", limit=3)
    assert results != hits[:2]
    assert results != 3
    assert (len(results), results[0], results[-1]) == (3, hits[0], hits[2])
    assert results[1:] == hits[1:]
    assert results[1:].notes == results.notes
    assert "foo:bar" in results.notes[0]
    with pytest.raises(AttributeError):
        results.notes = ()  # type: ignore[misc]


def test_results_tell_which_words_were_corrected(searcher: Searcher) -> None:
    query = ENGLISH[0] + " harbuor"
    results = searcher.search(query)
    assert [word.typed for word in results.read_as] == ["harbuor"]
    assert [note.split()[0] for note in results.notes] == ["harbuor"]
    for results in (searcher.search(query, strict=True), searcher.phrase(query, exact=True)):
        assert (results.read_as, results.notes) == ((), ())


@pytest.mark.parametrize("query", ["ferry", "tide harbour", "-tide", "lang:en", "s*", '"a of"'])
@pytest.mark.parametrize("size", [1, 3, 7])
def test_pages_one_after_the_other_are_the_whole_list(
    searcher: Searcher, query: str, size: int
) -> None:
    whole = searcher.search(query, limit=ALL)
    pages = [
        hit
        for offset in range(0, len(whole) + size, size)
        for hit in searcher.search(query, limit=size, offset=offset)
    ]
    assert pages == whole
    assert [hit.rank for hit in pages] == list(range(1, len(whole) + 1))
    assert searcher.search(query, limit=0) == []
    assert searcher.search(query, offset=ALL) == []


def test_pages_agree_where_more_passages_match_than_are_looked_at_twice(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = searcher.search("ferry tide harbour", limit=ALL)
    monkeypatch.setattr("search.pipeline.CANDIDATES", 16)
    whole = searcher.search("ferry tide harbour", limit=4)
    assert len(everything) > 16
    assert len(whole) == 4
    for offset in range(4):
        assert searcher.search("ferry tide harbour", limit=1, offset=offset) == [whole[offset]]
    assert len(searcher.search("ferry tide harbour", limit=ALL)) == len(everything)


def test_passages_that_tie_with_the_last_candidate_are_candidates_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(tmp_path / "x.jsonl", [{"id": str(n), "text": "ferry"} for n in range(30)])
    built(tmp_path)
    monkeypatch.setattr("search.pipeline.CANDIDATES", 8)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert len(searcher.search("ferry", limit=1)) == 1
        assert searcher.search("ferry", limit=1, offset=7, fold_copies=False)[0].document == "7"


def test_a_document_of_many_passages_does_not_crowd_out_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_texts(tmp_path, {"long.txt": "\n\n".join(["ferry ferry " * 40] * 60)})
    texts = {f"{n}.txt": "a ferry and much else that is said of the harbour" for n in range(9)}
    write_texts(tmp_path, texts)
    built(tmp_path)
    monkeypatch.setattr("search.pipeline.CANDIDATES", 8)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        hits = searcher.search("ferry", limit=5, per_document=1, fold_copies=False)
        paths = [hit.path for hit in hits]
        assert len(set(paths)) == 5
        assert len(searcher.rank_documents("ferry", limit=5)) == 5
        assert len(searcher.rank_documents("ferry", limit=ALL)) == 10


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (10, -1)])
def test_a_limit_or_offset_below_nothing_is_a_mistake(
    searcher: Searcher, limit: int, offset: int
) -> None:
    with pytest.raises(ValueError, match="not be negative"):
        searcher.search("ferry", limit=limit, offset=offset)
    path = searcher.search("ferry", limit=1)[0].path
    with pytest.raises(ValueError, match="not be negative"):
        searcher.similar(path, limit=limit, offset=offset)


@pytest.mark.parametrize("most", [1, 2])
def test_per_document_keeps_the_best_passages_of_each(searcher: Searcher, most: int) -> None:
    kept: dict[str, int] = {}
    expected = []
    for hit in searcher.search("ferry tide", limit=ALL):
        kept[hit.document] = kept.get(hit.document, 0) + 1
        if kept[hit.document] <= most:
            expected.append((hit.document, hit.ordinal, hit.score))
    assert rows_of(searcher.search("ferry tide", limit=ALL, per_document=most)) == expected
    assert (
        rows_of(searcher.search("ferry tide", limit=2, offset=1, per_document=most))
        == (expected[1:3])
    )
    assert rows_of(searcher.phrase("a", limit=1, per_document=most)) != []


def test_documents_rank_as_their_best_passages(searcher: Searcher) -> None:
    query = "ferry tide captain"
    best = {hit.document: hit.score for hit in reversed(searcher.search(query, limit=ALL))}
    order = [hit.document for hit in searcher.search(query, limit=ALL, per_document=1)]
    ranked = searcher.rank_documents(query)
    assert [document for document, _ in ranked] == order
    assert dict(ranked) == best
    assert searcher.rank_documents(query, limit=2) == ranked[:2]
    assert searcher.rank_documents("-ferry +tide (captain") == ranked


def test_the_language_of_a_search_is_a_condition(tmp_path: Path) -> None:
    texts = {"en.txt": "the ferry", "signs.txt": "ferry 2024", "none.txt": "2024 1 2"}
    write_texts(tmp_path, texts)
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert len(searcher.search("2024")) == 2
        assert [hit.path for hit in searcher.search("2024", language="en")] == ["signs.txt"]
        assert [hit.path for hit in searcher.phrase("ferry 2024", language="en")] == ["signs.txt"]
        assert searcher.phrase("ferry", language="ko") == []
        assert searcher.search("", language="en") == []
        with pytest.raises(QueryError):
            searcher.phrase("ferry", language="english")


def test_a_hit_tells_where_its_passage_stands(tmp_path: Path) -> None:
    row = {"id": "r1", "title": "Of tides", "date": "2024-02", "author": "Kim"}
    write_rows(tmp_path / "x.jsonl", [{"id": "r0", "text": "ferry"}, {**row, "text": "The tide\n"}])
    text = "# Port\n\n" + "harbour " * 80 + "\n\n## North\n\nThe lighthouse of the isle.\n"
    write_texts(tmp_path, {"notes/a.md": text})
    built(tmp_path)
    with Searcher.open(str(tmp_path / FOLDER)) as searcher:
        (hit,) = searcher.search("tides")
        assert (hit.document, hit.path, hit.title, hit.date) == (
            "r1",
            "x.jsonl",
            "Of tides",
            "2024-02",
        )
        assert (hit.line, hit.ordinal, hit.language) == (2, 0, "en")
        assert hit.metadata == {"author": "Kim"}
        assert hit.why == {"tides": ("tide",)}
        (hit,) = searcher.search("lighthouse")
        shown = text.replace("# ", "").replace("#", "")
        assert shown[hit.start : hit.end] == hit.text
        assert hit.line == shown[: hit.start].count("\n") + 1
        assert hit.heading.endswith("North")
        assert hit.ordinal == 1


def test_equal_passages_come_in_the_order_of_the_index(tmp_path: Path) -> None:
    write_rows(tmp_path / "x.jsonl", [{"id": str(n), "text": "ferry"} for n in range(30)])
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        hits = searcher.search("ferry", limit=ALL, fold_copies=False)
        assert [hit.document for hit in hits] == [str(n) for n in range(30)]
        assert len({hit.score for hit in hits}) == 1


# ---- any query at all


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=(), exclude_characters=HANGUL)) | QUERIES)
@example('\ud800 tid\udfff* path:\udc80 "\ud800"')
@example("the of and")
@example("THE FERRY")
@example("🙂 AND tide")
@example("(" * 100_000 + "tide")
@example("tide" * 25_000)
@example("tide " * 20_000)
@example('"' + "tide ferry " * 9_000)
@example("+tide AND (ferry OR -" * 5_000)
@example("a* *b c?d " * 10_000)
@example("title:" * 16_000)
def test_no_query_fails(searcher: Searcher, query: str) -> None:
    hits = searcher.search(query, limit=3)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert hits.notes == searcher.explain(query, limit=3).notes
    searcher.phrase(query, slop=1, limit=1)
    searcher.rank_documents(query, limit=1)


@given(
    st.lists(st.sampled_from([*ENGLISH, "zebra", "🙂", "…"]), min_size=1, max_size=6),
    st.booleans(),
)
def test_plain_words_find_something_while_one_of_them_stands_in_the_index(
    searcher: Searcher, words: list[str], capitals: bool
) -> None:
    # In capitals, AND and NOT would be more than words.
    query = " ".join(word.title() if capitals else word for word in words)
    known = set(words) - {"zebra", "🙂", "…", "not"}  # of which the documents have none
    hits = searcher.search(query)
    assert bool(hits) == bool(known)
    for hit in hits:
        assert hit.why


def test_stop_words_between_hyphens_are_passed_over_unless_in_capitals(tmp_path: Path) -> None:
    texts = {"art.txt": "a state-of-the-art lab", "sky.txt": "the colour of it", "it.txt": "IT law"}
    put_all(tmp_path, texts)
    build(tmp_path / FOLDER, [tmp_path])
    with Searcher.open(tmp_path / FOLDER) as found:
        for query in ("state-of-the-art", '"state-of-the-art"', "state of the art"):
            assert [hit.path for hit in found.search(query, strict=True)] == ["art.txt"]
        assert [hit.path for hit in found.search("IT-law", strict=True)] == ["it.txt"]
        assert {hit.path for hit in found.search("OF-law", strict=True)} == {
            *("art.txt", "it.txt", "sky.txt")
        }


def test_stop_words_are_passed_over_beside_others_and_looked_for_alone(
    searcher: Searcher,
) -> None:
    alone = searcher.search("the of", limit=ALL)
    assert alone
    assert {term for hit in alone for terms in hit.why.values() for term in terms} == {"the", "of"}
    assert rows_of(searcher.search("the tide of", limit=ALL)) == (
        rows_of(searcher.search("tide", limit=ALL))
    )
    assert rows_of(searcher.search("FERRY Tide", limit=ALL)) == (
        rows_of(searcher.search("ferry tide", limit=ALL))
    )


def test_stop_words_are_looked_for_where_no_other_word_stands(searcher: Searcher) -> None:
    hits = searcher.search("the zebra", limit=ALL)
    assert rows_of(hits) == rows_of(searcher.search("the", limit=ALL)) != []
    assert all(hit.why == {"the": ("the",)} and hit.matches for hit in hits)
    assert not searcher.search("the +zebra")
    assert [word.source for word in searcher.explain("the zebra").words] == ["stemmer"] * 2


# ---- explanations


@pytest.mark.parametrize("seed", range(3))
def test_the_parts_of_a_score_add_up_to_it(searcher: Searcher, seed: int) -> None:
    chance = random.Random(seed)
    for query in [question(chance, ENGLISH) for _ in range(30)]:
        explanation = searcher.explain(query, limit=5)
        hits = searcher.search(query, limit=5)
        assert [scored.hit for scored in explanation.hits] == hits, query
        for scored in explanation.hits:
            assert sum(scored.parts.values()) == pytest.approx(scored.hit.score), query
            assert min(scored.parts.values()) >= 0


def test_an_explanation_reads_the_query_word_by_word(searcher: Searcher) -> None:
    explanation = searcher.explain("the Ferries title:tide zebra foo:bar -storm", limit=0)
    assert explanation.query == "the Ferries title:tide zebra foo:bar -storm"
    assert explanation.reading == "the Ferries title:tide zebra foo:bar -storm"
    assert "foo:bar" in explanation.notes[0]
    assert explanation.hits == ()
    words = {(word.field, word.word): word for word in explanation.words}
    assert words["", "Ferries"].terms == ("ferri",)
    assert words["", "Ferries"].documents == len(searcher.search("+ferries", limit=ALL))
    assert words["title", "tide"].documents == len(searcher.search("title:tide", limit=ALL))
    assert words["", "zebra"].documents == 0
    assert "not searched for" in words["", "the"].source
    assert ("", "storm") not in words


def test_a_hit_says_what_led_to_it_where_that_was_a_syllable_or_stands_in_its_title(
    tmp_path: Path, korean: Korean
) -> None:
    title = "국외교류처 안내"
    write_rows(tmp_path / "x.jsonl", [{"id": "1", "title": title, "text": "문의하십시오."}])
    write_texts(tmp_path, {"c.txt": "이 문서는 개념적 틀이다"})
    taught(tmp_path, korean, [title, "문의하십시오. 이 문서는 개념적 틀이다"])
    built(tmp_path)
    with opened(tmp_path / FOLDER, korean) as searcher:
        [syllable] = searcher.search("전략적", strict=True)
        assert syllable.why == {"전략적": ("적",)}
        assert [match.term for match in syllable.matches] == ["적"]
        [pair] = searcher.search("국외교재", strict=True)
        assert (pair.document, pair.why, pair.matches) == ("1", {"국외교재": ("국외",)}, ())
