"""Errors that pass, and documents that change while they are read, leave no trace in an index.

    python -m tests.trust passing [BUILDS]

Every operation by which a first build and an update read folders, documents and ignore files fails
once in each of eight ways: what was indexed stays whole, the problem is told, and the next build
makes the index a fresh one. Then 200 builds run while folders are renamed and swapped, and files
grow, shrink and vanish, each change at some operation of a build; a quiet build makes the index a
fresh one.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

from corpus.errors import ChajaError, IndexDamaged, IndexMissing
from index.builder import batch_reader
from index.builder.build import build
from index.builder.build_report import BuildReport
from index.directory.catalogue import CataloguedFile
from index.directory.commit import generations
from index.directory.directory_reader import DirectoryReader
from index.directory.location import FOLDER
from tests.index_corpus import Seen, built, counts, put, put_all, seen, some_files, some_text
from tests.index_reads import watched_reads

from .turmoil import Turmoil

BUILDS = 200
SEED = 11
# Builds in turmoil before each quiet one: what they leave may add up.
_NOISY = 4
_ERRNOS = (errno.ENOENT, errno.EIO, errno.EMFILE, errno.ENOMEM, errno.ESTALE, errno.EACCES)
ERRORS: dict[str, Callable[[], Exception]] = {
    **{
        errno.errorcode[code]: lambda code=code: OSError(code, os.strerror(code))
        for code in _ERRNOS
    },
    "MemoryError": MemoryError,
    "RuntimeError": lambda: RuntimeError("a reader has failed"),
}
# Operations on the content of a file, which a reader may follow with any exception.
_OF_A_READER = ("open", "read", "readinto", "readline", "seek", "lseek", "fstat")
# Words of a batch: so few that a document of some rows fills several.
_FEW = 60

# All passages of each path, as a user sees them.
Passages = Mapping[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class State:
    """All of an index that depends on the documents: what is found, and its catalogue."""

    seen: Seen
    files: Mapping[str, CataloguedFile]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A folder, the index from before its last changes (None without one), and that from after."""

    folder: Path
    index: Path | None
    before: Passages
    after: State
    calls: tuple[tuple[str, str], ...]

    def reset(self) -> None:
        """Give the folder the index from before."""
        shutil.rmtree(self.folder / FOLDER, ignore_errors=True)
        if self.index is not None:
            shutil.copytree(self.index, self.folder / FOLDER)


@dataclass(slots=True)
class Failing:
    """A hook that notes each operation and fails at one, from 1; 0 for none."""

    at: int = 0
    error: Callable[[], Exception] = MemoryError
    calls: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, kind: str, path: str) -> None:
        self.calls.append((kind, path))
        if len(self.calls) == self.at:
            raise self.error()


def scenarios(base: Path) -> dict[str, Scenario]:
    """Return a first build, and an update of edited, new, touched, unchanged and removed files."""
    rng = random.Random(SEED)
    first = base / "first"
    put_all(first, _some_documents(rng))
    update = shutil.copytree(first, base / "update")
    put(update, "sub/gone.txt", some_text(rng))
    built(update)
    before = shutil.copytree(update / FOLDER, base / "index")
    put(update, "a0.md", some_text(rng))
    put(update, "sub/rows.jsonl", _rows(rng, 30))
    put(update, "sub/new.txt", some_text(rng))
    put(update, "sub/same.txt", (update / "sub/same.txt").read_text(encoding="utf-8"))
    (update / "sub/gone.txt").unlink()
    return {"first": _scenario(first, None), "update": _scenario(update, before)}


def _some_documents(rng: random.Random) -> dict[str, str]:
    return {
        **some_files(rng, 2),
        "empty.txt": "",
        "page.html": f"<title>river</title><p>{some_text(rng)}</p>",
        "sub/table.csv": f"title,text\nriver,{some_text(rng, paragraphs=1)!r}\none column\n",
        "sub/rows.jsonl": _rows(rng, 20) + "no row\n",
        "sub/same.txt": some_text(rng),
        "sub/private/secret.txt": "river treaty",
        "sub/deep/b.txt": some_text(rng),
        "sub/.chajaignore": "private/\n",
        ".chajaignore": "*.log.txt\n",
        "a.log.txt": "river treaty",
    }


def _rows(rng: random.Random, count: int) -> str:
    rows = ({"id": str(number), "text": some_text(rng, paragraphs=1)} for number in range(count))
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def _scenario(folder: Path, index: Path | None) -> Scenario:
    before = _passages(index) if index else {}
    watch = Failing()
    with small_batches(), watched_reads(folder, watch):
        build(folder / FOLDER, [folder])
    scenario = Scenario(folder, index, before, fresh_state(folder), tuple(watch.calls))
    scenario.reset()
    return scenario


@contextmanager
def small_batches() -> Iterator[None]:
    """Let a document of some rows fill several batches."""
    with patch.multiple(batch_reader, _FIRST_BATCH=_FEW, _BATCH_WORDS=_FEW):
        yield


def state(index: Path) -> State:
    """Return the state of an index, without what it tells of earlier builds."""
    files = DirectoryReader.open(index).catalogue().files
    return State(seen(index), {name: replace(file, earlier=None) for name, file in files.items()})


def fresh_state(folder: Path) -> State:
    """Return the state of an index built afresh from a folder."""
    index = folder / ".fresh"
    build(index, [folder])
    try:
        return state(index)
    finally:
        shutil.rmtree(index)


def _passages(index: Path) -> Passages:
    """Return the passages of each path; of none without an index."""
    try:
        return _by_path(seen(index, ()))
    except IndexMissing:
        return {}
    except IndexDamaged:
        if generations(index):
            raise
        return {}  # what a first build has left


def _by_path(found: Seen) -> Passages:
    passages: dict[str, list[object]] = defaultdict(list)
    for passage in found.passages:
        passages[str(passage[0])].append(passage)
    return {path: tuple(rows) for path, rows in passages.items()}


def try_point(case: Scenario, error: str, at: int) -> str:
    """Let one operation fail. Raises AssertionError if it leaves a trace; return what was told."""
    case.reset()
    kind, path = case.calls[at - 1]
    name = os.path.relpath(path, case.folder).replace(os.sep, "/")
    try:
        report = _failed(case, error, at)
        # An ignore file that is said not to exist need not: its rules are in force again later.
        if not (error == "ENOENT" and name.endswith(".chajaignore")):
            _check_contents(case, report, name)
            _check_report(case, report, name)
        built(case.folder)
        if state(case.folder / FOLDER) != case.after:
            raise AssertionError("the next build differs from a fresh one")
        _check_nothing_is_due(case.folder)
    except Exception as failure:
        where = f"{case.folder.name}: {error} at {at} of {len(case.calls)}, {kind} of {name}"
        raise AssertionError(f"{where}: {failure}") from failure
    return "stopped" if report is None else "told" if report.problems else "mended"


def _failed(case: Scenario, error: str, at: int) -> BuildReport | None:
    """Return the report of a build one of whose operations fails; None if that stops it."""
    hook = Failing(at, ERRORS[error])
    try:
        with small_batches(), watched_reads(case.folder, hook):
            return build(case.folder / FOLDER, [case.folder])
    except (ChajaError, OSError, MemoryError, RuntimeError) as stopped:
        kind, path = hook.calls[-1]
        # Without its root there is nothing to build; memory may lack, or a bug show, in the walk.
        is_walk = kind not in _OF_A_READER or path.endswith(".chajaignore")
        is_bug = error in ("MemoryError", "RuntimeError") and is_walk
        roots = (str(case.folder), str(case.folder / ".chajaignore"))
        if is_bug or (isinstance(stopped, ChajaError) and path in roots):
            return None
        raise


def _check_contents(case: Scenario, report: BuildReport | None, name: str) -> None:
    """Raise AssertionError unless each path has its old passages or its new ones, all of them.

    Only what the error concerns may have the old ones.
    """
    after, found = _by_path(case.after.seen), _passages(case.folder / FOLDER)
    for path in {*case.before, *after, *found}:
        now = found.get(path, ())
        if now not in (case.before.get(path, ()), after.get(path, ())):
            raise AssertionError(f"{path} has neither the old nor the new passages")
        concerned = report is None or _is_at_or_below(path, name.removesuffix(".chajaignore"))
        if not concerned and now != after.get(path, ()):
            raise AssertionError(f"{path} was not read")


def _is_at_or_below(path: str, name: str) -> bool:
    return name in ("", ".", path) or path.startswith(name.rstrip("/") + "/")


def _check_report(case: Scenario, report: BuildReport | None, name: str) -> None:
    """Raise AssertionError if something was not read and no problem says so."""
    if report is None or state(case.folder / FOLDER) == case.after:
        return
    lasting = {problem for file in case.after.files.values() for problem in file.problems}
    if not {problem.path for problem in set(report.problems) - lasting} & {name}:
        raise AssertionError(f"no problem of {name} is told, but {report.problems}")


def _check_nothing_is_due(folder: Path) -> None:
    commits = sorted(folder.glob(f"{FOLDER}/chaja-*.json"))
    report = built(folder)
    if counts(report)[:3] != (0, 0, 0) or commits != sorted(folder.glob(f"{FOLDER}/chaja-*.json")):
        raise AssertionError(f"a third build does something: {report}")


def run(folder: Path, *, builds: int, seed: int = SEED) -> Counter[str]:
    """Build while files change; return how often each kind of change was begun.

    Raises AssertionError if a document that never changes is not found whole, one is found twice,
    or a quiet build does not make the index a fresh one.
    """
    rng = random.Random(seed)
    documents = folder / "documents"
    put_all(documents, {f"steady/{name}": text for name, text in some_files(rng, 3).items()})
    turmoil = Turmoil(documents, rng)
    turmoil.populate()
    built(documents)
    steady = _steady(documents)
    for number in range(1, builds + 1):
        try:
            with watched_reads(documents, turmoil):
                built(documents)
            if _steady(documents) != steady:
                raise AssertionError("files that never change are found otherwise")
            if number % _NOISY == 0 or number == builds:
                turmoil.settle()
                _check_quiet(documents)
        except Exception as error:
            raise AssertionError(f"seed {seed}, build {number}: {error!r}") from error
    return turmoil.done


def _steady(documents: Path) -> Passages:
    """Return the passages of files that never change. Raises AssertionError for a repeated one."""
    found = seen(documents / FOLDER, ())
    if len({passage[:3] for passage in found.passages}) < len(found.passages):
        raise AssertionError("a passage is found twice")
    return {path: rows for path, rows in _by_path(found).items() if path.startswith("steady/")}


def _check_quiet(documents: Path) -> None:
    built(documents)
    now, fresh = state(documents / FOLDER), fresh_state(documents)
    if (now.seen, _contents(now)) != (fresh.seen, _contents(fresh)):
        raise AssertionError("a quiet build differs from a fresh one")


def _contents(found: State) -> Mapping[str, object]:
    """Return a catalogue without times: those of a moment ago are not recorded."""
    return {
        name: (file.fingerprint.size, file.fingerprint.digest, file.problems)
        for name, file in found.files.items()
    }


def main() -> int:
    """Try every error at every operation, then build in turmoil; return the exit code."""
    builds = int(sys.argv[2]) if len(sys.argv) > 2 else BUILDS
    tried: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, case in scenarios(Path(folder)).items():
            for at, error in itertools.product(range(1, len(case.calls) + 1), ERRORS):
                tried[try_point(case, error, at)] += 1
            print(f"{name}: {len(case.calls)} operations, {tried.total()} points", flush=True)
    print(", ".join(f"{number:,} {outcome}" for outcome, number in tried.items()))
    with tempfile.TemporaryDirectory() as folder:
        done = run(Path(folder), builds=builds)
    print(f"{builds} builds in turmoil from seed {SEED}: {done.total()} changes, {dict(done)}")
    return 0
