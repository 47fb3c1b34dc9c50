"""The quality of the bridge across languages, and its cost within one.

    python -m tests.quality.bridge [--eval DIR] [--only SET]... [--keep DIR]

Across: titles in one language as queries for pages in the other; the index has the pages of both
languages, file beside file, but not the titles of the queries. Within: every set of the ranking
gate, with the bridge and without. Exits with 1 if a figure is below its bar.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from . import floors
from .sets import EvaluationSet, evaluation_folder, skip

KO2EN = "lohelp-x-ko2en"
EN2KO = "lohelp-x-en2ko"
BARS = {KO2EN: 0.53, f"{KO2EN}, glossary alone": 0.15}
# How much lower the same titles may score across languages than within theirs, and how much the
# bridge may cost where it isn't needed.
BEHIND = 0.03
COST = 0.002
_MEASURE = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Row:
    """A figure, and its minimum."""

    name: str
    value: float
    bar: float | None = None

    @property
    def holds(self) -> bool:
        return self.bar is None or self.value >= self.bar

    def __str__(self) -> str:
        bar = f"{self.bar:.4f}" if self.bar is not None else "-"
        return f"{self.name:<44}{self.value:>9.4f}{bar:>9}{'' if self.holds else '  BELOW'}"


class Measurement:
    """Builds indexes in a working folder, and evaluates them."""

    def __init__(self, sets: Path, workplace: Path) -> None:
        self._sets = sets
        self._workplace = workplace

    def across(self) -> Iterator[Row]:
        """Yield the figures across languages."""
        name, other = KO2EN, "lohelp-ko"
        index = self._pages(name, {"en": self._rows(name), "ko": _marked(self._rows(other))})
        yield Row(name, self._evaluated(index, name, path="en/"), BARS[name])
        alone = f"{name}, glossary alone"
        yield Row(
            alone, self._evaluated(self._pages(alone, {"en": self._rows(name)}), name), BARS[alone]
        )
        name, other = EN2KO, "lohelp-en"
        index = self._pages(name, {"ko": self._rows(name), "en": _marked(self._rows(other))})
        across = self._evaluated(index, name, path="ko/")
        same = {row["id"] for row in self._rows(name)}
        english = [row for row in self._rows(other) if row["id"] in same]
        within = self._evaluated(self._pages(f"{name}, within English", {"en": english}), name)
        yield Row(name, across, within - BEHIND)
        yield Row(f"{name}, the same pages in English", within)

    def within(self, names: Sequence[str]) -> Iterator[Row]:
        """Yield the figures of each set without the bridge, and with it, which has a bar."""
        for name in names:
            index = EvaluationSet(self._sets / name).index(self._workplace)
            without = self._evaluated(index, name, bridge=False)
            yield Row(f"{name}, bridge off", without)
            yield Row(f"{name}, bridge on", self._evaluated(index, name), without - COST)

    def _rows(self, name: str) -> list[dict[str, Any]]:
        lines = EvaluationSet(self._sets / name).documents.read_text(encoding="utf-8")
        return [json.loads(line) for line in lines.splitlines()]

    def _pages(self, name: str, folders: dict[str, list[dict[str, Any]]]) -> Path:
        """Index rows, each in a file of its own, so that the languages are paired by path."""
        # Imported here: a run that is skipped needs neither Whoosh nor numpy.
        from index.builder.build import build

        corpus = self._workplace / name
        for folder, rows in folders.items():
            for row in rows:
                path = corpus / folder / f"{row.pop('file', row['id'])}.jsonl"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
        directory = corpus / ".chaja"
        build(directory, [corpus])
        return directory

    def _evaluated(self, index: Path, name: str, *, path: str = "", bridge: bool = True) -> float:
        # Imported here: a run that is skipped needs neither Whoosh nor numpy.
        from search.evaluation import evaluate
        from search.searcher import Searcher

        texts = EvaluationSet(self._sets / name)
        with Searcher.open(index) as searcher:
            found = evaluate(searcher, texts.queries, texts.qrels, path=path, bridge=bridge)
        return found.measures[_MEASURE]


def _marked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return pages to learn from, with ids that are in no judgements."""
    return [{**row, "file": row["id"], "id": f"other:{row['id']}"} for row in rows]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.bridge")
    parser.add_argument("--eval", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--only", action="append", metavar="SET", help="within this; repeatable")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the indexes for next time")
    options = parser.parse_args(arguments)
    folder = evaluation_folder(options.eval)
    if not folder.is_dir():
        skip("the bridge's measurement", folder)
        return 0
    with tempfile.TemporaryDirectory(prefix="chaja-bridge-") as temporary:
        measurement = Measurement(folder, options.keep or Path(temporary))
        names = options.only or list(floors.load().sets)
        below = 0
        print(f"{'set':<44}{_MEASURE:>9}{'bar':>9}")
        for row in chain(measurement.across(), measurement.within(names)):
            print(row, flush=True)
            below += not row.holds
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
