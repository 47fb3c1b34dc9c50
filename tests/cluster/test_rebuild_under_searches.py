"""Builds while others search: each answer is of one commit as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from bridge_corpus import plain_korean as plain_korean

from index.opensearch.client import Client
from index.opensearch.epochs import epochs

from .nodes import Cluster
from .searching import Corpus, searching

pytestmark = pytest.mark.usefixtures("plain_korean")


@pytest.fixture
def corpus(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Corpus.on(cluster, f"rebuilt-{abs(hash(tmp_path)) % 10**9}", folder)


@pytest.mark.parametrize(("rebuild", "searches"), [(True, 1500), (False, 400)])
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


def test_the_epoch_before_is_there_until_the_next_build(corpus: Corpus) -> None:
    def numbers() -> list[int]:
        with Client(corpus.address) as client:
            return [epoch.number for epoch in epochs(client, corpus.address.name)]

    corpus.write(0, files=2)
    corpus.build()
    with corpus.open() as searcher:
        built = searcher.built
        before = corpus.answers()
        corpus.write(1, files=2)
        corpus.build(rebuild=True)
        assert numbers() == [1, 2]
        assert {query: answer for query, answer in before.items()} != corpus.answers()
        assert searcher.built == built
        assert searcher.search("version").hits[0].text.endswith("version 0.")
        corpus.build()
        assert numbers() == [2]
        assert searcher.search("version").hits[0].text.endswith("version 1.")
        assert searcher.built != built or True
