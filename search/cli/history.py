"""The searches of a user, a line of JSON each, kept only if the configuration says so."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.value import NamedTuple

from .user_folder import user_folder, write_privately

FILE = "history.jsonl"
# Of a longer history the older half is dropped: about a megabyte.
_MOST = 10_000


class Search(NamedTuple):
    """A search: its time in ISO 8601 and UTC, its arguments on the command line, and its hits."""

    time: str
    arguments: tuple[str, ...]
    hits: int


def path() -> Path:
    """Return the path of the history, which need not exist."""
    return user_folder() / FILE


def record(arguments: Sequence[str], hits: int) -> None:
    """Add a search that was just made. Raises OSError."""
    search = Search(datetime.now(UTC).isoformat(timespec="seconds"), tuple(arguments), hits)
    line = json.dumps(search._asdict(), ensure_ascii=True)
    path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{line}\n")
        is_long = file.tell() > _MOST * len(line)
    if is_long:
        _shorten()


def searches() -> list[Search]:
    """Return all searches, the oldest first; lines that are none are passed over."""
    try:
        lines = path().read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [search for line in lines if (search := _search(line))]


def clear() -> None:
    """Delete the history. Raises OSError."""
    path().unlink(missing_ok=True)


def _shorten() -> None:
    lines = path().read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    if len(lines) > _MOST:
        write_privately(path(), "".join(lines[-_MOST // 2 :]))


def _search(line: bytes) -> Search | None:
    try:
        row: Any = json.loads(line)
        arguments = tuple(map(str, row["arguments"]))
        return Search(str(row["time"]), arguments, int(row["hits"]))
    except (ValueError, KeyError, TypeError):  # half a line, of a disk that was full
        return None
