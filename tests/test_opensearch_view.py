"""The view of a commit on a cluster: opened anew when lost, and told when another is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opensearch_client import Clock, failed
from opensearch_client import client as client
from opensearch_client import clock as clock
from opensearch_client import server as server
from opensearch_server import Seen, Server, Told

from corpus.errors import ClusterOverloaded, ClusterViewLost, IndexDamaged
from index.directory.commit import About
from index.opensearch.client import Client
from index.opensearch.mapping import FORMAT
from index.opensearch.names import Epoch
from index.opensearch.records import first_number
from index.opensearch.state import Blob, ClusterCommit, Pending, encoded
from search.opensearch.view import ClusterView

EPOCH = Epoch("news", 1)
ABOUT = About(format=FORMAT, analyzer_fingerprint="kiwi", built="2026-01-02", words=3)
COMMIT = ClusterCommit(EPOCH, 1, "ab" * 16, 4, ABOUT, 2, 5, (), seq_no=7, term=1)
PENDING = COMMIT._replace(pending=Pending(6, ABOUT, Blob("names", 0, 0, 0), ()))
LOST = failed("search_context_missing_exception", "No search context found", 404)


class Nodes:
    """A cluster that has one commit, and shows passages and documents by the turn of a writer."""

    def __init__(self) -> None:
        self.commit = COMMIT
        self.passages = {4: 5}
        self.documents = {4: (2, 5)}  # with the number of their passages
        self.points = 0
        self.failures: list[Told] = []
        self.in_force = EPOCH

    def __call__(self, seen: Seen) -> Told:
        path = seen.target.partition("?")[0]
        if path.endswith("/_search/point_in_time"):
            if seen.method == "DELETE":
                return Told(value={})
            self.points += 1
            return Told(value={"pit_id": f"point {self.points}"})
        if path == f"/{EPOCH.state}/_doc/commit":
            found = {"_source": encoded(self.commit), "_primary_term": 1}
            return Told(value={**found, "_seq_no": self.commit.seq_no})
        if path == "/news/_alias":
            return Told(value={self.in_force.state: {}})
        if path == "/_msearch":
            return Told(value={"responses": self._counts(seen)})
        assert path == "/_search"
        if self.failures:
            return self.failures.pop(0)
        return Told(value={"hits": {"hits": [seen.json["pit"]["id"]]}})

    def _counts(self, seen: Seen) -> list[dict[str, Any]]:
        bodies = seen.lines[1::2]
        answers: list[dict[str, Any]] = []
        for body, by_turn in zip(bodies, (self.passages, self.documents), strict=True):
            found = {}
            for name, each in body["aggs"].items():
                bounds = each["filter"]["range"]["number"]
                own = [
                    value if isinstance(value, tuple) else (value, 0)
                    for turn, value in by_turn.items()
                    if bounds.get("gte", 0) <= first_number(turn) < bounds.get("lt", 1 << 60)
                ]
                count, passages = (sum(each) for each in zip((0, 0), *own, strict=True))
                found[name] = {"doc_count": count, "passages": {"value": passages}}
            answers.append({"aggregations": found})
        return answers


@pytest.fixture
def nodes(server: Server) -> Nodes:
    nodes = Nodes()
    server.script = nodes
    return nodes


@pytest.fixture
def view(nodes: Nodes, client: Client, clock: Clock) -> Iterator[ClusterView]:
    found = opened(client, clock)
    yield found
    found.close()


def opened(client: Client, clock: Clock, commit: ClusterCommit = COMMIT) -> ClusterView:
    return ClusterView(client, commit, clock=clock, sleep=clock.sleep)


def point(view: ClusterView) -> str:
    """Return the point in time that a search was answered from."""
    found: str = view.search({"query": {}})["hits"]["hits"][0]
    return found


@pytest.mark.parametrize(
    "failure",
    [LOST, failed("node_not_connected_exception", "[node-0] Node not connected", 500)],
)
def test_a_view_that_is_lost_is_opened_anew(nodes: Nodes, view: ClusterView, failure: Told) -> None:
    assert point(view) == "point 1"
    nodes.failures = [failure]
    assert point(view) == point(view) == "point 2"


def test_a_view_is_kept_while_a_node_is_overloaded(nodes: Nodes, view: ClusterView) -> None:
    busy = failed("circuit_breaking_exception", "Data too large", 429)
    nodes.failures = [busy, busy]
    assert point(view) == "point 1"
    nodes.failures = [busy] * 100
    with pytest.raises(ClusterOverloaded):
        point(view)


def test_a_view_that_is_lost_with_its_commit_is_told(nodes: Nodes, view: ClusterView) -> None:
    nodes.commit = COMMIT._replace(generation=2, seq_no=8)
    assert point(view) == "point 1"
    nodes.failures = [LOST]
    with pytest.raises(ClusterViewLost, match="was built again"):
        point(view)


def test_an_index_that_is_being_deleted_is_told_as_lost(nodes: Nodes, view: ClusterView) -> None:
    closed = failed("query_shard_exception", "failed to create query: this Analyzer is closed")
    nodes.failures = [closed]
    nodes.in_force = EPOCH.next
    with pytest.raises(ClusterViewLost):
        point(view)


def test_a_commit_that_was_replaced_before_the_view_was_opened_is_told(
    nodes: Nodes, client: Client, clock: Clock
) -> None:
    nodes.commit = COMMIT._replace(seq_no=8)
    with pytest.raises(ClusterViewLost):
        opened(client, clock)


def test_what_a_build_has_not_committed_is_not_shown(
    nodes: Nodes, client: Client, clock: Clock
) -> None:
    assert opened(client, clock).of("passages") == {"term": {"_index": EPOCH.passages}}
    nodes.passages[5] = 3
    hidden = opened(client, clock).of("passages")
    assert {"range": {"number": {"lt": first_number(5)}}} in hidden["bool"]["filter"]


def test_a_build_that_ends_shows_the_next_commit(
    nodes: Nodes, client: Client, clock: Clock
) -> None:
    nodes.commit = PENDING
    view = opened(client, clock, PENDING)
    nodes.passages, nodes.documents = {4: 2, 6: 4}, {4: (1, 2), 6: (2, 4)}
    opened(client, clock, PENDING)
    nodes.failures = [LOST]
    with pytest.raises(ClusterViewLost):  # it has shown the commit before
        point(view)


@pytest.mark.parametrize(
    ("passages", "documents"),
    [
        ({4: 2, 6: 4}, {4: (2, 5)}),
        ({6: 5}, {4: (2, 5)}),
        ({4: 5}, {4: (1, 3)}),
    ],
)
def test_a_part_of_a_commit_is_waited_for_and_told(
    nodes: Nodes,
    client: Client,
    clock: Clock,
    passages: dict[int, int],
    documents: dict[int, tuple[int, int]],
) -> None:
    nodes.commit = PENDING
    nodes.passages, nodes.documents = passages, documents
    with pytest.raises(IndexDamaged, match="does not show what was committed"):
        opened(client, clock, PENDING)
    assert 1.8 <= sum(clock.slept) <= 5  # the next wait, of 3.2 s at most, would pass 5 s


def test_a_closed_view_is_not_opened_again(nodes: Nodes, view: ClusterView) -> None:
    view.close()
    nodes.failures = [LOST]
    with pytest.raises(ValueError, match="closed"):
        point(view)
