"""The commit document and the blobs of an index on a cluster, without a node."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import IndexDamaged, IndexMissing, IndexOutdated
from index.directory.commit import About
from index.opensearch import state
from index.opensearch.address import ClusterAddress
from index.opensearch.mapping import KINDS_WITH_TERMS, Copies, index_body
from index.opensearch.names import KINDS, Epoch, epochs_in, every_epoch
from index.opensearch.reader import cache_folder
from index.opensearch.state import Blob, ClusterCommit, Pending

ADDRESS = ClusterAddress(("http://a:9200",), "notes")
EPOCH = Epoch("notes", 2)
BLOB = Blob("bridge", 5, 7, 1)
ABOUT = About(format=5, analyzer_fingerprint="kiwi", built="2026-01-02", words=3)
COMMIT = ClusterCommit(
    epoch=EPOCH,
    generation=4,
    identity="ab" * 16,
    turn=9,
    about=ABOUT,
    documents=1,
    passages=2,
    blobs=(BLOB,),
    old=(BLOB._replace(checksum=8),),
    pending=Pending(10, ABOUT, BLOB._replace(name="names"), (BLOB,)),
    seq_no=5,
    term=1,
)


class Documents:
    """A client that finds documents which it was given."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.found = found

    def find(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return self.found.get(path)


def stored(commit: ClusterCommit, **changes: object) -> dict[str, Any]:
    source = state.encoded(commit)
    source["commit"] |= changes
    return {"_source": json.loads(json.dumps(source)), "_seq_no": 5, "_primary_term": 1}


def test_a_commit_document_says_all_of_a_commit() -> None:
    for commit in (COMMIT, COMMIT._replace(pending=None, old=(), is_bridge_due=True)):
        assert state.decoded(stored(commit), ADDRESS, EPOCH) == commit


@pytest.mark.parametrize("number", [0, 2])
def test_a_commit_document_of_another_format_is_outdated(number: int) -> None:
    with pytest.raises(IndexOutdated, match=f"its format is {number}") as refused:
        state.decoded(stored(COMMIT, format=number), ADDRESS, EPOCH)
    assert refused.value.hint


@pytest.mark.parametrize(
    "changes",
    [
        {"turn": "x"},
        {"blobs": [["a"]]},
        {"about": None},
        {"identity": "../" + "a" * 29},
        {"identity": "a" * 32 + "\n"},
        {"identity": 5},
        {"blobs": [["lexicon-../../a", 1, 2, 1]]},
        {"blobs": [["lexicon-0a-1.lex/", 1, 2, 1]]},
        {"old": [["/etc/bridge", 1, 2, 1]]},
    ],
)
def test_a_commit_document_that_lacks_something_is_damage(changes: dict[str, object]) -> None:
    with pytest.raises(IndexDamaged, match="commit document") as refused:
        state.decoded(stored(COMMIT, **changes), ADDRESS, EPOCH)
    assert f"--index {ADDRESS}" in refused.value.hint


@given(st.binary(max_size=40), st.integers(1, 9))
def test_a_blob_comes_back_from_its_pieces(data: bytes, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "_PIECE", piece)
        blob = state.blob_of("bridge", data)
        actions = list(state.blob_actions(EPOCH.state, blob, data))
    found = {
        f"/{EPOCH.state}/_doc/{head['index']['_id']}": {"_source": source}
        for head, source in actions
    }
    assert len(found) == blob.pieces == -(-len(data) // piece)
    client: Any = Documents(found)
    assert state.read_blob(client, ADDRESS, EPOCH, blob) == data
    if found:
        found.popitem()
        assert state.read_blob(client, ADDRESS, EPOCH, blob) is None


@pytest.mark.parametrize("data", ["", "AAAA", None])
def test_a_blob_that_is_not_what_the_commit_names_is_damage(data: object) -> None:
    path = f"/{EPOCH.state}/_doc/{BLOB.ids[0]}"
    client: Any = Documents({path: {"_source": {"data": data}}})
    with pytest.raises(IndexDamaged, match="bridge"):
        state.read_blob(client, ADDRESS, EPOCH, BLOB)


def test_without_an_alias_there_is_no_index() -> None:
    client: Any = Documents({})
    assert state.find_commit(client, ADDRESS) is None
    with pytest.raises(IndexMissing, match="http://a:9200/notes: there is no index here"):
        state.current_commit(client, ADDRESS)


def test_an_alias_without_a_commit_document_is_damage() -> None:
    client: Any = Documents({"/notes/_alias": {EPOCH.state: {}}})
    with pytest.raises(IndexDamaged, match="its commit document is missing"):
        state.find_commit(client, ADDRESS)


def test_the_dictionary_of_an_index_is_a_file_of_its_own() -> None:
    with_words = state.with_dictionary(ABOUT, json.dumps([["교보문고", "NNP", 0.0]]).encode())
    assert with_words.dictionary == (("교보문고", "NNP", 0.0),)
    assert state.with_dictionary(ABOUT, state.dictionary_data(with_words)) == with_words


def test_epochs_are_told_by_the_names_of_their_indexes() -> None:
    assert EPOCH.indexes == (
        *("notes.passages.000002", "notes.documents.000002"),
        *("notes.words.000002", "notes.state.000002"),
    )
    names = ["notes.state.000012", "notes.words.000002", "other.state.000001", "notes.lock"]
    assert epochs_in("notes", names) == [EPOCH, Epoch("notes", 12)]
    assert every_epoch("notes").split(",")[0] == "notes.passages.*"


def test_an_index_is_strict_and_shows_nothing_before_it_is_told_to() -> None:
    for kind in (*KINDS, "lock"):
        body = index_body(kind, Copies(3, 1), fingerprint="kiwi", identity="ab")
        assert body["mappings"]["dynamic"] == "strict"
        assert body["settings"]["index"]["refresh_interval"] == "-1"
        assert body["settings"]["index"]["number_of_replicas"] == 1
        shards = body["settings"]["index"]["number_of_shards"]
        assert shards == (3 if kind in KINDS_WITH_TERMS else 1)
    assert index_body("words", Copies())["settings"]["index"]["auto_expand_replicas"] == "0-1"


def test_the_cache_is_where_the_user_has_it() -> None:
    assert str(cache_folder({"XDG_CACHE_HOME": "/there"})) == "/there/chaja"
    assert cache_folder({}).parts[-2:] == (".cache", "chaja")
