"""Builds on a node: what is added, replaced and removed."""

from __future__ import annotations

import random
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put, put_all
from opensearch_builds import embedded

from corpus.errors import CorpusError
from index.builder.given_documents import SourceDocument
from index.opensearch import epochs
from index.opensearch.client import Client
from index.opensearch.paging import every_hit, every_term
from index.opensearch.records import first_number
from index.whoosh.writer import IndexWriter

from .cluster_builds import Corpus
from .cluster_builds import corpus as corpus

pytestmark = pytest.mark.usefixtures("plain_korean")


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
    assert corpus.passages() == embedded()
    aliased = corpus.client.request("GET", f"/_alias/{corpus.address.name}")
    assert set(aliased) == set(reader.epoch.indexes)
    mapping = corpus.client.request("GET", f"/{reader.epoch.passages}/_mapping")
    meta = mapping[reader.epoch.passages]["mappings"]["_meta"]["chaja"]
    assert meta["analyzer"] == reader.about.analyzer_fingerprint
    words = dict(every_term(corpus.client, reader.epoch.words, "term"))
    assert {"river", "한강은", "sub"} - words.keys() == {"sub"}


def test_replicas_that_no_node_can_have_are_waited_for_once(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[str] = []
    request = Client.request

    def watched(client: Client, method: str, path: str, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - those of request
        if "wait_for_active_shards" in options.get("parameters", {}):
            waited.append(path)
        return request(client, method, path, *args, **options)

    monkeypatch.setattr(Client, "request", watched)
    monkeypatch.setitem(epochs._COPIES, "timeout", "100ms")
    put(corpus.folder, "a.txt", "The Han is a river.")
    assert corpus.build(replicas=1).documents == 1
    assert len(waited) == 1
    assert corpus.passages() == embedded()


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
        expected = embedded()
        assert corpus.passages() == expected
        assert corpus.documents() == sorted({path for path, _, _ in expected})
        assert (report.documents, report.passages) == (len(corpus.documents()), len(expected))
    assert corpus.verify(deep=True).damage == ()


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


def test_given_documents_are_added_replaced_and_removed(corpus: Corpus) -> None:
    documents = [SourceDocument(id=f"mail/{number}", text=f"Letter {number}.") for number in (1, 2)]
    assert corpus.build(documents=documents, roots=[]).added == 2
    changed = [SourceDocument(id="mail/2", text="Another letter.")]
    report = corpus.build(documents=changed, remove=["mail/1"], roots=[])
    assert (report.updated, report.removed) == (1, 1)
    assert corpus.passages() == [("mail/2", 0, "Another letter.")]


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
