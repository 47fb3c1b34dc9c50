"""The index of words: every term of texts, titles and fields, with the keys that type it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..analysis.hangul_keys import is_hangul, keys_of
from .names import Epoch

if TYPE_CHECKING:
    from .client import Client
    from .records import Action, TermCounts

HANGUL, LATIN, OTHER = 1, 2, 0
_LONGEST = 512  # bytes of an id
_AT_ONCE = 5_000  # terms that are looked up


def word_record(
    term: str, count: int, *, in_body: bool = False, in_title: bool = False
) -> dict[str, Any]:
    """Return the record of a term, which texts or titles have."""
    script = _script(term)
    fields = {"in_body": in_body, "in_title": in_title}
    record = {"term": term, "script": script, "count": count, **fields}
    return record | ({"keys": keys_of(term).lower()} if script != OTHER else {})


def _script(term: str) -> int:
    if is_hangul(term):
        return HANGUL
    return LATIN if term.isascii() and term.isalpha() else OTHER


def word_actions(
    client: Client, epoch: Epoch, counts: TermCounts, *, fresh: bool
) -> Iterator[Action]:
    """Yield the actions that add counts to those of an index, which a `fresh` one has not."""
    terms = iter(sorted(term for term in counts.counts if 0 < len(term) <= _LONGEST))
    while some := list(islice(terms, _AT_ONCE)):
        names = [term.decode() for term in some]
        before = {} if fresh else _known(client, epoch, names)
        for term, name in zip(some, names, strict=True):
            known = before.get(name, {})
            record = word_record(
                name,
                counts.counts[term] + known.get("count", 0),
                in_body=term in counts.in_body or known.get("in_body", False),
                in_title=term in counts.in_title or known.get("in_title", False),
            )
            yield {"index": {"_index": epoch.words, "_id": name}}, record


def _known(client: Client, epoch: Epoch, terms: list[str]) -> dict[str, Mapping[str, Any]]:
    answer = client.request("POST", f"/{epoch.words}/_mget", {"ids": terms})
    return {doc["_id"]: doc["_source"] for doc in answer["docs"] if doc.get("found")}
