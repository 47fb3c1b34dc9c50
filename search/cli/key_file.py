"""The file with the key of a server."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_key(path: Path | None) -> str:
    """Return the key in a file, "" without one.

    Raises ServerError if the file is empty or others can use it, and OSError.
    """
    if path is None:
        return ""
    # Imported late: a help text needs none of it.
    from corpus.errors import ServerError

    with path.open(encoding="utf-8", errors="replace") as file:
        # Windows has no such permissions.
        if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & _OTHERS:
            message = f"--key-file {path}: others can read or change the key"
            raise ServerError(message, hint=f"Keep it to yourself: chmod 600 {path}")
        key = file.read().strip()
    if not key:
        hint = "Write a key to it, or leave --key-file out for a random one."
        raise ServerError(f"--key-file {path}: is empty", hint=hint)
    return key
