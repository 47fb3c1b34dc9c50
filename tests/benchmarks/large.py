"""Run the benchmarks on the large set and write docs/benchmarks-large.md.

python -m tests.benchmarks.large [--eval DIR] [--passages N] [--keep FOLDER] [--output FILE]

A million passages take some ten minutes and 2 GB of disk. --keep keeps the files for next time.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.quality.sets import evaluation_folder, skip

from .large_engine import Chaja, private_megabytes
from .large_queries import Tantivy, measure
from .large_set import LargeSet, large_set
from .process import REPOSITORY, Run, chaja, run
from .report import load, preamble, section, table

OUTPUT = REPOSITORY / "docs" / "benchmarks-large.md"
PASSAGES = 1_000_000
# Rows per file: a million passages are ten files, as in an export of a database.
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
        rows.append(("tantivy, given the texts", *_peer_built(source.texts(), peer)))
        whole = peer.with_name(f"{peer.name}-whole")
        cost = _peer_built(_texts(documents), whole, stored=True)
        rows.append(("tantivy, reading the same files, with the texts stored", *cost))
        shutil.rmtree(whole)
    if not directory.exists():
        first = _build(documents, directory)
        rows.append((f"chaja, at most {first.peak_bytes / 1e6:.0f} MB in a process", *_cost(first)))
        rows += _a_tenth(source, documents, directory, first)
    rows += _changes(source, documents, directory)
    start = time.perf_counter()
    engine = Chaja(directory)
    opening = 1000 * (time.perf_counter() - start)
    engine.close()
    ours, theirs = _megabytes(directory, ".seg"), _megabytes(peer) - _megabytes(peer, ".store")
    return section(
        f"{source.size:,} passages",
        f"{len(source.terms) / 1e6:.1f} million terms. The index without stored text: chaja "
        f"{ours:.1f} MB, tantivy {theirs:.1f} MB, ratio {ours / theirs:.2f}. Opening takes "
        f"{opening:.1f} ms. After 1,000 queries a process has {private_megabytes(directory):.0f} "
        "MB of private memory. tantivy uses 2 threads and splits at spaces; it is given the "
        "texts as strings and stores none, or reads them from the files that Chaja reads and "
        "stores them, as Chaja does. A build of Chaja also splits documents into passages.",
        table(("building", "seconds", "CPU seconds"), rows),
    )


def _a_tenth(
    source: LargeSet, documents: Path, directory: Path, whole: Run
) -> Iterator[tuple[str, str, str]]:
    """Measure a build of the first file alone, and compare the costs of a passage."""
    if source.size <= _ROWS:
        return
    part = directory.with_name(f"{directory.name}-part")
    first = _build(documents / "000.jsonl", part)
    shutil.rmtree(part)
    share = _ROWS / source.size
    yield (f"chaja, {_ROWS:,} of the passages", *_cost(first))
    ratio = whole.seconds * share / first.seconds
    cpu = whole.cpu_seconds * share / first.cpu_seconds
    yield ("ratio: one passage of all to one of these", f"{ratio:.2f}", f"{cpu:.2f}")


def _changes(source: LargeSet, documents: Path, directory: Path) -> Iterator[tuple[str, str, str]]:
    """Measure builds with nothing changed, with documents added, and with those removed."""
    yield ("chaja, nothing changed", *_cost(_build(documents, directory)))
    more = documents / f"more-{time.time_ns()}.jsonl"
    with more.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps({'text': text})}\n" for text in _first(source, _MORE))
    yield (f"chaja, {_MORE} documents added", *_cost(_build(documents, directory)))
    more.unlink()
    yield ("chaja, the same documents removed", *_cost(_build(documents, directory)))


def _cost(run: Run) -> tuple[str, str]:
    return f"{run.seconds:.2f}", f"{run.cpu_seconds:.2f}"


def _peer_built(texts: Iterable[str], folder: Path, *, stored: bool = False) -> tuple[str, str]:
    """Build the index of the peer, and return wall and CPU seconds."""
    start, cpu = time.perf_counter(), time.process_time()
    Tantivy.build(texts, folder, stored=stored)
    return f"{time.perf_counter() - start:.2f}", f"{time.process_time() - cpu:.2f}"


def _texts(documents: Path) -> Iterator[str]:
    """Yield the texts of all rows."""
    for path in sorted(documents.iterdir()):
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)["text"]


def _build(documents: Path, directory: Path) -> Run:
    command = [*chaja(), "build", "--quiet", str(documents)]
    return run(command, environment={"CHAJA_INDEX": str(directory)})


def _write_rows(source: LargeSet, folder: Path) -> None:
    """Write the passages as JSON Lines, a document each, in their order."""
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
