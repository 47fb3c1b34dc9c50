"""What Whoosh is told of the fields."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from whoosh import analysis, fields, formats

from ..fields import Field
from .analyzer import WordAnalyzer

_STORED = ("id", "date", "language", "metadata", "text", "start", "line", "heading")


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


def schema(analyzer: WordAnalyzer) -> fields.Schema:
    """Return the Whoosh schema of an index.

    `body` and `title` have words, read by `analyzer`; `gram` has pairs of syllables, `path` whole
    paths and `bridge` what documents tell of the other language, all as they are typed. The other
    fields are only stored.
    """
    inverted = {
        Field.BODY: _words(analyzer, stored=False),
        Field.BRIDGE: fields.ID(),
        Field.GRAM: fields.FieldType(formats.Frequency(), analysis.IDAnalyzer(), scorable=True),
        Field.PATH: fields.ID(stored=True),
        Field.TITLE: _words(analyzer, stored=True),
    }
    stored = {name: fields.STORED() for name in _STORED}
    return fields.Schema(**{field.value: type_ for field, type_ in inverted.items()}, **stored)


def _words(analyzer: WordAnalyzer, *, stored: bool) -> fields.FieldType:
    # The terms of one word stand side by side in the text, so they are asked for as a phrase.
    return fields.FieldType(
        PackedPositions(), analyzer, scorable=True, stored=stored, multitoken_query="phrase"
    )
