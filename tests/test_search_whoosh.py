"""Whoosh's queries find with Chaja's ranking what they find in Whoosh, ranked as Chaja ranks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from index_corpus import PlainKorean, put_all
from index_corpus import built as corpus_built
from index_documents import WORDS, analyzer
from stock_index import exact_lengths, stock_index
from whoosh import query as q
from whoosh.collectors import TimeLimitCollector
from whoosh.qparser import QueryParser
from whoosh.searching import Hit
from whoosh.sorting import FieldFacet
from whoosh_queries import Step, built, closing_all, queries, steps

from corpus import Document, Passage
from index.directory.catalogue import Catalogue
from index.directory.commit import FORMAT, About
from index.directory.directory_reader import DirectoryReader
from index.directory.directory_writer import DirectoryWriter
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from index.whoosh.index import ArrayIndex
from search import Searcher
from search.embedded.engine import EmbeddedEngine
from search.fetch import ranked_passages
from search.pipeline import QueryPipeline
from search.query.parser import words_query
from search.whoosh import RankedIndex, open_index


def _nodes(query: q.Query) -> Iterator[q.Query]:
    yield query
    for child in query.children():
        yield from _nodes(child)


def _is_sound(query: q.Query) -> bool:
    """Leave out what Whoosh 2.7.4 gets wrong.

    AndNot finds more or less by the way it collects; Not stops at a passage that it should exclude
    where its child has deleted passages, which another Not in it finds.
    """
    nodes = list(_nodes(query))
    inverted = [node for node in nodes if isinstance(node, q.Not)]
    return not any(isinstance(node, q.AndNot) for node in nodes) and not any(
        isinstance(inner, q.Not) for node in inverted for inner in _nodes(node.query)
    )


@settings(max_examples=40)
@given(
    some=steps,
    trees=st.lists(queries, min_size=50, max_size=50),
    limit=st.sampled_from((1, 3, 10, None)),
)
def test_a_query_finds_what_it_finds_on_a_stock_index(
    some: list[Step], trees: list[q.Query], limit: int | None
) -> None:
    with built(some) as directory, TemporaryDirectory() as folder, exact_lengths():
        with closing_all(DirectoryReader.open(directory).readers()) as readers:
            stock = stock_index(folder, readers, analyzer())
        with open_index(directory).searcher() as ours, stock.searcher() as theirs:
            alive = set(theirs.reader().all_doc_ids())
            for query in filter(_is_sound, trees):
                found = ours.search(query, limit=limit)
                # Not finds what is deleted in Whoosh 2.7.4.
                expected = theirs.search(query, limit=None).docs() & alive
                assert len(found) == len(expected), query
                assert set(found.docs()) == expected, query
                hits = [hit.docnum for hit in found]
                assert len(hits) == min(len(expected), limit or len(expected)), query
                assert set(hits) <= expected
                with_terms = ours.search(query, limit=limit, terms=True)
                assert [hit.docnum for hit in with_terms] == hits, query
                assert [hit.score for hit in with_terms] == [hit.score for hit in found]


# A title of one word, which is its own compound in the query.
TITLED = Step(
    [
        (
            Document(id="id0", path="a.txt", title="강", text="", language="ko"),
            [Passage(ordinal=0, text="", start=0, end=0, line=1, heading="")],
        )
    ],
    frozenset(),
)


@settings(max_examples=40)
@given(some=steps, words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
@example(some=[TITLED], words=["강강"])
def test_words_are_ranked_as_chaja_ranks_them(some: list[Step], words: Sequence[str]) -> None:
    text = " ".join(words)
    with built(some) as directory, closing(DirectoryReader.open(directory).snapshot()) as snapshot:
        engine = EmbeddedEngine(snapshot, analyzer())
        evaluator = QueryPipeline(engine, analyzer())
        query = words_query(text)
        ranking = evaluator.rank(query, evaluator.collect(query), depth=10)
        expected = [(hit.passage, hit.score) for hit in ranked_passages(engine, ranking, most=10)]
        index = open_index(directory)
        index.analyzer.words = analyzer()
        with index.searcher() as searcher:
            query = index.words_query(text)
            if not set(searcher.docs_for_query(query)):
                return  # then Chaja looks for what shares syllables, and words that it left out
            assert [(hit.docnum, hit.score) for hit in searcher.search(query)] == expected


TEXTS = {
    "a.md": "---\ndate: 2024-05-01\n---\n# Rivers\n\nThe river of the glacier is a river.",
    "b.md": "---\ndate: 2023-01-31\n---\n# Harbour\n\nNo river but a harbour and a storm.",
    "c.md": "# Ice\n\nA glacier with a river of ice, and a storm over the river.",
    "d.md": "# 강\n\nA storm, and 강 is a river.",
}


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RankedIndex:
    monkeypatch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
    put_all(tmp_path, TEXTS)
    corpus_built(tmp_path)
    return open_index(tmp_path / FOLDER)


RIVER = q.Term("body", "river")
STORM = q.Term("body", "storm")


def paths(found: Iterable[Hit]) -> list[str]:
    return [hit["path"] for hit in found]


def test_hits_are_ordered_as_chaja_orders_them_with_any_options(
    index: RankedIndex, tmp_path: Path
) -> None:
    with Searcher.open(tmp_path / FOLDER) as library:
        expected = [hit.path for hit in library.search("river storm", bridge=False, strict=True)]
    query = index.words_query("river storm")
    with index.searcher() as searcher:
        assert paths(searcher.search(query)) == expected
        for options in ({"terms": True}, {"groupedby": "language"}, {"limit": None}):
            assert paths(searcher.search(query, **options)) == expected
        assert paths(searcher.search(query, reverse=True)) == expected[::-1]
        assert paths(searcher.search(query, collapse="language"))[0] == expected[0]
        limited = TimeLimitCollector(searcher.collector(limit=2), 60)
        searcher.search_with_collector(query, limited)
        assert paths(limited.results()) == expected[:2]
        pages = [searcher.search_page(query, number, pagelen=3) for number in (1, 2)]
        assert [path for page in pages for path in paths(page)] == expected
        assert (pages[0].total, pages[0].pagecount) == (4, 2)


def test_hits_are_filtered_masked_sorted_and_grouped(index: RankedIndex) -> None:
    with index.searcher() as searcher:
        every = searcher.search(RIVER)
        assert set(paths(searcher.search(RIVER, filter=STORM))) == {"b.md", "c.md", "d.md"}
        left = searcher.search(RIVER, mask=STORM)
        assert (paths(left), len(left), left.docs()) == (["a.md"], 1, {left[0].docnum})
        both = searcher.search(RIVER, filter=every, mask=searcher.search(STORM))
        assert paths(both) == ["a.md"]
        by_date = searcher.search(RIVER, sortedby="date", limit=2)
        assert paths(by_date) == ["b.md", "a.md"]
        newest = searcher.search(RIVER, sortedby=FieldFacet("date", reverse=True))
        assert paths(newest)[-2:] == ["a.md", "b.md"]
        groups = searcher.search(RIVER, groupedby=["language", "date"])
        assert {name: len(some) for name, some in groups.groups("language").items()} == {
            "en": 3,
            "mixed": 1,
        }
        assert set(groups.groups("date")) == {datetime(2024, 5, 1), datetime(2023, 1, 31), None}


def test_the_parser_reads_dates_as_filters_and_words_as_ranked_terms(
    index: RankedIndex,
) -> None:
    parser = QueryParser("body", index.schema)
    expected = {
        "rivers date:2024": ["a.md"],
        "rivers date:[20230101 to 202312]": ["b.md"],
        "title:harbour": ["b.md"],
        '"storm over the rivers"': ["c.md"],
        "glac* NOT ice": ["a.md"],
        "language:mixed path:d.md": ["d.md"],
    }
    with index.searcher() as searcher:
        for text, found in expected.items():
            assert paths(searcher.search(parser.parse(text))) == found, text
        (hit,) = searcher.search(parser.parse("harbour"), terms=True)
        assert hit.matched_terms() == [("body", b"harbor")]
        assert hit.highlights("body").count("</b>") == 2
        assert hit.score > 0


def test_passages_like_a_hit_are_found(index: RankedIndex) -> None:
    with index.searcher() as searcher:
        hit = searcher.search(q.Term("body", "glacier"))[0]
        like = hit.more_like_this("body", top=2)
        assert len(paths(like)) == 2
        assert hit["path"] not in paths(like)


def test_a_query_of_an_unsupported_type_is_scored_by_whoosh(index: RankedIndex) -> None:
    with index.searcher() as searcher, ArrayIndex(Path(index.storage.folder)).searcher() as plain:
        spans = q.SpanFirst(q.Term("body", "glacier"), limit=4)
        for query in (spans, q.Or([RIVER, STORM], scale=0.9), q.AndNot(RIVER, STORM)):
            found, expected = searcher.search(query), plain.search(query)
            assert list(found.items()) == list(expected.items())
            assert len(found) == len(expected)


def test_an_index_without_a_passage_finds_nothing(tmp_path: Path) -> None:
    about = About(FORMAT, "an analyser", "today")
    DirectoryWriter.fresh(tmp_path, about).commit((), Catalogue(), built="")
    with open_index(tmp_path).searcher() as searcher:
        for query in (RIVER, q.Every(), q.And([])):
            assert len(searcher.search(query)) == len(searcher.search(query, limit=None)) == 0
