"""Finds the passages at a location: a file, or a document in it by its id, and a line or place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.errors import QueryError
from corpus.names import WITHIN, readable
from index.arrays.term_dictionary import text_of
from index.schema import PLACES, Field
from index.snapshot import Snapshot

# What parts the name of a file from the rest of an id: of a sheet, a row, a file inside.
_INSIDE = re.compile(f"#|{WITHIN}")


def passages_at(snapshot: Snapshot, path: str, line: int | None) -> range:
    """Return the passages of a file at a line or place, or the last one before it.

    All that are on it, as a page or a long line has several; for None the first of the file. The
    path may be the id of a document in a file. Raises QueryError for one that is not in the index.
    """
    passages = _passages_of(snapshot, readable(path))
    if not passages:
        raise _unknown(snapshot, path)
    if line is None:
        return range(passages[0], passages[0] + 1)
    starts = {passage: int(snapshot.stored(passage)["line"]) for passage in passages}
    start = max((number for number in starts.values() if number <= line), default=None)
    if start is None:
        return range(passages[0], passages[0] + 1)
    found = [passage for passage in passages if starts[passage] == start]
    if start < line:
        return range(found[-1], found[-1] + 1)
    same = neighbours(snapshot, range(found[0], found[0] + 1), len(snapshot.doc_values.document))
    first = found[0] - (found[0] > same[0] and _reaches(snapshot, found[0] - 1, line))
    return range(first, max(set(found).intersection(same)) + 1)


def _reaches(snapshot: Snapshot, passage: int, place: int) -> bool:
    """Return whether a passage that begins before a place goes on there."""
    return any(number == place for _, number in snapshot.stored(passage).get(PLACES, ()))


def _passages_of(snapshot: Snapshot, name: str) -> list[int]:
    """Return the passages of a file, or of a document in it, or of all its parts, by its id.

    Of a file that holds others, those are its own, unless it has none.
    """
    if found := _passages_in(snapshot, name):
        ids = _ids(snapshot, found)
        own = [passage for passage in found if WITHIN not in ids[passage].removeprefix(name)]
        return own or found
    for mark in _INSIDE.finditer(name):
        found = _passages_in(snapshot, name[: mark.start()])
        ids = _ids(snapshot, found)
        if wanted := [each for each in found if f"{ids[each]}#".startswith(f"{name}#")]:
            return wanted
    return []


def _passages_in(snapshot: Snapshot, name: str) -> list[int]:
    """Return the passages of a file with all that it holds."""
    postings = snapshot.postings(Field.PATH, name.encode())
    return postings.passages.tolist() if postings else []


def _ids(snapshot: Snapshot, passages: Sequence[int]) -> Mapping[int, str]:
    """Return the ids of the documents of passages."""
    documents = snapshot.doc_values.document.take(passages).tolist() if passages else []
    firsts = dict(zip(reversed(documents), reversed(passages), strict=True))
    ids = {key: str(snapshot.stored_document(each)["id"]) for key, each in firsts.items()}
    return {each: ids[key] for each, key in zip(passages, documents, strict=True)}


def neighbours(snapshot: Snapshot, passages: range, around: int) -> range:
    """Return passages of a document with up to `around` others of it on each side."""
    document = int(snapshot.doc_values.document[passages[0]])
    first, last = snapshot.firsts[document : document + 2].tolist()
    return range(max(first, passages[0] - around), min(last, passages[-1] + around + 1))


def _unknown(snapshot: Snapshot, path: str) -> QueryError:
    # Imported late: needed for an unknown path only.
    from difflib import get_close_matches

    paths = [*map(text_of, snapshot.terms(Field.PATH))]
    similar = get_close_matches(path, paths, n=1)
    hint = f"Did you mean {similar[0]}?" if similar else "chaja search prints the paths it knows."
    return QueryError(f"{path}: no such file in the index", hint=hint)
