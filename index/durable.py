"""Files that are wholly on the disk before anything is called by their name."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

# A pipe that somebody has put in the place of a file is not waited for; Windows has none.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
# What is written beside a file before it is moved into its place.
NEW = ".new"


def sync(path: Path) -> None:
    """Return when a file, or the names in a folder, are on the disk."""
    try:
        descriptor = os.open(path, _FLAGS)
    except PermissionError:  # Windows opens no folder
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create(path: Path) -> BinaryIO:
    """Open a file to be written anew; a link by its name is replaced, never what it leads to."""
    if os.path.lexists(path):
        path.unlink()
    return path.open("xb")


def replace_text(path: Path, text: str) -> None:
    """Give `path` the content `text`, so that a reader sees the old or the new, never a part."""
    fresh = path.with_name(path.name + NEW)
    with create(fresh) as file:
        file.write(text.encode())
    sync(fresh)
    fresh.replace(path)
    sync(path.parent)


def remove(path: Path) -> None:
    """Remove a file that nothing needs, if that is possible now: else the next build does."""
    with suppress(OSError):
        path.unlink()
