"""Reads all hits of a search, page by page, and all terms of a keyword field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import Client

_PAGE = 5_000
_TERMS = 10_000
_LAST = "\U0010ffff"


def every_hit(
    client: Client,
    index: str,
    query: Mapping[str, Any],
    *,
    fields: Sequence[str],
    order: str = "number",
    stored: bool = False,
    page: int = _PAGE,
) -> Iterator[dict[str, Any]]:
    """Yield all hits of a query in the order of a field, which no two share.

    Each has the doc values of `fields`, and with `stored` its `_source`.
    """
    parts = ("_id", "sort", "fields", *(("_source",) if stored else ()))
    wanted = ",".join(f"hits.hits.{part}" for part in parts)
    body: dict[str, Any] = {
        "size": page,
        "query": query,
        "sort": [{order: "asc"}],
        "_source": stored,
        "docvalue_fields": list(fields),
        "track_total_hits": False,
    }
    while True:
        answer = client.request(
            "POST", f"/{index}/_search", body, parameters={"filter_path": wanted}
        )
        hits: list[dict[str, Any]] = answer.get("hits", {}).get("hits", [])
        yield from hits
        if len(hits) < page:
            return
        body["search_after"] = hits[-1]["sort"]


def every_term(
    client: Client, index: str, field: str, *, prefix: str = ""
) -> Iterator[tuple[str, int]]:
    """Yield the terms of a keyword field that begin so, in order, each with its documents."""
    composite: dict[str, Any] = {
        "size": _TERMS,
        "sources": [{field: {"terms": {"field": field}}}],
    }
    if prefix:  # what is before all that begins so, as good as
        composite["after"] = {field: prefix[:-1] + chr(ord(prefix[-1]) - 1) + _LAST}
    body = {"size": 0, "aggs": {"all": {"composite": composite}}}
    while True:
        found = client.request("POST", f"/{index}/_search", body)["aggregations"]["all"]
        for bucket in found["buckets"]:
            term = bucket["key"][field]
            if not term.startswith(prefix):
                return
            yield term, bucket["doc_count"]
        if len(found["buckets"]) < _TERMS:
            return
        composite["after"] = found["after_key"]


def count(client: Client, index: str, query: Mapping[str, Any] | None = None) -> int:
    """Return the number of documents of an index that match."""
    body = {"query": query} if query else None
    return int(client.request("POST", f"/{index}/_count", body)["count"])
