"""What is read of an index on a node: its bridge and glossary, the cache, what is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from bridge_corpus import plain_korean as plain_korean
from bridge_corpus import translations
from index_corpus import put, put_all
from opensearch_builds import embedded_bridge, entries

from corpus.errors import CorpusError, IndexMissing
from index.bridge.entry import Entry, Source
from index.opensearch import edit_glossary, epochs
from index.opensearch.access import Access
from index.opensearch.paging import every_hit

from .cluster_builds import Corpus
from .cluster_builds import corpus as corpus

pytestmark = pytest.mark.usefixtures("plain_korean")


def test_the_bridge_learns_what_it_learns_from_a_directory(corpus: Corpus) -> None:
    put_all(corpus.folder, translations(range(12)))
    put(corpus.folder, "gloss.txt", "꿀벌(honeybee)은 곤충이다.")
    report = corpus.build()
    assert entries(corpus.bridge()) == embedded_bridge()
    assert report.learning.translations
    put_all(corpus.folder, translations(range(12, 15)))
    corpus.build()
    assert entries(corpus.bridge()) == embedded_bridge()


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


def test_verify_finds_what_is_missing_altered_or_not_committed(corpus: Corpus) -> None:
    put_all(corpus.folder, {"a.txt": "The Han is a river.", "b.txt": "The Nile is one too."})
    corpus.build()
    sound = corpus.verify(deep=True)
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
    assert corpus.verify().sound
    reasons = [damage.reason for damage in corpus.verify(deep=True).damage]
    assert any("river in body does not match the stored text" in reason for reason in reasons)
    corpus.client.bulk([({"delete": head}, None)])
    blob = corpus.reader().commit.blobs[0]
    corpus.client.bulk([({"delete": {"_index": epoch.state, "_id": blob.ids[0]}}, None)])
    epochs.refresh(corpus.client, epoch.passages)
    found = {damage.file: damage.reason for damage in corpus.verify().damage}
    assert found == {blob.name: "is missing"}
