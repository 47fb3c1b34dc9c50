"""The client of a cluster: JSON in, JSON out, repeated where that is safe."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from random import Random
from typing import Any, Self
from urllib.parse import urlencode

from corpus.errors import ClusterError, ClusterUnreachable

from ..fork_locks import CACHE_LOCK
from ..value import NOTHING, NamedTuple
from .access import Access
from .address import ClusterAddress
from .attempts import FIRST_SECONDS, READ_SECONDS, WRITE_SECONDS, Backoff, Nodes
from .bulk import FILTER, Action, Outcome, batches, encode, judge
from .failures import (
    Reply,
    error_of,
    is_partial,
    is_transient,
    item_failure,
    partial,
    read_reply,
    refusal,
)
from .product import Version, read_version
from .transport import Lost, Transport

_JSON = "application/json"
_LINES = "application/x-ndjson"
# A POST that ends so changes nothing.
_READS = frozenset({"_analyze", "_count", "_mget", "_msearch", "_search", "point_in_time"})
# A POST that ends so gives documents ids of its own, or changes them by what they are.
_ONCE = frozenset({"_doc", "_update", "_update_by_query", "_reindex"})
# What a proxy answers when it does not know what became of a request.
_PERHAPS_DONE = (502, 504)
_SEARCHES = ("_search", "_count")


def _always() -> None:
    """Let every attempt be made."""


class _Request(NamedTuple):
    """What is sent, to whichever node."""

    method: str
    path: str
    parameters: Mapping[str, object]
    content: bytes
    kind: str
    answered: frozenset[int]  # statuses that are an answer and no failure
    is_repeated: bool = True  # where another attempt may have a better answer
    may_send: Callable[[], None] = _always

    @property
    def last(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def asked(self) -> str:
        return f"{self.method} {self.path[:100]}"

    @property
    def reads(self) -> bool:
        return self.method in ("GET", "HEAD") or self.last in _READS

    @property
    def can_repeat(self) -> bool:
        """Whether it may be sent again although it was perhaps carried out."""
        if self.method != "POST" or self.last in _READS:
            return True
        return self.last.startswith("_") and self.last not in _ONCE

    @property
    def target(self) -> str:
        return self.path + (f"?{_query(self.parameters)}" if self.parameters else "")


class Client:
    """Asks the nodes of a cluster in turn; threads and forked processes can share it.

    A request is sent again, with growing waits, for 30 seconds if it reads and 60 if it writes,
    but for 3 as long as no node has ever answered. A PUT with op_type=create or a DELETE that is
    sent again can meet what it did itself, as 409 or 404.
    """

    def __init__(
        self,
        address: ClusterAddress,
        access: Access = Access(),  # noqa: B008 - a value that nobody can change
        *,
        timeout: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Random | None = None,
    ) -> None:
        self.address = address
        self._access = access
        self._transport = Transport(access, timeout=timeout)
        self._clock, self._sleep, self._chance = clock, sleep, chance or Random()
        # Clients begin at different nodes, or the first would get what each asks first.
        first = self._chance.randrange(len(address.nodes))
        self._nodes = Nodes(address.nodes, first=first, clock=clock)
        self._count = 0
        self._version: Version | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    @property
    def round_trips(self) -> int:
        """How many HTTP requests were answered."""
        return self._count

    def request(
        self,
        method: str,
        path: str,
        body: object | None = None,
        *,
        parameters: Mapping[str, object] = NOTHING,
        allowed: Collection[int] = (),
        repeated: bool = True,
    ) -> Any:  # noqa: ANN401 - any JSON
        """Return the JSON of an answer, None for HEAD.

        `path` is quoted already; the statuses in `allowed`, such as 404, are no errors. Unless
        `repeated`, only a node that is lost is replaced by another, and no time is spent waiting.
        Raises ClusterUnreachable, ClusterViewLost, ClusterRefused (401, 403) and ClusterError.
        """
        content = b"" if body is None else encode(body)
        request = _request(method, path, content, parameters, allowed)
        return self._reply(request._replace(is_repeated=repeated)).value

    def find(self, path: str, *, parameters: Mapping[str, object] = NOTHING) -> Any | None:  # noqa: ANN401 - any JSON
        """Return the JSON at a path, None where there is nothing (404). Raises ClusterError."""
        reply = self._reply(_request("GET", path, b"", parameters, (404,)))
        return None if reply.status == 404 else reply.value

    def multi_search(
        self,
        searches: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
        *,
        parameters: Mapping[str, object] = NOTHING,
        repeated: bool = True,
    ) -> list[dict[str, Any]]:
        """Return the answers to searches, each a header and a body, in order, in one request.

        `repeated` is as for `request`. Raises ClusterError for the first that failed.
        """
        if not searches:
            return []
        content = b"".join(encode(part) + b"\n" for search in searches for part in search)
        request = _request("POST", "/_msearch", content, parameters, kind=_LINES)
        reply = self._reply(request._replace(is_repeated=repeated))
        answers: list[dict[str, Any]] = _answers(reply.value)
        node = reply.answer.node
        for answer in answers:
            if error := error_of(answer):
                raise item_failure(node, "search", answer.get("status", 0), error)
        if len(answers) != len(searches):
            raise ClusterError(f"{node}: answers {len(answers)} of {len(searches)} searches")
        return answers

    def bulk(
        self,
        actions: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]],
        *,
        parameters: Mapping[str, object] = NOTHING,
        may_send: Callable[[], None] = _always,
    ) -> int:
        """Carry out actions, each with an id of ours, and return their number.

        `may_send` is called before each attempt, and can raise an error to stop them.

        Actions that a node rejects because it has too much to do are sent again, in smaller
        batches. Deleting what is not there is done. Raises ClusterError for the first action that
        cannot be done; those before it, and some after it, are done.
        """
        return sum(self._write(batch, parameters, may_send) for batch in batches(actions))

    def check_product(self) -> Version:
        """Return the version of the cluster, asked once. Raises ClusterError for other products.

        It also does for versions that are too old, or too old for API keys.
        """
        if self._version is None:
            reply = self._reply(_request("GET", "/"))
            node, has_key = reply.answer.node, bool(self._access.api_key)
            self._version = read_version(reply.value, node=node, has_key=has_key)
        return self._version

    def _write(
        self, batch: list[Action], parameters: Mapping[str, object], may_send: Callable[[], None]
    ) -> int:
        waiting, size, backoff = batch, len(batch), self._backoff()
        while waiting:
            part, rest = waiting[:size], waiting[size:]
            outcome = self._carried_out(part, parameters, may_send)
            waiting = outcome.rejected + rest
            if outcome.done:
                backoff.restart()
            if outcome.failure is None:
                continue
            size = max(1, len(part) // 2)
            if not backoff.wait(WRITE_SECONDS):
                raise outcome.failure
        return len(batch)

    def _carried_out(
        self, part: list[Action], parameters: Mapping[str, object], may_send: Callable[[], None]
    ) -> Outcome:
        content = b"".join(action.lines for action in part)
        asked = {"filter_path": FILTER, **parameters}
        request = _request("POST", "/_bulk", content, asked, (413, 429), kind=_LINES)
        reply = self._reply(request._replace(may_send=may_send))
        if reply.status < 300:
            return judge(reply.answer.node, part, reply.value)
        failure = refusal(reply, request.asked, self._access)
        is_too_large = reply.status == 413 and len(part) > 1
        if is_too_large or is_transient(reply.status, error_of(reply.value)):
            return Outcome(0, part, failure)
        raise failure

    def _backoff(self) -> Backoff:
        return Backoff(clock=self._clock, sleep=self._sleep, chance=self._chance.random)

    def _reply(self, request: _Request) -> Reply:
        """Return the answer to a request, sent until it has one."""
        backoff = self._backoff()
        attempt = 0
        while not isinstance(outcome := self._attempt(request), Reply):
            attempt += 1
            if isinstance(outcome, Lost) and attempt < len(self.address.nodes):
                continue  # another node may answer now
            if not request.is_repeated or not backoff.wait(self._most_seconds(request)):
                raise _unreachable(outcome) if isinstance(outcome, Lost) else outcome
        return outcome

    def _attempt(self, request: _Request) -> Reply | Lost | ClusterError:
        """Return the answer of one node, or why another attempt may have one."""
        request.may_send()
        node = self._nodes.next()
        try:
            answer = self._transport.send(
                node, request.method, request.target, request.content, request.kind
            )
        except Lost as lost:
            self._nodes.lost(node)
            if lost.is_sent and not request.can_repeat:
                raise _unreachable(lost) from None
            return lost
        self._nodes.answered(node)
        with CACHE_LOCK:
            self._count += 1
        reply = read_reply(answer, has_content=request.method != "HEAD")
        if reply.status in request.answered:
            return reply
        is_safe = request.can_repeat or reply.status not in _PERHAPS_DONE
        if is_safe and is_transient(reply.status, error_of(reply.value)):
            return refusal(reply, request.asked, self._access)
        if reply.status >= 300:
            raise refusal(reply, request.asked, self._access)
        return _incomplete(request, reply) or reply

    def _most_seconds(self, request: _Request) -> float:
        if not self._count:
            return FIRST_SECONDS
        return READ_SECONDS if request.reads else WRITE_SECONDS


def _request(
    method: str,
    path: str,
    content: bytes = b"",
    parameters: Mapping[str, object] = NOTHING,
    answered: Collection[int] = (),
    *,
    kind: str = _JSON,
) -> _Request:
    path = "/" + path.removeprefix("/")
    return _Request(method, path, parameters, content, kind, frozenset(answered))


def _incomplete(request: _Request, reply: Reply) -> ClusterError | None:
    """Return the failure of searches that are worth asking again, although the status is 200."""
    if request.last in _SEARCHES and is_partial(reply.value):
        return partial(reply.answer.node)
    if request.last != "_msearch":
        return None
    for answer in _answers(reply.value):
        status, error = answer.get("status", 200), error_of(answer)
        if is_transient(status, error):
            return item_failure(reply.answer.node, "search", status, error)
        if is_partial(answer):
            return partial(reply.answer.node)
    return None


def _answers(value: object) -> list[dict[str, Any]]:
    answers = value.get("responses") if isinstance(value, dict) else None
    return (
        [answer for answer in answers if isinstance(answer, dict)]
        if isinstance(answers, list)
        else []
    )


def _unreachable(lost: Lost) -> ClusterUnreachable:
    hint = "Check the address, and that the cluster runs: GET /_cluster/health"
    return ClusterUnreachable(str(lost), hint=hint)


def _query(parameters: Mapping[str, object]) -> str:
    return urlencode({name: _parameter(value) for name, value in parameters.items()}, safe=",*")


def _parameter(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)
