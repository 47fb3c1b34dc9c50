"""Builds on a node: what is added, replaced and removed, and what is left of a build that stops."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from bridge_corpus import plain_korean as plain_korean
from bridge_corpus import translations
from index_corpus import put, put_all

from corpus.errors import ClusterError, CorpusError, IndexDamaged, IndexLocked, IndexMissing
from index.bridge.entry import Entry, Source
from index.bridge.table import Content
from index.builder.build import build
from index.builder.build_report import BuildReport
from index.builder.given_documents import SourceDocument
from index.directory.directory_reader import DirectoryReader, bridge_content
from index.opensearch import edit_glossary, epochs, transaction
from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress
from index.opensearch.build import build_in_cluster
from index.opensearch.client import Client
from index.opensearch.commits import CommitStore
from index.opensearch.lock import WriterLock
from index.opensearch.names import Epoch
from index.opensearch.paging import every_hit, every_term
from index.opensearch.reader import ClusterReader
from index.opensearch.records import first_number
from index.opensearch.stored_fields import stored_of
from index.opensearch.transaction import Sender
from index.opensearch.verify import verify_cluster
from index.opensearch.words import WordWriter
from index.whoosh.writer import IndexWriter

from .nodes import Cluster

pytestmark = pytest.mark.usefixtures("plain_korean")


class Corpus:
    """A folder of documents, and its index on a node."""

    def __init__(self, cluster: Cluster, folder: Path, name: str) -> None:
        self.cluster = cluster
        self.folder = folder
        self.address = ClusterAddress(cluster.urls, name)
        self.client = Client(self.address)
        self.indexes = f"{name}.*"

    def build(self, **options: Any) -> BuildReport:  # noqa: ANN401 - those of build_in_cluster
        return build_in_cluster(self.address, Access(), options.pop("roots", [Path()]), **options)

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

    def bridge(self) -> Content:
        table = self.reader().bridge()
        assert table is not None
        with closing(table):
            return table.content()


@pytest.fixture
def corpus(
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Corpus]:
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    name = f"build-{abs(hash(request.node.name)) % 10**9}"
    found = Corpus(cluster, folder, name)
    yield found
    for index in found.client.request("GET", f"/{found.indexes}/_alias"):
        found.client.request("DELETE", f"/{index}", allowed=(404,))
    found.client.close()


def embedded(folder: Path) -> list[tuple[str, int, str]]:
    """Return what `Corpus.passages` does, of an index in a directory beside the folder."""
    directory = folder.parent / "embedded"
    build(directory, [folder], rebuild=True)
    with closing(DirectoryReader.open(directory).snapshot()) as snapshot:
        firsts = snapshot.firsts.tolist()
        return sorted(
            (
                str(snapshot.stored_document(first)["path"]).removeprefix("folder/"),
                passage - first,
                str(snapshot.stored(passage)["text"]),
            )
            for first, end in pairwise(firsts)
            for passage in range(first, end)
        )


def test_a_first_build_fills_all_indexes_and_puts_the_alias_on_them(corpus: Corpus) -> None:
    put_all(
        corpus.folder, {"a.txt": "The Han is a river.", "sub/b.md": "# Title\n\n한강은 강이다."}
    )
    report = corpus.build()
    assert (report.added, report.documents, report.passages) == (2, 2, 2)
    reader = corpus.reader()
    assert (reader.commit.generation, reader.commit.documents, reader.commit.passages) == (1, 2, 2)
    assert set(reader.catalogue().files) == {"a.txt", "sub/b.md"}
    assert reader.has_file("a.txt")
    assert not reader.has_file("b.md")
    assert corpus.passages() == embedded(corpus.folder)
    aliased = corpus.client.request("GET", f"/_alias/{corpus.address.name}")
    assert set(aliased) == set(reader.epoch.indexes)
    mapping = corpus.client.request("GET", f"/{reader.epoch.passages}/_mapping")
    meta = mapping[reader.epoch.passages]["mappings"]["_meta"]["chaja"]
    assert meta["analyzer"] == reader.about.analyzer_fingerprint
    words = dict(every_term(corpus.client, reader.epoch.words, "term"))
    assert {"river", "한강은", "sub"} - words.keys() == {"sub"}


def test_later_builds_bring_the_index_to_what_a_new_one_would_have(corpus: Corpus) -> None:
    chance = random.Random(3)
    names = [f"{number}.txt" for number in range(8)]
    for round_ in range(3):
        for name in chance.sample(names, 4):
            text = "\n\n".join(f"Page {name} of round {round_}, part {n}. " * 40 for n in range(3))
            put(corpus.folder, name, text)
        for name in chance.sample(names, 2):
            with suppress(FileNotFoundError):
                (corpus.folder / name).unlink()
        report = corpus.build()
        expected = embedded(corpus.folder)
        assert corpus.passages() == expected
        assert corpus.documents() == sorted({path for path, _, _ in expected})
        assert (report.documents, report.passages) == (len(corpus.documents()), len(expected))
    assert verify_cluster(corpus.address, Access(), deep=True).damage == ()


def test_a_build_without_changes_commits_nothing_and_counts_what_there_is(corpus: Corpus) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    corpus.build()
    generation = corpus.reader().commit.generation
    report = corpus.build()
    assert (report.unchanged, report.documents, report.passages) == (1, 1, 1)
    assert corpus.reader().commit.generation == generation
    assert corpus.build(always=True).documents == 1
    assert corpus.reader().commit.generation == generation + 1


def test_numbers_of_later_passages_are_higher(corpus: Corpus) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    corpus.build()
    put(corpus.folder, "a.txt", "The Han is a long river.")
    corpus.build()
    hits = list(
        every_hit(corpus.client, corpus.epoch().passages, {"match_all": {}}, fields=["number"])
    )
    turn = corpus.reader().commit.turn
    assert [hit["fields"]["number"] for hit in hits] == [[first_number(turn)]]


def test_a_rebuild_makes_new_indexes_and_the_next_build_deletes_the_old_ones(
    corpus: Corpus,
) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    corpus.build()
    before = corpus.reader()
    put(corpus.folder, "a.txt", "The Nile is a river.")
    corpus.build(rebuild=True, roots=[])
    after = corpus.reader()
    assert after.epoch == before.epoch.next
    assert after.commit.identity != before.commit.identity
    assert corpus.passages() == [("a.txt", 0, "The Nile is a river.")]
    assert epochs.all_epochs(corpus.client, corpus.address.name) == [before.epoch, after.epoch]
    corpus.build()
    assert epochs.all_epochs(corpus.client, corpus.address.name) == [after.epoch]


def test_a_second_builder_is_refused_with_the_name_of_the_first(corpus: Corpus) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    with (
        WriterLock(corpus.client, corpus.address, wait=None),
        pytest.raises(IndexLocked, match=r"process \d+ on \S+ \(since 20") as refused,
    ):
        corpus.build()
    assert "--wait" in refused.value.hint


def test_a_second_builder_waits_for_the_first_if_it_is_told_to(corpus: Corpus) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    lock = WriterLock(corpus.client, corpus.address, wait=None)
    lock.__enter__()
    timer = Timer(1, lock.__exit__)
    timer.start()
    assert corpus.build(wait=30).added == 1
    timer.join()


def test_the_lease_of_a_dead_builder_ends(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    monkeypatch.setattr("index.opensearch.lock._LEASE_SECONDS", 1.0)
    dead = WriterLock(corpus.client, corpus.address, wait=None)
    monkeypatch.setattr(dead, "_keep", lambda: None)
    dead.__enter__()
    monkeypatch.undo()
    monkeypatch.chdir(corpus.folder)
    assert build_plain(corpus, wait=20).added == 1
    with pytest.raises(IndexLocked, match="lost its lock"):
        dead.check()


def build_plain(corpus: Corpus, **options: Any) -> BuildReport:  # noqa: ANN401 - of a build
    """Build with what `plain_korean` sets, which a test has undone."""
    with pytest.MonkeyPatch.context() as patch:
        from index_corpus import PlainKorean

        patch.setattr("index.analyzers.Korean", PlainKorean)
        patch.setattr("index.ingest.writable_analyzer.KoreanProcess", PlainKorean)
        return corpus.build(**options)


def test_a_builder_that_lost_its_lock_commits_nothing(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    corpus.build()
    before = corpus.reader().commit
    put(corpus.folder, "b.txt", "The Nile is a river.")
    finish = Sender.finish

    def stolen(sender: Sender) -> None:
        finish(sender)
        path = f"/{corpus.address.name}.lock/_update/writer"
        corpus.client.request("POST", path, {"doc": {"token": "another"}})

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "finish", stolen)
        with pytest.raises(IndexLocked, match="lost its lock"):
            corpus.build()
    assert corpus.reader().commit == before
    corpus.client.request(
        "POST", f"/{corpus.address.name}.lock/_update/writer", {"doc": {"until": 0}}
    )
    corpus.build()
    assert corpus.passages() == embedded(corpus.folder)


class Stop(Exception):  # noqa: N818 - stands for any end
    """A build ends here."""


def stopping(error: BaseException) -> Callable[..., Any]:
    def stop(*_: object, **__: object) -> None:
        raise error

    return stop


def stopped_after(method: Callable[..., Any]) -> Callable[..., Any]:
    def stop(*arguments: object, **options: object) -> None:
        method(*arguments, **options)
        raise Stop

    return stop


@pytest.mark.parametrize(
    ("stage", "error"),
    [
        ("sending", Stop()),
        ("words", Stop()),
        ("blobs", KeyboardInterrupt()),
        ("deleting", Stop()),
        ("deleted", Stop()),
        ("learning", KeyboardInterrupt()),
    ],
)
def test_after_a_build_that_stopped_nothing_is_twice_and_nothing_lost(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, stage: str, error: BaseException
) -> None:
    put_all(corpus.folder, {"a.txt": "The Han.", "b.txt": "The Nile.", "c.txt": "The Rhine."})
    corpus.build(documents=[SourceDocument(id="mail/1", text="A letter of the Danube.")])
    put_all(corpus.folder, {"a.txt": "The Han is long.", "d.txt": "The Amazon."})
    (corpus.folder / "b.txt").unlink()
    before, shown = corpus.reader().commit, corpus.passages()
    with monkeypatch.context() as patch:
        if stage == "sending":
            patch.setattr(Sender, "finish", stopping(error))
        elif stage == "words":
            patch.setattr(WordWriter, "actions", stopping(error))
        elif stage == "blobs":
            patch.setattr(CommitStore, "write_blob", stopping(error))
        elif stage == "deleting":
            patch.setattr(transaction, "delete_replaced", stopping(error))
        elif stage == "deleted":
            deleted = transaction.delete_replaced
            patch.setattr(transaction, "delete_replaced", stopped_after(deleted))
        else:
            patch.setattr(transaction.ClusterTransaction, "_put_in_force", stopping(error))
        with pytest.raises(type(error)):
            corpus.build(documents=[SourceDocument(id="mail/1", text="A letter of the Volga.")])
    if stage not in ("deleted", "learning"):  # there, what is new is shown already
        assert corpus.passages() == shown
    assert corpus.reader().commit.generation == before.generation
    completes = stage in ("deleting", "deleted", "learning")
    corpus.build()
    letter = "A letter of the Volga." if completes else "A letter of the Danube."
    assert corpus.passages() == sorted([*embedded(corpus.folder), ("mail/1", 0, letter)])
    assert set(corpus.reader().catalogue().files) == {"a.txt", "c.txt", "d.txt"}
    assert verify_cluster(corpus.address, Access()).damage == ()


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_build_of_new_indexes_that_stops_leaves_none_of_them(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, rebuild: bool
) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    if rebuild:
        corpus.build()
    before = epochs.all_epochs(corpus.client, corpus.address.name)
    with monkeypatch.context() as patch:
        patch.setattr(CommitStore, "create", stopping(Stop()))
        with pytest.raises(Stop):
            corpus.build(rebuild=rebuild)
    assert epochs.all_epochs(corpus.client, corpus.address.name) == before
    if not rebuild:
        with pytest.raises(IndexMissing, match="there is no index here"):
            corpus.reader()


def test_an_alias_that_was_removed_is_put_back_with_the_request_that_a_build_names(
    corpus: Corpus,
) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    corpus.build()
    epoch, name = corpus.epoch(), corpus.address.name
    for index in epoch.indexes:
        corpus.client.request("DELETE", f"/{index}/_alias/{name}")
    with pytest.raises(IndexDamaged, match="without its alias") as refused:
        corpus.build()
    body = refused.value.hint.partition("POST /_aliases ")[2]
    corpus.client.request("POST", "/_aliases", json.JSONDecoder().raw_decode(body)[0])
    assert corpus.build().unchanged == 1
    for index in epoch.indexes:
        corpus.client.request("DELETE", f"/{index}/_alias/{name}")
    corpus.build(rebuild=True)
    assert corpus.epoch() == epoch.next


@pytest.mark.parametrize("stage", ["nothing", "sent", "deleted"])
def test_a_lock_that_was_deleted_costs_nothing(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    for text in ("The Han is a river.", "The Han is long."):
        put(corpus.folder, "a.txt", text)
        corpus.build()
    put_all(corpus.folder, {f"{number}.txt": f"River {number}." for number in range(3)})
    places: dict[str, tuple[object, str]] = {
        "sent": (CommitStore, "write_blob"),
        "deleted": (transaction, "delete_replaced"),
    }
    if stage in places:
        place, name = places[stage]
        with monkeypatch.context() as patch:
            patch.setattr(place, name, stopped_after(getattr(place, name)))
            with pytest.raises(Stop):
                corpus.build()
    corpus.client.request("DELETE", f"/{corpus.address.name}.lock")
    put(corpus.folder, "1.txt", "The Nile is a river.")
    corpus.build()
    assert corpus.passages() == embedded(corpus.folder)
    assert verify_cluster(corpus.address, Access(), deep=True).damage == ()
    words = {
        hit["_id"]: hit["_source"]["count"]
        for hit in every_hit(
            corpus.client,
            corpus.epoch().words,
            {"match_all": {}},
            fields=[],
            order="term",
            stored=True,
        )
    }
    assert words["nile"] == 1
    assert words["river"] == (5 if stage == "deleted" else 4)


def test_given_documents_are_added_replaced_and_removed(corpus: Corpus) -> None:
    documents = [SourceDocument(id=f"mail/{number}", text=f"Letter {number}.") for number in (1, 2)]
    assert corpus.build(documents=documents, roots=[]).added == 2
    changed = [SourceDocument(id="mail/2", text="Another letter.")]
    report = corpus.build(documents=changed, remove=["mail/1"], roots=[])
    assert (report.updated, report.removed) == (1, 1)
    assert corpus.passages() == [("mail/2", 0, "Another letter.")]


def test_the_bridge_learns_what_it_learns_from_a_directory(corpus: Corpus) -> None:
    put_all(corpus.folder, translations(range(12)))
    put(corpus.folder, "gloss.txt", "꿀벌(honeybee)은 곤충이다.")
    embedded(corpus.folder)
    expected = bridge_content(DirectoryReader.open(corpus.folder.parent / "embedded"))
    report = corpus.build()
    assert entries(corpus.bridge()) == entries(expected)
    assert report.learning.translations
    put_all(corpus.folder, translations(range(12, 15)))
    corpus.build()
    embedded(corpus.folder)
    expected = bridge_content(DirectoryReader.open(corpus.folder.parent / "embedded"))
    assert entries(corpus.bridge()) == entries(expected)


def entries(content: Content) -> list[tuple[str, str, float, Source]]:
    return sorted((e.korean, e.english, round(e.weight, 6), e.source) for e in content.entries)


def test_the_glossary_of_a_cluster_is_shared_and_kept_by_builds(corpus: Corpus) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    corpus.build()
    at = (corpus.address, Access())
    entry = Entry("윤슬", "ripples", 1.0, Source.USER)
    assert edit_glossary.new_entries(*at, [entry]) == [entry]
    assert edit_glossary.add_entries(*at, [entry]) == ()
    assert edit_glossary.new_entries(*at, [entry]) == []
    put(corpus.folder, "b.txt", "The Nile is a river.")
    corpus.build()
    assert edit_glossary.entries_of(*at, "윤슬") == [entry]
    found, _ = edit_glossary.strike_pair(*at, "윤슬", "ripples")
    assert found == [entry]
    assert [one.weight for one in edit_glossary.entries_of(*at, "윤슬")] == [0.0]
    with pytest.raises(CorpusError, match="no such pair"):
        edit_glossary.strike_pair(*at, "윤슬", "river")
    assert len(corpus.passages()) == 2


def test_editing_the_glossary_of_no_index_leaves_nothing(corpus: Corpus) -> None:
    with pytest.raises(IndexMissing):
        edit_glossary.add_entries(
            corpus.address, Access(), [Entry("강", "river", 1.0, Source.USER)]
        )
    assert corpus.client.request("GET", f"/{corpus.indexes}/_alias") == {}


def test_verify_finds_what_is_missing_altered_or_not_committed(corpus: Corpus) -> None:
    put_all(corpus.folder, {"a.txt": "The Han is a river.", "b.txt": "The Nile is one too."})
    corpus.build()
    sound = verify_cluster(corpus.address, Access(), deep=True)
    assert sound.sound
    assert sound.compared == 2
    assert sound.files >= 3
    epoch = corpus.epoch()
    hits = list(every_hit(corpus.client, epoch.passages, {"match_all": {}}, fields=["doc"]))
    head = {"_index": epoch.passages, "_id": hits[0]["_id"], "routing": hits[0]["_id"]}
    number = int(hits[0]["_id"])
    altered = {"number": number, "doc": number, "ordinal": 0, "body": "other terms"}
    altered |= dict.fromkeys(("body_length", "gram_length", "title_key", "text_key"), 0)
    altered |= dict.fromkeys(("first_day", "last_day", "modified"), 0)
    altered["stored"] = corpus.client.request(
        "GET", f"/{epoch.passages}/_doc/{number}", parameters={"routing": number}
    )["_source"]["stored"]
    corpus.client.bulk([({"index": head}, altered)])
    epochs.refresh(corpus.client, epoch.passages)
    assert verify_cluster(corpus.address, Access()).sound
    reasons = [
        damage.reason for damage in verify_cluster(corpus.address, Access(), deep=True).damage
    ]
    assert any("river in body does not match the stored text" in reason for reason in reasons)
    corpus.client.bulk([({"delete": head}, None)])
    blob = corpus.reader().commit.blobs[0]
    corpus.client.bulk([({"delete": {"_index": epoch.state, "_id": blob.ids[0]}}, None)])
    epochs.refresh(corpus.client, epoch.passages)
    found = {
        damage.file: damage.reason for damage in verify_cluster(corpus.address, Access()).damage
    }
    assert found == {blob.name: "is missing"}


def test_a_full_disk_is_one_sentence_and_the_next_build_is_whole(corpus: Corpus) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    corpus.build()
    block = "index.blocks.read_only_allow_delete"
    indexes = ",".join(corpus.epoch().indexes)
    put(corpus.folder, "b.txt", "The Nile is a river.")
    corpus.client.request("PUT", f"/{indexes}/_settings", {block: True})
    with pytest.raises(ClusterError) as refused:
        corpus.build()
    assert "\n" not in str(refused.value)
    assert refused.value.hint
    assert [path for path, _, _ in corpus.passages()] == ["a.txt"]
    corpus.client.request("PUT", f"/{indexes}/_settings", {block: None})
    corpus.build()
    assert corpus.passages() == embedded(corpus.folder)


def test_errors_name_the_address_and_no_folder_of_the_build(corpus: Corpus) -> None:
    put(corpus.folder, "sub/a.txt", "The Han is a river.")
    corpus.build(roots=[Path("sub")])
    (corpus.folder / "sub").rename(corpus.folder / "other")
    with pytest.raises(CorpusError, match="no longer exists") as refused:
        corpus.build(roots=[])
    assert refused.value.hint.endswith(f"--rebuild --index {corpus.address} FOLDER")


def test_of_a_file_that_was_not_read_to_its_end_what_the_index_had_stays(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(corpus.folder, {"a.txt": "The Han is a river.", "b.txt": "The Nile is a river."})
    corpus.build()
    put_all(corpus.folder, {"a.txt": "The Han is", "b.txt": "The Nile is long."})
    delete_paths = IndexWriter.delete_paths

    def broken_off(writer: IndexWriter, paths: Iterable[str]) -> None:
        delete_paths(writer, [path for path in paths if path != "a.txt"])
        writer.discard_paths(["a.txt"])

    with monkeypatch.context() as patch:
        patch.setattr(IndexWriter, "delete_paths", broken_off)
        corpus.build()
    assert [text for _, _, text in corpus.passages()] == [
        "The Han is a river.",
        "The Nile is long.",
    ]


def test_a_reader_keeps_small_files_of_two_generations_in_the_cache_of_the_user(
    corpus: Corpus, tmp_path: Path
) -> None:
    for number in range(3):
        put(corpus.folder, f"{number}.txt", f"The river {number}.")
        corpus.build()
        reader = corpus.reader()
    own = tmp_path / "cache" / "chaja" / reader.commit.identity
    assert sorted(folder.name for folder in own.iterdir()) == ["2", "3"]
    assert reader.directory == own / "3"
    assert own.stat().st_mode & 0o77 == 0
    trips = corpus.client.round_trips
    corpus.reader()
    assert corpus.client.round_trips == trips + 3


def test_a_reader_that_finds_its_cache_damaged_fetches_it_again(corpus: Corpus) -> None:
    put(corpus.folder, "a.txt", "꿀벌(honeybee)은 곤충이다.")
    corpus.build()
    expected = corpus.bridge()
    for path in corpus.reader().directory.iterdir():
        path.write_bytes(b"short")
    assert corpus.bridge() == expected
