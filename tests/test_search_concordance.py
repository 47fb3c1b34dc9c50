"""A concordance has every place that matches, in its context and in the order asked for."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from bridge_corpus import built as build_plain
from bridge_corpus import no_general_glossary as no_general_glossary
from bridge_corpus import plain_korean as plain_korean
from hypothesis import given
from hypothesis import strategies as st
from search_corpus import ENGLISH, built, grown, write_rows, write_texts

from corpus.errors import QueryError
from index.analysis.normalize import normal_form
from index.arrays.array_types import Int64s
from index.directory.location import FOLDER
from search import pipeline
from search.concordance import concordance
from search.concordance.concordance import SORTS, spans_of
from search.concordance.context import Context, PassageTexts, Span
from search.concordance.lines import ConcordanceLine
from search.engine import Engine
from search.matched import sample
from search.results import Match
from search.searcher import Searcher

ALL = 100_000
# Words of the random corpus that have the stem of no other.
ALONE = ("lighthouse", "captain", "cargo", "island", "harbour")


def texts_of(searcher: Searcher) -> dict[str, str]:
    """Return all text of each document, by its id."""
    alive = searcher._engine.snapshot.alive.nonzero()[0].tolist()
    texts: dict[str, str] = {}
    for passage in alive:
        document = searcher._engine.snapshot.stored_document(passage)["id"]
        text, start = (
            searcher._engine.snapshot.stored(passage)[name] for name in ("text", "start")
        )
        texts[document] = texts.get(document, "").ljust(start) + text
    return texts


def keys(line: ConcordanceLine, sort: str) -> list[str]:
    """Return the words next to a line whose match is a whole word."""
    found = re.findall(
        r"\w+", (line.left if sort == "left" else line.right).lower().replace("ï", "i")
    )
    return found[-3:][::-1] if sort == "left" else found[:3]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return grown(tmp_path_factory.mktemp("lines"), 3, ENGLISH)


def test_every_occurrence_of_a_word_is_a_line(corpus: Path) -> None:
    with Searcher.open(corpus) as searcher:
        texts = texts_of(searcher)
        for word in ALONE:
            expected = {
                (document, found.start())
                for document, text in texts.items()
                for found in re.finditer(rf"\b{word}\b", text, re.IGNORECASE)
            }
            assert expected
            for sort in set(SORTS) - {"score"}:
                lines = searcher.concordance(word, sort=sort, limit=ALL)
                assert {(line.document, line.start) for line in lines} == expected
                assert (len(lines), lines.total, lines.exact) == (
                    len(expected),
                    len(expected),
                    True,
                )


def test_a_line_is_what_the_document_has_at_its_place(corpus: Path) -> None:
    with Searcher.open(corpus) as searcher:
        texts = texts_of(searcher)
        for line in searcher.concordance("captain cargo", limit=ALL, width=30):
            text = texts[line.document]
            assert text[line.start : line.end].lower() in ("captain", "cargo")
            before, after = (
                " ".join(part.split()) for part in (text[: line.start], text[line.end :])
            )
            assert before.endswith(line.left.strip())
            assert after.startswith(line.right.strip())
            assert len(line.left) <= 30 >= len(line.right)


@pytest.mark.parametrize("sort", ["left", "right"])
def test_lines_are_sorted_by_their_neighbours(corpus: Path, sort: str) -> None:
    with Searcher.open(corpus) as searcher:
        found = searcher.concordance("lighthouse", sort=sort, limit=ALL, width=200)
    own = [keys(line, sort) for line in found]
    assert own == sorted(own)
    assert len(set(map(tuple, own))) > 10


@pytest.mark.parametrize("sort", SORTS)
def test_pages_are_parts_of_the_whole(corpus: Path, sort: str) -> None:
    with Searcher.open(corpus) as searcher:
        whole = list(searcher.concordance("harbour island", sort=sort, limit=ALL))
        pages = [
            line
            for offset in range(0, len(whole) + 7, 7)
            for line in searcher.concordance("harbour island", sort=sort, limit=7, offset=offset)
        ]
    assert pages == whole
    assert len(whole) > 20


def test_a_page_tells_how_much_more_there_is(corpus: Path) -> None:
    with Searcher.open(corpus) as searcher:
        whole = searcher.concordance("island", limit=ALL)
        part = searcher.concordance("island", limit=3)
        assert (len(part), part.total, part.exact) == (3, 3, False)
        assert part.passages == whole.passages >= 3
        exact = searcher.concordance("island", limit=whole.total)
        assert (exact.total, exact.exact) == (whole.total, True)


def test_positions_follow_path_and_place_and_dates_the_newest_first(corpus: Path) -> None:
    with Searcher.open(corpus) as searcher:
        by_place = [(line.path, line.line) for line in searcher.concordance("island", limit=ALL)]
        by_date = [line.date for line in searcher.concordance("island", sort="date", limit=ALL)]
    assert by_place == sorted(by_place)
    spans = [(date + "-00-00")[:10] if date else "" for date in by_date]
    assert spans == sorted(spans, reverse=True)


def test_filters_keep_documents(corpus: Path) -> None:
    with Searcher.open(corpus) as searcher:
        every = searcher.concordance("island", limit=ALL)
        kept = searcher.concordance("island", limit=ALL, path="news", date="..2023")
        expected = [line for line in every if "news" in line.path and "" < line.date < "2024"]
    assert kept == expected
    assert expected


def test_of_too_many_passages_a_spread_is_sorted_and_said(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Searcher.open(corpus) as searcher:
        every = set(searcher.concordance("island", limit=ALL))
        monkeypatch.setattr(concordance, "MOST_READ", 4)
        part = searcher.concordance("island", sort="left", limit=ALL)
        assert not part.exact
        assert set(part) < every
        assert part.passages > 4
        assert part.notes == (
            f"the lines are of 4 of the {part.passages} passages that match, "
            "spread evenly over them",
        )
        assert searcher.concordance("island", limit=ALL).notes == ()


def test_of_copies_one_is_shown(tmp_path: Path) -> None:
    same = "The ferry left the harbour."
    write_texts(tmp_path, {"a.txt": same, "b.txt": same, "c.txt": "A ferry."})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        assert [line.path for line in searcher.concordance("ferry")] == ["a.txt", "c.txt"]


def test_copies_leave_no_page_by_score_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = "ferry ferry ferry"
    others = {f"b{number}.txt": f"A ferry to island {number}." for number in range(9)}
    write_texts(tmp_path, {**{f"a{number}.txt": same for number in range(40)}, **others})
    built(tmp_path)
    monkeypatch.setattr(pipeline, "CANDIDATES", 5)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        expected = {line.document for line in searcher.concordance("ferry")}
        found = searcher.concordance("ferry", sort="score", limit=12)
        assert {line.document for line in found} == expected
        assert len(expected) == 10
        second = searcher.concordance("ferry", sort="score", limit=4, offset=4)
        assert second == found[4:8]


@pytest.mark.parametrize("sort", ["position", "date"])
def test_copies_leave_no_page_in_another_order_short(tmp_path: Path, sort: str) -> None:
    others = {f"b{number}.txt": f"A ferry to island {number}." for number in range(9)}
    write_texts(tmp_path, {**{f"a{number:02}.txt": "A ferry." for number in range(90)}, **others})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        found = searcher.concordance("ferry", sort=sort, limit=4)
        assert [line.path for line in found] == ["a00.txt", "b0.txt", "b1.txt", "b2.txt"]
        assert (found.total, found.exact, found.passages) == (4, False, 10)
        assert len(searcher.concordance("ferry", sort=sort, limit=4, offset=8)) == 2


@pytest.mark.parametrize("sort", ["left", "right"])
def test_lines_with_the_same_neighbours_are_in_order_of_their_paths(
    tmp_path: Path, sort: str
) -> None:
    for name in ("b.txt", "c.txt", "a.txt"):
        write_texts(tmp_path, {name: f"Then the old ferry left the quiet harbour. {name}"})
        built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        found = searcher.concordance("ferry", sort=sort)
    assert [line.path for line in found] == ["a.txt", "b.txt", "c.txt"]


@pytest.mark.parametrize("sort", SORTS)
def test_passages_are_read_many_at_a_time(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    with Searcher.open(corpus) as searcher:
        stored = searcher._engine.stored
        read: list[int] = []

        def counted(passages: Sequence[int]) -> object:
            read.append(len(passages))
            return stored(passages)

        monkeypatch.setattr(searcher._engine, "stored", counted)
        lines = searcher.concordance("island", sort=sort, limit=40, width=200)
    passages = {(line.document, line.ordinal) for line in lines}
    assert len(read) <= 5 < len(passages) <= sum(read)


def test_a_context_runs_on_into_the_neighbours_of_its_document(tmp_path: Path) -> None:
    filler = "Nothing else happened on this long and quiet day at sea. " * 9
    write_texts(tmp_path, {"a.txt": f"{filler}before\n\nferry\n\nafter {filler}", "b.txt": "storm"})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        (line,) = searcher.concordance("ferry", width=100)
    assert line.left.endswith("at sea. before ")
    assert line.right.startswith(" after Nothing else")
    assert "storm" not in line.left + line.right


def test_an_occurrence_of_a_phrase_is_one_line_and_its_words_alone_are_none(tmp_path: Path) -> None:
    text = "The strategic partnership grew. A partnership is strategic. Strategic\n partnership."
    write_texts(tmp_path, {"a.txt": text})
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        found = searcher.concordance("strategic partnership", phrase=True)
        assert [line.match for line in found] == ["strategic partnership", "Strategic partnership"]
        assert searcher.concordance('"strategic partnership"') == found
        assert len(searcher.concordance("strategic partnership")) == 6


@pytest.mark.usefixtures("plain_korean", "no_general_glossary")
def test_a_translation_of_a_phrase_is_one_line_and_said_to_be_one(tmp_path: Path) -> None:
    files = {"en.txt": "A mast. Its mast hawser broke.", "ko.txt": "돛대 닻줄"}
    build_plain(tmp_path / "docs", files, glossary="돛대 닻줄\tmast hawser\n돛대\tmast\n")
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        found = searcher.concordance("돛대 닻줄", phrase=True)
        assert [(line.match, line.crossed) for line in found] == [
            ("mast hawser", True),
            ("돛대 닻줄", False),
        ]
        assert len(searcher.concordance("돛대 닻줄", phrase=True, bridge=False)) == 1


@pytest.mark.usefixtures("plain_korean", "no_general_glossary")
def test_a_korean_word_is_found_in_the_other_language_too(tmp_path: Path) -> None:
    files = {"en.txt": "The porcelain was fired.", "ko.txt": "도자기 가마터"}
    build_plain(tmp_path / "docs", files, glossary="도자기\tporcelain\n")
    with Searcher.open(tmp_path / "docs" / FOLDER) as searcher:
        found = searcher.concordance("도자기")
        assert [(line.match, line.crossed) for line in found] == [
            ("porcelain", True),
            ("도자기", False),
        ]
        assert {line.words for line in found} == {("도자기",)}
        assert [line.match for line in searcher.concordance("도자기", bridge=False)] == ["도자기"]


def test_rows_and_titles_without_a_match_in_the_text_give_no_line(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "title": "ferry", "text": "A storm."},
        {"id": "2", "title": "storm", "text": "A ferry."},
    ]
    write_rows(tmp_path / "rows.jsonl", rows)
    built(tmp_path)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        found = searcher.concordance("ferry")
    assert [(line.document, line.title) for line in found] == [("2", "storm")]


def test_bad_arguments_are_refused(corpus: Path) -> None:
    with Searcher.open(corpus) as searcher:
        with pytest.raises(QueryError, match="no such order of lines"):
            searcher.concordance("island", sort="middle")
        with pytest.raises(ValueError, match="must not be negative"):
            searcher.concordance("island", width=-1)
        with pytest.raises(QueryError, match="the width is at most 1,000"):
            searcher.concordance("island", width=1_001)
        with pytest.raises(QueryError, match="no such language"):
            searcher.concordance("island", language="xx")
        assert searcher.concordance("") == ()


# ---- spans, keys and samples


def match(start: int, end: int, word: str = "x", **more: object) -> Match:
    return Match(start=start, end=end, word=word, term=word, **more)


def test_touching_matches_are_one_word() -> None:
    spans = spans_of(7, "전략적 동반자", [match(0, 2), match(2, 3), match(4, 7)])
    assert [(span.passage, span.start, span.end) for span in spans] == [(7, 0, 3), (7, 4, 7)]


def test_matches_of_one_occurrence_are_one_span_whatever_is_between() -> None:
    text = "한미 군사 동맹, 동맹"
    found = [match(0, 2, "한미", occurrence=0), match(6, 8, "동맹", occurrence=0)]
    spans = spans_of(0, text, [*found, match(10, 12, "동맹")], only_phrases=True)
    assert [(span.start, span.end) for span in spans] == [(0, 8)]


def test_occurrences_that_follow_each_other_are_two() -> None:
    text = "ab ab"
    found = [match(n, n + 1, text[n], occurrence=n // 3) for n in (0, 1, 3, 4)]
    spans = spans_of(0, text, found, only_phrases=True)
    assert [(span.start, span.end) for span in spans] == [(0, 2), (3, 5)]


def test_an_ending_is_no_word_after_a_match() -> None:
    context = Context("한국의 대", "전략", "을 세웠다. 그리고 (The US)")
    assert context.right_key() == ("세웠다", "그리고", "the")
    assert context.left_key() == ("한국의",)
    assert Context("", "전략", "").left_key() == ()


def test_a_letter_that_stands_for_a_middle_dot_or_a_quote_parts_words() -> None:
    assert Context("ㆍ", "미국", "ㆍ").left_key() == Context("ㆍ", "미국", "ㆍ").right_key() == ()
    assert Context("중국ㆍ한국ㆍ", "미국", " 정책").left_key() == ("한국", "중국")
    assert Context("", "한국", "ㆍ미국ㆍ일본").right_key() == ("미국", "일본")
    assert Context("the boysʼ", "boat", "ʼs sail").left_key() == ("boys", "the")


@given(st.text(), st.text())
def test_any_text_has_neighbours_that_are_words_of_it(left: str, right: str) -> None:
    context = Context(left, "x", right)
    before, after = (re.findall(r"\w+", normal_form(text)) for text in (left, right))
    assert [*context.left_key()] in (before[::-1][:3], before[::-1][1:4])
    assert [*context.right_key()] in (after[:3], after[1:4])


class Passages:
    """An engine with one document, of passages with these texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def stored(self, passages: Sequence[int]) -> list[dict[str, str]]:
        return [{"text": self._texts[passage]} for passage in passages]

    def documents_of(self, passages: Int64s) -> Int64s:
        return np.full(len(passages), 7)

    def bounds(self, document: int) -> range:
        assert document == 7
        return range(len(self._texts))


@given(
    st.lists(st.text("가a \n", max_size=30), min_size=1, max_size=9), st.integers(0, 90), st.data()
)
def test_a_context_is_the_text_around_as_far_as_there_is_any(
    texts: list[str], width: int, data: st.DataObject
) -> None:
    passage = data.draw(st.integers(0, len(texts) - 1))
    start, end = sorted(data.draw(st.integers(0, len(texts[passage]))) for _ in range(2))
    passages = PassageTexts(cast("Engine", Passages(texts)))
    (found,) = passages.contexts([Span(passage, start, end, ())], width=width)
    before = " ".join([*texts[:passage], texts[passage][:start]])
    after = " ".join([texts[passage][end:], *texts[passage + 1 :]])
    left, right = (re.sub(r"\s+", " ", text) for text in (before, after))
    assert left.endswith(found.left)
    assert right.startswith(found.right)
    assert found.left == left.lstrip() or len(found.left) >= width - 1
    assert found.right == right.rstrip() or len(found.right) >= width - 1


@given(st.integers(0, 300), st.integers(1, 60))
def test_a_sample_is_spread_from_the_first_to_the_last(size: int, most: int) -> None:
    passages = np.arange(size) * 3
    found = sample(passages, most).tolist()
    assert found == sorted(set(found))
    assert len(found) == min(size, most)
    assert set(found) <= set(passages.tolist())
    if size and most > 1:
        assert (found[0], found[-1]) == (0, 3 * (size - 1))


def test_random_queries_give_the_matches_of_their_hits(corpus: Path) -> None:
    chance = random.Random(5)
    with Searcher.open(corpus) as searcher:
        for _ in range(40):
            words = " ".join(chance.sample(ALONE, chance.randrange(1, 4)))
            query = chance.choice((words, f"+{words}", f'"{words}"', f"{words} -storm"))
            hits = searcher.search(query, limit=ALL, bridge=False)
            lines = searcher.concordance(query, limit=ALL, bridge=False)
            in_hits = {
                (hit.document, hit.start + each.start)
                for hit in hits
                for each in hit.matches
                if each.term in hit.why.get(each.word, ())
            }
            assert {(line.document, line.start) for line in lines} <= in_hits
            if not query.startswith('"'):
                assert {(line.document, line.start) for line in lines} == in_hits
