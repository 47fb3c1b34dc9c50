"""The server of an index on a cluster: it sees builds, survives lost nodes and tells no address."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fake_cluster
import fake_engine
import pytest
from fake_cluster import ADDRESS, AT, COMMIT
from search_corpus import built, write_texts
from web_client import Page

from corpus.errors import ClusterError, ClusterUnreachable, IndexMissing
from index.directory.location import FOLDER
from index.opensearch.access import Access
from index.opensearch.address import parse_address
from index.opensearch.client import Client
from search.searcher import Searcher
from search.web.index_source import source_of
from search.web.open_index import OpenIndex
from search.web.refusals import without_places

ACCESS = Access("reader", "a-password")
NODE = AT.nodes[0]


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the source of an index."""
    clock = Clock()
    monkeypatch.setattr("search.web.index_source.monotonic", clock)
    return clock


@pytest.fixture
def opened(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[dict[str, Any]]]:
    """Put fakes in place of the cluster, whose hits are those of a folder; note what is opened."""
    fake_cluster.install(monkeypatch)
    monkeypatch.setattr(COMMIT, "generation", 1)
    monkeypatch.setattr(COMMIT, "identity", "a")
    monkeypatch.chdir(tmp_path)
    write_texts(tmp_path, {"a.txt": "harbour"})
    built(tmp_path)
    found: list[dict[str, Any]] = []
    open_ = Searcher.open.__func__  # type: ignore[attr-defined]  # of a class method

    def opening(kind: type[Searcher], location: object, **options: object) -> Searcher:
        found.append({"location": location, **options})
        searcher: Searcher = open_(kind, tmp_path / FOLDER)
        return searcher

    monkeypatch.setattr(Searcher, "open", classmethod(opening))
    fake_engine.CALLS.clear()
    yield found
    fake_engine.FAILURES.clear()


def asked() -> int:
    return sum(call == "reader" for call, _ in fake_engine.CALLS)


def page() -> Page:
    return Page(AT, cluster=ACCESS)


def test_the_cluster_is_asked_every_few_seconds_at_most(
    opened: list[dict[str, Any]], clock: Clock
) -> None:
    requests = page()
    for _ in range(5):
        assert requests.get("search", q="harbour")["hits"]
    assert (asked(), opened) == (1, [{"location": AT, "access": ACCESS}])
    clock.now += 4
    requests.get("search", q="harbour")
    assert (asked(), len(opened)) == (2, 1)


@pytest.mark.parametrize("change", [("generation", 2), ("identity", "b")])
def test_a_commit_is_seen_within_seconds(
    change: tuple[str, object], opened: list[dict[str, Any]], clock: Clock
) -> None:
    requests = page()
    requests.get("info")
    setattr(COMMIT, *change)
    requests.get("info")
    assert len(opened) == 1
    clock.now += 4
    assert requests.get("info")["commit"] == COMMIT.generation
    assert len(opened) == 2


def test_while_no_node_answers_the_open_commit_is_searched(
    opened: list[dict[str, Any]], clock: Clock
) -> None:
    requests = page()
    requests.get("info")
    fake_engine.FAILURES["reader"] = ClusterUnreachable(f"{NODE}: refuses connections")
    clock.now += 4
    assert requests.get("search", q="harbour")["hits"]
    assert requests.get("search", q="harbour")["hits"]
    assert asked() == 2


def test_one_request_asks_the_cluster_and_the_others_go_on(
    opened: list[dict[str, Any]], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(AT, ACCESS)
    source.look()
    before = source.state()
    asking, going_on = threading.Event(), threading.Event()

    def slow(*_: object) -> SimpleNamespace:
        asking.set()
        assert going_on.wait(60)
        return SimpleNamespace(commit=SimpleNamespace(generation=2, identity="a"))

    monkeypatch.setattr(fake_cluster.ClusterReader, "open", slow)
    clock.now += 4
    thread = threading.Thread(target=source.look)
    thread.start()
    assert asking.wait(60)
    source.look()
    assert source.state() == before
    going_on.set()
    thread.join()
    assert source.state().generation == 2


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (IndexMissing(f"{ADDRESS}: there is no index"), "the index is no longer there"),
        (ClusterError(f"{NODE}: is not OpenSearch"), "the cluster: is not OpenSearch"),
        (ClusterUnreachable("search.example:9200 is silent"), "the cluster is silent"),
    ],
)
def test_what_is_wrong_is_told_without_the_address(
    error: Exception, message: str, opened: list[dict[str, Any]]
) -> None:
    fake_engine.FAILURES["reader"] = error
    status, told, _ = page().refused("search", q="harbour")
    assert (status, told) == (503, message)


def test_a_sentence_names_the_index_and_neither_its_nodes_nor_other_hosts_in_part() -> None:
    address = parse_address("https://a.example:9200,https://b.example:9200/reports")
    told = f"{address}: https://b.example:9200 and a.example:9200 and https://c.example/reports"
    assert without_places(told, [address]) == (
        "reports: the cluster and the cluster and https://c.example/reports"
    )


def test_the_page_has_the_name_of_the_index(opened: list[dict[str, Any]]) -> None:
    assert page().get("info")["name"] == "reports"


def test_a_change_to_the_glossary_is_read_by_the_next_request(
    opened: list[dict[str, Any]],
) -> None:
    requests = page()
    requests.get("info")
    pair = {"korean": "동반자", "english": "fellow"}
    assert requests.change("strike", **pair).json()["entries"]
    assert fake_engine.called("strike_pair") == {
        "address": AT,
        "access": ACCESS,
        "pair": ("동반자", "fellow"),
    }
    COMMIT.generation = 2
    assert requests.get("info")["commit"] == 2
    refused = requests.change("unstrike", **pair)
    assert refused.json()["error"]["message"] == "this pair is not struck out"


def test_only_files_below_the_current_folder_are_given_away(
    opened: list[dict[str, Any]], tmp_path: Path
) -> None:
    source = source_of(AT, ACCESS)
    assert source.file("a.txt") == tmp_path / "a.txt"
    assert source.file("not-here.txt") is None
    for path in ("../secret", "/etc/passwd", "b/../../secret"):
        (tmp_path.parent / "secret").write_text("x")
        assert source.file(path) is None


def test_a_document_whose_file_is_elsewhere_has_none_to_open(
    opened: list[dict[str, Any]], tmp_path: Path
) -> None:
    requests = page()
    [hit] = requests.get("search", q="harbour")["hits"]
    assert requests.get("document", id=hit["document"])["has_file"] is True
    (tmp_path / "a.txt").unlink()
    assert requests.get("document", id=hit["document"])["has_file"] is False
    assert requests.refused("original", id=hit["document"])[0] == 404


def test_closing_the_index_closes_the_connections(
    opened: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[object] = []
    monkeypatch.setattr(Client, "close", lambda client: closed.append(client))
    index = OpenIndex(AT, cluster=ACCESS)
    with index.commit():
        pass
    index.close()
    assert len(closed) == 1
