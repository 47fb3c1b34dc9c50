"""Nodes are killed while others search and build: nothing fails, is lost, or is there twice."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from bridge_corpus import plain_korean as plain_korean
from web_client import Page

from index.opensearch import epochs
from index.opensearch.access import Access
from index.opensearch.client import Client
from index.opensearch.mapping import Copies
from index.opensearch.names import Epoch
from index.opensearch.transaction import Sender

from .nodes import Cluster
from .searching import Corpus, becomes, searching

pytestmark = pytest.mark.usefixtures("plain_korean")
SEARCHES = 300


@pytest.fixture
def corpus(three_nodes: Cluster, folder: Path) -> Corpus:
    return Corpus.on(three_nodes, "lost", folder)


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


def test_new_indexes_have_their_replicas_before_anything_is_written(corpus: Corpus) -> None:
    epoch = Epoch(corpus.address.name, 1)
    with Client(corpus.address) as client:
        epochs.make(client, epoch, Copies(3, 1), fingerprint="", identity="")
        shards = client.request("GET", f"/{','.join(epoch.indexes)}/_stats/docs")["_shards"]
    assert shards["successful"] == shards["total"] == 16


def test_no_search_fails_while_a_node_is_killed_and_comes_back(
    corpus: Corpus, three_nodes: Cluster
) -> None:
    corpus.write(0)
    corpus.build(replicas=1)
    wait_until_green(corpus)
    killed = node_of_primary(corpus)
    page = Page(corpus.address, cluster=Access())
    shown = page.get("search", q="river")["hits"]

    def is_answered(searches: int) -> bool:
        """Return whether there were so many searches; a server is asked as well."""
        assert page.get("search", q="river")["hits"] == shown
        return found.made >= searches

    with searching(corpus, [corpus.answers()], pause=0.05) as found:
        assert becomes(lambda: is_answered(SEARCHES // 4))
        three_nodes.kill(killed)
        assert becomes(lambda: is_answered(SEARCHES))
        three_nodes.start(killed)
        wait_until_green(corpus)
        assert is_answered(SEARCHES)
    page.index.close()
    print(f"node lost: {found}")
    assert found.all_right, found


def test_the_manager_killed_while_a_build_writes_costs_neither_a_search_nor_a_document(
    corpus: Corpus, three_nodes: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = []
    corpus.write(1)
    corpus.build(replicas=1)
    right.append(corpus.answers())
    corpus.write(0)
    corpus.build()
    right.append(corpus.answers())
    wait_until_green(corpus)
    killed = manager(corpus)
    waiting = [killed]
    send = Sender._send

    def and_kill(sender: Sender, actions: list[Any]) -> None:
        send(sender, actions)
        with suppress(IndexError):
            three_nodes.kill(waiting.pop())

    monkeypatch.setattr(Sender, "_send", and_kill)
    with searching(corpus, right, pause=0.05) as found:
        corpus.write(1)
        report = corpus.build()
        assert becomes(lambda: found.made >= SEARCHES)
        three_nodes.start(killed)
        wait_until_green(corpus)
    print(f"node lost in a build: {found}")
    assert not waiting
    assert (report.documents, report.updated) == (60, 60)
    assert found.all_right, found
    assert found.versions == {0, 1}
    assert corpus.answers() == right[0]
    assert corpus.verify().damage == ()
