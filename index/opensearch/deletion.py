"""Deletes documents with their passages, found by their paths or their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from .names import Epoch
from .paging import every_hit
from .terms import keyword

if TYPE_CHECKING:
    from .client import Client
    from .records import Action

_PATHS = 1_000  # in a query


def delete_paths(
    client: Client, epoch: Epoch, paths: Iterable[str], numbers: Mapping[str, int]
) -> None:
    """Delete the documents with some paths whose numbers are in a range, such as {"lt": 5}.

    Only what the last refresh has shown is found.
    """
    left = iter(sorted(set(paths)))
    while some := [keyword(path) for path in islice(left, _PATHS)]:
        _delete(client, epoch, [{"terms": {"path": some}}, {"range": {"number": dict(numbers)}}])


def delete_numbers(client: Client, epoch: Epoch, numbers: Mapping[str, int]) -> None:
    """Delete the passages and documents whose numbers are in a range, as `delete_paths` does."""
    _delete(client, epoch, [{"range": {"number": dict(numbers)}}])


def _delete(client: Client, epoch: Epoch, conditions: Sequence[Mapping[str, Any]]) -> None:
    query = {"bool": {"filter": list(conditions)}}
    client.bulk(_actions(client, epoch.passages, "doc", query))
    client.bulk(_actions(client, epoch.documents, "number", query))


def _actions(
    client: Client, index: str, routing: str, query: Mapping[str, Any]
) -> Iterator[Action]:
    """Yield the deletions of what a query finds; `routing` names the field that routes it."""
    for hit in every_hit(client, index, query, fields=["number", routing]):
        fields = hit["fields"]
        head = {"_index": index, "_id": hit["_id"], "routing": str(fields[routing][0])}
        yield {"delete": head}, None
