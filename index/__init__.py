"""Text to terms to disk: `build` brings an index up to date with folders of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .builder import BuildReport, Progress, build

__all__ = ["BuildReport", "Progress", "build"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    # Looked up when asked for: a search imports this package and must not load the readers.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import builder

    return getattr(builder, name)
