"""Verification of an index on a cluster: a sound one is sound, and damage has its reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put
from opensearch_builds import ADDRESS, ANYBODY, built, change, reader
from opensearch_builds import cluster as cluster
from opensearch_fake import FakeCluster

from index.opensearch.names import Epoch
from index.opensearch.records import first_number
from index.opensearch.verify import verify_cluster

pytestmark = pytest.mark.usefixtures("plain_korean")


def test_a_sound_index_is_verified_to_its_terms(cluster: FakeCluster) -> None:
    for _ in range(2):
        change(random.Random(5))
        built()
    found = verify_cluster(ADDRESS, ANYBODY, deep=True)
    commit = reader(cluster).commit
    assert found.sound
    assert found.damage == ()
    assert (found.files, found.compared) == (len(commit.blobs), commit.passages)
    assert found.bytes == sum(blob.size for blob in commit.blobs)


def lose_a_passage(epoch: Epoch, cluster: FakeCluster) -> None:
    cluster.indexes[epoch.passages].shown.popitem()


def double_a_document(epoch: Epoch, cluster: FakeCluster) -> None:
    shown = cluster.indexes[epoch.documents].shown
    shown["again"] = dict(next(iter(shown.values())))


def move_a_passage(epoch: Epoch, cluster: FakeCluster) -> None:
    next(iter(cluster.indexes[epoch.passages].shown.values()))["ordinal"] = 5


def alter_a_term(epoch: Epoch, cluster: FakeCluster) -> None:
    next(iter(cluster.indexes[epoch.passages].shown.values()))["body"] = "the other"


def alter_a_number(epoch: Epoch, cluster: FakeCluster) -> None:
    next(iter(cluster.indexes[epoch.passages].shown.values()))["body_length"] = 7


def alter_a_file(epoch: Epoch, cluster: FakeCluster) -> None:
    documents = cluster.indexes[epoch.state].documents
    next(doc for id_, doc in documents.items() if id_ != "commit")["data"] = "AAAA"


def exchange_an_index(epoch: Epoch, cluster: FakeCluster) -> None:
    cluster.indexes[epoch.words].mappings["_meta"]["chaja"]["identity"] = "another"


def remove_an_index(epoch: Epoch, cluster: FakeCluster) -> None:
    del cluster.indexes[epoch.words]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lose_a_passage, "has 0 records, and 1 were committed"),
        (double_a_document, "the documents have 2 passages, and 1 are there"),
        (move_a_passage, "1 passages are not where their document has them"),
        (alter_a_term, "river in body does not match the stored text"),
        (alter_a_number, "body_length does not match the stored text"),
        (alter_a_file, "does not match its checksum"),
        (exchange_an_index, "is of another index"),
        (remove_an_index, "the index is missing"),
    ],
)
def test_what_is_damaged_is_named_with_the_reason(
    cluster: FakeCluster, damage: Callable[[Epoch, FakeCluster], None], reason: str
) -> None:
    put(Path(), "a.txt", "The Han is a river.")
    built()
    damage(reader(cluster).epoch, cluster)
    found = verify_cluster(ADDRESS, ANYBODY, deep=True)
    assert not found.sound
    assert any(reason in one.reason for one in found.damage)


def test_what_a_build_has_added_and_a_restart_shows_is_told_by_its_number(
    cluster: FakeCluster,
) -> None:
    put(Path(), "a.txt", "The Han is a river.")
    built()
    epoch, turn = reader(cluster).epoch, reader(cluster).commit.turn
    shown = cluster.indexes[epoch.passages].shown
    ((_, passage),) = shown.items()
    number = first_number(turn + 1)
    shown[str(number)] = passage | {"number": number, "doc": number}
    reasons = [one.reason for one in verify_cluster(ADDRESS, ANYBODY).damage]
    assert "shows 1 records of a build that did not commit" in reasons
