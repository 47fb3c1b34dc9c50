"""One build at a time; a second one reports who builds."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from index_corpus import built, put, seen
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from corpus.errors import IndexDamaged, IndexLocked
from index.builder.build import build
from index.directory import lock
from index.directory.location import FOLDER
from index.directory.lock import writer_lock
from index.whoosh import writer
from search.cli.failures import failure_lines

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")

ROOT = str(Path(lock.__file__).parents[2])
HOLD = """
import sys
from pathlib import Path
from index.directory.lock import writer_lock
with writer_lock(Path(sys.argv[1]), wait=None):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold a lock in another process, until that is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def test_a_second_build_is_refused_and_told_who_builds(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    built(tmp_path)
    put(tmp_path, "a.txt", "bank")
    with held_elsewhere(tmp_path / FOLDER / "lock") as holder:
        with pytest.raises(IndexLocked, match=rf"process {holder.pid} \(since \d") as caught:
            built(tmp_path)
        assert str(tmp_path / FOLDER) in str(caught.value)
        assert "--wait" in caught.value.hint
        assert len(seen(tmp_path / FOLDER, ("river",)).hits[0][1]) == 1  # readers need no lock


def test_the_lock_of_a_killed_holder_is_free(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "river")
    (tmp_path / FOLDER).mkdir()
    with held_elsewhere(tmp_path / FOLDER / "lock") as holder:
        holder.kill()
        holder.wait()
        assert built(tmp_path).added == 1


def test_a_build_that_waits_goes_on_when_the_lock_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "river")
    (tmp_path / FOLDER).mkdir()
    with held_elsewhere(tmp_path / FOLDER / "lock") as holder:
        naps: list[float] = []

        def nap(seconds: float) -> None:
            naps.append(seconds)
            if len(naps) == 3:
                holder.kill()
                holder.wait()

        monkeypatch.setattr(lock.time, "sleep", nap)
        report = build(tmp_path / FOLDER, [tmp_path], wait=float("inf"))
    assert report.added == 1
    assert len(naps) >= 3


def test_waiting_ends_at_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(100))
    monkeypatch.setattr(lock.time, "monotonic", lambda: next(now))
    naps: list[float] = []
    monkeypatch.setattr(lock.time, "sleep", naps.append)
    with (
        writer_lock(tmp_path / "lock", wait=None),
        pytest.raises(IndexLocked, match=f"process {os.getpid()} "),
        writer_lock(tmp_path / "lock", wait=4),
    ):
        pytest.fail("the lock was had twice")
    assert len(naps) == 3


def test_the_lock_is_let_go_of_when_a_build_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "river")

    def failing(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writer, "open_writable_analyzer", failing)
        with pytest.raises(KeyboardInterrupt):
            built(tmp_path)
    assert built(tmp_path).added == 1


@pytest.mark.parametrize("said", ["", "{", "[]", '{"process": 1}', "3"])
def test_a_holder_that_has_not_said_who_it_is_is_another_process(tmp_path: Path, said: str) -> None:
    path = tmp_path / "lock"
    with writer_lock(path, wait=None):
        path.write_text(said, encoding="utf-8")
        expected = re.escape(f"{tmp_path}: another process is building this index")
        with pytest.raises(IndexLocked, match=expected), writer_lock(path, wait=0):
            pytest.fail("the lock was had twice")


def test_the_lock_says_who_builds_only_while_somebody_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lock"
    with writer_lock(path, wait=None):
        assert str(os.getpid()) in path.read_text(encoding="utf-8")
    assert path.read_bytes() == b""
    truncate = os.ftruncate

    def failing(descriptor: int, size: int) -> None:
        if path.stat().st_size:
            raise OSError(errno.EIO, "worn out")
        truncate(descriptor, size)

    monkeypatch.setattr(lock.os, "ftruncate", failing)
    for _ in range(2):  # it is let go of all the same
        with writer_lock(path, wait=None):
            pass
        path.write_bytes(b"")


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_without_locks_is_told_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def unsupported(descriptor: int, operation: int) -> None:
        raise OSError(code, "of the file system")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    with pytest.raises(OSError, match=r".") as caught, writer_lock(tmp_path / "lock", wait=None):
        pytest.fail("there are no locks")
    assert list(failure_lines(caught.value)) == [
        f"chaja: the file system does not support locks: {tmp_path / 'lock'}",
        "  Build the index on a local disk, with --index DIR.",
    ]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("victim")])
def test_a_lock_that_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    (tmp_path / "victim").write_text("of the user", encoding="utf-8")
    make(tmp_path / "lock")
    with (
        pytest.raises(IndexDamaged, match="lock: was not created by Chaja"),
        writer_lock(tmp_path / "lock", wait=None),
    ):
        raise AssertionError
    assert (tmp_path / "victim").read_text(encoding="utf-8") == "of the user"
