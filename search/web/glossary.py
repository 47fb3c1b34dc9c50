"""Strikes wrong translations out of the index, and takes that back."""

from __future__ import annotations

import json
from pathlib import Path

from index.bridge.entry import Entry, Source
from index.edit_glossary import add_entries, entries_of_pair, strike_pair
from index.value import NamedTuple

from ..output.json import entry_object
from .refusals import BAD, Refused

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

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._struck: dict[Pair, Entry] = {}

    def strike(self, pair: Pair) -> dict[str, object]:
        """Strike a pair out, as `chaja glossary strike` does; return its entries as they were.

        Raises CorpusError if there is none, and IndexLocked during a build.
        """
        entries, notes = strike_pair(self._directory, *pair)
        # One of weight 0 was struck out before.
        self._struck |= {_pair(entry): entry for entry in entries if entry.weight}
        return {"entries": [entry_object(entry) for entry in entries], "notes": list(notes)}

    def unstrike(self, pair: Pair) -> dict[str, object]:
        """Bring a pair back: as it was, or of the weight 1 if an earlier server struck it out.

        What is not struck out stays as it is. Returns the entries as they are then; raises as
        `strike` does.
        """
        entries = entries_of_pair(self._directory, *pair)
        after = [entry if entry.weight else self._before(entry) for entry in entries]
        new = [entry for entry in after if entry not in entries]
        notes = add_entries(self._directory, new) if new else ()
        return {"entries": [entry_object(entry) for entry in after], "notes": list(notes)}

    def _before(self, entry: Entry) -> Entry:
        known = self._struck.get(_pair(entry))
        return known or entry._replace(weight=1.0, source=Source.USER)


def _pair(entry: Entry) -> Pair:
    return Pair(entry.korean, entry.english)
