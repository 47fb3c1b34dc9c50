"""The fields of an index, named here and nowhere else: inverted, stored, and as numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus import Document, Passage

# The first field is a passage's own text; the title's terms stand at the first passage of its
# document; grams are pairs of syllables, without positions; a path is one term a passage. What a
# document tells of the other language (bridge/evidence.py) stands at its first passage as well.


class Field(StrEnum):
    """The inverted fields, in the order their terms are written."""

    BODY = "body"
    BRIDGE = "bridge"
    GRAM = "gram"
    PATH = "path"
    TITLE = "title"


POSITIONS = (Field.BODY, Field.TITLE)
# Positions are written as unsigned 16-bit numbers; a passage is bounded, and a title is cut here.
LAST_POSITION = 65_535
# A place is one number, passage and position in it: "the next word" is then an addition. The bit
# above the sixteen of a position keeps "the next" out of the next passage.
PLACE_BITS = 17

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def span_of(date: str) -> tuple[int, int]:
    """Return the first and last day that an ISO date to the day, month or year spans, or 0, 0."""
    match = _DATE.match(date)
    if match is None:
        return 0, 0
    year, month, day = (int(part) if part else 0 for part in match.groups())
    first = year * 10_000 + (month or 1) * 100 + (day or 1)
    return first, year * 10_000 + (month or 12) * 100 + (day or 31)


# What the doc store has of each passage and document, and of which type.
STORED_PASSAGE: Mapping[str, type] = {"text": str, "start": int, "line": int, "heading": str}
STORED_DOCUMENT: Mapping[str, type] = {
    **dict.fromkeys(("id", "path", "title", "date", "language"), str),
    "metadata": dict,
}
# Stored only of documents that have it: a list of paths.
TRANSLATIONS = "translations"


# Written out: a build makes millions of these.
def stored_passage(passage: Passage) -> dict[str, Any]:
    """Return what is stored of a passage."""
    return {
        "text": passage.text,
        "start": passage.start,
        "line": passage.line,
        "heading": passage.heading,
    }


def stored_document(document: Document) -> dict[str, Any]:
    """Return what is stored of a document."""
    record: dict[str, Any] = {
        "id": document.id,
        "path": document.path,
        "title": document.title,
        "date": document.date,
        "language": document.language,
        "metadata": dict(document.metadata),
    }
    if document.translations:
        record[TRANSLATIONS] = document.translations
    return record
