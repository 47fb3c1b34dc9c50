"""Builds on a cluster in memory that stop anywhere: the next one makes the index right."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, cast

import pytest
from bridge_corpus import plain_korean as plain_korean
from bridge_corpus import translations
from index_corpus import put, put_all
from opensearch_builds import (
    ADDRESS,
    ANYBODY,
    USER_ENTRY,
    Stop,
    bridge,
    built,
    change,
    embedded,
    embedded_bridge,
    passages,
    reader,
    stopping,
)
from opensearch_builds import cluster as cluster
from opensearch_fake import FakeCluster

from corpus.errors import IndexDamaged, IndexMissing
from index.opensearch import edit_glossary, epochs, transaction
from index.opensearch.commits import CommitStore
from index.opensearch.names import Epoch
from index.opensearch.transaction import Sender
from index.opensearch.words import WordWriter

pytestmark = pytest.mark.usefixtures("plain_korean")

STAGES: tuple[tuple[object, str], ...] = (
    (Sender, "finish"),
    (WordWriter, "actions"),
    (CommitStore, "write_blob"),
    (CommitStore, "create"),
    (transaction, "delete_replaced"),
    (transaction.ClusterTransaction, "_put_in_force"),
    (epochs, "put_in_force"),
)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_builds_that_stopped_anywhere_the_next_one_is_as_a_first(
    cluster: FakeCluster, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(4):
        change(chance)
        place, name = chance.choice(STAGES)
        with pytest.MonkeyPatch.context() as patch:
            method = stopping(getattr(place, name), after=chance.random() < 0.5)
            patch.setattr(place, name, method)
            try:
                built(rebuild=chance.random() < 0.3)
            except Stop:
                change(chance)
        report = built()
        expected = embedded()
        assert passages(cluster) == expected
        commit = reader(cluster).commit
        assert commit.pending is None
        assert commit.passages == report.passages == len(expected)
        documents = cluster.indexes[commit.epoch.documents].shown.values()
        assert sorted(doc["path"] for doc in documents) == sorted({row[0] for row in expected})
        assert set(reader(cluster).catalogue().files) == {row[0] for row in expected}


def test_a_first_build_that_stops_leaves_no_index(
    cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(Path(), "a.txt", "The Han is a river.")
    with monkeypatch.context() as patch:
        patch.setattr(CommitStore, "create", stopping(CommitStore.create, after=False))
        with pytest.raises(Stop):
            built()
    assert set(cluster.indexes) == {"notes.lock"}
    with pytest.raises(IndexMissing):
        reader(cluster)


def test_a_rebuild_whose_alias_was_moved_is_kept_though_the_answer_was_lost(
    cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(Path(), "a.txt", "The Han is a river.")
    built()
    before = reader(cluster).epoch
    with monkeypatch.context() as patch:
        patch.setattr(epochs, "put_in_force", stopping(epochs.put_in_force, after=True))
        with pytest.raises(Stop):
            built(rebuild=True)
    assert reader(cluster).epoch == before.next
    built()
    assert passages(cluster) == embedded()


@pytest.fixture
def without_alias(cluster: FakeCluster) -> Epoch:
    """Build an index with a user entry, and remove its alias."""
    put(Path(), "a.txt", "The Han is a river.")
    built()
    edit_glossary.add_entries(ADDRESS, ANYBODY, [USER_ENTRY])
    epoch = reader(cluster).epoch
    for name in epoch.indexes:
        cluster.indexes[name].aliases.clear()
    return epoch


def test_an_index_without_its_alias_is_kept_and_the_build_says_how_to_put_it_back(
    cluster: FakeCluster, without_alias: Epoch
) -> None:
    with pytest.raises(IndexDamaged, match="without its alias") as refused:
        built()
    _, method, rest = refused.value.hint.partition("POST /_aliases ")
    actions, _ = json.JSONDecoder().raw_decode(rest)
    assert method
    (action,) = actions["actions"]
    assert action == {"add": {"indices": list(without_alias.indexes), "alias": "notes"}}
    for name in without_alias.indexes:
        cluster.indexes[name].aliases.add("notes")
    assert built().unchanged == 1


def test_a_rebuild_replaces_an_index_without_its_alias_and_keeps_what_users_added(
    cluster: FakeCluster, without_alias: Epoch
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CommitStore, "create", stopping(CommitStore.create, after=False))
        with pytest.raises(Stop):
            built(rebuild=True)
    assert set(without_alias.indexes) <= set(cluster.indexes)
    built(rebuild=True)
    assert reader(cluster).epoch == without_alias.next
    assert edit_glossary.entries_of(ADDRESS, ANYBODY, "윤슬") == [USER_ENTRY]
    built()
    assert epochs.all_epochs(cast(Any, cluster.client(ADDRESS)), "notes") == [without_alias.next]


def test_indexes_without_a_commit_are_those_of_a_dead_build_and_deleted(
    cluster: FakeCluster, without_alias: Epoch
) -> None:
    del cluster.indexes[without_alias.state].documents["commit"]
    assert built().added == 1
    assert reader(cluster).epoch.number == 1


@pytest.mark.parametrize(
    "place", [(Sender, "finish"), (CommitStore, "write"), (transaction, "delete_replaced")]
)
def test_words_of_a_build_that_stopped_are_counted_once(
    cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch, place: tuple[object, str]
) -> None:
    monkeypatch.setattr(transaction, "_MOST_TERMS", 3)
    put(Path(), "a.txt", "The Han is a river.")
    built()
    put_all(Path(), {"b.txt": "The Nile is a river.", "c.txt": "The Rhine is a river."})
    with monkeypatch.context() as patch:
        patch.setattr(*place, stopping(getattr(*place), after=place[1] == "finish"))
        with pytest.raises(Stop):
            built()
    put(Path(), "c.txt", "Quiet.")
    completes = place == (transaction, "delete_replaced")
    for _ in range(2):
        built()
        words = cluster.indexes[reader(cluster).epoch.words].shown
        assert words["river"]["count"] == (3 if completes else 2)
        assert words["han"]["count"] == words["nile"]["count"] == 1
        assert ("rhine" in words) == completes


def test_the_bridge_learns_from_a_dead_build_though_others_came_between(
    cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(Path(), "a.txt", "The Han is a river.")
    built()
    put_all(Path(), translations(range(12)))
    with monkeypatch.context() as patch:
        patch.setattr(transaction.ClusterTransaction, "_put_in_force", stopping(built, after=False))
        with pytest.raises(Stop):
            built()
    edit_glossary.add_entries(ADDRESS, ANYBODY, [USER_ENTRY])
    assert reader(cluster).commit.passages == len(embedded())
    for _ in range(2):
        built()
        assert bridge(cluster) == sorted([*embedded_bridge(), USER_ENTRY])
    assert reader(cluster).commit.generation == 4
