"""The fields as a schema of Whoosh, and the analyzer that its parser and highlighter read with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import analysis, fields, formats

from ..analysis.analyzer import Analyzer
from ..analysis.word import Role
from ..analyzers import open_analyzer
from ..directory.commit import About
from ..directory.damage import reported_damage
from ..schema import STORED_DOCUMENT, STORED_PASSAGE, TRANSLATIONS, Field

# Fields made from doc values; a date is the first day that it spans.
DATE = "date"
LANGUAGE = "language"
INDEXED = tuple(sorted([*(field.value for field in Field), DATE, LANGUAGE]))


class PackedPositions(formats.Positions):  # type: ignore[misc]  # Whoosh has no types
    """The positions of a term in a passage, as little-endian 16-bit numbers."""

    def encode(self, poslist: Iterable[int]) -> bytes:
        """Return positions as the value of a posting."""
        return np.asarray(poslist, dtype="<u2").tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """Return the positions of a posting, ascending."""
        positions: list[int] = np.frombuffer(valuestring, dtype="<u2").tolist()
        return positions

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return the frequency of a posting."""
        return len(valuestring) // 2


class Day(fields.DATETIME):  # type: ignore[misc]  # Whoosh has no types
    """Dates, without Whoosh's terms for longer spans: a range reads the few terms of its days."""

    def __init__(self) -> None:
        super().__init__(stored=True)
        self.shift_step = 0


_DAY = Day()


def term_of_day(day: int) -> bytes | None:
    """Return the term of a day (yyyymmdd), or None for an invalid one."""
    try:
        term: bytes = _DAY.to_bytes(datetime(day // 10_000, day // 100 % 100, day % 100))
    except ValueError:
        return None
    return term


def by_field(stored: dict[str, Any]) -> dict[str, Any]:
    """Return the stored fields of a passage by their names in Whoosh: its text is `body`."""
    return {Field.BODY.value if name == "text" else name: stored[name] for name in stored}


def schema(analyzer: WordAnalyzer) -> fields.Schema:
    """Return the Whoosh schema of an index.

    `body` and `title` have terms, made by `analyzer`; `gram` has syllable bigrams, `path` whole
    paths, `language` a code, `date` the first day that a date spans, `meta` the words of file names
    and of the fields of documents, `field` these as they are, and `bridge` what documents say in
    both languages, as it is written. All other fields are only stored.
    """
    stored = by_field({**STORED_DOCUMENT, TRANSLATIONS: list, **STORED_PASSAGE})
    bigrams = fields.FieldType(formats.Frequency(), analysis.IDAnalyzer(), scorable=True)
    # The terms of one word follow each other in the text, so the parser makes a phrase of them.
    words = fields.FieldType(
        PackedPositions(), analyzer, scorable=True, stored=True, multitoken_query="phrase"
    )
    indexed = {
        Field.BODY.value: words,
        Field.BRIDGE.value: fields.ID(),
        Field.FIELD.value: fields.ID(),
        Field.BIGRAM.value: bigrams,
        Field.META.value: fields.FieldType(PackedPositions(), analyzer),
        Field.PATH.value: fields.ID(stored=True, unique=True),
        Field.TITLE.value: words,
        DATE: _DAY,
        LANGUAGE: fields.ID(stored=True),
    }
    return fields.Schema(**dict.fromkeys(stored, fields.STORED()) | indexed)


class WordAnalyzer(analysis.Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Text to terms, with the lexicon of the index, which the first text opens.

    In mode "query" a word gives the terms of its first reading, and a word of particles only
    gives none; in any other mode it gives all its terms. Offsets are characters of the text.
    """

    def __init__(self, directory: Path, about: About) -> None:
        self._directory = directory
        self._about = about

    @cached_property
    def words(self) -> Analyzer:
        """The analyzer of the index, opened on first use."""
        return open_analyzer(self._directory, self._about)

    def __call__(
        self, value: str, *, mode: str = "", **options: object
    ) -> Iterator[analysis.Token]:
        """Yield a new token for each term. Raises AnalyzerMismatch and IndexDamaged."""
        with reported_damage(self._directory, missing=True):
            tokens = self.words.tokens(value)
        for token in tokens:
            for part in token.word.parts:
                if part.role is Role.PRIMARY or mode != "query":
                    start, end = token.span_of(part)
                    yield analysis.Token(
                        mode=mode,
                        text=part.term,
                        original=value[start:end],
                        pos=token.position + part.position,
                        startchar=start,
                        endchar=end,
                        **options,
                    )

    def close(self) -> None:
        """Close the lexicon, if it was opened."""
        if "words" in self.__dict__:
            self.words.lexicon.close()
            self.words.korean.close()
