"""The evaluation sets: folders of documents, queries and judgements, outside the repository."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
VARIABLE = "CHAJA_EVAL"
HALVES = ("A", "B")


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """One folder: docs.jsonl, queries.tsv (id, tab, text) and qrels.txt (TREC)."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def documents(self) -> Path:
        return self.folder / "docs.jsonl"

    @property
    def queries(self) -> Path:
        return self.folder / "queries.tsv"

    @property
    def qrels(self) -> Path:
        return self.folder / "qrels.txt"

    def index(self, workplace: Path) -> Path:
        """Build or update the index of the documents, below `workplace`."""
        # Imported here: a run that is skipped needs neither Whoosh nor numpy.
        from index.builder.build import build

        corpus = workplace / self.name
        corpus.mkdir(parents=True, exist_ok=True)
        shutil.copy2(self.documents, corpus)
        directory = workplace / f"{self.name}.chaja"
        report = build(directory, [corpus])
        for problem in report.problems:
            print(f"{problem.path}:{problem.line}: {problem.reason}", file=sys.stderr)
        return directory


def evaluation_folder(given: Path | None = None) -> Path:
    """Return the folder of the sets: given, named by CHAJA_EVAL, or beside the repository."""
    if given is not None:
        return given
    return Path(os.environ.get(VARIABLE) or REPOSITORY.parent / "shared" / "eval")


def half_of(query_id: str) -> str:
    """Return "A" or "B" for a query, always the same: tune on one half, report on the other."""
    return HALVES[hashlib.sha256(query_id.encode()).digest()[0] % 2]


def write_half(queries: Path, half: str, destination: Path) -> None:
    """Copy the queries of one half."""
    lines = queries.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = (line for line in lines if half_of(line.partition("\t")[0]) == half)
    destination.write_text("".join(kept), encoding="utf-8")


def skip(what: str, folder: Path) -> None:
    """Report conspicuously that nothing was measured."""
    lines = _skip_lines(what, folder)
    width = max(map(len, lines))
    box = ["!" * (width + 6), *(f"!! {line:<{width}} !!" for line in lines), "!" * (width + 6)]
    print("\n".join(box), file=sys.stderr, flush=True)
    print(f"SKIPPED: {what} measured nothing, for lack of {folder}")


def _skip_lines(what: str, folder: Path) -> list[str]:
    return [
        f"SKIPPED: {what} measured NOTHING.",
        f"There is no folder of evaluation sets at {folder}.",
        f"Name it with --eval or the variable {VARIABLE}.",
    ]
