"""What the client of a cluster sends again, and for how long."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from random import Random
from typing import Any

import pytest
from opensearch_client import (
    Clock,
    closed_port,
    failed,
    made,
)
from opensearch_client import client as client
from opensearch_client import clock as clock
from opensearch_client import server as server
from opensearch_server import Broken, Server, Silent, Told, serving

from corpus.errors import ClusterError, ClusterUnreachable
from index.opensearch.address import ClusterAddress
from index.opensearch.attempts import Nodes
from index.opensearch.client import Client


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_cannot_be_answered_now_is_asked_again_after_growing_waits(
    server: Server, client: Client, clock: Clock, status: int
) -> None:
    busy = failed("rejected_execution_exception", "queue", status)
    server.tell(*[busy] * 4, Told(value={"hits": []}))
    assert client.request("POST", "/x/_search", {}) == {"hits": []}
    assert client.round_trips == 5
    bounds = [(0.05, 0.1), (0.1, 0.2), (0.2, 0.4), (0.4, 0.8)]
    assert all(low <= slept <= high for slept, (low, high) in zip(clock.slept, bounds, strict=True))


@pytest.mark.parametrize(
    ("method", "path", "seconds"), [("POST", "/x/_search", 30), ("PUT", "/x/_doc/1", 60)]
)
def test_asking_again_ends_after_half_a_minute_for_reads_and_one_for_writes(
    server: Server, client: Client, clock: Clock, method: str, path: str, seconds: int
) -> None:
    server.tell(failed("circuit_breaking_exception", "Data too large", 429))
    with pytest.raises(ClusterUnreachable, match="overloaded: circuit_breaking_exception: Data"):
        client.request(method, path, {})
    assert seconds - 5 <= clock.now <= seconds


def test_a_cluster_that_never_answered_is_given_up_after_seconds(clock: Clock) -> None:
    with (
        made(clock, closed_port()) as client,
        pytest.raises(ClusterUnreachable, match="refuses connections") as caught,
    ):
        client.request("GET", "/")
    assert clock.now <= 3
    assert client.round_trips == 0
    assert caught.value.hint


def test_a_lost_node_is_left_for_half_a_minute_and_another_asked_at_once(clock: Clock) -> None:
    with ExitStack() as stack:
        good, other, bad = (stack.enter_context(serving(Told(value={}))) for _ in range(3))
        bad.tell(Broken())
        client = stack.enter_context(made(clock, good.url, bad.url, other.url))
        for _ in range(12):
            client.request("GET", "/")
        assert clock.slept == []
        assert len(bad.seen) == 1
        assert min(len(good.seen), len(other.seen)) >= 4
        clock.now += 31
        bad.tell(Told(value={}))
        for _ in range(6):
            client.request("GET", "/")
        assert len(bad.seen) == 3


def test_a_lost_node_that_answers_again_is_asked_in_turn_again(clock: Clock) -> None:
    nodes = Nodes(("a", "b"), first=0, clock=clock)
    nodes.lost("a")
    clock.now += 1
    nodes.lost("b")
    assert [nodes.next(), nodes.next()] == ["a", "a"]  # the one that was lost first
    nodes.answered("a")
    nodes.answered("b")
    assert {nodes.next(), nodes.next()} == {"a", "b"}


def test_clients_begin_at_different_nodes() -> None:
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(Told(value={}))) for _ in range(3)]
        address = ClusterAddress(tuple(server.url for server in servers), "news")
        for seed in range(12):
            with Client(address, chance=Random(seed)) as client:
                client.request("GET", "/")
        assert all(server.seen for server in servers)


@pytest.mark.parametrize(
    "loss", [Broken(), Told(value={"a": 1}, missing=9)], ids=["broken", "truncated"]
)
def test_an_answer_that_breaks_off_is_asked_for_again(
    server: Server, client: Client, clock: Clock, loss: Broken | Told
) -> None:
    server.tell(Told(value={}), loss, Told(value={"whole": True}))
    client.request("GET", "/")
    assert client.request("PUT", "/x/_doc/1", {}) == {"whole": True}
    assert len(clock.slept) == 1


@pytest.mark.parametrize("answer", [Broken(), Told(content=b"<html>", status=502)])
@pytest.mark.parametrize("path", ["/x/_doc", "/x/_update/1"])
def test_a_write_that_would_be_done_twice_is_not_sent_again(
    server: Server, client: Client, answer: Broken | Told, path: str
) -> None:
    server.tell(answer, Told(value={}))
    with pytest.raises(ClusterError):
        client.request("POST", path, {})
    assert len(server.seen) == 1


def test_a_write_that_was_rejected_is_sent_again(server: Server, client: Client) -> None:
    server.tell(failed("rejected_execution_exception", "queue", 429), Told(value={"_id": "1"}))
    assert client.request("POST", "/x/_doc", {}) == {"_id": "1"}


def test_a_node_that_stays_silent_is_a_sentence_with_the_time(server: Server, clock: Clock) -> None:
    server.tell(Silent())
    with made(clock, server.url, timeout=0.02) as client:
        with pytest.raises(ClusterUnreachable) as caught:
            client.request("POST", "/x/_doc", {})
        assert str(caught.value) == f"{server.url}: no answer within 0.02 s"


def test_a_host_that_nobody_knows_is_a_sentence(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with made(clock, "http://no-such-host:9200") as client, pytest.raises(ClusterError) as caught:
        client.request("GET", "/")
    assert str(caught.value) == "http://no-such-host:9200: no such host is known"


@pytest.mark.parametrize(
    "partly",
    [
        {"hits": {}, "timed_out": False, "_shards": {"total": 3, "failed": 1}},
        {"hits": {}, "timed_out": True, "_shards": {"total": 3, "failed": 0}},
    ],
)
def test_a_search_that_lacks_a_shard_is_asked_again_and_never_a_result(
    server: Server, client: Client, partly: dict[str, Any]
) -> None:
    whole = {"hits": {}, "timed_out": False, "_shards": {"total": 3, "failed": 0}}
    server.tell(Told(value=partly), Told(value=whole))
    assert client.request("POST", "/x/_search", {}) == whole
    server.tell(Told(value={"responses": [whole, partly]}), Told(value={"responses": [whole] * 2}))
    assert client.multi_search([({}, {})] * 2) == [whole] * 2
    server.tell(Told(value=partly))
    with pytest.raises(ClusterUnreachable, match="a part of the index did not answer"):
        client.request("POST", "/x/_search", {})
