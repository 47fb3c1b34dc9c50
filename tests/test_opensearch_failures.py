"""What a cluster, or what is none, answers as an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opensearch_client import (
    SECRET,
    TEXT,
    Clock,
    failed,
    index_actions,
    made,
)
from opensearch_client import client as client
from opensearch_client import clock as clock
from opensearch_client import server as server
from opensearch_server import Server, Told

from corpus.errors import ClusterError, ClusterRefused
from index.opensearch.access import Access
from index.opensearch.client import Client
from index.opensearch.failures import MOST_CHARACTERS, summary


@pytest.mark.parametrize(
    ("access", "told"),
    [
        (Access("writer", SECRET), "does not accept the user writer with this password"),
        (Access(api_key=SECRET), "does not accept the API key"),
        (Access(), "asks for a user and a password"),
    ],
)
def test_who_is_not_known_reads_what_was_not_accepted(
    server: Server, clock: Clock, access: Access, told: str
) -> None:
    server.tell(Told(content=b"Unauthorized", status=401))
    with made(clock, server.url, access=access) as client, pytest.raises(ClusterRefused) as caught:
        client.request("GET", "/")
    assert str(caught.value) == f"{server.url}: {told}"
    assert caught.value.hint
    assert SECRET not in f"{caught.value}{caught.value.hint}{caught.value!r}"


@pytest.mark.parametrize(
    ("action", "place"), [("indices:data/write/bulk[s]", "item"), ("indices:admin/create", "whole")]
)
def test_a_right_that_is_missing_is_named(
    server: Server, client: Client, action: str, place: str
) -> None:
    reason = f"no permissions for [{action}] and User [name=reader, backend_roles=[], x={SECRET}]"
    error = {"type": "security_exception", "reason": reason}
    if place == "item":
        server.tell(Told(value={"items": [{"index": {"status": 403, "error": error}}]}))
    else:
        server.tell(Told(value={"error": error, "status": 403}, status=403))
    with pytest.raises(ClusterRefused) as caught:
        client.bulk(index_actions(1))
    assert str(caught.value).endswith(f": the user has no right to {action}")
    assert "role" in caught.value.hint


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (Told(content=b"<html>Welcome</html>"), r"answers with HTML \(status 200\)"),
        (Told(content=b"\n<!doctype html>", status=404), r"answers with HTML \(status 404\)"),
        (Told(content=b'{"a": '), "answers with something other than JSON"),
        (Told(content=b"[" * 100_000), "answers with something other than JSON"),
        (Told(content=b"", status=404), "answers with nothing"),
        (
            Told(content=b"no gzip, but so it says", headers={"content-encoding": "gzip"}),
            "cannot be decompressed",
        ),
    ],
)
def test_what_is_no_opensearch_is_told(
    server: Server, client: Client, told: Told, message: str
) -> None:
    server.tell(told)
    with pytest.raises(ClusterError, match=message) as caught:
        client.request("GET", "/")
    assert "proxy" in caught.value.hint
    assert "Welcome" not in str(caught.value)


def test_a_proxy_without_a_server_behind_it_is_asked_again(server: Server, client: Client) -> None:
    server.tell(Told(content=b"<html>", status=502), Told(value={"a": 1}))
    assert client.request("GET", "/x") == {"a": 1}


def test_a_redirect_is_not_followed_and_told_without_its_path(server: Server, clock: Clock) -> None:
    place = f"https://login.example/start?token={SECRET}"
    server.tell(Told(content=b"", status=302, headers={"location": place}))
    access = Access("writer", SECRET)
    with made(clock, server.url, access=access) as client, pytest.raises(ClusterError) as caught:
        client.request("GET", "/")
    assert str(caught.value).endswith("redirects to https://login.example, which is not followed")
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        ("index_not_found_exception", "Build the index: chaja build."),
        ("version_conflict_engine_exception", "Try again when no other process writes"),
        ("script_exception", "The log of the node has the whole error."),
    ],
)
def test_other_errors_have_a_next_step_by_their_kind(
    server: Server, client: Client, kind: str, hint: str
) -> None:
    server.tell(failed(kind, "of [news-p]", 404))
    with pytest.raises(ClusterError) as caught:
        client.request("POST", "/news-p/_search", {})
    assert str(caught.value) == f"{server.url}: POST /news-p/_search: {kind}: of [news-p]"
    assert caught.value.hint.startswith(hint)


def test_the_cause_is_told_and_not_that_all_shards_failed(server: Server, client: Client) -> None:
    cause = {"type": "query_shard_exception", "reason": "no field [x]"}
    whole = {"type": "search_phase_execution_exception", "reason": "all shards failed"}
    server.tell(Told(value={"error": whole | {"root_cause": [cause]}, "status": 400}, status=400))
    with pytest.raises(ClusterError, match=r": query_shard_exception: no field \[x\]") as caught:
        client.request("POST", "/x/_search", {})
    assert "chaja build --rebuild" in caught.value.hint


def test_an_error_that_is_only_text_is_told(server: Server, client: Client) -> None:
    server.tell(Told(value={"error": "no handler found", "status": 400}, status=400))
    with pytest.raises(ClusterError, match="GET /x: no handler found"):
        client.request("GET", "/x")


def test_an_error_without_json_from_a_node_without_tls_is_not_taken_for_tls(
    server: Server, client: Client
) -> None:
    server.tell(Told(content=b"<html>Bad Request</html>", status=400))
    with pytest.raises(ClusterError, match=r"answers with HTML \(status 400\)"):
        client.request("GET", "/x")


@given(st.text() | st.none() | st.integers(), st.text() | st.none() | st.lists(st.integers()))
def test_the_summary_of_any_error_is_one_short_line(kind: object, reason: object) -> None:
    causes = [{"type": kind, "reason": reason}]
    for error in (reason, {"type": kind, "reason": reason}, {"root_cause": causes}):
        told = summary(error)
        assert len(told) <= MOST_CHARACTERS
        assert "\n" not in told


@pytest.mark.parametrize(
    "reason",
    [
        f"failed to parse field [n]. Preview of field's value: '{TEXT}'",
        f'For input string: "{TEXT}"',
        f"failed to parse date field [{TEXT}] with format [strict_date]",
        f"immense term in field; The prefix of the first immense term is: '[{TEXT}]'",
        f"Failed to parse query [{TEXT} AND (]",
        f"Cannot parse '{TEXT}': it's wrong" + " '",
        f"value [{TEXT * 9}] is too long",
        f"value '\n{TEXT}\n' is too long",
    ],
)
def test_the_summary_of_an_error_has_no_text_of_a_document(reason: str) -> None:
    assert TEXT not in summary({"type": "x_exception", "reason": reason})


def test_a_short_value_in_quotes_is_left_out_of_a_summary_too() -> None:
    assert summary({"type": "x", "reason": f"unknown '{TEXT}' here"}) == "x: unknown '…' here"


def about(number: str, **more: str) -> Told:
    return Told(value={"version": {"number": number} | more})


@pytest.mark.parametrize(
    ("number", "version"), [("2.11.0", (2, 11)), ("2.19.6", (2, 19)), ("3.7.0-SNAPSHOT", (3, 7))]
)
def test_the_version_of_opensearch_is_asked_once(
    server: Server, client: Client, number: str, version: tuple[int, int]
) -> None:
    server.tell(about(number, distribution="opensearch"))
    assert client.check_product() == client.check_product() == version
    assert client.round_trips == 1


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (about("8.15.0", lucene_version="9.11"), "is Elasticsearch 8.15.0, not OpenSearch"),
        (about("1.0", distribution="else"), "is another product 1.0, not OpenSearch"),
        (about("2.10.0", distribution="opensearch"), "OpenSearch 2.10 is too old"),
        (about("7.10.2", distribution="opensearch"), "does not tell its version, but 7.10.2"),
        (about("x", distribution="opensearch"), "does not tell its version, but x"),
        (Told(value={"couchdb": "Welcome"}), "does not say that it is OpenSearch"),
        (Told(value=[]), "does not say that it is OpenSearch"),
    ],
)
def test_another_product_or_an_old_version_is_refused(
    server: Server, client: Client, told: Told, message: str
) -> None:
    server.tell(told)
    with pytest.raises(ClusterError, match=message) as caught:
        client.check_product()
    assert caught.value.hint


def test_an_api_key_needs_a_version_that_knows_them(server: Server, clock: Clock) -> None:
    server.tell(
        about("3.6.0", distribution="opensearch"), about("3.7.0", distribution="opensearch")
    )
    with made(clock, server.url, access=Access(api_key=SECRET)) as client:
        with pytest.raises(ClusterError, match=r"OpenSearch 3\.6 knows no API keys, only 3\.7"):
            client.check_product()
        assert client.check_product() == (3, 7)
