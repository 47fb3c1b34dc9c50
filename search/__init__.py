"""Searches an index: a query in, ranked passages out.

from pathlib import Path
from index import build
from search import Searcher

build(Path(".chaja"), [Path("documents")])
with Searcher.open(".chaja") as searcher:
    results = searcher.search("전략적 동반자")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .results import Hit, Match, Results
    from .searcher import Searcher

__all__ = ["Hit", "Match", "Results", "Searcher"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any of the names above
    # Imported on first use: `chaja --help` imports this package and must not load numpy.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = "searcher" if name == "Searcher" else "results"
    return getattr(import_module(f".{module}", __name__), name)
