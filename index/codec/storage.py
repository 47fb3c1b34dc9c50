"""The directory of an index as Whoosh's storage: it may be read, and is never written."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from whoosh.filedb.filestore import FileStorage, ReadOnlyError


def read_only(*_: object, **__: object) -> NoReturn:
    """Refuse to write. Raises Whoosh's ReadOnlyError."""
    raise ReadOnlyError("a Chaja index is written by chaja build, not through Whoosh")


class ReadOnlyStorage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """The files of an index; whatever would change one raises ReadOnlyError."""

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory), readonly=True)

    def create(self) -> ReadOnlyStorage:
        """Return the storage itself; a directory is never made."""
        return self

    create_index = create_file = temp_storage = lock = read_only
    delete_file = rename_file = clean = destroy = read_only
