"""Title, author, dates and keywords that the XML of a document states."""

from __future__ import annotations

from ..archive import Archive
from ..metadata import believed
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
_SINGLE = ("title", "created", "modified", "published")


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
            for value in believed({name: cursor.text()}).values():
                found.setdefault(name, {})[value] = None
    single = {name: next(iter(found[name])) for name in _SINGLE if name in found}
    return {name: "\n".join(values) for name, values in found.items()} | single
