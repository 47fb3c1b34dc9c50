"""A question in, ranked passages out.

from pathlib import Path
from index import build
from search import Searcher

build(Path(".chaja"), [Path("documents")])
with Searcher.open(".chaja") as searcher:
    hits = searcher.search("전략적 동반자")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .results import Hit, Match, Results
    from .searcher import Searcher

__all__ = ["Hit", "Match", "Results", "Searcher"]

_HOMES = {"Hit": "results", "Match": "results", "Results": "results", "Searcher": "searcher"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    # Looked up when asked for: `chaja --help` imports this package and must not load numpy.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
