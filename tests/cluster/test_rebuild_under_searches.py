"""Builds while others search: each answer is of one commit as a whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from bridge_corpus import plain_korean as plain_korean
from web_client import Page

from index.opensearch.access import Access

from .nodes import Cluster
from .searching import Corpus, searching

pytestmark = pytest.mark.usefixtures("plain_korean")


@pytest.fixture
def corpus(cluster: Cluster, folder: Path) -> Corpus:
    return Corpus.on(cluster, "rebuilt", folder)


@pytest.mark.parametrize(("rebuild", "searches"), [(True, 1500), (False, 150)])
def test_each_answer_is_of_one_commit_while_builds_replace_it(
    corpus: Corpus, rebuild: bool, searches: int
) -> None:
    right = []
    for version in range(2):
        corpus.write(version)
        corpus.build(rebuild=rebuild)
        right.append(corpus.answers())
    builds = 0
    with searching(corpus, right) as found:
        while found.made < searches or builds < 3:
            corpus.write(builds % 2)
            corpus.build(rebuild=rebuild)
            builds += 1
    print(f"{builds} builds, rebuild {rebuild}: {found}")
    assert found.all_right, found
    assert found.versions == {0, 1}
    assert corpus.verify().damage == ()


def test_a_searcher_shows_its_commit_until_that_is_deleted_and_then_the_newest(
    corpus: Corpus,
) -> None:
    corpus.write(0, files=2)
    corpus.build()
    with corpus.open() as searcher:
        corpus.write(1, files=2)
        corpus.build(rebuild=True)
        assert searcher.search("version").hits[0].text.endswith("version 0.")
        corpus.write(2, files=2)
        corpus.build(rebuild=True)
        assert searcher.search("version").hits[0].text.endswith("version 2.")


def test_a_server_shows_one_commit_and_then_the_next(corpus: Corpus) -> None:
    corpus.write(0, files=2)
    corpus.build()
    page = Page(corpus.address, cluster=Access())
    ended = Event()

    def versions() -> list[str]:
        """Return the version that each hit is of, for each answer until the end."""
        found: list[str] = []
        while not ended.is_set():
            texts = [hit["text"] for hit in page.get("search", q="version")["hits"]]
            found.append(" ".join(sorted({text[-2] for text in texts})))
        return found

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(versions)
        for version in range(1, 4):
            corpus.write(version, files=2)
            corpus.build(rebuild=True)
        ended.set()
    assert set(asked.result()) <= set("0123")
    assert asked.result() == sorted(asked.result())
    page.index.changed()
    assert page.get("search", q="version")["hits"][0]["text"].endswith("version 3.")
    page.index.close()
