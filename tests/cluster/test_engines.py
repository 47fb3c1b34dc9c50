"""The engine on a cluster answers as that on the index directory does, to the last value."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from index.opensearch.address import ClusterAddress
from search.query.tree import Node
from search.searcher import Searcher
from search.selection import FACETS, SORTS

from .both_engines import Both, Place, build_both
from .engine_corpus import (
    GLOSSARY,
    SYNONYMS,
    VOCABULARY,
    first_files,
    later_files,
    many_rows,
    write,
)
from .engine_queries import QUERIES
from .nodes import Cluster
from .query_nodes import NODES

MANY = 12_400
# Nodes of queries at a time: 1,200 in all on one node.
AT_ONCE, EXAMPLES, ON_THREE = 10, 120, 15
# Requests of a search that nothing is known for and of which no word needs correction.
MOST_REQUESTS = 4
# Requests of a search of hundreds of words, which are corrected.
MOST_OF_LONG = 50


@contextmanager
def mixed(cluster: Cluster, base: Path, name: str, **options: Any) -> Iterator[Both]:  # noqa: ANN401
    """Index a folder of all kinds of documents, twice, so that some passages are deleted."""
    folder = base / "docs"
    glossary, synonyms = base / "glossary.tsv", base / "synonyms.tsv"
    glossary.write_text(GLOSSARY, encoding="utf-8")
    synonyms.write_text(SYNONYMS, encoding="utf-8")
    address = ClusterAddress(cluster.urls, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda descriptor: None)
        patch.setenv("XDG_CACHE_HOME", str(base / "cache"))
        folder.mkdir()
        write(folder, first_files())
        build_both(folder, address, glossaries=[glossary], **options)
        write(folder, later_files())
        build_both(folder, address)
        opened = Both.opened(folder, address, synonyms=synonyms)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def both(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with mixed(cluster, tmp_path_factory.mktemp("engines"), "engines") as opened:
        yield opened


@pytest.fixture(scope="module")
def on_three(three_nodes: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    base = tmp_path_factory.mktemp("three")
    with mixed(three_nodes, base, "engines", shards=3, replicas=1) as opened:
        yield opened


@pytest.fixture(scope="module")
def many(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """An index of so many passages that no one answer of a cluster has them all."""
    base = tmp_path_factory.mktemp("many")
    (base / "docs").mkdir()
    write(base / "docs", {"rows.jsonl": "\n".join(many_rows(MANY))})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda descriptor: None)
        patch.setenv("XDG_CACHE_HOME", str(base / "cache"))
        address = ClusterAddress(cluster.urls, "many")
        build_both(base / "docs", address)
        opened = Both.opened(base / "docs", address)
    yield opened
    opened.close()


def requests(both: Both, ask: Callable[[Searcher], object]) -> int:
    """Return how many requests a question takes."""
    client = both.cluster._engine._state.view._client  # type: ignore[attr-defined]  # of this engine
    before = client.round_trips
    ask(both.cluster)
    return int(client.round_trips) - before


FORMS: dict[str, Callable[[Searcher, str], object]] = {
    "search": lambda searcher, query: searcher.search(query, facets=FACETS),
    "all hits": lambda searcher, query: searcher.search(query, limit=100, fold_copies=False),
    "as typed": lambda searcher, query: searcher.search(query, strict=True, per_document=1),
    "no bridge": lambda searcher, query: searcher.search(query, bridge=False, offset=7),
    "in a language": lambda searcher, query: searcher.search(query, language="ko", facets=FACETS),
    "of a date": lambda searcher, query: searcher.search(query, date="2023..2024", limit=5),
    "in a folder": lambda searcher, query: searcher.search(query, path="news", filetype="jsonl"),
    "modified": lambda searcher, query: searcher.search(query, modified="2001-09", limit=30),
    **{
        f"by {sort}": lambda searcher, query, sort=sort: searcher.search(  # type: ignore[misc]
            query, sort=sort, limit=15, offset=3, per_document=2
        )
        for sort in SORTS
    },
    "phrase": lambda searcher, query: searcher.phrase(query, facets=("language",)),
    "phrase with gaps": lambda searcher, query: searcher.phrase(query, slop=3, limit=30),
    "exact phrase": lambda searcher, query: searcher.phrase(query, exact=True, limit=50),
    "explain": lambda searcher, query: searcher.explain(query),
    "documents": lambda searcher, query: searcher.rank_documents(query),
    "concordance": lambda searcher, query: searcher.concordance(query),
    "concordance by the right": lambda searcher, query: searcher.concordance(
        query, sort="right", width=20, limit=30, offset=5
    ),
    "concordance by score": lambda searcher, query: searcher.concordance(query, sort="score"),
    "concordance by date": lambda searcher, query: searcher.concordance(query, sort="date"),
    "telling words": lambda searcher, query: searcher.telling_words(query),
    "words against words": lambda searcher, query: searcher.telling_words(query, versus="항구"),
    "trend": lambda searcher, query: searcher.trend([query, "ferry"]),
    "trend by folder": lambda searcher, query: searcher.trend([query], by="folder", date="..2023"),
    "complete": lambda searcher, query: searcher.complete(query[:30]),
}
# Every query is searched for; of the others each form has a part, not the same.
STEP = 14


def some_queries(form: str) -> list[str]:
    if form == "search":
        return [*QUERIES]
    return [*QUERIES[list(FORMS).index(form) % STEP :: STEP]]


@pytest.mark.parametrize("form", FORMS)
def test_queries_of_every_form_have_the_same_answers(both: Both, form: str) -> None:
    for query in some_queries(form):
        both.check(lambda searcher, query=query: FORMS[form](searcher, query))


@pytest.mark.parametrize("form", ["search", "exact phrase", "trend"])
def test_three_shards_answer_as_one_directory(on_three: Both, form: str) -> None:
    for query in QUERIES[::11]:
        on_three.check(lambda searcher, query=query: FORMS[form](searcher, query))


OF_PLACES: dict[str, Callable[[Searcher, Place], object]] = {
    "passages": lambda searcher, place: searcher.passages(place[0]),
    "passages at a line": lambda searcher, place: searcher.passages(place[0], line=3, around=2),
    "similar to a file": lambda searcher, place: searcher.similar(place[0], limit=5),
    "similar": lambda searcher, place: searcher.similar(
        place[0], document=place[1], ordinal=place[2]
    ),
    "document": lambda searcher, place: searcher.document(
        place[1], path=place[0], query="ferry 항구"
    ),
    "part of a document": lambda searcher, place: searcher.document(place[1], first=1, most=2),
    "file": lambda searcher, place: searcher.has_file(place[0]),
}


@pytest.mark.parametrize("form", OF_PLACES)
def test_files_and_documents_are_shown_and_compared_the_same(both: Both, form: str) -> None:
    every = sorted(both.places.values())
    for place in [*every[:: len(every) // 20], *(each for each in every if "\udce9" in each[0])]:
        both.check(lambda searcher, place=place: OF_PLACES[form](searcher, place))


@pytest.mark.parametrize("path", ["nowhere", "news/1.json", "NEWS/1.jsonl", "table.csv", "ko/1"])
def test_an_unknown_path_or_line_has_the_same_answer(both: Both, path: str) -> None:
    for line in (None, 1, 3, 1000):
        both.check(lambda searcher, line=line: searcher.passages(path, line=line))
        both.check(lambda searcher, line=line: searcher.similar(path, line=line))


def test_the_counts_of_an_index_are_the_same(both: Both) -> None:
    both.check(lambda searcher: searcher.coverage())
    both.check(lambda searcher: searcher.info())


def check_nodes(both: Both, examples: int) -> None:
    @settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        phases=[Phase.generate],  # the message has the node: to find a smaller one takes minutes
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.lists(NODES, min_size=AT_ONCE, max_size=AT_ONCE))
    def check(nodes: list[Node]) -> None:
        both.check_nodes(nodes)

    check()


def test_random_queries_match_the_same_passages(both: Both) -> None:
    check_nodes(both, EXAMPLES)


def test_random_queries_match_the_same_passages_on_three_shards(on_three: Both) -> None:
    check_nodes(on_three, ON_THREE)


@pytest.mark.parametrize("offset", [0, 9_990, 12_000, 50_000])
@pytest.mark.parametrize("sort", SORTS)
def test_a_deep_page_is_the_same(many: Both, sort: str, offset: int) -> None:
    many.check(
        lambda searcher: searcher.search("ferry", sort=sort, offset=offset, facets=("year",))
    )


def test_all_of_many_documents_are_ranked_and_counted_the_same(many: Both) -> None:
    for query in ("ferry", "-ferry", "ferry -항구", "fer* +tide", "title:항구 ferry"):
        many.check(lambda searcher, query=query: searcher.trend([query]))
        many.check(lambda searcher, query=query: searcher.search(query, facets=FACETS))
    many.check(lambda searcher: searcher.rank_documents("ferry harbour", limit=12_100))
    many.check(lambda searcher: searcher.search("ferry", per_document=1, offset=11_900))


def words(count: int) -> list[str]:
    return random.Random(count).choices(VOCABULARY, k=count)


# How the file begins that has thousands of words, and how it might be spelt.
BEGINNING = " ".join(str(later_files()["long.txt"]).split()[:60])
OTHERWISE = BEGINNING.replace("-", " ").replace("전략적동반자", "전략적 동반자").upper()
LONG = {
    "512 words": " ".join(words(512)),
    "1,500 words": " ".join(words(1500)),
    "250 words that must match": " ".join(f"+{word}" for word in words(250)),
    "phrases": " ".join(f'"{one} {two}"' for one, two in pairwise(words(300))),
    "phrases that must not match": "ferry "
    + " ".join(f'-"{one} {two}"' for one, two in pairwise(words(300))),
    "titles": " ".join(f"title:{word}" for word in words(400)),
    "patterns": " ".join(f"{word[:2]}*" for word in words(40)),
    "patterns of many terms": "*a* *o* *e* *i* *n* *s* *관* *적* *를*",
    "groups": " AND ".join(f"({one} OR {two})" for one, two in pairwise(words(200))),
    "dates": " OR ".join(f"date:{1900 + n % 120}-{1 + n % 12:02}" for n in range(400)),
    "a phrase of 60 words": f'"{BEGINNING}"',
    "a phrase of 60 words that are spelt otherwise": f'"{OTHERWISE}"',
    "a phrase of 60 words that is nowhere": f'"{" ".join(words(60))}"',
    "a phrase of 60 words with gaps": f'"{" ".join(words(60))}"~3 ferry',
    "a phrase of a long word with gaps": f'"{"가" * 400}"~3',
}


@pytest.mark.parametrize("kind", LONG)
def test_a_very_long_query_is_answered_the_same_in_few_requests(both: Both, kind: str) -> None:
    taken = requests(both, lambda _: both.check(lambda searcher: searcher.search(LONG[kind])))
    assert taken <= MOST_OF_LONG


@pytest.mark.parametrize(
    "query",
    ["ferry", "harbour storm", "항구 여객선", '"strategic partnership"', "ferry -storm lang:en"],
)
def test_a_search_takes_few_requests(both: Both, query: str) -> None:
    address = both.cluster._index.location
    with Searcher.open(address) as fresh:
        asked = Both(both.own, fresh)
        assert requests(asked, lambda searcher: searcher.search(query, facets=FACETS)) <= (
            MOST_REQUESTS
        )


def test_stop_words_that_are_searched_for_at_last_take_few_requests_more(both: Both) -> None:
    with Searcher.open(both.cluster._index.location) as fresh:
        asked = Both(both.own, fresh)
        taken = requests(asked, lambda searcher: searcher.search("qqqqq the", strict=True))
    assert taken <= 2 * MOST_REQUESTS
