"""A node is killed while a build writes to three: the build completes, or the next one does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put

from corpus.errors import ChajaError
from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress
from index.opensearch.build import build_in_cluster
from index.opensearch.client import Client
from index.opensearch.paging import every_hit
from index.opensearch.reader import ClusterReader
from index.opensearch.transaction import Sender
from index.opensearch.verify import verify_cluster

from .nodes import Cluster

pytestmark = pytest.mark.usefixtures("plain_korean")


@pytest.fixture
def killed_while_sending(
    three_nodes: Cluster, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Cluster]:
    """Kill the first node after the first request of a build; start it again after the test."""
    killed: list[int] = []
    send = Sender._send

    def slowly(sender: Sender, actions: list[Any]) -> None:
        send(sender, actions)
        if not killed:
            killed.append(0)
            three_nodes.kill(0)

    monkeypatch.setattr(Sender, "_send", slowly)
    yield three_nodes
    if killed:
        three_nodes.start(0)


def test_a_node_killed_during_a_build_loses_nothing_and_doubles_nothing(
    killed_while_sending: Cluster, folder: Path
) -> None:
    for number in range(60):
        text = "\n\n".join(f"River {number}, part {part}. " * 30 for part in range(30))
        put(folder, f"docs/{number}.txt", text)
    address = ClusterAddress(killed_while_sending.urls, "killed")
    copies = {"shards": 2, "replicas": 1}
    try:
        build_in_cluster(address, Access(), [Path("docs")], **copies)
    except ChajaError:
        again = build_in_cluster(address, Access(), [Path("docs")], wait=90, **copies)
    else:
        again = build_in_cluster(address, Access(), [Path("docs")], wait=90)
    assert again.documents == 60
    assert verify_cluster(address, Access()).damage == ()
    with Client(address) as client:
        reader = ClusterReader.open(client, address)
        hits = every_hit(client, reader.epoch.passages, {"match_all": {}}, fields=["path"])
        paths = [hit["fields"]["path"][0] for hit in hits]
    assert len(paths) == reader.commit.passages
    assert set(paths) == {f"docs/{number}.txt" for number in range(60)}
