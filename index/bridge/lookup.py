"""The entries that a query is led by: those of the index, and of the general glossary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .entry import Entry, heavier
from .table import MOST_ENTRIES, Met, Table

# Keys whose entries are remembered, those without any included.
_MOST_KNOWN = 10_000


class Lookup:
    """Looks keys up in the table of an index, then in the general one; threads may share it.

    An entry of the index overrules the general one of the same words.
    """

    def __init__(self, table: Table, general: Table) -> None:
        self._table = table
        self._general = general
        self._known: dict[tuple[str, bool], Met] = {}

    def find(self, key: str, *, korean: bool) -> Sequence[Entry]:
        """Return the best entries of a key of one language, the heaviest first."""
        return self._met(key, korean=korean).entries

    def continues(self, start: str, *, korean: bool) -> bool:
        """Tell whether a key of one language begins with `start`."""
        return self._met(start, korean=korean).goes_on

    def _met(self, key: str, *, korean: bool) -> Met:
        known = self._known.get((key, korean))
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            own = self._table.find(key, korean=korean)
            general = self._general.find(key, korean=korean)
            entries = self._joined(own.entries, general.entries)
            known = self._known[key, korean] = Met(entries, own.goes_on or general.goes_on)
        return known

    def _joined(self, own: Iterable[Entry], general: Iterable[Entry]) -> Sequence[Entry]:
        found = {(entry.korean, entry.english): entry for entry in own}
        for entry in general:
            words = (entry.korean, entry.english)
            known = found.get(words)
            if known is not None:
                found[words] = heavier(known, entry)
            elif not self._table.overrules(*words):
                found[words] = entry
        best = sorted(found.values(), key=lambda entry: -entry.weight)
        return tuple(best[:MOST_ENTRIES])
