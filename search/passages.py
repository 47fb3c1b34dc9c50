"""Passages by the place they stand at: a file of the index, and a line of it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from unicodedata import normalize

from corpus.errors import LineMissing, QueryError
from index.fields import Field
from index.snapshot import Snapshot

# Characters of a file that are looked at together.
_AT_ONCE = 1 << 20


def passage_at(snapshot: Snapshot, path: str, line: int | None, *, base: Path) -> int:
    """Return the passage of a file at a line, or the nearest before it; without one, the first.

    Raises QueryError for a path that is not in the index, and LineMissing for a line behind the
    end of the file, where that can still be read: paths are relative to `base`.
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
    if line > max(starts.values()):
        _refuse_behind_end(base / path, path, line)
    return chosen


def _refuse_behind_end(file: Path, path: str, line: int) -> None:
    """Raise LineMissing for a line behind the end of a file, where that can be read."""
    if not file.is_file():
        return
    with suppress(OSError):
        last = _count_lines(file)
        if line > last:
            message = f"{path}: has no line {line:,}, it ends with line {last:,}"
            raise LineMissing(message, hint="Lines count from 1, as chaja search prints them.")


def _count_lines(file: Path) -> int:
    """Return how many lines a file has, or more: in an encoding of two bytes, breaks count twice.

    No line of the file is refused for that, and what the encoding is need not be found out.
    """
    breaks, part = 0, "\n"
    with file.open(encoding="latin-1") as text:
        while more := text.read(_AT_ONCE):
            breaks, part = breaks + more.count("\n"), more
    return breaks + (not part.endswith("\n"))


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
