"""Strikes wrong translations out of the index, and takes that back."""

from __future__ import annotations

import json
from collections.abc import Sequence

from index.bridge.entry import Entry, Source
from index.value import NamedTuple

from ..output.json import entry_object
from .open_index import OpenIndex
from .refusals import BAD, MISSING, Refused, without_places

_NAMES = ("korean", "english")
_LONGEST = 200  # characters of a word


class Pair(NamedTuple):
    """A Korean and an English word or phrase of the glossary."""

    korean: str
    english: str


def pair_of(body: bytes) -> Pair:
    """Return the pair of a request in JSON; raises Refused for anything else."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):  # of JSON, its encoding or its depth
        given = None
    named = given if isinstance(given, dict) else {}
    words = [word for name in _NAMES if isinstance(word := named.get(name), str)]
    if len(words) < len(_NAMES) or not all(0 < len(word) <= _LONGEST for word in words):
        hint = 'Send an object such as {"korean": "동반자", "english": "companion"}.'
        raise Refused(BAD, "this is not a pair of words", hint)
    return Pair(*words)


class Glossary:
    """Changes the glossary of an index; the next request reads the changed one."""

    def __init__(self, index: OpenIndex) -> None:
        self._index = index
        self._struck: dict[Pair, Sequence[Entry]] = {}

    def strike(self, pair: Pair) -> dict[str, object]:
        """Strike a pair out, as `chaja glossary strike` does; return its entries as they were.

        Raises CorpusError if there is none, and IndexLocked during a build.
        """
        entries, notes = self._index.glossary.strike_pair(*pair)
        if any(entry.weight for entry in entries):  # else it was struck out before
            self._struck[pair] = entries
        return self._changed(entries, notes)

    def unstrike(self, pair: Pair) -> dict[str, object]:
        """Bring a pair back: as it was, or of the weight 1 if an earlier server struck it out.

        Raises as `strike` does, and Refused if it is not struck out.
        """
        own = self._index.glossary.entries_of_pair(*pair)
        struck = [entry for entry in own if not entry.weight]
        if not struck:
            raise Refused(MISSING, "this pair is not struck out", "Search again to see it.")
        again = [entry._replace(weight=1.0, source=Source.USER) for entry in struck]
        entries = self._struck.get(pair) or again
        notes = self._index.glossary.add_entries(entries)
        self._struck.pop(pair, None)
        return self._changed(entries, notes)

    def _changed(self, entries: Sequence[Entry], notes: Sequence[str]) -> dict[str, object]:
        self._index.changed()
        told = [without_places(note, self._index.places) for note in notes]
        return {"entries": [entry_object(entry) for entry in entries], "notes": told}
