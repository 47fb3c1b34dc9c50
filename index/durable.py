"""Files that are wholly on the disk before anything is called by their name."""

from __future__ import annotations

import os
from pathlib import Path

# What is written beside a file before it is moved into its place.
NEW = ".new"


def sync(path: Path) -> None:
    """Return when a file, or the names in a folder, are on the disk."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows opens no folder
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_text(path: Path, text: str) -> None:
    """Give `path` the content `text`, so that a reader sees the old or the new, never a part."""
    fresh = path.with_name(path.name + NEW)
    fresh.write_text(text, encoding="utf-8")
    sync(fresh)
    fresh.replace(path)
    sync(path.parent)
