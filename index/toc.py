"""Whoosh's table of contents, which lists the segments of a commit, with a checksum behind it.

It is a pickle, and a flipped bit makes anything of a pickle. So its last four bytes, of which
Whoosh knows nothing, are a checksum of the rest, and it is compared before the rest is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zlib import crc32

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError

from .durable import sync

NAME = "chaja"
# A table of contents before it is moved into place.
HALF_WRITTEN = "_*.toc.*"

_CHECKSUM = 4


class IndexStorage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's storage, which seals a table of contents before a name is moved to it."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Move a finished file into place, durably."""
        path = Path(self.folder) / oldname
        checksum = crc32(path.read_bytes())
        with path.open("ab") as file:
            file.write(checksum.to_bytes(_CHECKSUM, "little"))
        sync(path)
        super().rename_file(oldname, newname, safe=safe)
        sync(Path(self.folder))


def read_toc(storage: IndexStorage, schema: Any) -> TOC:  # noqa: ANN401 - Whoosh has no types
    """Read the latest table of contents.

    Raises EmptyIndexError where there is none, and ValueError for one that is damaged.
    """
    generation = TOC._latest_generation(storage, NAME)
    if generation < 0:
        raise EmptyIndexError(f"no table of contents in {storage.folder}")
    data = (Path(storage.folder) / TOC._filename(NAME, generation)).read_bytes()
    if crc32(data[:-_CHECKSUM]).to_bytes(_CHECKSUM, "little") != data[-_CHECKSUM:]:
        raise ValueError("the table of contents is not what was written")
    return TOC.read(storage, NAME, gen=generation, schema=schema)
