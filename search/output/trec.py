"""Formats TREC runs: lines of `query Q0 document rank score tag`, which trec_eval reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.arrays.files import replacing

from .terminal import printable

if TYPE_CHECKING:
    from ..evaluation import Evaluation
    from ..results import Hit

TAG = "chaja"


def run_lines(hits: Iterable[Hit], query_id: str) -> Iterator[str]:
    """Yield a line for the best hit of each document; ranks have no gaps.

    Of documents that several files give the same id, all but the best have their path before it.
    """
    seen: set[tuple[str, str]] = set()
    names: set[str] = set()
    first = 0
    for hit in hits:
        first = first or hit.rank
        if (hit.path, hit.document) not in seen:
            name = f"{hit.path}#{hit.document}" if hit.document in names else hit.document
            yield _line(query_id, name, first + len(seen), hit.score)
            seen.add((hit.path, hit.document))
            names.add(name)


def write_run(evaluation: Evaluation, path: Path, *, tag: str = TAG) -> None:
    """Write the run to a file, which is replaced at the end. Raises OSError."""
    with replacing(path) as file:
        for ranked in evaluation.run:
            line = _line(ranked.query_id, ranked.document_id, ranked.rank, ranked.score, tag)
            file.write(f"{line}\n")


def _line(query_id: str, document_id: str, rank: int, score: float, tag: str = TAG) -> str:
    """Return one line; nine digits of the score are all that single precision tells apart."""
    columns = (query_id, "Q0", document_id, str(rank), f"{score:.9g}", tag)
    return " ".join("_".join(printable(column).split()) or "_" for column in columns)
