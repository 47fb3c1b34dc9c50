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

# Fields made of what documents have as numbers: a date is the first day it spans.
DATE = "date"
LANGUAGE = "language"
INDEXED = tuple(sorted([*(field.value for field in Field), DATE, LANGUAGE]))
_TEXT = "text"


class PackedPositions(formats.Positions):  # type: ignore[misc]  # Whoosh has no types
    """Positions of a term in a passage, as little-endian 16-bit numbers."""

    def encode(self, poslist: Iterable[int]) -> bytes:
        """Return positions as the value of a posting."""
        return np.asarray(poslist, dtype="<u2").tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """Return where the term stands in the passage, ascending."""
        positions: list[int] = np.frombuffer(valuestring, dtype="<u2").tolist()
        return positions

    def decode_frequency(self, valuestring: bytes) -> int:
        """Return how often the term stands in the passage."""
        return len(valuestring) // 2


class Day(fields.DATETIME):  # type: ignore[misc]  # Whoosh has no types
    """Days, with no terms for longer spans: there are few of them, and ranges go over all."""

    def __init__(self) -> None:
        super().__init__(stored=True)
        self.shift_step = 0


def term_of_day(day: int) -> bytes | None:
    """Return the term of a day (yyyymmdd), or None for what is none."""
    try:
        term: bytes = _DAY.to_bytes(datetime(day // 10_000, day // 100 % 100, day % 100))
    except ValueError:
        return None
    return term


_DAY = Day()


def told_as_fields(stored: dict[str, Any]) -> dict[str, Any]:
    """Return what is stored of a passage and its document by fields: its text is its `body`."""
    return {Field.BODY.value if name == _TEXT else name: stored[name] for name in stored}


def schema(analyzer: WordAnalyzer) -> fields.Schema:
    """Return the Whoosh schema of an index.

    `body` and `title` have words, read by `analyzer`; `gram` has pairs of syllables, `path` whole
    paths, `language` a code, `date` the first day that a date spans, and `bridge` what documents
    tell of the other language, as they are typed. The other fields are only stored.
    """
    stored = told_as_fields({**STORED_DOCUMENT, TRANSLATIONS: list, **STORED_PASSAGE})
    syllables = fields.FieldType(formats.Frequency(), analysis.IDAnalyzer(), scorable=True)
    indexed = {
        Field.BODY.value: _words(analyzer),
        Field.BRIDGE.value: fields.ID(),
        Field.GRAM.value: syllables,
        Field.PATH.value: fields.ID(stored=True, unique=True),
        Field.TITLE.value: _words(analyzer),
        DATE: _DAY,
        LANGUAGE: fields.ID(stored=True),
    }
    return fields.Schema(**dict.fromkeys(stored, fields.STORED()) | indexed)


def _words(analyzer: WordAnalyzer) -> fields.FieldType:
    # The terms of one word stand side by side in the text, so they are asked for as a phrase.
    return fields.FieldType(
        PackedPositions(), analyzer, scorable=True, stored=True, multitoken_query="phrase"
    )


class WordAnalyzer(analysis.Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Text to terms; the lexicon of the index is opened when the first text comes.

    In a query a word is the terms of its first reading, and a word of particles only is none;
    anywhere else it is all its terms. Offsets are characters of the text.
    """

    def __init__(self, directory: Path, about: About) -> None:
        self._directory = directory
        self._about = about

    @cached_property
    def words(self) -> Analyzer:
        """What reads the words."""
        return open_analyzer(self._directory, self._about)

    def __call__(
        self, value: str, *, mode: str = "", **options: object
    ) -> Iterator[analysis.Token]:
        """Yield the terms of a text, in order, each a token of its own.

        Raises AnalyserMismatch and IndexDamaged.
        """
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
