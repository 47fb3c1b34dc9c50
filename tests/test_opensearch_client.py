"""The client of a cluster: requests, and searches in one request."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from opensearch_client import (
    TEXT,
    Clock,
    closed_port,
    failed,
    made,
)
from opensearch_client import client as client
from opensearch_client import clock as clock
from opensearch_client import server as server
from opensearch_server import Server, Told

from corpus.errors import ClusterError, MissingExtra
from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress
from index.opensearch.client import Client


def test_a_request_sends_json_and_returns_json(server: Server, client: Client) -> None:
    server.tell(Told(value={"ok": TEXT}))
    found = client.request(
        "PUT", "news/_doc/1", {"text": TEXT}, parameters={"refresh": True, "ids": ["a", "b"]}
    )
    (seen,) = server.seen
    assert found == {"ok": TEXT}
    assert (seen.method, seen.target) == ("PUT", "/news/_doc/1?refresh=true&ids=a,b")
    assert seen.json == {"text": TEXT}
    assert seen.headers["content-type"] == "application/json"
    assert "authorization" not in seen.headers


def test_one_connection_is_kept_and_each_answer_is_counted(server: Server, client: Client) -> None:
    for _ in range(3):
        client.request("GET", "/")
    assert len({seen.connection for seen in server.seen}) == 1
    assert client.round_trips == 3


def test_statuses_that_are_allowed_are_answers(server: Server, client: Client) -> None:
    server.tell(Told(value={"error": "conflict"}, status=409))
    assert client.request("PUT", "/x/_create/1", {}, allowed=(409,)) == {"error": "conflict"}


def test_find_returns_none_for_what_is_not_there_and_raises_other_errors(
    server: Server, client: Client
) -> None:
    server.tell(Told(value={"found": False}, status=404), Told(value={"found": True}))
    assert client.find("/x/_doc/1") is None
    assert client.find("/x/_doc/1") == {"found": True}
    server.tell(failed("illegal_argument_exception", "no"))
    with pytest.raises(ClusterError, match="illegal_argument_exception: no"):
        client.find("/x/_doc/1")


def test_whether_something_exists_can_be_asked_without_its_content(
    server: Server, client: Client
) -> None:
    server.tell(Told(content=b""))
    assert client.request("HEAD", "/x") is None


def test_another_process_has_connections_of_its_own(
    server: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.request("GET", "/")
    monkeypatch.setattr("os.getpid", lambda: -1)
    client.request("GET", "/")
    assert len({seen.connection for seen in server.seen}) == 2


def test_threads_share_a_client(server: Server, client: Client) -> None:
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: client.request("GET", "/"), range(40)))
    assert found == [{}] * 40
    assert client.round_trips == 40


def test_half_a_surrogate_pair_is_sent_as_a_question_mark(server: Server, client: Client) -> None:
    client.request("PUT", "/x", {"text": "a\ud800b"})
    assert server.seen[0].json == {"text": "a?b"}


def test_only_long_bodies_are_compressed_and_compressed_answers_are_read(
    server: Server, client: Client
) -> None:
    server.tell(Told(value=TEXT, compressed=True))
    for text in ("short", "long" * 3_000):
        assert client.request("PUT", "/x", [text]) == TEXT
        assert server.seen[-1].json == [text]
    assert [seen.headers.get("content-encoding") for seen in server.seen] == [None, "gzip"]
    assert len(server.seen[1].raw) < 1_000
    assert server.seen[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("access", "header"),
    [
        (Access("writer", "암호"), "Basic d3JpdGVyOuyVlO2YuA=="),
        (Access(api_key="key=="), "ApiKey key=="),
    ],
)
def test_a_user_or_a_key_is_sent_with_each_request(
    server: Server, clock: Clock, access: Access, header: str
) -> None:
    with made(clock, server.url, access=access) as client:
        client.request("GET", "/")
    assert server.seen[0].headers["authorization"] == header


def test_the_proxy_of_the_environment_is_not_asked(
    server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, closed_port())
    with made(clock, server.url) as client:
        assert client.request("GET", "/") == {}


def test_without_urllib3_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "urllib3", None)
    with pytest.raises(MissingExtra, match="needs urllib3, which is not installed") as caught:
        Client(ClusterAddress(("http://a:1",), "n"))
    assert caught.value.hint == "install it: pip install 'chaja[cluster]'"


def test_several_searches_are_one_request_of_headers_and_bodies(
    server: Server, client: Client
) -> None:
    server.tell(Told(value={"responses": [{"hits": 1}, {"hits": 2}]}))
    searches = [({"index": "news-p"}, {"size": number}) for number in range(2)]
    assert client.multi_search(searches) == [{"hits": 1}, {"hits": 2}]
    assert server.seen[0].target == "/_msearch"
    assert server.seen[0].headers["content-type"] == "application/x-ndjson"
    assert server.seen[0].lines == [part for search in searches for part in search]
    assert client.multi_search([]) == []
    assert client.round_trips == 1


def test_the_first_of_several_searches_that_failed_is_raised(
    server: Server, client: Client
) -> None:
    errors = [
        {"error": {"type": "script_exception", "reason": reason}, "status": 400}
        for reason in ("first", "second")
    ]
    server.tell(Told(value={"responses": [{"hits": 1}, *errors]}))
    with pytest.raises(ClusterError, match="script_exception: first"):
        client.multi_search([({}, {})] * 3)


def test_searches_of_which_one_was_rejected_are_asked_again(server: Server, client: Client) -> None:
    busy = {"error": {"type": "rejected_execution_exception", "reason": "q"}, "status": 429}
    server.tell(
        Told(value={"responses": [{"hits": 1}, busy]}), Told(value={"responses": [{"hits": 1}] * 2})
    )
    assert client.multi_search([({}, {})] * 2) == [{"hits": 1}] * 2


def test_answers_to_fewer_searches_than_were_asked_are_refused(
    server: Server, client: Client
) -> None:
    server.tell(Told(value={"responses": [{"hits": 1}]}))
    with pytest.raises(ClusterError, match="answers 1 of 2 searches"):
        client.multi_search([({}, {})] * 2)
