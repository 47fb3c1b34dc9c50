"""Builds and reads indexes: `build` updates an index from folders and given documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .builder.build import build
    from .builder.build_report import BuildReport, Progress
    from .builder.given_documents import SourceDocument

_HOMES = {
    "BuildReport": "build_report",
    "Progress": "build_report",
    "SourceDocument": "given_documents",
    "build": "build",
}

__all__ = ["BuildReport", "Progress", "SourceDocument", "build"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any of __all__
    # Imported lazily: a search imports this package and must not load the document readers.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".builder.{_HOMES[name]}", __name__), name)
