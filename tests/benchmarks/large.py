"""Runs the benchmarks on the large set and writes docs/benchmarks-large.md.

python -m tests.benchmarks.large [--eval DIR] [--passages N] [--keep FOLDER] [--output FILE]

A million passages take some ten minutes and 2 GB of disk. What --keep names is used again.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.quality.sets import evaluation_folder, skip

from .large_engine import Chaja, private_megabytes
from .large_queries import Tantivy, measure
from .large_set import LargeSet, large_set
from .process import REPOSITORY, Run, chaja, run
from .report import load, preamble, section, table

OUTPUT = REPOSITORY / "docs" / "benchmarks-large.md"
PASSAGES = 1_000_000
# Rows of a file: a million passages are ten files, as an export of a database would be.
_ROWS = 100_000
_MORE = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the report and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.large")
    parser.add_argument("--eval", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--passages", type=int, default=PASSAGES, metavar="N")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    options = parser.parse_args(arguments)
    evaluation = evaluation_folder(options.eval)
    if not evaluation.is_dir():
        skip("the benchmark", evaluation)
        return 0
    load_before = load()
    with tempfile.TemporaryDirectory(prefix="chaja-benchmarks-") as temporary:
        folder = options.keep or Path(temporary)
        source = large_set(evaluation, folder, passages=options.passages)
        sections = []
        for text in _sections(source, folder):
            print(text, end="\n\n", flush=True)
            sections.append(text)
    head = preamble("python -m tests.benchmarks.large", load_before=load_before)
    options.output.write_text("\n\n".join([head, *sections]) + "\n", encoding="utf-8")
    return 0


def _sections(source: LargeSet, folder: Path) -> Iterator[str]:
    directory, peer = folder / f"chaja-{source.size}", folder / f"tantivy-{source.size}"
    documents = folder / f"documents-{source.size}"
    if not documents.exists():
        _write_rows(source, documents)
    yield _building(source, documents, directory, peer)
    yield measure(source, Chaja(directory), Tantivy(peer))


def _building(source: LargeSet, documents: Path, directory: Path, peer: Path) -> str:
    rows = []
    if not peer.exists():
        rows.append(("tantivy, 2 threads", f"{_seconds(lambda: Tantivy.build(source, peer)):.1f}"))
    if not directory.exists():
        first = _build(documents, directory)
        what = f"chaja, {first.cpu_seconds:.0f} CPU seconds, {first.peak_bytes / 1e6:.0f} MB"
        rows.append((what, f"{first.seconds:.1f}"))
    rows.append(("chaja, nothing changed", f"{_build(documents, directory).seconds:.2f}"))
    more = documents / f"more-{time.time_ns()}.jsonl"
    with more.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps({'text': text})}\n" for text in _first(source, _MORE))
    rows.append((f"chaja, {_MORE} documents added", f"{_build(documents, directory).seconds:.2f}"))
    more.unlink()
    rows.append(("chaja, taken out again", f"{_build(documents, directory).seconds:.2f}"))
    start = time.perf_counter()
    engine = Chaja(directory)
    opening = 1000 * (time.perf_counter() - start)
    engine.snapshot.close()
    ours, theirs = _megabytes(directory, ".seg"), _megabytes(peer) - _megabytes(peer, ".store")
    return section(
        f"{source.size:,} passages",
        f"{len(source.terms) / 1e6:.1f} million terms. The index without stored text: chaja "
        f"{ours:.1f} MB, tantivy {theirs:.1f} MB, ratio {ours / theirs:.2f}. Opening takes "
        f"{opening:.1f} ms. After 1,000 queries a process has {private_megabytes(directory):.0f} "
        "MB of memory of its own.",
        table(("building", "seconds"), rows),
    )


def _build(documents: Path, directory: Path) -> Run:
    command = [*chaja(), "build", "--quiet", str(documents)]
    return run(command, environment={"CHAJA_INDEX": str(directory)})


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _write_rows(source: LargeSet, folder: Path) -> None:
    """Write the passages, a document each, in their order."""
    folder.mkdir()
    texts = source.texts()
    for number in range(-(-source.size // _ROWS)):
        with (folder / f"{number:03}.jsonl").open("w", encoding="utf-8") as file:
            for _, text in zip(range(_ROWS), texts, strict=False):
                file.write(f'{{"text":"{text}"}}\n')


def _first(source: LargeSet, count: int) -> Iterator[str]:
    return (text for _, text in zip(range(count), source.texts(), strict=False))


def _megabytes(folder: Path, suffix: str = "") -> float:
    return sum(path.stat().st_size for path in folder.iterdir() if path.name.endswith(suffix)) / 1e6


if __name__ == "__main__":
    sys.exit(main())
