"""A file of the user is replaced as a whole, or stays as it was."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from stat import S_IMODE

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from index.arrays.files import replacing
from tests.index_faults import Fault, failing

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")
unix = pytest.mark.skipif(not hasattr(os, "fchmod"), reason="this system has other permissions")


def write(path: Path, *parts: str) -> None:
    with replacing(path) as file:
        for part in parts:
            file.write(part)


def write_and_raise(path: Path, error: type[BaseException]) -> None:
    with replacing(path) as file:
        file.write("new")
        raise error


def full() -> OSError:
    return OSError(errno.ENOSPC, "full")


@pytest.mark.parametrize("before", ["", "old"])
def test_a_file_is_the_old_or_the_new_one_at_each_step(tmp_path: Path, before: str) -> None:
    path = tmp_path / "out.tsv"
    at = 0
    while True:
        at += 1
        path.unlink(missing_ok=True)
        if before:
            path.write_text(before, encoding="utf-8")
        names = {str(path)}
        try:
            with failing(Fault(full), at) as disk:
                write(path, "new", "er\n")
        except OSError as error:
            names.add(error.filename)
        assert names == {str(path)}
        found = [(name.name, name.read_text(encoding="utf-8")) for name in tmp_path.iterdir()]
        assert found in ([("out.tsv", before)] if before else [], [("out.tsv", "newer\n")])
        if not disk.failed:
            break
    assert at > 6
    assert path.read_text(encoding="utf-8") == "newer\n"


def test_an_error_or_an_interrupt_of_who_writes_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.tsv"
    path.write_text("old", encoding="utf-8")
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error):
            write_and_raise(path, error)
        assert [name.name for name in tmp_path.iterdir()] == ["out.tsv"]
        assert path.read_text(encoding="utf-8") == "old"


@unix
@given(mode=st.integers(0o400, 0o777), umask=st.sampled_from([0, 0o022, 0o077, 0o177]))
def test_a_file_keeps_its_permissions_and_a_new_one_has_the_usual_ones(
    tmp_path_factory: pytest.TempPathFactory, mode: int, umask: int
) -> None:
    folder = tmp_path_factory.mktemp("modes", numbered=True)
    before = os.umask(umask)
    try:
        write(folder / "new", "x")
        (folder / "usual").write_bytes(b"")
        (folder / "old").write_bytes(b"")
        (folder / "old").chmod(mode)
        write(folder / "old", "x")
    finally:
        os.umask(before)
    assert S_IMODE((folder / "old").stat().st_mode) == mode
    assert (folder / "new").stat().st_mode == (folder / "usual").stat().st_mode


@unix
def test_a_file_is_never_more_open_than_the_one_it_replaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.tsv"
    path.touch(mode=0o600)
    fchmod = os.fchmod

    def looking(descriptor: int, mode: int) -> None:
        assert not os.fstat(descriptor).st_mode & 0o077
        fchmod(descriptor, mode)

    monkeypatch.setattr(os, "fchmod", looking)
    write(path, "x")
    assert S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path, exists: bool) -> None:
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    if exists:
        target.write_text("old", encoding="utf-8")
    link.symlink_to(Path("folder", "target"))
    write(link, "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    assert [path.name for path in target.parent.iterdir()] == ["target"]


@unix
def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    write(pipe, "new")
    reader.join(20)
    assert read == ["new"]
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="needs /dev/fd")
def test_an_open_file_is_written_to_at_its_end(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("old\n", encoding="utf-8")
    with log.open("a", encoding="utf-8") as file:
        write(Path(f"/dev/fd/{file.fileno()}"), "new\n")
        assert os.fstat(file.fileno()).st_ino == log.stat().st_ino
    assert log.read_text(encoding="utf-8") == "old\nnew\n"


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="out") as caught:
        write(tmp_path / "none" / "out", "new")
    assert caught.value.filename == str(tmp_path / "none" / "out")
    with pytest.raises(OSError, match=r".") as caught:
        write(tmp_path, "new")
    assert caught.value.filename == str(tmp_path)
