"""Bulk writes to a cluster."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opensearch_client import (
    TEXT,
    Clock,
    accepting,
    failed,
    index_actions,
    rejected,
)
from opensearch_client import client as client
from opensearch_client import clock as clock
from opensearch_client import server as server
from opensearch_server import Broken, Seen, Server, Told

from corpus.errors import ClusterError, ClusterUnreachable, IndexLocked
from index.opensearch import bulk
from index.opensearch.client import Client


@given(st.lists(st.integers(0, 300), max_size=30), st.integers(1, 400))
def test_batches_have_all_actions_in_order_and_are_as_full_as_they_may(
    sizes: list[int], most: int
) -> None:
    actions = [({"index": {"_id": str(n)}}, {"t": "x" * size}) for n, size in enumerate(sizes)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "MOST_BYTES", most)
        made = [[action.lines for action in batch] for batch in bulk.batches(actions)]
    every = [bulk.encode(head) + b"\n" + bulk.encode(body) + b"\n" for head, body in actions]
    assert [lines for batch in made for lines in batch] == every
    lengths = [sum(map(len, batch)) for batch in made]
    assert all(
        length <= most or len(batch) == 1 for length, batch in zip(lengths, made, strict=True)
    )
    firsts = [len(batch[0]) for batch in made[1:]]
    assert all(length + first > most for length, first in zip(lengths[:-1], firsts, strict=True))


def test_actions_are_sent_as_lines_and_counted(server: Server, client: Client) -> None:
    deletion = {"delete": {"_index": "news-p", "_id": "9"}}
    items = [{"index": {"status": 201}}, {"delete": {"status": 404}}]
    server.tell(Told(value={"items": items}))
    done = client.bulk(iter([*index_actions(1), (deletion, None)]), parameters={"routing": "d"})
    assert done == 2
    (seen,) = server.seen
    assert (seen.method, seen.target.partition("?")[0]) == ("POST", "/_bulk")
    assert "routing=d" in seen.target
    assert seen.lines == [*index_actions(1)[0], deletion]


@pytest.mark.parametrize(
    "answer", [Broken(), failed("circuit_breaking_exception", "Data too large", 429)]
)
def test_a_write_that_may_no_longer_be_sent_is_not_sent_again(
    server: Server, client: Client, clock: Clock, answer: Broken | Told
) -> None:
    def may_send() -> None:
        if clock.now > 2:
            raise IndexLocked("lost")

    client.request("GET", "/")
    server.tell(answer)
    with pytest.raises(IndexLocked):
        client.bulk(index_actions(2), may_send=may_send)
    assert 2 < clock.now < 5


def test_nothing_to_do_sends_nothing(client: Client) -> None:
    assert client.bulk([]) == 0
    assert client.round_trips == 0


def test_more_than_a_batch_is_several_requests(
    server: Server, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_BYTES", 300)
    server.script = accepting
    assert client.bulk(index_actions(20)) == 20
    assert len(server.seen) > 3
    assert all(len(seen.content) <= 300 for seen in server.seen)


@pytest.mark.parametrize("status", [429, 503])
def test_rejected_actions_alone_are_sent_again_in_smaller_batches(
    server: Server, client: Client, clock: Clock, status: int
) -> None:
    server.tell(
        Told(value=rejected(201, status, 201, status, status, status)),
        Told(value=rejected(status, 201, 201)),
        Told(value=rejected(201)),
        Told(value=rejected(201)),
    )
    assert client.bulk(index_actions(6)) == 6
    ids = [[line["index"]["_id"] for line in seen.lines[::2]] for seen in server.seen]
    assert ids == [["0", "1", "2", "3", "4", "5"], ["1", "3", "4"], ["1"], ["5"]]
    assert len(clock.slept) == 2


@pytest.mark.parametrize(
    "refusal",
    [
        failed("circuit_breaking_exception", "Data too large", 429),
        Told(content=b"<html>too large</html>", status=413),
    ],
)
def test_a_request_that_is_too_much_is_parted(
    server: Server, client: Client, refusal: Told
) -> None:
    def script(seen: Seen) -> Told:
        return refusal if len(seen.lines) > 4 else accepting(seen)

    server.script = script
    assert client.bulk(index_actions(9)) == 9
    assert [len(seen.lines) // 2 for seen in server.seen] == [9, 4, 2, 2, 2, 2, 1]


def test_one_action_that_is_too_large_is_an_error(server: Server, client: Client) -> None:
    server.tell(Told(content=b"", status=413))
    with pytest.raises(ClusterError, match="the request is too large") as caught:
        client.bulk(index_actions(1))
    assert "http.max_content_length" in caught.value.hint


def test_actions_that_stay_rejected_are_given_up_after_a_minute(
    server: Server, client: Client, clock: Clock
) -> None:
    server.tell(Told(value=rejected(429)))
    with pytest.raises(ClusterUnreachable, match="index of news-p/0: it is overloaded"):
        client.bulk(index_actions(1))
    assert 55 <= clock.now <= 60


def test_the_minute_begins_again_with_every_action_that_is_done(
    server: Server, client: Client, clock: Clock
) -> None:
    turns = iter(range(10_000))

    def script(seen: Seen) -> Told:
        count = len(seen.lines) // 2
        is_done = next(turns) % 12 == 11
        return Told(value=rejected(*[201 if is_done else 429] * count))

    server.script = script
    assert client.bulk(index_actions(8)) == 8
    assert clock.now > 60


def test_a_bulk_write_that_broke_off_is_sent_again_whole(server: Server, client: Client) -> None:
    server.tell(Broken(), Told(value=rejected(200, 200)))
    assert client.bulk(index_actions(2)) == 2
    assert server.seen[0].lines == server.seen[1].lines


def test_an_action_that_failed_is_named_without_the_text_of_its_document(
    server: Server, client: Client
) -> None:
    reason = (
        "failed to parse field [lang] of type [keyword] in document with id '7'. "
        f"Preview of field's value: '{TEXT}'"
    )
    error = {"type": "mapper_parsing_exception", "reason": reason}
    server.tell(Told(value={"items": [{"index": {"status": 400, "error": error}}]}))
    with pytest.raises(ClusterError) as caught:
        client.bulk(index_actions(1))
    told = f"{server.url}: index of news-p/0: mapper_parsing_exception: failed to parse field"
    assert str(caught.value).startswith(told)
    assert TEXT not in str(caught.value)
    assert "chaja build --rebuild" in caught.value.hint
    assert len(server.seen) == 1


FLOOD = "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, "
FULL = FLOOD + "index has read-only-allow-delete block];"


@pytest.mark.parametrize("status", [403, 429])
def test_a_full_disk_is_told_at_once_with_what_to_type(
    server: Server, client: Client, clock: Clock, status: int
) -> None:
    error = {"type": "cluster_block_exception", "reason": FULL}
    item = Told(value={"items": [{"index": {"status": status, "error": error}}]})
    whole = Told(value={"error": error, "status": status}, status=status)
    for answer in (item, whole):
        server.tell(answer)
        with pytest.raises(ClusterError, match="the disk of a node is full") as caught:
            client.bulk(index_actions(1))
        assert "Free disk space" in caught.value.hint
        assert f"curl -X PUT '{server.url}/_all/_settings'" in caught.value.hint
        assert '{"index.blocks.read_only_allow_delete": null}' in caught.value.hint
    assert clock.slept == []


def test_another_block_is_told_as_one(server: Server, client: Client) -> None:
    server.tell(failed("cluster_block_exception", "blocked by: [FORBIDDEN/8/write (api)]", 403))
    with pytest.raises(ClusterError, match=r"blocked \(blocked by: .*write \(api\)") as caught:
        client.request("PUT", "/x/_doc/1", {})
    assert caught.value.hint.endswith(f"at {server.url}/_all/_settings.")


def test_a_cluster_that_lets_no_index_be_made_is_told_with_what_to_type(
    server: Server, client: Client
) -> None:
    reason = "blocked by: [FORBIDDEN/10/cluster create-index blocked (api)];"
    server.tell(failed("index_create_block_exception", reason, 403))
    with pytest.raises(ClusterError, match="PUT /x: no index can be made") as caught:
        client.request("PUT", "/x", {})
    assert f"curl -X PUT '{server.url}/_cluster/settings'" in caught.value.hint
    assert "cluster.blocks.create_index" in caught.value.hint


def test_a_cluster_without_a_manager_is_asked_again(server: Server, client: Client) -> None:
    server.tell(failed("cluster_block_exception", "no manager", 503), Told(value={}))
    assert client.request("PUT", "/x/_doc/1", {}) == {}


@pytest.mark.parametrize("value", [[], {}, {"items": []}, {"items": [{}]}, {"items": [{"a": 1}]}])
def test_an_answer_that_is_not_about_the_actions_is_refused(
    server: Server, client: Client, value: object
) -> None:
    server.tell(Told(value=value))
    with pytest.raises(ClusterError, match="not about the actions that were sent"):
        client.bulk(index_actions(1))
