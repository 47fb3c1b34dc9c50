"""The words of an index directory: the dictionaries of all segments, and those of its lexicon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.schema import Field

from ..correction.term_scan import TermScan, frequencies_of, lexicon_scans
from ..correction.vocabulary import PrefixPattern, Vocabulary

if TYPE_CHECKING:  # completion needs no lexicon, and a shell waits for it
    from index.analysis.lexicon import Lexicon
    from index.snapshot import Snapshot

_FIELDS = (Field.BODY, Field.TITLE, Field.META)


class EmbeddedVocabulary(Vocabulary):
    """The terms of a snapshot, and the words of a lexicon. Nothing is expected: reading is fast."""

    def __init__(self, snapshot: Snapshot, lexicon: Lexicon | None = None) -> None:
        super().__init__(lexicon)
        self.snapshot = snapshot
        self._terms = {
            field: [TermScan(own.terms, own.bounds) for own in snapshot.fields(field) if own.terms]
            for field in _FIELDS
        }
        # The dictionaries of all segments, those of texts first.
        self._term_scans = [scan for field in _FIELDS for scan in self._terms[field]]
        self._word_scans = lexicon_scans(lexicon)
        self._frequencies: dict[str, int] = {}

    @property
    def size(self) -> int:
        """The number of passages, deleted ones included."""
        return self.snapshot.size

    def expect(self, terms: Iterable[str]) -> None:
        """Do nothing, and do not read the terms."""

    def expect_similar(self, keys: Iterable[str]) -> None:
        """Do nothing, and do not read the keys."""

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

    def similar_hangul(self, keys: str, *, edits: int) -> Mapping[str, int]:
        """Return the words in Hangul whose keys may be so many edits away, by their signatures."""
        scans = (*self._term_scans, *self._word_scans)
        return frequencies_of((scan, scan.hangul.near(keys, edits=edits)) for scan in scans)

    def similar_stems(self, keys: str, *, edits: int, longest_ending: int) -> Mapping[str, int]:
        """Return the terms in Latin letters that `keys` may begin with, by their signatures."""
        return frequencies_of(
            (scan, scan.latin.stems(keys, edits=edits, longest_ending=longest_ending))
            for scan in self._term_scans
        )

    def starting_with(self, patterns: Sequence[PrefixPattern], *, most: int) -> list[str]:
        """Return the `most` frequent terms of each dictionary that match each pattern."""
        terms: dict[str, None] = {}
        for scan in self._term_scans:
            for pattern in patterns:
                ordinals = scan.matching(pattern)
                if len(ordinals) > most:
                    frequencies = scan.frequencies(ordinals)
                    ordinals = ordinals[np.argpartition(frequencies, -most)[-most:]]
                terms.update(dict.fromkeys(scan.words(ordinals)))
        return list(terms)

    def texts_with(self, terms: Sequence[str], *, most: int) -> Iterator[list[str]]:
        """Yield some texts with each term, spread over its posting list, or else titles.

        Each is read when it is asked for; one takes about 0.1 ms.
        """
        for term in terms:
            yield list(self._texts_with(term.encode(), most))

    def _texts_with(self, term: bytes, most: int) -> Iterator[str]:
        postings = self.snapshot.posting_list(Field.BODY, term)
        is_body = postings is not None
        postings = postings or self.snapshot.posting_list(Field.TITLE, term)
        if postings is None:
            return
        rows = np.unique(np.linspace(0, postings.size - 1, min(most, postings.size)).astype(int))
        for passage in postings.passages_at(rows).tolist():
            if is_body:
                yield str(self.snapshot.stored(passage)["text"])
            else:
                yield str(self.snapshot.stored_document(passage)["title"])
