"""Writers of an index on a cluster: one at a time, and each with a number of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put, put_all
from opensearch_builds import ADDRESS, Stop, built, embedded, passages, reader, stopping
from opensearch_builds import cluster as cluster
from opensearch_client import Clock
from opensearch_fake import FakeCluster

from corpus.errors import IndexLocked
from index.opensearch import transaction
from index.opensearch.commits import CommitStore
from index.opensearch.lock import WriterLock
from index.opensearch.state import ClusterCommit
from index.opensearch.transaction import Sender

pytestmark = pytest.mark.usefixtures("plain_korean")


def test_a_second_writer_is_told_who_has_the_lock(cluster: FakeCluster) -> None:
    client: Any = cluster.client(ADDRESS)
    put(Path(), "a.txt", "The Han is a river.")
    with (
        WriterLock(client, ADDRESS, wait=None),
        pytest.raises(IndexLocked, match=r"process \d+ on "),
    ):
        built()
    assert built().added == 1


def test_turns_count_the_writers(cluster: FakeCluster) -> None:
    client: Any = cluster.client(ADDRESS)
    for turn in (1, 2):
        with WriterLock(client, ADDRESS, wait=None) as lock:
            assert lock.turn == turn
            lock.check()


def test_the_last_seconds_of_a_lease_are_not_used(cluster: FakeCluster) -> None:
    client: Any = cluster.client(ADDRESS)
    clock = Clock()
    with WriterLock(client, ADDRESS, wait=None, clock=clock) as lock:
        clock.now = 44
        lock.check_known()
        clock.now = 46
        with pytest.raises(IndexLocked, match="did not reach the cluster for 45 seconds"):
            lock.check_known()
        lock.check()
        lock.check_known()


def test_a_build_that_another_has_overtaken_commits_nothing(
    cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(Path(), "a.txt", "The Han is a river.")
    built()
    before = passages(cluster)
    put(Path(), "a.txt", "The Han is long.")
    write = CommitStore.write

    def overtaken(commits: CommitStore, commit: ClusterCommit) -> ClusterCommit:
        cluster.indexes[commit.epoch.state].changes["commit"] += 1
        return write(commits, commit)

    with monkeypatch.context() as patch:
        patch.setattr(CommitStore, "write", overtaken)
        with pytest.raises(IndexLocked, match="another build has committed meanwhile"):
            built()
    assert passages(cluster) == before


@pytest.mark.parametrize("place", [(Sender, "finish"), (transaction, "delete_replaced"), None])
def test_after_its_lock_was_deleted_an_index_gets_no_number_twice(
    cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch, place: tuple[object, str] | None
) -> None:
    for text in ("The Han is a river.", "The Han is long."):
        put(Path(), "a.txt", text)
        built()
    before = reader(cluster).commit.turn
    put_all(Path(), {f"{number}.txt": f"River {number}." for number in range(3)})
    if place is not None:
        with monkeypatch.context() as patch:
            patch.setattr(*place, stopping(getattr(*place), after=True))
            with pytest.raises(Stop):
                built()
    del cluster.indexes["notes.lock"]
    put(Path(), "1.txt", "The Nile is a river.")
    built()
    assert reader(cluster).commit.turn > before
    assert passages(cluster) == embedded()
