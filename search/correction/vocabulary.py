"""The words that an index knows: its terms with how many passages hold them, and its lexicon's.

A view of the files: terms of every segment stay where they lie, and the segments are asked one
after the other. What is looked up twice is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from index.analysis.english import stem
from index.analysis.word import Role
from index.schema import Field
from index.snapshot import Snapshot

from .term_scan import TermScan

if TYPE_CHECKING:  # a word is completed without a lexicon, in the time that a shell waits
    from index.analysis.lexicon import Lexicon

_FIELDS = (Field.BODY, Field.TITLE)


class Vocabulary:
    """The terms of a snapshot, and the words of the lexicon that its index was built with.

    Without the lexicon, words in Hangul are known as terms only: enough to complete one.
    """

    def __init__(self, snapshot: Snapshot, lexicon: Lexicon | None = None) -> None:
        self.snapshot = snapshot
        self.lexicon = lexicon
        self.terms = {
            field: [TermScan(own.terms, own.bounds) for own in snapshot.fields(field) if own.terms]
            for field in _FIELDS
        }
        self.words = (
            [TermScan(words) for words in lexicon.dictionaries() if words] if lexicon else []
        )
        self._passages: dict[str, int] = {}

    @property
    def term_scans(self) -> Iterator[TermScan]:
        """The dictionaries of all segments, those of texts first."""
        for field in _FIELDS:
            yield from self.terms[field]

    def passages(self, term: str) -> int:
        """Return how many passages hold a term, in their text or, if more, in titles."""
        known = self._passages.get(term)
        if known is None:
            known = self._passages[term] = self._counted(term.encode())
        return known

    def _counted(self, term: bytes) -> int:
        if self.snapshot.has_deleted:
            return max(self.snapshot.passage_frequency(field, term) for field in _FIELDS)
        return max(sum(_size(shelf, term) for shelf in self.terms[field]) for field in _FIELDS)

    def passages_of(self, word: str) -> int:
        """Return how many passages may hold a word: those that hold its rarest term.

        0 for a word that only Kiwi could take apart, and is no term.
        """
        as_term = self.passages(word)
        if word.isascii():
            return max(as_term, self.passages(stem(word)))
        analysis = self.lexicon.get(word) if self.lexicon else None
        parts = analysis[0] if analysis else ()
        terms = (part.term for part in parts if part.role is Role.PRIMARY)
        return max(as_term, min(map(self.passages, terms), default=0))

    def endings(self, candidates: Iterable[str]) -> set[str]:
        """Return those of `candidates` that some word of the lexicon has behind its last term."""
        return self.lexicon.endings(candidates) if self.lexicon else set()


def _size(shelf: TermScan, term: bytes) -> int:
    number = shelf.find(term)
    return 0 if number is None else int(shelf.sizes(np.array([number]))[0])
