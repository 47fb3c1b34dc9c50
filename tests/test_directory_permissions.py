"""Who may read an index: never more people than may read the folder that it is in."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from stat import S_IMODE, S_ISGID

import pytest
from index_corpus import built, put
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from corpus.errors import StoreError
from index.arrays import array_writer
from index.bridge.entry import Entry, Source
from index.builder.build import build
from index.directory.location import FOLDER
from index.edit_glossary import add_entries
from tests.index_faults import FAULTS, Disk, failing

pytestmark = [
    pytest.mark.usefixtures("no_waiting_for_the_disk"),
    pytest.mark.skipif(not hasattr(os, "fchmod"), reason="this system has other permissions"),
]


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o277], ids=oct, autouse=True)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a document, which its group may change and anybody read."""
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(0o775)
    put(folder, "a.txt", "river bank").chmod(0o644)
    return folder


def modes(index: Path) -> tuple[int, set[int]]:
    """Return the permissions of an index, and those that its files have."""
    return _mode(index), {_mode(path) for path in index.iterdir()}


def _mode(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def test_an_index_is_its_owner_s_only_whatever_the_umask(folder: Path) -> None:
    for step in ("river", "bank", "court"):
        put(folder, "a.txt", step)
        built(folder, rebuild=step == "court")
        assert modes(folder / FOLDER) == (0o700, {0o600})
    add_entries(folder / FOLDER, [Entry("강", "river", 1.0, Source.USER)])
    assert modes(folder / FOLDER) == (0o700, {0o600})


def test_nothing_of_an_index_is_readable_by_others_even_for_a_moment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_writer, "_IN_MEMORY", 256)  # columns spill to files
    index = folder / FOLDER
    looks: list[int] = []

    def look(*_: object, **__: object) -> None:
        for path in (index, *index.glob("*")) if index.is_dir() else ():
            assert not _mode(path) & 0o077, path
            looks.append(_mode(path))

    def looking(change: Callable[..., None]) -> Callable[..., None]:
        def changed(*arguments: object, **options: object) -> None:
            look()
            change(*arguments, **options)

        return changed

    monkeypatch.setattr(Disk, "step", look)
    for name in ("chmod", "fchmod"):  # nothing is made wide, and then narrow
        monkeypatch.setattr(os, name, looking(getattr(os, name)))
    with failing(FAULTS["the disk fails once"]):
        for step in ("river", "bank"):
            put(folder, "a.txt", step)
            built(folder)
    assert len(looks) > 500


def test_a_folder_above_an_index_is_made_as_folders_are(folder: Path) -> None:
    index = folder / "new" / "index"
    (folder / "usual").mkdir()
    if _mode(folder / "usual") & 0o300 != 0o300:
        pytest.skip("no folder can be made in a folder of this umask")
    build(index, [folder])
    assert _mode(folder / "new") == _mode(folder / "usual")
    assert modes(index) == (0o700, {0o600})


def test_an_empty_folder_becomes_private_and_one_with_files_stays_as_it_is(folder: Path) -> None:
    for name in ("empty", "full"):
        (folder / name).mkdir()
        (folder / name).chmod(0o755)
    put(folder / "full", "mine", "not of the index").chmod(0o644)
    for name in ("empty", "full"):
        build(folder / name, [folder / "a.txt"])
    assert modes(folder / "empty") == (0o700, {0o600})
    assert modes(folder / "full") == (0o755, {0o644})


def test_an_index_of_an_earlier_version_is_closed_on_request(folder: Path) -> None:
    built(folder)
    index = folder / FOLDER
    for path in (index, *index.iterdir()):
        path.chmod(0o755 if path == index else 0o644)
    put(folder, "a.txt", "court")
    built(folder)
    assert modes(index) == (0o755, {0o644})
    build(index, [folder], shared=False)
    assert modes(index) == (0o700, {0o600})


@pytest.mark.parametrize(
    ("of_folder", "of_index", "of_files"), [(0o775, 0o770, 0o660), (0o751, 0o750, 0o640)]
)
def test_a_shared_index_is_as_open_to_the_group_as_its_folder(
    folder: Path, of_folder: int, of_index: int, of_files: int
) -> None:
    folder.chmod(of_folder)
    index = folder / FOLDER
    build(index, [folder], shared=True)
    assert modes(index) == (S_ISGID | of_index, {of_files})
    for step in ("court", "bank"):
        put(folder, "a.txt", step)
        built(folder, rebuild=step == "bank")
        assert modes(index) == (S_ISGID | of_index, {of_files})
    build(index, [folder], shared=False)
    assert modes(index) == (0o700, {0o600})


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root has all groups")
def test_a_shared_index_has_the_group_of_its_folder(folder: Path) -> None:
    built(folder)
    os.chown(folder, -1, 12_345)
    build(folder / FOLDER, [folder], shared=True, rebuild=True)
    assert {path.stat().st_gid for path in (folder / FOLDER).iterdir()} == {12_345}


def test_files_of_the_user_and_of_other_users_keep_their_permissions(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(folder)
    index = folder / FOLDER
    mine = put(index, "chaja-notes.txt", "not of the index")
    mine.chmod(0o444)
    linked = put(folder, "linked", "not of the index")
    linked.chmod(0o444)
    (index / "chaja-7.files").symlink_to(linked)
    of_others = {path.stat().st_ino for path in index.glob("*.lex")}
    fchmod = os.fchmod

    def refused(descriptor: int, mode: int) -> None:
        if os.fstat(descriptor).st_ino in of_others:
            raise PermissionError(errno.EPERM, "not yours")
        fchmod(descriptor, mode)

    monkeypatch.setattr(os, "fchmod", refused)
    build(index, [folder], shared=True)
    assert (_mode(mine), _mode(linked)) == (0o444, 0o444)
    assert {_mode(path) for path in index.glob("*.lex")} == {0o600}
    assert {_mode(path) for path in index.glob("*.seg")} == {0o660}


def test_an_index_is_not_shared_beyond_its_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(folder)
    folder.chmod(0o705)
    with pytest.raises(StoreError, match=r"group of .* may not read that folder") as caught:
        build(folder / FOLDER, [folder], shared=True)
    assert caught.value.hint == f"Open it to its group, with: chmod g+rx {folder}"
    folder.chmod(0o775)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "not your group")

    monkeypatch.setattr(os, "chown", refused)
    with pytest.raises(StoreError, match="you are not in the group of"):
        build(folder / FOLDER, [folder], shared=True)
    assert modes(folder / FOLDER) == (0o700, {0o600})
