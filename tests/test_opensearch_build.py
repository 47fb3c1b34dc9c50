"""Builds on a cluster in memory: the words, the bridge and the files that they leave."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bridge_corpus import PAPER, translations
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put, put_all
from opensearch_builds import (
    ADDRESS,
    ANYBODY,
    USER_ENTRY,
    bridge,
    built,
    embedded,
    embedded_bridge,
    passages,
    reader,
)
from opensearch_builds import cluster as cluster
from opensearch_fake import FakeCluster

from corpus.errors import CorpusError, IndexDamaged, IndexMissing
from index.opensearch import edit_glossary, transaction
from index.opensearch import reader as reading
from index.opensearch.reader import ClusterReader
from index.opensearch.records import Action, TermCounts
from index.opensearch.words import WordWriter

pytestmark = pytest.mark.usefixtures("plain_korean")


@pytest.mark.parametrize("option", ["shards", "replicas"])
def test_an_index_is_divided_when_it_is_made_and_not_later(
    cluster: FakeCluster, option: str
) -> None:
    put(Path(), "a.txt", "The Han is a river.")
    built(**{option: 1})
    with pytest.raises(CorpusError, match="are for a new index") as refused:
        built(**{option: 1})
    assert "--rebuild" in refused.value.hint
    assert built(rebuild=True, **{option: 1}).added == 1


def test_words_count_the_passages_that_were_added(cluster: FakeCluster) -> None:
    put(Path(), "zebra.txt", "The Han is a river.")
    built()
    put(Path(), "b.txt", "The Nile is a river. 강")
    built()
    words = cluster.indexes[reader(cluster).epoch.words].shown
    assert words["river"] == {
        "term": "river",
        "script": 2,
        "keys": "river",
        "count": 2,
        "in_body": True,
        "in_title": False,
        "turn": 2,
        "before": 1,
    }
    assert not words["zebra"]["in_body"]
    assert words["강"]["keys"] == "rkd"


def test_counts_of_terms_that_are_sent_before_the_end_add_up(
    cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[dict[str, int]] = []
    sent: list[int] = []
    actions = WordWriter.actions

    def counting(words: WordWriter, counts: TermCounts) -> Iterator[Action]:
        sent.append(len(counts.counts))
        return actions(words, counts)

    monkeypatch.setattr(WordWriter, "actions", counting)
    monkeypatch.setattr("index.builder.batch_reader._BATCH_FILES", 1)
    for most in (1_000_000, 3):
        monkeypatch.setattr(transaction, "_MOST_TERMS", most)
        monkeypatch.setattr(transaction.ClusterTransaction, "share", 1e-9)
        for part in range(2):
            texts = {f"{n}.txt": f"The river {n} of {part}." for n in range(part, part + 5)}
            put_all(Path(), texts)
            built(rebuild=not part)
        words = cluster.indexes[reader(cluster).epoch.words].shown
        counted.append({name: word["count"] for name, word in words.items()})
        for path in Path().iterdir():
            path.unlink()
    assert counted[0] == counted[1]
    assert len(list(filter(None, sent))) > 4


def test_the_bridge_is_that_of_an_index_in_a_directory(cluster: FakeCluster) -> None:
    put_all(Path(), translations(range(12)))
    put_all(Path(), {"gloss.txt": "꿀벌(honeybee)은 곤충이다.", "paper.txt": PAPER})
    for added in ((), range(12, 16)):
        put_all(Path(), translations(added))
        with pytest.MonkeyPatch.context() as patch:
            if added:  # what was read before is read from the cluster
                patch.setattr("index.opensearch.source._PATHS", 3)
            built()
        assert bridge(cluster) == embedded_bridge()


def test_user_entries_are_added_struck_out_and_kept(cluster: FakeCluster) -> None:
    put(Path(), "a.txt", "The Han is a river.")
    with pytest.raises(IndexMissing):
        edit_glossary.add_entries(ADDRESS, ANYBODY, [])
    assert not cluster.indexes
    built()
    entry = USER_ENTRY
    assert edit_glossary.new_entries(ADDRESS, ANYBODY, [entry]) == [entry]
    edit_glossary.add_entries(ADDRESS, ANYBODY, [entry])
    built(rebuild=True)
    assert edit_glossary.entries_of(ADDRESS, ANYBODY, "윤슬") == [entry]
    assert edit_glossary.strike_pair(ADDRESS, ANYBODY, "윤슬", "ripples")[0] == [entry]
    with pytest.raises(CorpusError, match="no such pair"):
        edit_glossary.entries_of_pair(ADDRESS, ANYBODY, "윤슬", "river")


def test_a_rebuild_takes_the_place_of_a_damaged_index_and_says_what_is_lost(
    cluster: FakeCluster,
) -> None:
    put(Path(), "a.txt", "The Han is a river.")
    built()
    commit = reader(cluster).commit
    cluster.indexes[commit.epoch.state].documents.pop(commit.blobs[0].ids[0])
    put(Path(), "b.txt", "The Nile is a river.")
    with pytest.raises(IndexDamaged, match="is missing"):
        built()
    report = built(rebuild=True)
    assert "the new index begins with nothing of it" in report.notes[0]
    assert passages(cluster) == embedded()
    assert reader(cluster).epoch == commit.epoch.next


def test_blobs_of_generations_long_past_are_deleted(cluster: FakeCluster) -> None:
    for number in range(4):
        put(Path(), "a.txt", f"The river {number}.")
        built()
    commit = reader(cluster).commit
    named = {id_ for blob in (*commit.blobs, *commit.old) for id_ in blob.ids}
    assert set(cluster.indexes[commit.epoch.state].documents) == {"commit", *named}


def test_of_two_readers_that_fetch_the_same_files_neither_takes_those_of_the_other(
    cluster: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(Path(), translations(range(12)))
    built()
    put_in_place = reading._put_in_place
    others: list[ClusterReader] = []

    def second(*arguments: Any) -> None:  # noqa: ANN401 - those of _put_in_place
        monkeypatch.setattr(reading, "_put_in_place", put_in_place)
        others.append(reader(cluster))
        inode = others[0].directory.stat().st_ino
        put_in_place(*arguments)
        assert others[0].directory.stat().st_ino == inode

    monkeypatch.setattr(reading, "_put_in_place", second)
    first = reader(cluster)
    assert first.directory == others[0].directory
    assert [path.name for path in first.directory.parent.iterdir()] == ["1"]


def test_files_of_indexes_that_were_not_opened_for_a_month_are_removed(
    cluster: FakeCluster, tmp_path: Path
) -> None:
    put(Path(), "a.txt", "The Han is a river.")
    folders = []
    for _ in range(3):
        built(rebuild=True)
        folders.append(reader(cluster).directory.parent)
    month_ago = time.time() - 31 * 24 * 3600
    other = tmp_path / "cache" / "chaja" / "notes of the user"
    other.mkdir()
    for folder in (folders[0], folders[2], other):
        os.utime(folder, (month_ago, month_ago))
    reader(cluster)  # of the last, whose time is now again
    assert set(other.parent.iterdir()) == {*folders, other}
    built(rebuild=True)
    assert set(other.parent.iterdir()) == {*folders, other}
    now = reader(cluster).directory.parent
    assert set(other.parent.iterdir()) == {*folders[1:], now, other}
