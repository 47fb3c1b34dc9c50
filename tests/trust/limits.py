"""Commands under the limits of a system end in one sentence, and the index stays sound.

    python -m tests.trust limits

Each command runs with few open files, small files, a full disk, folders that cannot be written, and
without a temporary folder; then a build fails once in each way that a system has, at many steps.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from corpus.errors import ChajaError
from index.directory.location import FOLDER
from index.verify import verify
from search.cli.failures import failure_lines
from tests.index_corpus import Seen, built, put, put_all, some_files, some_text
from tests.index_faults import Fault, failing

from .stopping import REPOSITORY, look, scenarios, spilling

RUN = """
import resource, sys
limit, number, *arguments = sys.argv[1:]
if limit:
    kind = getattr(resource, limit)
    resource.setrlimit(kind, (int(number), resource.getrlimit(kind)[1]))
from search.cli import main
sys.exit(main(arguments))
"""
Command = tuple[str, ...]
COMMANDS: tuple[Command, ...] = (
    ("search", "river"),
    ("phrase", "river"),
    ("similar", "a0.md"),
    ("complete", "riv"),
    ("show", "a0.md"),
    ("explain", "river"),
    ("info",),
    ("verify",),
    ("verify", "--deep"),
    ("glossary", "list"),
    ("glossary", "export", "out.tsv"),
    ("glossary", "import", "more.tsv"),
    ("glossary", "strike", "강", "river"),
    ("evaluate", "--queries", "q.tsv", "--qrels", "qrels.txt", "--run", "out.tsv"),
    ("build", "."),
    ("build", "--rebuild", "."),
)
WRITING = COMMANDS[-6:]
# Below four a Python cannot start: 0 to 2 are open, and it reads its modules through 3.
OPEN_FILES = (*range(5, 25), 28, 32, 36, 40, 64)
FILE_SIZES = (0, 1, 100, 1_000, 4_096, 10_000, 20_000, 50_000, 100_000, 200_000, 1 << 20)
ERRORS = tuple(
    getattr(errno, name)
    for name in (
        *("ENOSPC", "EDQUOT", "EFBIG", "EMFILE", "ENFILE", "ENOLCK", "EROFS", "EACCES", "EPERM"),
        *("EIO", "ESTALE", "ENOMEM", "ETIMEDOUT", "ENAMETOOLONG", "EINVAL"),
    )
)
_OLD = "# an old file, which is kept or replaced as a whole\n"
# Root may write everywhere, unless it gives up this right.
_NO_SUPERUSER = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


@dataclass(slots=True)
class Trial:
    """A folder with an index, the files to change it, and what is found after each command."""

    base: Path
    outcomes: Counter[str] = field(default_factory=Counter)
    before: Seen | None = None
    after: dict[Command, Seen | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rng = random.Random(11)
        folder = self.base / "folder"
        for name, text in some_files(rng, 6).items():  # a segment each: more files are open
            put_all(folder, {name: text})
            built(folder)
        put(folder, "강.txt", "강(river)은 강이다. river")
        built(folder)
        self.before = look(folder)
        put(folder, "more.txt", some_text(rng))
        put_all(
            folder,
            {
                "more.tsv": "바다\tsea\n",
                "q.tsv": "1\triver\n",
                "qrels.txt": "1 0 a0.md 1\n",
                "out.tsv": _OLD,
                ".chajaignore": "*.tsv\nqrels.txt\n",
            },
        )
        for command in WRITING:
            target = self.folder()
            self._done(target, command)
            self.after[command] = look(target)

    def folder(self) -> Path:
        """Return a new copy of the folder."""
        target = self.base / "trial"
        shutil.rmtree(target, ignore_errors=True)
        return shutil.copytree(self.base / "folder", target)

    def run(
        self,
        folder: Path,
        command: Command,
        *,
        limit: str = "",
        number: int = 0,
        prefix: Sequence[str] = (),
        **environment: str,
    ) -> int:
        """Run a command in a folder, check how it ends, and return its exit code."""
        run = [*prefix, sys.executable, "-c", RUN, limit, str(number)]
        done = self._done(folder, command, run=run, environment=environment)
        where = f"{' '.join(command)} with {limit} {number} {environment}"
        if done.returncode not in (0, 2):
            raise AssertionError(f"{where}: exit code {done.returncode}: {done.stderr}")
        told = "done"
        if done.returncode:
            told = check_sentence(done.stderr.splitlines(), where)
        check_index(folder, (self.before, self.after.get(command)), where)
        check_output(folder / "out.tsv", where)
        self.outcomes[told] += 1
        return done.returncode

    def _done(
        self,
        folder: Path,
        command: Command,
        *,
        run: Sequence[str] = (sys.executable, "-c", RUN, "", ""),
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*run, *command],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
            capture_output=True,
            text=True,
            check=False,
        )


def check_sentence(lines: Sequence[str], where: str) -> str:
    """Return what is told of an error. Raises AssertionError without a sentence and a next step."""
    told = [line for line in lines if not line.startswith("note: ")]
    if len(told) != 2 or not told[0].startswith("chaja: ") or not told[1].startswith("  "):
        raise AssertionError(f"{where}: is told as {lines}")
    if "bug in Chaja" in told[0] or "damaged" in told[0]:
        raise AssertionError(f"{where}: {told}")
    return told[0].split(": ")[1]


def check_index(folder: Path, states: Sequence[Seen | None], where: str) -> None:
    """Raise AssertionError unless an index is sound, and in one of some states."""
    if look(folder) not in states:
        raise AssertionError(f"{where}: the index is neither the old nor the new one")
    if (folder / FOLDER).is_dir() and look(folder) is not None:
        found = verify(folder / FOLDER)
        if not found.sound:
            raise AssertionError(f"{where}: {found.damage}")


def check_output(path: Path, where: str) -> None:
    """Raise AssertionError unless a file that a command writes is the old or a whole new one."""
    text = path.read_text(encoding="utf-8")
    if text != _OLD and not text.endswith("\n"):
        raise AssertionError(f"{where}: a part of {path.name} was written")
    if left := [other.name for other in path.parent.glob(".chaja-*")]:
        raise AssertionError(f"{where}: {left} are left over")


def few_open_files(
    trial: Trial, numbers: Sequence[int] = OPEN_FILES, *, commands: Sequence[Command] = COMMANDS
) -> None:
    """Run each command with a limit of open files."""
    for number in numbers:
        for command in commands:
            trial.run(trial.folder(), command, limit="RLIMIT_NOFILE", number=number)


def small_files(trial: Trial, sizes: Sequence[int] = FILE_SIZES) -> None:
    """Run each command that writes with a limit of the size of files."""
    for size in sizes:
        for command in WRITING:
            trial.run(trial.folder(), command, limit="RLIMIT_FSIZE", number=size)


def full_disk(trial: Trial, rooms: Sequence[int] = (0, 4, 40, 100, 200, 400)) -> None:
    """Run each command that writes on a disk with so many kilobytes free, if one can be mounted."""
    with small_disk(trial.base / "disk") as disk:
        if disk is None:
            print("no small disk can be mounted here: full disks are left out")
            return
        for room in rooms:
            for command in WRITING:
                folder = shutil.copytree(trial.base / "folder", disk / "folder")
                free = shutil.disk_usage(disk).free - (room << 10)
                with (disk / "filler").open("wb") as file:
                    os.posix_fallocate(file.fileno(), 0, max(free, 1))
                trial.run(folder, command)
                shutil.rmtree(folder)
                (disk / "filler").unlink()


@contextmanager
def small_disk(path: Path) -> Iterator[Path | None]:
    """Mount a disk of four megabytes; None if that is not possible or not allowed."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(path)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    try:
        yield path if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(path)], check=True)


def without_permission(trial: Trial, *, commands: Sequence[Command] = COMMANDS) -> None:
    """Run each command where the index, or its folder, or the temporary folder is read-only."""
    prefix = () if os.geteuid() else _NO_SUPERUSER
    if prefix and shutil.which(prefix[0]) is None:
        print("root cannot give up its rights here: permissions are left out")
        return
    temporary = trial.base / "temporary"
    temporary.mkdir(mode=0o500)
    for command in commands:
        writes_index = command in WRITING and "out.tsv" not in command
        folder = trial.folder()
        (folder / FOLDER).chmod(0o500)
        code = trial.run(folder, command, prefix=prefix)
        (folder / FOLDER).chmod(0o700)
        if code != (2 if writes_index else 0):
            raise AssertionError(f"{command} on a read-only index: exit code {code}")
        folder = trial.folder()
        if trial.run(folder, command, prefix=prefix, TMPDIR=str(temporary)):
            raise AssertionError(f"{command} needs a temporary folder")
    folder = trial.folder()
    shutil.rmtree(folder / FOLDER)
    folder.chmod(0o500)
    before, trial.before = trial.before, None
    if trial.run(folder, ("build", "."), prefix=prefix) != 2:
        raise AssertionError("an index was made in a folder that is read-only")
    trial.before = before
    folder.chmod(0o700)


def each_error(base: Path, outcomes: Counter[str], *, stride: int = 1) -> None:
    """Let each error of the system happen once at every `stride`-th step of a build."""
    for name, case in scenarios(base / "errors").items():
        for at in range(1, case.steps + 1, stride):
            code = ERRORS[(at // stride) % len(ERRORS)]
            folder = case.copy(base / "errors" / "trial")
            where = f"{name}: {errno.errorcode[code]} at step {at}"
            _fail_once(folder, code, at, rebuild=case.rebuild, where=where)
            check_index(folder, (case.before, case.after), where)
            shutil.rmtree(folder)
            outcomes["errors at steps"] += 1


def _fail_once(folder: Path, code: int, at: int, *, rebuild: bool, where: str) -> None:
    try:
        with spilling(), failing(Fault(_raising(code)), at):
            built(folder, rebuild=rebuild)
    except (OSError, ChajaError) as error:
        lines = list(failure_lines(error))
        check_sentence(lines, where)
        if isinstance(error, OSError) and error.filename is None:
            raise AssertionError(f"{where}: no file is named: {lines}") from error


def _raising(code: int) -> Callable[[], OSError]:
    return lambda: OSError(code, os.strerror(code))


def main() -> int:
    """Try all limits; return the exit code."""
    with tempfile.TemporaryDirectory() as name:
        trial = Trial(Path(name))
        for tried in (few_open_files, small_files, full_disk, without_permission):
            tried(trial)
            print(f"{tried.__name__}: {dict(trial.outcomes)}", flush=True)
        each_error(trial.base, trial.outcomes)
    for outcome, count in sorted(trial.outcomes.items()):
        print(f"{outcome}: {count}")
    print(f"{trial.outcomes.total()} trials, each one done or told in one sentence")
    return 0
