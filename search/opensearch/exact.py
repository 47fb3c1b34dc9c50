"""Phrases that must stand as they are written: read in the texts that have their words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.schema import field_text

from ..query.tree import Phrase
from ..query.written import folded
from .conditions import NOTHING, all_of
from .known import numbered
from .view import PAGE, Body, ClusterView

# A condition may have so many numbers.
_MOST_FOUND = 65_000
_AT_ONCE = 500  # passages, whose texts come with them


def passages_as_written(view: ClusterView, condition: Body, phrase: Phrase) -> Body:
    """Return the condition of the passages that have the text of a phrase, as it is written.

    `condition` is that of its words; spaces and case are ignored. A title, or the fields, have it
    for all passages of their document.
    """
    if condition == NOTHING:
        return NOTHING
    wanted = folded(phrase.text)
    found = []
    titles: dict[int, str] = {}
    for rows in _pages(view, condition):
        documents = {row["fields"]["doc"][0] for row in rows} - titles.keys()
        titles |= _titles(view, sorted(documents), with_fields=not phrase.field)
        for row in rows:
            text = "" if phrase.field else str(row["_source"]["stored"]["text"])
            around = titles[row["fields"]["doc"][0]]
            if wanted in folded(text) or any(wanted in each for each in around.split("\0")):
                found.append(row["fields"]["number"][0])
    return numbered(found[:_MOST_FOUND]) if found else NOTHING


def _pages(view: ClusterView, condition: Body) -> Iterator[list[Any]]:
    """Yield the passages that fulfil a condition, in order, with their texts."""
    body: Body = {
        "size": _AT_ONCE,
        "_source": ["stored.text"],
        "docvalue_fields": ["number", "doc"],
        "track_total_hits": False,
        "sort": ["number"],
        "query": all_of([view.of("passages"), condition]),
    }
    while True:
        rows = view.search(body).get("hits", {}).get("hits", [])
        if rows:
            yield rows
        if len(rows) < _AT_ONCE:
            return
        body = {**body, "search_after": rows[-1]["sort"]}


def _titles(view: ClusterView, documents: list[int], *, with_fields: bool) -> dict[int, str]:
    """Return the title, and the fields, of documents, folded and parted by NUL."""
    if not documents:
        return {}
    body: Body = {
        "size": min(len(documents), PAGE),
        "_source": ["stored"],
        "docvalue_fields": ["number"],
        "track_total_hits": False,
        "query": all_of([view.of("documents"), numbered(documents)]),
    }
    hits = view.search(body).get("hits", {}).get("hits", [])
    stored = {hit["fields"]["number"][0]: hit["_source"]["stored"] for hit in hits}
    return {
        number: "\0".join(
            map(folded, (each["title"], field_text(each)) if with_fields else (each["title"],))
        )
        for number, each in stored.items()
    }
