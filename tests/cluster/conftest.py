"""Nodes of OpenSearch that the tests here share, each kind started once a session.

These tests run where CHAJA_CLUSTER is set, as `make test-cluster` does, and are skipped elsewhere.
What they need and is missing is an error where it is "required", and skips them otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .distribution import PLAIN
from .java import missing
from .nodes import Cluster
from .secure import SecureNode

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is here, loudly, if there are no nodes to be had."""
    asked = os.environ.get("CHAJA_CLUSTER", "")
    here = [item for item in items if HERE in item.path.parents]
    reason = missing(PLAIN) if asked else "CHAJA_CLUSTER is not set"
    if not here or not reason:
        return
    if asked == "required":
        raise pytest.UsageError(f"the cluster cannot be tested: {reason}")
    told = f"the cluster: NOTHING is tested on OpenSearch ({reason}); make test-cluster"
    for item in here:
        item.add_marker(pytest.mark.skip(reason=told))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to an empty folder, with the cache of the user beside it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = tmp_path / "folder"
    found.mkdir()
    monkeypatch.chdir(found)
    return found


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One node. Its indexes are shared by all tests, so each names its own."""
    with Cluster(nodes=1) as started:
        yield started


@pytest.fixture(scope="session")
def three_nodes() -> Iterator[Cluster]:
    """Three nodes. A test that kills one starts it again."""
    with Cluster(nodes=3) as started:
        yield started


@pytest.fixture(scope="session")
def secure_node() -> Iterator[SecureNode]:
    """A node with TLS and the users of docs/cluster."""
    with SecureNode() as started:
        yield started
