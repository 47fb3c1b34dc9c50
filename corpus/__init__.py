"""What text is: documents in, passages out; nothing here knows of analysers, indexes or queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .document import Document, Heading, Passage, Problem
    from .language import LANGUAGES
    from .readers import SUFFIXES, read

__all__ = ["LANGUAGES", "SUFFIXES", "Document", "Heading", "Passage", "Problem", "read"]

_HOMES = {"LANGUAGES": "language", "SUFFIXES": "readers", "read": "readers"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    # Looked up when asked for: a search imports this package and reads no document.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES.get(name, 'document')}", __name__), name)
