"""Run the benchmarks and write docs/benchmarks.md, in about five minutes.

python -m tests.benchmarks [--eval DIR] [--output FILE]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.quality.sets import evaluation_folder, skip

from . import build_cost, cold_start, warm_queries
from .process import REPOSITORY
from .report import load, preamble
from .texts import write_pages

OUTPUT = REPOSITORY / "docs" / "benchmarks.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the report and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--eval", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    options = parser.parse_args(arguments)
    evaluation = evaluation_folder(options.eval)
    if not evaluation.is_dir():
        skip("the benchmark", evaluation)
        return 0
    load_before = load()
    sections = []
    with tempfile.TemporaryDirectory(prefix="chaja-benchmarks-") as temporary:
        for section in _sections(evaluation, Path(temporary)):
            print(section, end="\n\n", flush=True)
            sections.append(section)
    head = preamble("python -m tests.benchmarks", load_before=load_before)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text("\n\n".join([head, *sections]) + "\n", encoding="utf-8")
    print(f"written to {options.output}")
    return 0


def _sections(evaluation: Path, workplace: Path) -> Iterator[str]:
    """Yield each section once it is measured; the first builds the indexes that others search."""
    pages = workplace / "pages"
    size = write_pages(evaluation, pages)
    yield build_cost.measure(evaluation, pages, size, workplace)
    yield cold_start.measure(workplace)
    yield warm_queries.measure(evaluation, workplace)


if __name__ == "__main__":
    sys.exit(main())
