"""Passages by the place they stand at: a file of the index, and a line of it."""

from __future__ import annotations

from unicodedata import normalize

from corpus.errors import QueryError
from index.fields import Field
from index.snapshot import Snapshot


def passage_at(snapshot: Snapshot, path: str, line: int | None) -> int:
    """Return the passage of a file at a line, or the nearest before it; without one, the first.

    Raises QueryError for a path that is not in the index.
    """
    # As the walk names a file whose name no encoding can write.
    name = normalize("NFC", path).encode(errors="backslashreplace")
    postings = snapshot.postings(Field.PATH, name)
    if postings is None:
        raise _unknown(snapshot, path)
    numbers: list[int] = postings.passages.tolist()
    chosen = numbers[0]
    if line is None:
        return chosen
    starts = {passage: int(snapshot.stored(passage)["line"]) for passage in numbers}
    for passage, start in starts.items():
        if starts[chosen] < start <= line:
            chosen = passage
    return chosen


def neighbours(snapshot: Snapshot, passage: int, around: int) -> range:
    """Return a passage with up to `around` others of its document on each side."""
    document = int(snapshot.measures.document[passage])
    first, last = snapshot.firsts[document : document + 2].tolist()
    return range(max(first, passage - around), min(last, passage + around + 1))


def _unknown(snapshot: Snapshot, path: str) -> QueryError:
    # Imported here: few ask for a file that is not there.
    from difflib import get_close_matches

    known = [term.decode() for term in snapshot.terms(Field.PATH)]
    near = get_close_matches(path, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else "chaja search prints the paths it knows."
    return QueryError(f"{path}: no such file in the index", hint=hint)
