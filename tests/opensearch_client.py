"""A client, a server and a clock for the tests of the client of OpenSearch."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from opensearch_server import Seen, Server, Told, serving

from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress
from index.opensearch.client import Client

NOBODY = Access()
SECRET = "hunter2-of-the-tests"
TEXT = "전략적 동반자 관계"  # what a document says


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Told(value={})) as server:
        yield server


@pytest.fixture
def client(server: Server, clock: Clock) -> Iterator[Client]:
    with made(clock, server.url) as client:
        yield client


def made(clock: Clock, *nodes: str, access: Access = NOBODY, timeout: float = 5.0) -> Client:
    address = ClusterAddress(nodes, "news")
    return Client(
        address, access, timeout=timeout, clock=clock, sleep=clock.sleep, chance=Random(1)
    )


def closed_port() -> str:
    """Return a node that refuses connections."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def failed(kind: str, reason: str, status: int = 400) -> Told:
    error = {"type": kind, "reason": reason, "root_cause": [{"type": kind, "reason": reason}]}
    return Told(value={"error": error, "status": status}, status=status)


def rejected(*statuses: int, kind: str = "rejected_execution_exception") -> dict[str, Any]:
    """Return an answer to a bulk request, with a status for each of its actions."""
    items: list[dict[str, Any]] = []
    for status in statuses:
        error = {} if status < 300 else {"error": {"type": kind, "reason": "why"}}
        items.append({"index": {"status": status, **error}})
    return {"items": items}


def index_actions(count: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    heads = ({"index": {"_index": "news-p", "_id": str(number)}} for number in range(count))
    return [(head, {"text": TEXT}) for head in heads]


def accepting(seen: Seen) -> Told:
    """Accept all actions; each index is two lines."""
    return Told(value=rejected(*[201] * (len(seen.lines) // 2)))
