"""Title, author, dates and keywords that a document states, without what its template left."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..archive import Archive
from ..metadata import parse_date, stated_author, stated_title, tidy_title
from ..xml_cursor import Cursor

# Elements of docProps/core.xml, meta.xml and of the package of a book, and what they state.
_STATED = {
    "title": "title",
    "creator": "author",
    "initial-creator": "author",
    "created": "created",
    "creation-date": "created",
    "modified": "modified",
    "subject": "subject",
    "description": "description",
    "keywords": "keywords",
    "keyword": "keywords",
}
_DATES = ("created", "modified", "published")
_EMPTY_TEXT = re.compile(r"generated (?:by|using) .*|\W*", re.IGNORECASE)
_EARLIEST = "1990"  # before the formats
_SINGLE = ("title", *_DATES)
_OF_TEMPLATES = ("2013-12-23T23:15:00Z", "2013-01-27T09:14:16Z")


def properties(archive: Archive, part: str, *, date: str = "modified") -> dict[str, str]:
    """Return what a part of the archive states, by the names of Chaja's metadata.

    `date` is what a date without another name is.
    """
    if part not in archive:
        return {}
    found: dict[str, dict[str, None]] = {}
    with archive.reporting():
        cursor = Cursor(archive.chunks(part), part)
        for element in cursor.find(*_STATED, "date"):
            name = _STATED.get(element.name, date)
            if value := _kept(name, tidy_title(cursor.text())):
                found.setdefault(name, {})[value] = None
    single = {name: next(iter(found[name])) for name in _SINGLE if name in found}
    return {name: "\n".join(values) for name, values in found.items()} | single


def believed(stated: Mapping[str, str]) -> dict[str, str]:
    """Return what is to be shown of what a document states, by the names of Chaja's metadata."""
    found = {name: _kept(name, tidy_title(value)) for name, value in stated.items()}
    return {name: value for name, value in found.items() if value}


def _kept(name: str, value: str) -> str:
    """Return a value as it is to be shown; "" if it is only that of a template."""
    if name == "published":
        return parse_date(value)
    if name in _DATES:
        return "" if value in _OF_TEMPLATES or value < _EARLIEST else parse_date(value)
    if name == "title":
        return stated_title(value)
    if name == "author":
        return stated_author(value)
    return "" if _EMPTY_TEXT.fullmatch(value) else value
