"""What an index holds of a passage: its fields, and how Whoosh is told of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
from whoosh import fields, formats

# The first field is a passage's own text; the title's terms stand at the first passage of its
# document; grams are pairs of syllables, without positions; a path is one term a passage.


class Field(StrEnum):
    """The inverted fields, in the order their terms are written."""

    BODY = "body"
    GRAM = "gram"
    PATH = "path"
    TITLE = "title"


POSITIONS = (Field.BODY, Field.TITLE)
# Positions are written as unsigned 16-bit numbers; a passage is bounded, and a title is cut here.
LAST_POSITION = 65_535


class PackedPositions(formats.Format):  # type: ignore[misc]  # Whoosh has no types
    """Positions of a term in a passage, as little-endian 16-bit numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.posting_size = -1

    def supports(self, name: str) -> bool:
        """Tell Whoosh what can be decoded: `frequency` and `positions`."""
        return name in ("frequency", "positions")

    def decode_frequency(self, value: bytes) -> int:
        """Return how often the term stands in the passage."""
        return len(value) // 2

    def decode_positions(self, value: bytes) -> list[int]:
        """Return where the term stands in the passage, ascending."""
        positions: list[int] = np.frombuffer(value, dtype="<u2").tolist()
        return positions


class InvertedField(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field whose postings the builder makes itself, without a Whoosh analyser."""

    analyzer = None
    scorable = True
    stored = False

    def __init__(self, format_: Any) -> None:  # noqa: ANN401 - Whoosh has no types
        self.format = format_


def schema() -> Any:  # noqa: ANN401 - Whoosh has no types
    """Return the Whoosh schema of an index."""
    return fields.Schema(
        **{
            field.value: InvertedField(
                PackedPositions() if field in POSITIONS else formats.Frequency()
            )
            for field in Field
        }
    )
