"""The searcher: paging, fields of a hit, explanations, and readers beside a writer."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from search_corpus import (
    ENGLISH,
    built,
    grown,
    opened,
    question,
    rows,
    taught,
    write_rows,
    write_texts,
)
from test_search_query import QUERIES

import search
from corpus.errors import IndexDamaged, IndexMissing, LineMissing, QueryError
from index.analysis.korean import Korean
from index.place import FOLDER
from search import Searcher as Exported
from search.hit import Hit
from search.mending import Mended
from search.parser import parse
from search.searcher import Searcher

ALL = 10_000
# Words nobody has met would load Kiwi, which these tests can do without.
HANGUL = "".join(map(chr, (*range(0x1100, 0x1200), *range(0x3130, 0x3190), *range(0xAC00, 0xD7B0))))


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    with Searcher.open(grown(tmp_path_factory.mktemp("searcher"), 7, ENGLISH)) as searcher:
        yield searcher


def places(hits: list[Hit]) -> list[tuple[str, int, float]]:
    return [(hit.document, hit.ordinal, hit.score) for hit in hits]


# ---- lists of hits


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
    monkeypatch.setattr("search.evaluator.CANDIDATES", 16)
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
    monkeypatch.setattr("search.evaluator.CANDIDATES", 8)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert len(searcher.search("ferry", limit=1)) == 1
        assert searcher.search("ferry", limit=1, offset=7)[0].document == "7"


def test_a_document_of_many_passages_does_not_crowd_out_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_texts(tmp_path, {"long.txt": "\n\n".join(["ferry ferry " * 40] * 60)})
    texts = {f"{n}.txt": "a ferry and much else that is said of the harbour" for n in range(9)}
    write_texts(tmp_path, texts)
    built(tmp_path)
    monkeypatch.setattr("search.evaluator.CANDIDATES", 8)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        paths = [hit.path for hit in searcher.search("ferry", limit=5, per_document=1)]
        assert len(set(paths)) == 5
        assert len(searcher.rank_documents("ferry", limit=5)) == 5
        assert len(searcher.rank_documents("ferry", limit=ALL)) == 10


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (10, -1)])
def test_a_limit_or_offset_below_nothing_is_a_mistake(
    searcher: Searcher, limit: int, offset: int
) -> None:
    with pytest.raises(ValueError, match="never negative"):
        searcher.search("ferry", limit=limit, offset=offset)


@pytest.mark.parametrize("most", [1, 2])
def test_per_document_keeps_the_best_passages_of_each(searcher: Searcher, most: int) -> None:
    kept: dict[str, int] = {}
    expected = []
    for hit in searcher.search("ferry tide", limit=ALL):
        kept[hit.document] = kept.get(hit.document, 0) + 1
        if kept[hit.document] <= most:
            expected.append((hit.document, hit.ordinal, hit.score))
    assert places(searcher.search("ferry tide", limit=ALL, per_document=most)) == expected
    assert (
        places(searcher.search("ferry tide", limit=2, offset=1, per_document=most))
        == (expected[1:3])
    )
    assert places(searcher.phrase("a", limit=1, per_document=most)) != []


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
        assert text[hit.start : hit.end] == hit.text
        assert hit.line == text[: hit.start].count("\n") + 1
        assert hit.heading.endswith("North")
        assert hit.ordinal == 1


def test_equal_passages_come_in_the_order_of_the_index(tmp_path: Path) -> None:
    write_rows(tmp_path / "x.jsonl", [{"id": str(n), "text": "ferry"} for n in range(30)])
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        hits = searcher.search("ferry", limit=ALL)
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
    assert searcher.notes(query) == searcher.explain(query, limit=0).notes
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
    known = set(words) - {"zebra", "🙂", "…"}
    hits = searcher.search(query)
    assert bool(hits) == bool(known)
    for hit in hits:
        assert hit.why


def test_stop_words_are_passed_over_beside_others_and_looked_for_alone(
    searcher: Searcher,
) -> None:
    alone = searcher.search("the of", limit=ALL)
    assert alone
    assert {term for hit in alone for terms in hit.why.values() for term in terms} == {"the", "of"}
    assert places(searcher.search("the tide of", limit=ALL)) == (
        places(searcher.search("tide", limit=ALL))
    )
    assert places(searcher.search("FERRY Tide", limit=ALL)) == (
        places(searcher.search("ferry tide", limit=ALL))
    )


def test_stop_words_are_looked_for_where_no_other_word_stands(searcher: Searcher) -> None:
    hits = searcher.search("the zebra", limit=ALL)
    assert places(hits) == places(searcher.search("the", limit=ALL)) != []
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
    assert "not asked for" in words["", "the"].source
    assert ("", "storm") not in words


# ---- files and counts


def test_the_passage_of_a_line_comes_with_its_neighbours(tmp_path: Path) -> None:
    paragraphs = [f"{word} " * 60 for word in ("one", "two", "three", "four", "five")]
    write_texts(tmp_path, {"a.txt": "\n\n".join(paragraphs)})
    write_rows(tmp_path / "b.jsonl", [{"id": str(n), "text": f"row {n}"} for n in range(3)])
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:

        def shown(line: int | None, around: int, path: str = "a.txt") -> list[str]:
            hits = searcher.passages(path, line=line, around=around)
            assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
            assert all(hit.score == 0 and not hit.matches and not hit.why for hit in hits)
            return [hit.text.split()[0] for hit in hits]

        assert shown(None, 1) == ["one", "two"]
        assert shown(0, 0) == ["one"]
        assert shown(3, 0) == ["two"]
        assert shown(4, 0) == ["two"]
        assert shown(5, 1) == ["two", "three", "four"]
        assert shown(9, 1) == ["four", "five"]
        assert shown(5, 99) == ["one", "two", "three", "four", "five"]
        assert [hit.document for hit in searcher.passages("b.jsonl", line=2, around=5)] == ["1"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end"])
def test_a_line_behind_the_end_of_its_file_is_refused_while_the_file_is_there(
    tmp_path: Path, ends: str, last: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"ferry{ends}tide{ends}harbour{ends}{last}".encode())
    built(tmp_path)
    count = 4 if last else 3
    with Searcher.open(tmp_path / FOLDER) as searcher:
        for ask in (searcher.passages, searcher.similar):
            ask("a.txt", line=count)
            with pytest.raises(LineMissing, match=rf"a\.txt: has no line 9,999, .* line {count}"):
                ask("a.txt", line=9999)
        path.unlink()
        assert searcher.passages("a.txt", line=9999) == searcher.passages("a.txt")


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("news/a.json", "news/a.jsonl"),
        ("News/a.jsonl", "news/a.jsonl"),
        ("zzz", "prints the paths"),
        ("", "prints the paths"),
        ("news/\udce9.txt", ""),
    ],
)
def test_a_path_that_is_not_there_is_named_with_one_near_it(
    searcher: Searcher, path: str, hint: str
) -> None:
    with pytest.raises(QueryError, match="no such file in the index") as refusal:
        searcher.passages(path)
    assert str(refusal.value).startswith(path)
    assert hint in refusal.value.hint


def test_info_counts_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    write_rows(folder / "a.jsonl", [{"id": str(n), "text": "ferry tide"} for n in range(3)])
    write_texts(folder, {"b.txt": "tide " * 200, "c.txt": "1 2 3", "d.txt": "tide"})
    built(folder)
    (folder / "d.txt").unlink()
    built(folder)
    with Searcher.open(folder / FOLDER) as searcher:
        info = searcher.info()
        passages = 3 + len(searcher.passages("b.txt", around=99)) + 1
    assert (info.files, info.documents, info.passages) == (3, 5, passages)
    assert info.languages == {"ko": 0, "en": 4, "mixed": 0, "": 1}
    assert (info.terms, info.words) == (5, 0)
    assert info.directory == str(folder / FOLDER)
    assert info.sources == (".",)
    assert info.built.startswith("20")
    assert "stemmer" in info.analyser
    assert info.bytes == sum(f.stat().st_size for f in (folder / FOLDER).rglob("*") if f.is_file())


def test_an_empty_index_answers_everything_with_nothing(tmp_path: Path) -> None:
    write_texts(tmp_path, {"a.txt": "ferry"})
    built(tmp_path)
    (tmp_path / "a.txt").unlink()
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        for query in (
            "ferry",
            "-ferry",
            "lang:en",
            "f*",
            '"a b"',
            "title:a",
            "date:2024",
            "path:a",
        ):
            assert searcher.search(query) == []
            assert searcher.explain(query).hits == ()
        assert searcher.rank_documents("ferry") == []
        assert searcher.info().documents == 0
        with pytest.raises(QueryError):
            searcher.passages("a.txt")


def test_there_must_be_an_index_to_open(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Searcher.open(tmp_path)
    assert Exported is Searcher
    with pytest.raises(AttributeError, match="Seeker"):
        search.Seeker  # noqa: B018 - looking it up is what fails


def test_leaving_the_context_closes_the_index(tmp_path: Path) -> None:
    write_texts(tmp_path, {"a.txt": "ferry"})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        pass
    with pytest.raises(IndexDamaged):
        searcher.search("ferry")


# ---- readers beside a writer


def test_a_query_is_its_own_whatever_another_thread_asks_at_that_moment(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked(tuple[object, ...]):
        """What was asked last; while it is compared, another thread asks something else."""

        def __ne__(self, other: object) -> bool:
            monkeypatch.setattr(searcher, "_last", (("another", True), Mended(parse("glacier"))))
            return bool(tuple.__ne__(self, other))

    mine = parse("river")
    monkeypatch.setattr(searcher, "_last", (Asked((mine, True)), Mended(mine)))
    assert searcher._understood(mine, bridge=True, strict=False).query == mine


def test_readers_beside_a_writer_see_one_commit_each(tmp_path: Path) -> None:
    chance = random.Random(30)
    commits = 30
    stop = threading.Event()
    failures: list[BaseException] = []
    seen: list[set[str]] = [set(), set(), set()]

    def write(commit: int) -> None:
        # Every document names its commit, so that a list of hits tells which ones it is of.
        for name in ("a.jsonl", "b.jsonl"):
            documents = rows(chance, ENGLISH, name)
            write_rows(
                tmp_path / name,
                [{**d, "text": f"mark stage{commit} {d['text']}"} for d in documents],
            )
        built(tmp_path)

    def read(stages: set[str]) -> None:
        try:
            while not stop.is_set():
                with Searcher.open(tmp_path / FOLDER) as searcher:
                    whole = searcher.search("mark", limit=ALL)
                    marks = {hit.text.split()[1] for hit in whole if hit.ordinal == 0}
                    assert len(marks) == 1, marks
                    assert searcher.search(f"+mark +{marks.copy().pop()}")
                    assert {hit.path for hit in whole} == {"a.jsonl", "b.jsonl"}
                    stages |= marks
        except BaseException as failure:
            failures.append(failure)

    write(0)
    first = Searcher.open(tmp_path / FOLDER)
    as_it_was = first.search("mark", limit=ALL)
    threads = [threading.Thread(target=read, args=[stages]) for stages in seen]
    for thread in threads:
        thread.start()
    for commit in range(1, commits + 1):
        write(commit)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures
    assert all(len(stages) > 1 for stages in seen)
    with first:
        assert first.search("mark", limit=ALL) == as_it_was


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
