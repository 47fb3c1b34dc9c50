"""Reads documents and splits them into passages, without analyzers, indexes or queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .document import Document, Heading, Passage, Problem
    from .language import LANGUAGES
    from .readers import SUFFIXES, read

__all__ = ["LANGUAGES", "SUFFIXES", "Document", "Heading", "Passage", "Problem", "read"]

_MODULES = {"LANGUAGES": "language", "SUFFIXES": "readers", "read": "readers"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - of any type
    # Imported on first use: a search imports this package and reads no document.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_MODULES.get(name, 'document')}", __name__), name)
