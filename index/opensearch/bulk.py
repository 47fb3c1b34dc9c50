"""The actions of a bulk request in batches, and what became of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from corpus.errors import ClusterError

from ..value import NamedTuple
from .failures import is_transient, item_failure

MOST_BYTES = 5_000_000  # of a request, before it is compressed
# What is looked at of an answer; the rest would be as long as the request.
FILTER = "items.*.status,items.*.error.type,items.*.error.reason"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Action(NamedTuple):
    """One action, encoded, and what it is called in an error."""

    lines: bytes
    about: str


class Outcome(NamedTuple):
    """What became of a batch: how many actions are done, which are to be sent again, and why."""

    done: int
    rejected: list[Action]
    failure: ClusterError | None


def encode(value: object) -> bytes:
    """Return a value as one line of JSON, without its end."""
    # Half of a surrogate pair is no text to OpenSearch, which would refuse the whole request.
    return _ENCODER.encode(value).encode("utf-8", "replace")


def batches(
    actions: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]],
) -> Iterator[list[Action]]:
    """Yield actions, in order, as batches of at most `MOST_BYTES` or of one action."""
    batch: list[Action] = []
    size = 0
    for head, body in actions:
        action = _action(head, body)
        if batch and size + len(action.lines) > MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(action)
        size += len(action.lines)
    if batch:
        yield batch


def judge(node: str, batch: Sequence[Action], value: object) -> Outcome:
    """Return what became of a batch, by the answer of a node.

    Raises ClusterError for an action that failed and would fail again.
    """
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list) or len(items) != len(batch) or not all(map(_is_result, items)):
        raise ClusterError(
            f"{node}: POST /_bulk: the answer is not about the actions that were sent",
            hint="Check host and port, and any proxy between: OpenSearch itself has to answer.",
        )
    rejected: list[Action] = []
    failure = None
    for action, item in zip(batch, items, strict=True):
        ((operation, result),) = item.items()
        status, error = result["status"], result.get("error")
        if status < 300 or (operation == "delete" and status == 404):
            continue
        failure = item_failure(node, action.about, status, error)
        if not is_transient(status, error):
            raise failure
        rejected.append(action)
    return Outcome(len(batch) - len(rejected), rejected, failure)


def _is_result(item: object) -> bool:
    if not isinstance(item, dict) or len(item) != 1:
        return False
    (result,) = item.values()
    return isinstance(result, dict) and isinstance(result.get("status"), int)


def _action(head: Mapping[str, Any], body: Mapping[str, Any] | None) -> Action:
    ((operation, about),) = head.items()
    lines = [head] if body is None else [head, body]
    return Action(
        b"".join(encode(line) + b"\n" for line in lines),
        f"{operation} of {about.get('_index', '')}/{about.get('_id', '')}",
    )
