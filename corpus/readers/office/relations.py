"""Which parts of an Office document lead to which: its relationships."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from ..archive import Archive
from ..xml_cursor import Cursor

# Of the parts that are read. Programs state others, such as styles, that they do not write.
_WITH_TEXT = ("footnotes", "endnotes", "comments", "header", "footer", "notesSlide", "drawing")


class Relation(NamedTuple):
    """What a part leads to: its kind, such as "footnotes", and the name of the other part."""

    kind: str
    target: str


def relations(archive: Archive, part: str) -> dict[str, Relation]:
    """Return the parts that a part leads to, by their ids; "" is the document as a whole."""
    folder, file = posixpath.split(part)
    source = posixpath.join(folder, "_rels", f"{file}.rels")
    if source not in archive:
        return {}
    found = {}
    with archive.reporting():
        for element in Cursor(archive.chunks(source), source).find("Relationship"):
            if element.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, element.get("Target")))
                kind = element.get("Type").rpartition("/")[2]
                found[element.get("Id")] = Relation(kind, _present(archive, target.lstrip("/")))
    return found


def _present(archive: Archive, target: str) -> str:
    return target if target in archive else unquote(target)


def of_kind(archive: Archive, found: dict[str, Relation], *kinds: str) -> Iterator[str]:
    """Yield the parts of these kinds, each once; one that is missing is a fault if it has text."""
    targets = {each.target: each.kind for each in found.values() if each.kind in kinds}
    for target, kind in targets.items():
        if target in archive:
            yield target
        elif kind in _WITH_TEXT:
            archive.faults.append(f"is damaged: it has no {target}")
