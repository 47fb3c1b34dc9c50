"""Finds the passages at a location: a file, or a document in it by its id, and a line or place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from corpus.errors import DocumentMissing, QueryError
from corpus.names import WITHIN, readable
from index.arrays.ragged import distinct
from index.schema import PLACES

from .engine import Engine

# What parts the name of a file from the rest of an id: of a sheet, a row, a file inside.
_INSIDE = re.compile(f"#|{WITHIN}")


def passages_at(engine: Engine, path: str, line: int | None) -> range:
    """Return the passages of a file at a line or place, or the last one before it.

    All that are on it, as a page or a long line has several; for None the first of the file. The
    path may be the id of a document in a file; of a file that holds others, the passages are its
    own, unless it has none. Raises QueryError for a path that is not in the index.
    """
    name = readable(path)
    if passages := _passages_in(engine, name):
        found = _at(engine, passages, line)
        # To look at one id first spares those of thousands of rows or mails.
        if _is_inside(next(_ids(engine, found[:1])), name):
            ids = zip(passages, _ids(engine, passages), strict=True)
            own = [each for each, id_ in ids if not _is_inside(id_, name)]
            return _at(engine, own or passages, line)
        return found
    if passages := _passages_by_id(engine, name):
        return _at(engine, passages, line)
    raise _unknown(engine, path)


def _at(engine: Engine, passages: Sequence[int], line: int | None) -> range:
    """Return those of some passages at a line or place, for None the first."""
    first = range(passages[0], passages[0] + 1)
    if line is None:
        return first
    stored = zip(passages, engine.stored(passages), strict=True)
    starts = {passage: int(each["line"]) for passage, each in stored}
    start = max((number for number in starts.values() if number <= line), default=None)
    if start is None:
        return first
    found = [passage for passage in passages if starts[passage] == start]
    if start < line:
        return range(found[-1], found[-1] + 1)
    same = neighbours(engine, range(found[0], found[0] + 1), engine.passages)
    before = found[0] - 1
    begin = before if before in same and _reaches(engine, before, line) else found[0]
    return range(begin, max(set(found).intersection(same)) + 1)


def _reaches(engine: Engine, passage: int, place: int) -> bool:
    """Return whether a passage that begins before a place goes on there."""
    (stored,) = engine.stored([passage])
    return any(number == place for _, number in stored.get(PLACES, ()))


def _is_inside(identity: str, name: str) -> bool:
    """Return whether an id is that of a document inside the file of this name."""
    return WITHIN in identity.removeprefix(name)


def _ids(engine: Engine, passages: Sequence[int]) -> Iterator[str]:
    """Yield the id of the document of each passage, read once for those that follow each other."""
    documents = engine.documents_of(np.array(passages, np.int64)).tolist()
    own = dict.fromkeys(documents)
    found = zip(own, engine.ids([*own]), strict=True)
    known = dict[int, str]()
    for document in documents:
        while document not in known:
            known |= [next(found)]
        yield known[document]


def _passages_by_id(engine: Engine, name: str) -> list[int]:
    """Return the passages of a document in a file, or of all its parts, by its id."""
    for mark in _INSIDE.finditer(name):
        passages = _passages_in(engine, name[: mark.start()])
        ids = zip(passages, _ids(engine, passages), strict=True)
        if found := [each for each, id_ in ids if f"{id_}#".startswith(f"{name}#")]:
            return found
    return []


def document_at(engine: Engine, identity: str, path: str = "") -> range:
    """Return the passages of a document by its id.

    `path` is that of its file, needed only where the id does not begin with it, as that of a row
    with an id of its own. Raises DocumentMissing.
    """
    inside = (identity[: mark.start()] for mark in _INSIDE.finditer(identity))
    for name in dict.fromkeys(filter(None, (readable(path), identity, *inside))):
        passages = engine.passages_of_path(name)
        documents = distinct(engine.documents_of(passages)).tolist()
        for document, id_ in zip(documents, engine.ids(documents), strict=True):
            if id_ == identity:
                return engine.bounds(document)
    raise DocumentMissing(
        "the index has no such document",
        hint="Search again: the index may have changed. An id of a row needs the path of its file.",
    )


def passage_at(engine: Engine, identity: str, path: str, ordinal: int) -> range:
    """Return the passage of a number, from 0, in a document as `document_at` finds it.

    Raises DocumentMissing if it has none of this number.
    """
    own = document_at(engine, identity, path)
    if not 0 <= ordinal < len(own):
        hint = f"It has {len(own):,}, numbered from 0."
        raise DocumentMissing("the document has no such passage", hint=hint)
    return own[ordinal : ordinal + 1]


def _passages_in(engine: Engine, name: str) -> list[int]:
    """Return the passages of a file with all that it holds."""
    passages: list[int] = engine.passages_of_path(name).tolist()
    return passages


def neighbours(engine: Engine, passages: range, around: int) -> range:
    """Return passages of a document with up to `around` others of it on each side."""
    (document,) = engine.documents_of(np.array(passages[:1])).tolist()
    own = engine.bounds(document)
    return range(max(own.start, passages[0] - around), min(own.stop, passages[-1] + around + 1))


def _unknown(engine: Engine, path: str) -> QueryError:
    # Imported late: needed for an unknown path only.
    from difflib import get_close_matches

    similar = get_close_matches(path, [*engine.paths_like(path)], n=1)
    hint = f"Did you mean {similar[0]}?" if similar else "chaja search prints the paths it knows."
    return QueryError(f"{path}: no such file in the index", hint=hint)
