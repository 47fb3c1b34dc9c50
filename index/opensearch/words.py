"""The index of words: every term of texts, titles and fields, with the keys that type it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..analysis.hangul_keys import Script, keys_of, script_of
from .names import Epoch
from .paging import every_hit

if TYPE_CHECKING:
    from .client import Client
    from .records import Action, TermCounts

_LONGEST = 512  # bytes of an id
_AT_ONCE = 5_000  # terms that are looked up


class WordWriter:
    """Makes the records of an index of words, for the writer of a turn.

    A record has the turn that counted last, and the count `before` it: what a build has counted and
    not committed is taken back by `uncounted`.
    """

    def __init__(self, client: Client, epoch: Epoch, turn: int, *, fresh: bool) -> None:
        self._client = client
        self._epoch = epoch
        self._turn = turn
        self._is_fresh = fresh

    def actions(self, counts: TermCounts) -> Iterator[Action]:
        """Yield the actions that add counts to those of the index, which must be written by now."""
        terms = iter(sorted(term for term in counts.counts if 0 < len(term) <= _LONGEST))
        while some := list(islice(terms, _AT_ONCE)):
            names = [term.decode() for term in some]
            known = {} if self._is_fresh else self._known(names)
            for term, name in zip(some, names, strict=True):
                record = self._record(name, term, counts, known.get(name, {}))
                yield {"index": {"_index": self._epoch.words, "_id": name}}, record
        self._is_fresh = False

    def _record(
        self, name: str, term: bytes, counts: TermCounts, known: Mapping[str, Any]
    ) -> dict[str, Any]:
        script, count = script_of(name), known.get("count", 0)
        record = {
            "term": name,
            "script": int(script),
            "count": counts.counts[term] + count,
            "in_body": term in counts.in_body or known.get("in_body", False),
            "in_title": term in counts.in_title or known.get("in_title", False),
            "turn": self._turn,
            "before": known["before"] if known.get("turn") == self._turn else count,
        }
        return record if script is Script.OTHER else {**record, "keys": keys_of(name).lower()}

    def _known(self, terms: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        answer = self._client.request("POST", f"/{self._epoch.words}/_mget", {"ids": terms})
        return {doc["_id"]: doc["_source"] for doc in answer["docs"] if doc.get("found")}


def uncounted(client: Client, epoch: Epoch, turn: int) -> Iterator[Action]:
    """Yield the actions that take back what turns after one have counted, as far as it is shown."""
    query = {"range": {"turn": {"gte": turn + 1}}}
    for hit in every_hit(client, epoch.words, query, fields=[], order="term", stored=True):
        head = {"_index": epoch.words, "_id": hit["_id"]}
        record = hit["_source"]
        if record["before"]:
            yield {"index": head}, {**record, "count": record["before"], "turn": turn}
        else:
            yield {"delete": head}, None
