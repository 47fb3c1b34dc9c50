"""Nodes that are killed while others search and build: nothing fails, is lost, or is there twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bridge_corpus import plain_korean as plain_korean

from index.builder.build_report import Progress
from index.opensearch.client import Client

from .nodes import Cluster
from .searching import Corpus, becomes, searching

pytestmark = pytest.mark.usefixtures("plain_korean")
SEARCHES = 300


@pytest.fixture
def corpus(three_nodes: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Corpus.on(three_nodes, f"lost-{abs(hash(tmp_path)) % 10**9}", folder)


def wait_until_green(corpus: Corpus) -> None:
    """Wait until all replicas are there."""
    asked = f"/_cluster/health/{corpus.address.name}.*"
    with Client(corpus.address) as client:
        assert becomes(lambda: client.request("GET", asked)["status"] == "green")


def node_of_primary(corpus: Corpus) -> int:
    """Return the number of the node that has the primary shard of the passages."""
    with Client(corpus.address) as client:
        shards = client.request(
            "GET", f"/_cat/shards/{corpus.address.name}", parameters={"format": "json"}
        )
    own = {(each["index"].split(".")[1], each["prirep"]): each["node"] for each in shards}
    return int(own["passages", "p"].removeprefix("node-"))


def manager(corpus: Corpus) -> int:
    """Return the number of the node that manages the cluster."""
    with Client(corpus.address) as client:
        (found,) = client.request("GET", "/_cat/cluster_manager", parameters={"format": "json"})
    return int(found["node"].removeprefix("node-"))


def test_no_search_fails_while_nodes_are_killed_and_come_back(
    corpus: Corpus, three_nodes: Cluster
) -> None:
    corpus.write(0)
    corpus.build(replicas=1)
    wait_until_green(corpus)
    with searching(corpus, [corpus.answers()]) as found:
        for victim in (node_of_primary, manager):
            before = found.made
            killed = victim(corpus)
            three_nodes.kill(killed)
            assert becomes(lambda before=before: found.made >= before + SEARCHES // 2)
            three_nodes.start(killed)
            wait_until_green(corpus)
    print(f"nodes lost: {found}")
    assert found.all_right, found
    assert found.made >= SEARCHES


def test_after_a_node_and_the_commit_are_lost_searches_are_of_the_next_commit(
    corpus: Corpus, three_nodes: Cluster
) -> None:
    right = []
    for version in range(2):
        corpus.write(version)
        corpus.build(replicas=1)
        right.append(corpus.answers())
    corpus.write(0)
    corpus.build()
    wait_until_green(corpus)
    with searching(corpus, right) as found:
        assert becomes(lambda: found.made >= 20)
        corpus.write(1)
        corpus.build()
        killed = node_of_primary(corpus)
        three_nodes.kill(killed)
        before = found.made
        assert becomes(lambda: found.made >= before + 100)
    three_nodes.start(killed)
    print(f"node and commit lost: {found}")
    assert found.all_right, found
    assert found.versions == {0, 1}


def test_a_build_completes_although_a_node_is_killed_in_its_midst(
    corpus: Corpus, three_nodes: Cluster
) -> None:
    corpus.write(0, files=400)
    killed = []

    def kill(progress: Progress) -> None:
        if progress.done > 100 and not killed:
            killed.append(1)
            three_nodes.kill(1)

    report = corpus.build(replicas=1, progress=kill)
    assert killed
    three_nodes.start(1)
    wait_until_green(corpus)
    assert (report.documents, report.problems) == (400, ())
    assert corpus.verify().damage == ()
