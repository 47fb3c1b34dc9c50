"""Measure an index on a cluster beside the same one in a folder, in some five minutes.

python -m tests.benchmarks.cluster [--eval DIR] [--nodes N] [--output FILE]

The nodes run on this machine, which the builder and the searcher share with them. Both engines
search by the same number of candidates, in turn, each query once.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.opensearch.names import Epoch
from search import Searcher
from tests.cluster.distribution import PLAIN
from tests.cluster.java import missing
from tests.cluster.nodes import Cluster
from tests.quality.sets import EvaluationSet, evaluation_folder, skip

from .figures import milliseconds, spread
from .process import REPOSITORY, Run, chaja, run
from .report import load, machine, section, table

OUTPUT = REPOSITORY / "docs" / "benchmarks-cluster.md"
_NAME = "benchmark"
_QUERIES = 300
_SEED = 17
_HEAP = "1g"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the report and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cluster")
    parser.add_argument("--eval", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--nodes", type=int, default=1, metavar="N")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    options = parser.parse_args(arguments)
    evaluation = evaluation_folder(options.eval)
    if not evaluation.is_dir():
        skip("the benchmark", evaluation)
        return 0
    if reason := missing(PLAIN):
        print(f"skipped: {reason}", file=sys.stderr)
        return 0
    load_before = load()
    sets = [EvaluationSet(path.parent) for path in sorted(evaluation.glob("*/docs.jsonl"))]
    with (
        tempfile.TemporaryDirectory(prefix="chaja-benchmarks-") as temporary,
        Cluster(nodes=options.nodes, heap=_HEAP, quick=False) as cluster,
    ):
        # What readers keep of a cluster goes with the rest.
        os.environ["XDG_CACHE_HOME"] = f"{temporary}/cache"
        sections = []
        for text in _sections(sets, Path(temporary), cluster):
            print(text, end="\n\n", flush=True)
            sections.append(text)
    head = _head(options.nodes, load_before)
    options.output.write_text("\n\n".join([head, *sections]) + "\n", encoding="utf-8")
    return 0


def _head(nodes: int, load_before: float) -> str:
    return "\n".join(
        [
            "# Benchmarks of an index on a cluster",
            "",
            "The documents of all evaluation sets in an index on OpenSearch and in one in a "
            f"folder: {nodes} node{'s' * (nodes > 1)} with {_HEAP} of heap each, on the machine "
            "that builds and searches. This page is generated.",
            "",
            *machine(load_before),
            f"- Command: `python -m tests.benchmarks.cluster --nodes {nodes}`",
        ]
    )


def _sections(sets: Sequence[EvaluationSet], workplace: Path, cluster: Cluster) -> Iterator[str]:
    documents = workplace / "documents"
    for each in sets:
        (documents / each.name).mkdir(parents=True)
        shutil.copy2(each.documents, documents / each.name)
    folder = workplace / ".chaja"
    address = f"{','.join(cluster.urls)}/{_NAME}"
    yield _building(documents, str(folder), address)
    yield _size(cluster, folder)
    yield _searching(sets, folder, address)


def _building(documents: Path, folder: str, address: str) -> str:
    rows = []
    for what, options in (("first build", []), ("rebuild, analysis known", ["--rebuild"])):
        for where, index in (("folder", folder), ("cluster", address)):
            command = [*chaja(), "build", str(documents), "--index", index, *options]
            done = run(command)
            rows.append((f"{where}, {what}", *_rate(done)))
    head = ("", "s", "CPU s of the builder", "passages/s")
    return section("Building", table(head, rows))


def _rate(done: Run) -> tuple[str, str, str]:
    found = re.search(r"([\d,]+) passages", done.output)
    passages = int(found[1].replace(",", "")) if found else 0
    rate = f"{passages / done.seconds:,.0f}"
    return f"{done.seconds:.1f}", f"{done.cpu_seconds:.1f}", rate


def _size(cluster: Cluster, folder: Path) -> str:
    """Return the bytes of each index, without replicas, and the memory of the nodes."""
    epoch = Epoch(_NAME, max(_epochs(cluster)))
    stats = cluster.ask(f"/{','.join(epoch.indexes)}/_stats/store,docs")["indices"]
    passages = stats[epoch.passages]["primaries"]["docs"]["count"]
    rows = [
        (name, *_bytes(stats[name]["primaries"]["store"]["size_in_bytes"], passages))
        for name in epoch.indexes
    ]
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    rows.append(("the same in a folder", *_bytes(size, passages)))
    memory = ", ".join(f"{_resident(pid) / 1e6:,.0f} MB" for pid in cluster.pids.values())
    text = f"{passages:,} passages. Resident memory of each node after the builds: {memory}."
    return section("Size", text, table(("index", "MB", "bytes a passage"), rows))


def _epochs(cluster: Cluster) -> Iterator[int]:
    for name in cluster.ask(f"/{_NAME}.passages.*/_settings"):
        yield int(name.rpartition(".")[2])


def _bytes(size: int, passages: int) -> tuple[str, str]:
    return f"{size / 1e6:,.1f}", f"{size / passages:,.0f}"


def _resident(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return 1024 * int(found[1]) if found else 0


def _searching(sets: Sequence[EvaluationSet], folder: Path, address: str) -> str:
    queries = _queries(sets)
    times: dict[str, list[float]] = {"folder": [], "cluster": []}
    trips: list[int] = []
    equal = 0
    with Searcher.open(folder) as own, Searcher.open(address) as other:
        for searcher in (own, other):  # the virtual machine of the nodes warms up as well
            for query in queries[:_QUERIES]:
                searcher.search(query)
    with Searcher.open(folder) as own, Searcher.open(address) as other:
        client = other._index._client  # type: ignore[attr-defined]  # counts its requests
        own.search(queries[0])
        other.search(queries[0])
        for query in queries[_QUERIES:]:
            before = client.round_trips
            hits = {}
            for name, searcher in (("folder", own), ("cluster", other)):
                started = time.perf_counter()
                found = searcher.search(query)
                times[name].append(time.perf_counter() - started)
                hits[name] = [(hit.document, hit.ordinal, round(hit.score, 6)) for hit in found]
            trips.append(client.round_trips - before)
            equal += hits["folder"] == hits["cluster"]
    rows = [(name, *milliseconds(values)) for name, values in times.items()]
    pairs = zip(times["cluster"], times["folder"], strict=True)
    trips.sort()
    text = (
        f"{len(trips)} queries of all sets, in both languages, with translations, each for the "
        f"first time. Top tens that are equal, with scores: {equal}. A search on the cluster takes "
        f"{spread([slow / fast for slow, fast in pairs])} times as long as one in the folder, and "
        f"{trips[len(trips) // 2]} requests (at most {trips[-1]})."
    )
    return section("Searching", text, table(("index", "median, ms", "p95, ms"), rows))


def _queries(sets: Sequence[EvaluationSet]) -> list[str]:
    lines = (line for each in sets for line in each.queries.read_text("utf-8").splitlines())
    queries = sorted({line.partition("\t")[2] for line in lines})
    return random.Random(_SEED).sample(queries, 2 * _QUERIES)


if __name__ == "__main__":
    sys.exit(main())
