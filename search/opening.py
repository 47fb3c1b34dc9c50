"""Opens the index at a location for searching: a folder, or the address of a cluster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .engine import OpenedIndex
from .index_location import IndexLocation

if TYPE_CHECKING:
    from index.opensearch.access import Access

_T = TypeVar("_T")


def opened_index(
    location: IndexLocation, access: Access | None, use: Callable[[OpenedIndex], _T]
) -> _T:
    """Return what `use` makes of the index at a location; it is closed if that fails.

    Of an index in a folder whose newest commit is damaged, `use` is called with the commit before.
    """
    if isinstance(location, Path):
        from .embedded.directory_index import open_directory

        return open_directory(location, use)
    # Imported late: nothing of a cluster is loaded for a folder.
    from .opensearch.cluster_index import open_cluster

    return open_cluster(location, access, use)
