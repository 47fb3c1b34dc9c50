"""Damaged documents of every format are read, or named with the reason, and do no harm.

    python -m tests.trust documents [COUNT] [--files FOLDER] [--formats pdf hwp …] [--seed N]
                                    [--keep FOLDER]

Of each format 2,000 mutations of the tests' own documents, of those in sample/ and, with --files,
of those in a folder are built into an index. The build ends with 0 and without a traceback; each
file is found or named as a problem, none of them by an error that no reader expects; nothing
outside of the folder changes, is read, started or sent; the memory of all processes is bounded.
A file that takes longer than the limit is counted; so is one that ends its process.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import numpy as np

from corpus import SUFFIXES
from corpus.document import State
from corpus.readers import PLAIN
from index.directory.catalogue import CataloguedFile
from index.directory.directory_reader import DirectoryReader
from index.directory.location import FOLDER
from index.snapshot import Snapshot

from .containers import mutated
from .own_documents import own_documents, with_files
from .stopping import REPOSITORY

COUNT = 2_000
SEED = 2026
SECONDS = 5  # that a document may take
# Of memory, beside the text of the index: two readers at their limit, and the process that builds.
_MEMORY = 1_000_000_000
_LARGEST_SEED = 1_000_000  # bytes
_SECRET = "pomegranatesecret"
_RUN = "import sys; from tests.trust.fence import run; sys.exit(run(*sys.argv[1:]))"
# What `corpus.readers.unread` says of an exception that no reader expects.
_UNEXPECTED = re.compile(r"cannot be read: \w+: ")
_TOO_SLOW, _DIED = "takes longer than", "ended the process that read it"


@dataclass(slots=True)
class Outcome:
    """What became of the documents: states by format, and what else is told of a run."""

    states: dict[str, Counter[State]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    too_slow: list[str] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    memory: int = 0

    def add(self, other: Outcome) -> None:
        """Add the outcome of another run."""
        self.states |= other.states
        self.kinds += other.kinds
        self.too_slow += other.too_slow
        self.died += other.died
        self.slowest = max(self.slowest, other.slowest)
        self.memory = max(self.memory, other.memory)


Seeds = Mapping[str, Sequence[bytes]]


def seeds(files: Sequence[Path] = ()) -> dict[str, list[bytes]]:
    """Return documents to damage, by suffix: our own, those of the sample, and those of folders."""
    formats = set(SUFFIXES - PLAIN)
    folders = (REPOSITORY / "sample", *files)
    return with_files(own_documents(), folders, most=_LARGEST_SEED, suffixes=formats)


def run(
    folder: Path, *, count: int, seeds: Seeds, seed: int = SEED, seconds: float = SECONDS
) -> Outcome:
    """Build an index of `count` mutations of each format; return what became of them.

    Raises AssertionError where one does harm, or is silently left out.
    """
    documents = folder / "documents"
    documents.mkdir(parents=True)
    outcome = Outcome(states={suffix: Counter() for suffix in sorted(seeds)})
    for suffix, some in sorted(seeds.items()):
        for name, kind, data in _mutations(suffix, some, count=count, seed=seed):
            (documents / name).write_bytes(data)
            outcome.kinds[kind] += 1
    (folder / "outside").mkdir()
    (folder / "outside" / "secret.txt").write_text(_SECRET, encoding="utf-8")
    before = _listing(folder)
    report = folder / "report.jsonl"
    done = _build(documents, report, seconds)
    _read_report(report, outcome)
    report.unlink()
    if done.returncode or "Traceback" in done.stdout + done.stderr:
        raise AssertionError(f"exit code {done.returncode}: {done.stdout}{done.stderr[-3000:]}")
    if _listing(folder) != before:
        raise AssertionError(f"files have changed: {_listing(folder) ^ before}")
    _check_catalogue(documents, outcome)
    if outcome.memory > _MEMORY:
        raise AssertionError(f"{outcome.memory:,} bytes of memory")
    return outcome


def _mutations(
    suffix: str, some: Sequence[bytes], *, count: int, seed: int
) -> Iterator[tuple[str, str, bytes]]:
    """Yield name, kind and bytes of each mutation, the same for the same seed."""
    for number in range(count):
        rng = random.Random(f"{seed} {suffix} {number}")
        kind, data = mutated(rng.choice(some), rng.choice(some), rng)
        yield f"{number:05}-{kind}{suffix}", kind, data


def _listing(folder: Path) -> set[tuple[str, int, bytes]]:
    """Return name, time and digest of all files but those of the index."""
    found = set()
    for path in folder.rglob("*"):
        if FOLDER not in path.parts:
            data = path.read_bytes() if path.is_file() else b""
            changed = path.stat().st_mtime_ns if path.is_file() else 0
            found.add((str(path), changed, blake2b(data).digest()))
    return found


def _build(folder: Path, report: Path, seconds: float) -> subprocess.CompletedProcess[str]:
    command = ("build", str(folder), "--index", str(folder / FOLDER), "--verbose")
    limit = ("--max-read-time", str(seconds))
    return subprocess.run(
        [sys.executable, "-c", _RUN, str(report), str(folder), *command, *limit],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def _read_report(report: Path, outcome: Outcome) -> None:
    """Add what the readers told. Raises AssertionError for effects outside, and tracebacks."""
    for line in report.read_text(encoding="utf-8", errors="replace").splitlines():
        if not line.startswith("{"):  # what libraries print
            if "Traceback" in line:
                raise AssertionError(report.read_text(errors="replace")[-3000:])
            continue
        told = json.loads(line)
        if "trespass" in told:
            raise AssertionError(f"a reader went outside: {told['trespass']}")
        if "seconds" in told:
            outcome.slowest = max(outcome.slowest, (told["seconds"], told["ended"]))
        outcome.memory = max(outcome.memory, told.get("memory", 0))


def _check_catalogue(folder: Path, outcome: Outcome) -> None:
    """Count the files. Raises AssertionError if one is neither found nor named with the reason."""
    store = DirectoryReader.open(folder / FOLDER)
    files = store.catalogue().files
    written = {path.name for path in folder.iterdir() if path.name != FOLDER}
    if files.keys() != written:
        raise AssertionError(f"left out: {sorted(files.keys() ^ written)[:9]}")
    with closing(store.snapshot()) as snapshot:
        indexed = _indexed(snapshot)
    for name, file in files.items():
        _check_file(name, file, outcome, is_indexed=name in indexed)


def _check_file(name: str, file: CataloguedFile, outcome: Outcome, *, is_indexed: bool) -> None:
    outcome.states[Path(name).suffix][file.state] += 1
    reasons = [problem.reason for problem in file.problems]
    if not is_indexed and not reasons:
        raise AssertionError(f"{name} has no document and no problem")
    if not is_indexed and file.state in (State.READ, State.PART):
        raise AssertionError(f"{name} is told as read, and has no document: {reasons}")
    for reason in reasons:
        if _UNEXPECTED.match(reason) or "(exit code -31)" in reason:  # SIGSYS: see `seccomp`
            raise AssertionError(f"{name} {reason}")
        if reason.startswith(_TOO_SLOW):
            outcome.too_slow.append(name)
        elif reason.startswith(_DIED):
            outcome.died.append(f"{name} {reason}")


def _indexed(snapshot: Snapshot) -> set[str]:
    """Return the paths of all documents. Raises AssertionError if the secret is among the texts."""
    paths = set()
    for number in np.flatnonzero(snapshot.alive).tolist():
        path = snapshot.stored_document(number)["path"]
        if _SECRET in snapshot.stored(number)["text"]:
            raise AssertionError(f"{path} has the text of a file outside")
        paths.add(path)
    return paths


def table(outcome: Outcome) -> Iterator[str]:
    """Yield the lines that tell an outcome."""
    shown = [state for state in State if any(state in found for found in outcome.states.values())]
    yield f"{'':7}" + "".join(f"{state:>16}" for state in shown)
    for suffix, found in sorted(outcome.states.items()):
        yield f"{suffix:7}" + "".join(f"{found[state]:16,}" for state in shown)
    yield ", ".join(f"{kind} {number:,}" for kind, number in sorted(outcome.kinds.items()))
    yield f"slowest: {outcome.slowest[0]:.2f} s of processor time, {outcome.slowest[1]}"
    yield f"memory of all processes: {outcome.memory:,} bytes"
    yield f"{len(outcome.too_slow)} took longer than the limit: {outcome.too_slow[:9]}"
    yield f"{len(outcome.died)} ended their process: {outcome.died[:9]}"


def main() -> int:
    """Try the mutations, format by format; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.trust documents")
    parser.add_argument("count", nargs="?", type=int, default=COUNT)
    parser.add_argument("--files", action="append", type=Path, default=[])
    parser.add_argument("--formats", nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--keep", type=Path, help="write the mutations into this folder")
    options = parser.parse_args(sys.argv[2:])
    wanted = {f".{name.lstrip('.')}" for name in options.formats}
    found = {
        suffix: some
        for suffix, some in seeds(options.files).items()
        if suffix in wanted or not wanted
    }
    total = Outcome()
    for suffix, some in sorted(found.items()):
        with tempfile.TemporaryDirectory() as folder:
            workplace = (options.keep or Path(folder)) / suffix.lstrip(".")
            total.add(run(workplace, count=options.count, seeds={suffix: some}, seed=options.seed))
        print(f"{suffix}: {len(some)} documents, {options.count:,} mutations", flush=True)
    print("\n".join(table(total)))
    return 0
