"""Builds on a node that stop or are refused: nothing is lost, nothing there twice."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put, put_all
from opensearch_builds import Stop, embedded, stopping

from corpus.errors import ClusterError, IndexDamaged, IndexMissing
from index.builder.given_documents import SourceDocument
from index.opensearch import epochs, transaction
from index.opensearch.commits import CommitStore
from index.opensearch.transaction import Sender
from index.opensearch.words import WordWriter

from .cluster_builds import Corpus
from .cluster_builds import corpus as corpus

pytestmark = pytest.mark.usefixtures("plain_korean")

STAGES: Mapping[str, tuple[object, str]] = {
    "sending": (Sender, "finish"),
    "words": (WordWriter, "actions"),
    "blobs": (CommitStore, "write_blob"),
    "deleting": (transaction, "delete_replaced"),
    "deleted": (transaction, "delete_replaced"),
    "learning": (transaction.ClusterTransaction, "_put_in_force"),
}


@pytest.mark.parametrize(
    ("stage", "error"),
    [
        ("sending", Stop),
        ("words", Stop),
        ("blobs", KeyboardInterrupt),
        ("deleting", Stop),
        ("deleted", Stop),
        ("learning", KeyboardInterrupt),
    ],
)
def test_after_a_build_that_stopped_nothing_is_twice_and_nothing_lost(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, stage: str, error: type[BaseException]
) -> None:
    put_all(corpus.folder, {"a.txt": "The Han.", "b.txt": "The Nile.", "c.txt": "The Rhine."})
    corpus.build(documents=[SourceDocument(id="mail/1", text="A letter of the Danube.")])
    put_all(corpus.folder, {"a.txt": "The Han is long.", "d.txt": "The Amazon."})
    (corpus.folder / "b.txt").unlink()
    before, shown = corpus.reader().commit, corpus.passages()
    with monkeypatch.context() as patch:
        place, name = STAGES[stage]
        method = stopping(getattr(place, name), after=stage == "deleted", error=error)
        patch.setattr(place, name, method)
        with pytest.raises(error):
            corpus.build(documents=[SourceDocument(id="mail/1", text="A letter of the Volga.")])
    if stage not in ("deleted", "learning"):  # there, what is new is shown already
        assert corpus.passages() == shown
    assert corpus.reader().commit.generation == before.generation
    completes = stage in ("deleting", "deleted", "learning")
    corpus.build()
    letter = "A letter of the Volga." if completes else "A letter of the Danube."
    assert corpus.passages() == sorted([*embedded(), ("mail/1", 0, letter)])
    assert set(corpus.reader().catalogue().files) == {"a.txt", "c.txt", "d.txt"}
    assert corpus.verify().damage == ()


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_build_of_new_indexes_that_stops_leaves_none_of_them(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, rebuild: bool
) -> None:
    put(corpus.folder, "a.txt", "The Han is a river.")
    if rebuild:
        corpus.build()
    before = epochs.all_epochs(corpus.client, corpus.address.name)
    with monkeypatch.context() as patch:
        patch.setattr(CommitStore, "create", stopping(CommitStore.create, after=False))
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
    assert corpus.passages() == embedded()
