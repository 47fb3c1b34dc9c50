"""A Chaja index as a Whoosh index: Whoosh's classes read, search and write Chaja's arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .index import open_index

__all__ = ["open_index"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any attribute
    # Imported on first use: a build needs the writer, and none of the classes that search.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import index

    return getattr(index, name)
