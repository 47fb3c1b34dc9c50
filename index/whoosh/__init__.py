"""Chaja's index as one of Whoosh's: read, searched and written with its classes, on our arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .index import open_index

__all__ = ["open_index"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    # Looked up when asked for: a build imports the writer and reads nothing with Whoosh.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import index

    return getattr(index, name)
