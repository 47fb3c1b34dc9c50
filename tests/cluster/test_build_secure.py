"""Builds on a node with users: what the roles of docs/cluster are enough for, and what not."""

from __future__ import annotations

from pathlib import Path

import pytest
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put

from corpus.errors import ClusterRefused
from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress
from index.opensearch.build import build_in_cluster
from index.opensearch.client import Client
from index.opensearch.names import Epoch
from index.opensearch.reader import ClusterReader
from index.opensearch.verify import verify_cluster

from .secure import SecureNode

pytestmark = pytest.mark.usefixtures("plain_korean")


def access(node: SecureNode, user: str) -> Access:
    account = node.account(user)
    return Access(user=user, password=account.password, ca=node.ca)


def test_the_writer_builds_and_rebuilds_and_the_reader_only_reads(
    secure_node: SecureNode, folder: Path
) -> None:
    put(folder, "docs/a.txt", "The Han is a river.")
    address = ClusterAddress(secure_node.urls, "chaja-build")
    writer, reader = access(secure_node, "writer"), access(secure_node, "reader")
    for rebuild in (False, True, False):
        build_in_cluster(address, writer, [Path("docs")], rebuild=rebuild, always=True)
    with Client(address, reader) as client:
        assert ClusterReader.open(client, address).epoch == Epoch("chaja-build", 2)
    assert verify_cluster(address, reader, deep=True).damage == ()
    with pytest.raises(ClusterRefused) as refused:
        build_in_cluster(address, reader, [Path("docs")])
    assert "\n" not in str(refused.value)
    assert refused.value.hint
