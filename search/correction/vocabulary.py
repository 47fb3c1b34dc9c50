"""The words that an index knows: the terms of all segments, with frequencies, and its lexicon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from index.analysis.english import stem
from index.analysis.word import Role
from index.schema import Field
from index.snapshot import Snapshot

from .term_scan import TermScan

if TYPE_CHECKING:  # completion needs no lexicon, and a shell waits for it
    from index.analysis.lexicon import Lexicon

_FIELDS = (Field.BODY, Field.TITLE, Field.META)


class Vocabulary:
    """The terms of a snapshot, and the words of the lexicon that its index was built with.

    Without the lexicon, words in Hangul are known as terms only: enough to complete one.
    """

    def __init__(self, snapshot: Snapshot, lexicon: Lexicon | None = None) -> None:
        self.snapshot = snapshot
        self.lexicon = lexicon
        self._terms = {
            field: [TermScan(own.terms, own.bounds) for own in snapshot.fields(field) if own.terms]
            for field in _FIELDS
        }
        # The dictionaries of all segments, those of texts first.
        self.term_scans = [scan for field in _FIELDS for scan in self._terms[field]]
        self.word_scans = (
            [TermScan(words) for words in lexicon.dictionaries() if words] if lexicon else []
        )
        self._frequencies: dict[str, int] = {}

    def term_frequency(self, term: str) -> int:
        """Return the number of passages with a term in their text, title or fields: the most."""
        known = self._frequencies.get(term)
        if known is None:
            known = max(self._field_frequency(field, term.encode()) for field in _FIELDS)
            self._frequencies[term] = known
        return known

    def _field_frequency(self, field: Field, term: bytes) -> int:
        if self.snapshot.has_deleted:
            return self.snapshot.passage_frequency(field, term)
        found = ((scan, scan.find(term)) for scan in self._terms[field])
        return sum(
            int(scan.frequencies(np.array([ordinal]))[0])
            for scan, ordinal in found
            if ordinal is not None
        )

    def word_frequency(self, word: str) -> int:
        """Return the number of passages that may have a word: those with its rarest term.

        0 for a word that is no term and not in the lexicon: Kiwi is not loaded for it.
        """
        as_term = self.term_frequency(word)
        if word.isascii():
            return max(as_term, self.term_frequency(stem(word)))
        analysis = self.lexicon.get(word) if self.lexicon else None
        parts = analysis[0] if analysis else ()
        terms = (part.term for part in parts if part.role is Role.PRIMARY)
        return max(as_term, min(map(self.term_frequency, terms), default=0))

    def endings(self, candidates: Iterable[str]) -> set[str]:
        """Return the `candidates` that follow the last term of some word of the lexicon."""
        return self.lexicon.endings(candidates) if self.lexicon else set()
