"""The inverted and stored fields of an index, and the days of a date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from posixpath import basename, splitext
from typing import TYPE_CHECKING, Any
from unicodedata import normalize
from zlib import crc32

if TYPE_CHECKING:
    from corpus import Document, Passage


class Field(StrEnum):
    """The inverted fields, in the order in which they are written.

    BODY is the text of a passage, BIGRAM its syllable bigrams, without positions, and PATH one term
    per passage. The others are indexed in the first passage of a document: TITLE; META, the words
    of its file's name and of its fields; FIELD, the names and values of its fields as they are; and
    BRIDGE, the evidence for translations that it contains.
    """

    BODY = "body"
    BRIDGE = "bridge"
    FIELD = "field"
    BIGRAM = "gram"
    META = "meta"
    PATH = "path"
    TITLE = "title"


POSITIONS = (Field.BODY, Field.META, Field.TITLE)
# The last position of a passage or title, as unsigned 16-bit number; longer titles are truncated.
LAST_POSITION = 65_535
# The low bits of a number that combines passage and position, so that the next position is an
# addition. The one above the 16 of a position keeps the sum out of the next passage.
POSITION_BITS = 17

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


# Parts the name of a field from a value; before the name alone, so that names are enumerated.
_UNIT = "\x1f"
_LONGEST_VALUE = 100  # characters, of a value by which a field is filtered


def field_name(key: str) -> str:
    """Return the name of a field as a query has it: lower case, letters and digits only."""
    return "".join(filter(str.isalnum, normalize("NFKC", key).casefold()))


def field_value(value: str) -> str:
    """Return a value of a field as it is compared: in lower case, with single spaces."""
    return " ".join(normalize("NFKC", value[:_LONGEST_VALUE]).casefold().split())


def name_term(name: str) -> str:
    """Return the term of FIELD that all documents with a field have; of "" their common prefix."""
    return _UNIT + name


def value_term(name: str, value: str) -> str:
    """Return the term of FIELD that all documents with a value have; of "" their common prefix."""
    return name + _UNIT + field_value(value)


def span_of(date: str) -> tuple[int, int]:
    """Return first and last day (YYYYMMDD) of an ISO date, month or year, or (0, 0)."""
    match = _DATE.match(date)
    if match is None:
        return 0, 0
    year, month, day = (int(part) if part else 0 for part in match.groups())
    first = year * 10_000 + (month or 1) * 100 + (day or 1)
    return first, year * 10_000 + (month or 12) * 100 + (day or 31)


def title_key(title: str) -> int:
    """Return a number that equal titles share, and others hardly ever: CRC-32 of its UTF-8."""
    return crc32(title.encode())


# The fields of passages and documents in the doc store, with their types.
STORED_PASSAGE: Mapping[str, type] = {"text": str, "start": int, "line": int, "heading": str}
STORED_DOCUMENT: Mapping[str, type] = {
    **dict.fromkeys(("id", "path", "title", "date", "language"), str),
    "metadata": dict,
}
# Only stored if not empty: a list of paths, the path of the file where that differs, the kind of
# its places if they are no lines, the labels of its pages, first and last of those that OCR
# read, the time of its file, and of a passage the places that begin inside it.
TRANSLATIONS = "translations"
ON_DISK = "on_disk"
UNIT = "unit"
LABELS = "labels"
OCR = "ocr"
MODIFIED = "modified"
PLACES = "places"
# The unit of files with lines: that of corpus.document, which a search does not load.
LINE = "line"


def field_text(stored: Mapping[str, Any]) -> str:
    """Return the file name and the values of the fields of a stored document, a line each."""
    name, _ = splitext(basename(stored["path"]))
    return "\n".join((name, *map(str, stored["metadata"].values())))


def stored_passage(passage: Passage) -> dict[str, Any]:
    """Return the stored fields of a passage."""
    # Without a loop over the fields: a build makes millions.
    record: dict[str, Any] = {
        "text": passage.text,
        "start": passage.start,
        "line": passage.line,
        "heading": passage.heading,
    }
    if passage.places:
        record[PLACES] = passage.places
    return record


def stored_document(document: Document) -> dict[str, Any]:
    """Return the stored fields of a document."""
    record = {name: getattr(document, name) for name in STORED_DOCUMENT}
    record["metadata"] = dict(document.metadata)
    if document.translations:
        record[TRANSLATIONS] = document.translations
    if document.on_disk:
        record[ON_DISK] = document.on_disk
    if document.unit != LINE:
        record[UNIT] = document.unit
    if document.labels:
        record[LABELS] = document.labels
    if document.ocr:
        record[OCR] = document.ocr
    if document.modified:
        record[MODIFIED] = document.modified
    return record
