"""Looks up entries for a query in the table of an index and in the general glossary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .entry import Entry, heavier
from .table import MOST_ENTRIES, KeyMatch, Table

_CACHE_SIZE = 10_000  # keys


class Lookup:
    """The entries of an index, which override those of the general glossary; thread-safe."""

    def __init__(self, table: Table, general: Table) -> None:
        self._table = table
        self._general = general
        self._cache: dict[tuple[str, bool], KeyMatch] = {}

    def find(self, key: str, *, korean: bool) -> Sequence[Entry]:
        """Return the best entries of a key of one language, the heaviest first."""
        return self._match(key, korean=korean).entries

    def has_prefix(self, prefix: str, *, korean: bool) -> bool:
        """Return whether a key of one language begins with `prefix`."""
        return self._match(prefix, korean=korean).is_prefix

    def _match(self, key: str, *, korean: bool) -> KeyMatch:
        match = self._cache.get((key, korean))
        if match is None:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            own = self._table.find(key, korean=korean)
            general = self._general.find(key, korean=korean)
            entries = self._merged(own.entries, general.entries)
            match = self._cache[key, korean] = KeyMatch(entries, own.is_prefix or general.is_prefix)
        return match

    def _merged(self, own: Iterable[Entry], general: Iterable[Entry]) -> Sequence[Entry]:
        found = {(entry.korean, entry.english): entry for entry in own}
        for entry in general:
            terms = (entry.korean, entry.english)
            if terms in found:
                found[terms] = heavier(found[terms], entry)
            elif not self._table.has_user_entry(*terms):
                found[terms] = entry
        best = sorted(found.values(), key=lambda entry: -entry.weight)
        return tuple(best[:MOST_ENTRIES])
