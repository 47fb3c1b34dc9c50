"""Answers that are errors, as one sentence with the next step.

What OpenSearch gives as a reason can quote documents: such parts are left out.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from corpus.errors import (
    ClusterError,
    ClusterIndexMissing,
    ClusterOverloaded,
    ClusterRefused,
    ClusterUnreachable,
    ClusterViewLost,
)

from ..value import NamedTuple
from .access import PASSWORD, USER, Access
from .transport import Answer

MOST_CHARACTERS = 300
_LONGEST_QUOTED = 60
# What cannot be done now may be done in a moment, or by another node.
_TRANSIENT = (429, 502, 503, 504)
_NO_CONTEXT = "search_context_missing_exception"
_NO_INDEX = "index_not_found_exception"
# What a node says, by 500, of another that was lost just now.
_NODE_LOST = frozenset(
    {
        "connect_transport_exception",
        "node_closed_exception",
        "node_disconnected_exception",
        "node_not_connected_exception",
        "receive_timeout_transport_exception",
        "send_request_transport_exception",
    }
)
_BLOCK = "block_exception"  # the end of the types of blocks
# From here on a reason is about the value of a field.
_VALUE = re.compile(
    r"Preview of field|The prefix of the first immense term|[Ff]or input string"
    r"|(?<=failed to parse date field) \[|(?<=Failed to parse query) \["
)
_QUOTED = re.compile(r"'.*'|\[[^\[\]]*\]|\"[^\"]*\"", re.DOTALL)
_RIGHT = re.compile(r"no permissions for \[([\w:/*., -]{1,120}(?:\[\w\])?)\]")
_REBUILD = "If the index was changed by hand or by another version: chaja build --rebuild."
_HINTS = {
    _NO_INDEX: "Build the index: chaja build.",
    "illegal_argument_exception": _REBUILD,
    "mapper_parsing_exception": _REBUILD,
    "query_shard_exception": _REBUILD,
    "strict_dynamic_mapping_exception": _REBUILD,
    "version_conflict_engine_exception": "Try again when no other process writes to the index.",
}
_BREAKS = re.compile(r"\s+")


class Reply(NamedTuple):
    """An answer with its JSON; `value` is None where it has none."""

    answer: Answer
    value: Any

    @property
    def status(self) -> int:
        """The status of HTTP."""
        return self.answer.status


def read_reply(answer: Answer, *, has_content: bool = True) -> Reply:
    """Return an answer with its JSON. Raises ClusterError for a success without JSON."""
    try:
        return Reply(answer, json.loads(answer.content) if has_content else None)
    except (ValueError, RecursionError):
        if answer.status >= 300:
            return Reply(answer, None)
        raise _no_opensearch(answer) from None  # the error holds the answer


def is_transient(status: int, error: object) -> bool:
    """Return whether the same may be answered if it is asked again."""
    if _type_of(error) in _NODE_LOST:
        return True
    if status not in _TRANSIENT:
        return False
    # A full disk is told by 429 too, but waiting does not free it.
    return not _type_of(error).endswith(_BLOCK) or status >= 500


def is_partial(value: object) -> bool:
    """Return whether the result of a search lacks the passages of some shards."""
    if not isinstance(value, dict):
        return False
    shards = value.get("_shards")
    failed = shards.get("failed") if isinstance(shards, dict) else 0
    return bool(failed or value.get("timed_out"))


def partial(node: str) -> ClusterUnreachable:
    """Return the error for a search that some shards did not answer."""
    return ClusterUnreachable(
        f"{node}: a part of the index did not answer",
        hint="See which shards have no node: GET /_cluster/health?level=shards",
    )


def error_of(value: object) -> object:
    """Return what an answer has as its error, None without one."""
    return value.get("error") if isinstance(value, dict) else None


def refusal(reply: Reply, asked: str, access: Access) -> ClusterError:
    """Return the error for an answer that is none; `asked` is the method and the path."""
    answer, error = reply.answer, error_of(reply.value)
    if 300 <= answer.status < 400:
        return _redirected(answer)
    if answer.status == 401:
        return _unknown(answer.node, access)
    if answer.status == 413:
        hint = "Raise http.max_content_length of OpenSearch, or the limit of the proxy before it."
        return ClusterError(f"{answer.node}: {asked}: the request is too large", hint=hint)
    if reply.value is None and answer.status not in (403, *_TRANSIENT):
        return _no_opensearch(answer)
    return item_failure(answer.node, asked, answer.status, error)


def item_failure(node: str, asked: str, status: int, error: object) -> ClusterError:
    """Return the error for one request, search or action that failed."""
    kind, what = _type_of(error), f"{node}: {asked}"
    if kind == _NO_CONTEXT:
        return ClusterViewLost(f"{what}: the point in time of this search is gone")
    if kind.endswith(_BLOCK):
        return _blocked(node, what, error)
    if status == 403:
        return _forbidden(node, asked, error)
    if status == 429:
        hint = "Try again when it has less to do; if it stays, give it more memory or nodes."
        return ClusterOverloaded(_cut(f"{what}: it is overloaded: {summary(error)}"), hint=hint)
    if is_transient(status, error):
        hint = "Try again; if it stays, see GET /_cluster/health and the logs of its nodes."
        message = f"{what}: it cannot answer now ({status}): {summary(error)}"
        return ClusterUnreachable(_cut(message), hint=hint)
    if kind == _NO_INDEX:
        return ClusterIndexMissing(_cut(f"{what}: {summary(error)}"), hint=_HINTS[kind])
    hint = _HINTS.get(kind, "The log of the node has the whole error.")
    return ClusterError(_cut(f"{what}: {summary(error) or status}"), hint=hint)


def summary(error: object) -> str:
    """Return the type and reason of an error in at most 300 characters, without values."""
    if isinstance(error, str):
        error = {"reason": error}
    cause = _cause(error)
    reason = str(cause.get("reason") or "").strip()
    if found := _VALUE.search(reason):
        reason = reason[: found.start()].rstrip(" ,.:")
    reason = _QUOTED.sub(lambda quoted: _short(quoted[0]), reason)
    told = ": ".join(filter(None, (_type_of(error), reason)))
    return _cut(_BREAKS.sub(" ", told).strip())


def _short(quoted: str) -> str:
    # Names of fields and indexes stand in brackets, values between apostrophes.
    is_name = quoted[0] != "'" and len(quoted) <= _LONGEST_QUOTED
    return quoted if is_name else f"{quoted[0]}…{quoted[-1]}"


def _cut(text: str) -> str:
    text = text.rstrip(" :")
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def _cause(error: object) -> dict[str, Any]:
    """Return the first cause of an error: the whole says only that all shards failed."""
    if not isinstance(error, dict):
        return {}
    causes = error.get("root_cause")
    if isinstance(causes, list) and causes and isinstance(causes[0], dict):
        return causes[0]
    return error


def _type_of(error: object) -> str:
    return str(_cause(error).get("type") or "")


def _redirected(answer: Answer) -> ClusterError:
    place = urlsplit(answer.location)
    # The rest of the place could hold a secret.
    whither = f"{place.scheme}://{place.hostname}" if place.hostname else "another path"
    return ClusterError(
        f"{answer.node}: redirects to {whither}, which is not followed",
        hint="Write the address at which OpenSearch itself answers.",
    )


def _unknown(node: str, access: Access) -> ClusterRefused:
    if access.api_key:
        hint = "OpenSearch knows API keys from version 3.7 on: check the key, and that it is valid."
        return ClusterRefused(f"{node}: does not accept the API key", hint=hint)
    if access.user:
        message = f"{node}: does not accept the user {access.user} with this password"
        return ClusterRefused(message, hint=f"Check {USER} and {PASSWORD}_FILE.")
    hint = f"Set {USER} and {PASSWORD}_FILE."
    return ClusterRefused(f"{node}: asks for a user and a password", hint=hint)


def _forbidden(node: str, asked: str, error: object) -> ClusterRefused:
    reason = error.get("reason") if isinstance(error, dict) else error
    right = found[1] if (found := _RIGHT.search(str(reason))) else ""
    return ClusterRefused(
        _cut(f"{node}: {asked}: the user has no right to {right or 'do that'}"),
        hint="Give a role of the user this right, or name a user that has it.",
    )


def _blocked(node: str, what: str, error: object) -> ClusterError:
    reason = str(error.get("reason")) if isinstance(error, dict) else ""
    settings = "_all/_settings"
    change = ""
    if "read-only / allow delete" in reason or "flood-stage" in reason:
        what = f"{what}: the disk of a node is full, so nothing is written"
        change = '{"index.blocks.read_only_allow_delete": null}'
    elif "create-index" in reason:
        what = f"{what}: no index can be made, as when all disks are nearly full"
        settings = "_cluster/settings"
        change = '{"persistent": {"cluster.blocks.create_index": null}}'
    else:
        what = f"{what}: blocked"
    hint = f"Take the block away: it is among the settings at {node}/{settings}."
    if change:
        hint = (
            f"Free disk space; if the block stays: curl -X PUT '{node}/{settings}' "
            f"-H 'Content-Type: application/json' -d '{change}'"
        )
    return ClusterError(_cut(f"{what} ({reason})"), hint=hint)


def _no_opensearch(answer: Answer) -> ClusterError:
    start = answer.content.lstrip()[:1]
    what = "HTML" if start == b"<" else "something other than JSON" if start else "nothing"
    return ClusterError(
        f"{answer.node}: answers with {what} (status {answer.status}), so it is no OpenSearch",
        hint="Check host and port, and any proxy between: OpenSearch itself has to answer.",
    )
