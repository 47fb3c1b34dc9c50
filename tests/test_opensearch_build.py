"""Builds on a cluster in memory: whatever builds do and wherever they stop, the index is right."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from bridge_corpus import PAPER, translations
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put, put_all
from opensearch_client import Clock
from opensearch_fake import FakeCluster

from corpus.errors import CorpusError, IndexDamaged, IndexLocked, IndexMissing
from index.bridge.entry import Entry, Source
from index.bridge.table import Content
from index.builder.build import build
from index.builder.build_report import BuildReport
from index.directory.directory_reader import DirectoryReader, bridge_content
from index.opensearch import build as building
from index.opensearch import edit_glossary, epochs, transaction, verify
from index.opensearch import reader as reading
from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress
from index.opensearch.build import build_in_cluster
from index.opensearch.commits import CommitStore
from index.opensearch.lock import WriterLock
from index.opensearch.names import Epoch
from index.opensearch.reader import ClusterReader
from index.opensearch.records import Action, TermCounts, first_number
from index.opensearch.state import ClusterCommit
from index.opensearch.stored_fields import stored_of
from index.opensearch.transaction import Sender
from index.opensearch.verify import verify_cluster
from index.opensearch.words import WordWriter

pytestmark = pytest.mark.usefixtures("plain_korean")

ADDRESS = ClusterAddress(("http://a:9200",), "notes")
ANYBODY = Access()
USER_ENTRY = Entry("윤슬", "ripples", 1.0, Source.USER)


class Stop(Exception):  # noqa: N818 - stands for any end
    """A build ends here."""


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeCluster:
    found = FakeCluster()
    for module in (building, edit_glossary, verify):
        monkeypatch.setattr(module, "Client", found.client)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return found


def built(**options: Any) -> BuildReport:  # noqa: ANN401 - those of build_in_cluster
    return build_in_cluster(ADDRESS, ANYBODY, options.pop("roots", [Path()]), **options)


def reader(cluster: FakeCluster) -> ClusterReader:
    client: Any = cluster.client(ADDRESS)
    return ClusterReader.open(client, ADDRESS)


def passages(cluster: FakeCluster) -> list[tuple[str, int, str]]:
    index = cluster.indexes[reader(cluster).epoch.passages]
    return sorted(
        (doc["path"], doc["ordinal"], str(stored_of(doc)["text"])) for doc in index.shown.values()
    )


def embedded() -> list[tuple[str, int, str]]:
    """Return what `passages` does, of an index in a directory beside the folder."""
    directory = Path("../embedded")
    build(directory, [Path()], rebuild=True)
    with closing(DirectoryReader.open(directory).snapshot()) as snapshot:
        return sorted(
            (
                str(snapshot.stored_document(first)["path"]).removeprefix("folder/"),
                passage - first,
                str(snapshot.stored(passage)["text"]),
            )
            for first, end in pairwise(snapshot.firsts.tolist())
            for passage in range(first, end)
        )


def change(chance: random.Random) -> None:
    names = [f"{number}.txt" for number in range(6)]
    for name in chance.sample(names, 3):
        if chance.random() < 0.7:
            words = " ".join(chance.choices(("han", "nile", "rhine", "volga"), k=300))
            put(Path(), name, f"{chance.random()}\n\n{words}")
        else:
            Path(name).unlink(missing_ok=True)
    put(Path(), "kept.txt", "It stays.")


STAGES: tuple[tuple[object, str], ...] = (
    (Sender, "finish"),
    (WordWriter, "actions"),
    (CommitStore, "write_blob"),
    (CommitStore, "create"),
    (transaction, "delete_replaced"),
    (transaction.ClusterTransaction, "_put_in_force"),
    (epochs, "put_in_force"),
)


def stopping(method: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def stop(*arguments: object, **options: object) -> None:
        if after:
            method(*arguments, **options)
        raise Stop

    return stop


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


def test_blobs_of_generations_long_past_are_deleted(cluster: FakeCluster) -> None:
    for number in range(4):
        put(Path(), "a.txt", f"The river {number}.")
        built()
    commit = reader(cluster).commit
    named = {id_ for blob in (*commit.blobs, *commit.old) for id_ in blob.ids}
    assert set(cluster.indexes[commit.epoch.state].documents) == {"commit", *named}


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


def test_the_bridge_is_that_of_an_index_in_a_directory(cluster: FakeCluster) -> None:
    put_all(Path(), translations(range(12)))
    put_all(Path(), {"gloss.txt": "꿀벌(honeybee)은 곤충이다.", "paper.txt": PAPER})
    for added in ((), range(12, 16)):
        put_all(Path(), translations(added))
        with pytest.MonkeyPatch.context() as patch:
            if added:  # what was read before is read from the cluster
                patch.setattr("index.opensearch.source._PATHS", 3)
            built()
        embedded()
        expected = entries(bridge_content(DirectoryReader.open(Path("../embedded"))))
        table = reader(cluster).bridge()
        assert table is not None
        with closing(table):
            assert entries(table.content()) == expected


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
        table = reader(cluster).bridge()
        assert table is not None
        with closing(table):
            found = entries(table.content())
        expected = entries(bridge_content(DirectoryReader.open(Path("../embedded"))))
        assert found == sorted([*expected, USER_ENTRY])
    assert reader(cluster).commit.generation == 4


def entries(content: Content) -> list[tuple[str, str, float, Source]]:
    return sorted((e.korean, e.english, round(e.weight, 6), e.source) for e in content.entries)


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
