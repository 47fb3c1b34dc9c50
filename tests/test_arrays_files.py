"""What is not a regular file in an index is reported as damage, without waiting."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from index_corpus import PlainKorean, built, put
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk
from verified_index import plain_korean as plain_korean

from corpus.errors import IndexDamaged
from index.arrays.files import CorruptFile, map_file, read_whole
from index.directory import commit
from index.directory.directory_reader import DirectoryReader
from index.directory.directory_writer import DirectoryWriter
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from index.ingest.writable_analyzer import open_writable_analyzer
from index.verify import verify
from search.searcher import Searcher

_SECONDS = 20


def device(path: Path) -> None:
    path.symlink_to("/dev/null")  # an endless device would take all memory if this failed


pytestmark = [
    pytest.mark.usefixtures("no_waiting_for_the_disk", "plain_korean", "no_endless_waiting"),
    pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes"),
]
no_files = pytest.mark.parametrize(
    "make", [os.mkfifo, Path.mkdir, device], ids=["pipe", "folder", "device"]
)


@pytest.fixture
def no_endless_waiting() -> Iterator[None]:
    """Fail a test that waits for a pipe."""

    def fail(*_: object) -> None:
        pytest.fail("a pipe or a device is being read")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
        for name in ("a", "b", "c", "d"):
            put(folder, f"{name}.txt", "river treaty 강물이")
        built(folder)
        (folder / "a.txt").unlink()
        built(folder)
    (folder / FOLDER / "chaja-1.json").unlink()  # there is no commit before to fall back to
    DirectoryWriter.open(folder / FOLDER).clear()
    return folder


@pytest.fixture
def index(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "copy") / FOLDER


@no_files
@pytest.mark.parametrize("kind", ["json", "files", "seg", "txt", "del", "bridge", "lex"])
def test_what_is_not_a_file_is_damage_and_blocks_nothing(
    index: Path, kind: str, make: Callable[[Path], object]
) -> None:
    path = sorted(index.glob(f"*.{kind}"))[-1]
    path.unlink()
    make(path)
    found = verify(index, deep=True)
    assert (path.name, "is not a regular file") in [
        (damage.file, damage.reason) for damage in found.damage
    ]
    with pytest.raises(IndexDamaged, match=f"{path.name}: is not a regular file"):
        Searcher.open(index).info()


@no_files
def test_a_rebuild_does_not_wait_for_a_commit_file_that_is_not_a_file(
    index: Path, make: Callable[[Path], object]
) -> None:
    path = next(index.glob("*.json"))
    path.unlink()
    make(path)
    with closing(open_writable_analyzer(index, dictionary=None, rebuild=True)) as found:
        assert found.about.dictionary == ()
        assert found.analyzer.lexicon.get("강물이") is not None  # the analyses are kept


def test_a_commit_file_that_is_too_large_is_not_read(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = next(index.glob("*.json"))
    monkeypatch.setattr(commit, "_MOST_BYTES", path.stat().st_size)
    DirectoryReader.open(index)
    monkeypatch.setattr(commit, "_MOST_BYTES", path.stat().st_size - 1)
    with pytest.raises(IndexDamaged, match=f"{path.name}: is larger than expected"):
        DirectoryReader.open(index)


def test_a_file_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1\r\n2\x1a")
    assert read_whole(path, most=5) == b"1\r\n2\x1a"
    assert map_file(path)[:] == b"1\r\n2\x1a"
    with pytest.raises(CorruptFile, match="a: is larger"):
        read_whole(path, most=4)
    path.write_bytes(b"")
    assert read_whole(path, most=0) == b""
    with pytest.raises(CorruptFile, match="a: is empty"):
        map_file(path)


@pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="this system does not list open files"
)
def test_nothing_stays_open(tmp_path: Path) -> None:
    path = put(tmp_path, "a", "b")
    before = os.listdir("/proc/self/fd")
    read_whole(path, most=1)
    for read in (map_file, lambda path: read_whole(path, most=0)):
        with suppress(CorruptFile):
            read(tmp_path)
    assert len(os.listdir("/proc/self/fd")) == len(before)
