"""Builders on a node: one at a time, and a lock that is lost or deleted costs nothing."""

from __future__ import annotations

from threading import Timer

import pytest
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put, put_all
from opensearch_builds import Stop, embedded, stopping

from corpus.errors import IndexLocked
from index.opensearch import transaction
from index.opensearch.commits import CommitStore
from index.opensearch.lock import WriterLock
from index.opensearch.transaction import Sender

from .cluster_builds import Corpus
from .cluster_builds import corpus as corpus

pytestmark = pytest.mark.usefixtures("plain_korean")


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
    with monkeypatch.context() as patch:
        patch.setattr("index.opensearch.lock._LEASE_SECONDS", 1.0)
        dead = WriterLock(corpus.client, corpus.address, wait=None)
        patch.setattr(dead, "_keep", lambda: None)
        dead.__enter__()
    assert corpus.build(wait=20).added == 1
    with pytest.raises(IndexLocked, match="lost its lock"):
        dead.check()


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
    assert corpus.passages() == embedded()


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
            patch.setattr(place, name, stopping(getattr(place, name), after=True))
            with pytest.raises(Stop):
                corpus.build()
    corpus.client.request("DELETE", f"/{corpus.address.name}.lock")
    put(corpus.folder, "1.txt", "The Nile is a river.")
    corpus.build()
    assert corpus.passages() == embedded()
    assert corpus.verify(deep=True).damage == ()
    words = corpus.words()
    assert words["nile"] == 1
    assert words["river"] == (5 if stage == "deleted" else 4)
