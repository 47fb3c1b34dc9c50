"""A folder of documents and its index on a node, as the tests of builds use them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from bridge_corpus import plain_korean as plain_korean

from index.bridge.table import Content
from index.builder.build_report import BuildReport
from index.opensearch.access import Access
from index.opensearch.build import build_in_cluster
from index.opensearch.client import Client
from index.opensearch.names import Epoch
from index.opensearch.paging import every_hit
from index.opensearch.reader import ClusterReader
from index.opensearch.stored_fields import stored_of
from index.opensearch.verify import ClusterVerification, verify_cluster

from .nodes import Cluster


class Corpus:
    """A folder of documents, which the tests run in, and its index on a node."""

    def __init__(self, cluster: Cluster, name: str, folder: Path) -> None:
        self.folder = folder
        self.address = cluster.new_address(name)
        self.client = Client(self.address)
        self.indexes = f"{self.address.name}.*"

    def build(self, **options: Any) -> BuildReport:  # noqa: ANN401 - those of build_in_cluster
        return build_in_cluster(self.address, Access(), options.pop("roots", [Path()]), **options)

    def verify(self, *, deep: bool = False) -> ClusterVerification:
        return verify_cluster(self.address, Access(), deep=deep)

    def reader(self) -> ClusterReader:
        return ClusterReader.open(self.client, self.address)

    def epoch(self) -> Epoch:
        return self.reader().epoch

    def passages(self) -> list[tuple[str, int, str]]:
        """Return path, ordinal and text of all passages that a search sees, in that order."""
        hits = every_hit(
            self.client,
            self.epoch().passages,
            {"match_all": {}},
            fields=["path", "ordinal"],
            stored=True,
        )
        return sorted(
            (
                hit["fields"]["path"][0],
                int(hit["fields"]["ordinal"][0]),
                str(stored_of(hit["_source"])["text"]),
            )
            for hit in hits
        )

    def documents(self) -> list[str]:
        """Return the paths of all documents, in their order."""
        epoch = self.epoch()
        hits = every_hit(self.client, epoch.documents, {"match_all": {}}, fields=["path"])
        return sorted(hit["fields"]["path"][0] for hit in hits)

    def words(self) -> dict[str, int]:
        """Return in how many passages each word is."""
        hits = every_hit(
            self.client,
            self.epoch().words,
            {"match_all": {}},
            fields=[],
            order="term",
            stored=True,
        )
        return {hit["_id"]: hit["_source"]["count"] for hit in hits}

    def bridge(self) -> Content:
        table = self.reader().bridge()
        assert table is not None
        with closing(table):
            return table.content()


@pytest.fixture
def corpus(cluster: Cluster, folder: Path) -> Iterator[Corpus]:
    found = Corpus(cluster, "build", folder)
    yield found
    for index in found.client.request("GET", f"/{found.indexes}/_alias"):
        found.client.request("DELETE", f"/{index}", allowed=(404,))
    found.client.close()
