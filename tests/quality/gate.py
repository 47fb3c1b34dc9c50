"""The ranking gate: indexes every evaluation set, and evaluates it against its floor.

    python -m tests.quality.gate [--eval DIR] [--only SET]... [--half A|B] [--jobs N]
                                 [--keep DIR] [--pin] [--json]

Exits with 1 if a set is below its floor or missing, and with 0, loudly, if there is no folder of
sets at all. A half (`--half`) has no floor: it is for tuning on one half of the queries and
reporting on the other.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from . import floors as floor_file
from .floors import Floors
from .sets import HALVES, EvaluationSet, evaluation_folder, skip, write_half


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The measures of one set; seconds are of the build and of all its queries."""

    name: str
    queries: int
    without_hits: int
    measures: Mapping[str, float]
    build_seconds: float
    search_seconds: float


def measure(folder: Path, *, workplace: Path, half: str = "") -> Result:
    """Index one set below `workplace`, and evaluate it on all queries or one half."""
    # Imported here: a run that is skipped needs neither Whoosh nor numpy.
    from search.evaluation import evaluate
    from search.searcher import Searcher

    texts = EvaluationSet(folder)
    start = time.perf_counter()
    directory = texts.index(workplace)
    built = time.perf_counter()
    queries = texts.queries
    if half:
        queries = workplace / f"{texts.name}-{half}.tsv"
        write_half(texts.queries, half, queries)
    with Searcher.open(directory) as searcher:
        evaluation = evaluate(searcher, queries, texts.qrels)
    return Result(
        name=texts.name,
        queries=evaluation.queries,
        without_hits=evaluation.without_hits,
        measures=evaluation.measures,
        build_seconds=built - start,
        search_seconds=time.perf_counter() - built,
    )


def measure_all(
    folders: Sequence[Path], *, half: str = "", jobs: int = 1, keep: Path | None = None
) -> Iterator[Result]:
    """Yield the result of each set, in order; if `jobs` > 1, each set has its own process."""
    with _workplace(keep) as workplace:
        one = partial(measure, workplace=workplace, half=half)
        if jobs == 1:
            yield from map(one, folders)
            return
        with ProcessPoolExecutor(jobs, max_tasks_per_child=1) as pool:
            yield from pool.map(one, folders)


@contextmanager
def _workplace(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="chaja-gate-") as temporary:
        yield Path(temporary)


def table(results: Sequence[Result], floors: Floors | None) -> str:
    """Return the results as lines; without floors, no verdicts."""
    names = list(results[0].measures) if results else []
    head = f"{'set':<14}{'queries':>8}{'no hit':>8}" + "".join(f"{name:>9}" for name in names)
    lines = [f"{head}{'floor':>9}  {'build s':>8}{'search s':>9}"]
    for result in results:
        figures = "".join(f"{result.measures[name]:>9.4f}" for name in names)
        floor = floors.sets.get(result.name) if floors else None
        bar = f"{floor.value:>9.4f}" if floor else f"{'-':>9}"
        verdict = "" if floors is None or _passes(result, floors) else "  BELOW"
        lines.append(
            f"{result.name:<14}{result.queries:>8}{result.without_hits:>8}{figures}{bar}  "
            f"{result.build_seconds:>8.1f}{result.search_seconds:>9.1f}{verdict}"
        )
    return "\n".join(lines)


def _passes(result: Result, floors: Floors) -> bool:
    return floors.passes(result.name, result.measures[floors.measure])


def main(arguments: Sequence[str] | None = None, *, floors_path: Path | None = None) -> int:
    """Run the gate and return its exit code."""
    options = _options(arguments)
    folder = evaluation_folder(options.eval)
    if not folder.is_dir():
        skip("the ranking gate", folder)
        return 0
    path = floors_path or floor_file.FLOORS
    floors = floor_file.load(path)
    names = options.only or list(floors.sets)
    missing = [name for name in names if not EvaluationSet(folder / name).documents.is_file()]
    folders = [folder / name for name in names if name not in missing]
    results = list(measure_all(folders, half=options.half, jobs=options.jobs, keep=options.keep))
    bars = None if options.half else floors
    _report(results, bars, as_json=options.json)
    for name in missing:
        print(f"MISSING: {folder} has no set {name}", file=sys.stderr)
    below = [result.name for result in results if bars and not _passes(result, bars)]
    if below:
        print(f"BELOW the floor (epsilon {floors.epsilon}): {', '.join(below)}", file=sys.stderr)
    if options.pin and bars:
        values = {result.name: result.measures[floors.measure] for result in results}
        floor_file.save(floors.raised(values), path)
    return 1 if below or missing else 0


def _report(results: Sequence[Result], floors: Floors | None, *, as_json: bool) -> None:
    if not as_json:
        print(table(results, floors))
        return
    rows = [asdict(result) for result in results]
    for row, result in zip(rows, results, strict=True):
        row["passes"] = None if floors is None else _passes(result, floors)
    print(json.dumps(rows, ensure_ascii=False, indent=2))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.gate")
    parser.add_argument("--eval", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--only", action="append", metavar="SET", help="this set; repeatable")
    parser.add_argument("--half", choices=HALVES, default="", help="half of the queries, no floor")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="sets at a time")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the indexes for next time")
    parser.add_argument("--pin", action="store_true", help="raise the floors to what is measured")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
