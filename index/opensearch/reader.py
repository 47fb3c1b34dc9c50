"""An index on a cluster, read at one commit; its small files are kept in a folder of the user.

What a search sees of passages is the cluster's last refresh, which only a commit asks for. A node
that starts again refreshes as well: a reader may then see, until the next build ends, passages of a
build that is not committed, beside those that they replace, or miss some that it has deleted. Their
numbers tell: those of a commit are below the first number of the turn after its `turn`.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Self
from zlib import crc32

from ..arrays.files import CorruptFile, read_whole
from ..bridge.table import Table
from ..directory.catalogue import Catalogue
from ..directory.catalogue import decoded as decoded_catalogue
from ..directory.commit import About
from .state import (
    BRIDGE,
    CATALOGUE,
    DICTIONARY,
    IDENTITY,
    Blob,
    ClusterCommit,
    check_mappings,
    current_commit,
    damaged,
    read_blob,
    with_dictionary,
)

if TYPE_CHECKING:
    from .address import ClusterAddress
    from .client import Client
    from .names import Epoch

_TRIES = 10  # attempts while builds commit
_BRIDGE_FILE = "chaja-1.bridge"
_TEMPORARY = ".new-"
_LEXICON = "lexicon-"
_UNUSED_SECONDS = 30 * 24 * 3600


class ClusterReader:
    """An index on a cluster at one commit; `directory` has its lexicon and its bridge."""

    def __init__(
        self, client: Client, address: ClusterAddress, commit: ClusterCommit, directory: Path
    ) -> None:
        self._client = client
        self.address = address
        self.commit = commit
        self.directory = directory
        dictionary = commit.blob(DICTIONARY)
        data = (directory / DICTIONARY).read_bytes() if dictionary else None
        self.about: About = with_dictionary(commit.about, data)

    @classmethod
    def open(cls, client: Client, address: ClusterAddress) -> Self:
        """Open the index at its current commit.

        Raises IndexMissing, IndexOutdated, IndexDamaged, ClusterError and OSError.
        """
        client.check_product()
        for _ in range(_TRIES):
            commit = current_commit(client, address)
            directory = cached_files(client, address, commit)
            if directory is not None:
                check_mappings(client, address, commit)
                return cls(client, address, commit, directory)
        raise damaged(address, "files that its commit document names are missing")

    @property
    def epoch(self) -> Epoch:
        """The names of its indexes."""
        return self.commit.epoch

    def catalogue(self) -> Catalogue:
        """Read the catalogue, of a later commit if there is one. Raises as `open`."""
        data = self._catalogue_data()
        return decoded_catalogue(data) if data else Catalogue()

    def has_file(self, name: str) -> bool:
        """Return whether a file was read by a build, unlike what a program has added."""
        return b"[%s," % json.dumps(name).encode() in self._catalogue_data()

    def _catalogue_data(self) -> bytes:
        path = self.directory / CATALOGUE
        with suppress(FileNotFoundError):
            return path.read_bytes()
        commit = self.commit
        for _ in range(_TRIES):
            blob = commit.blob(CATALOGUE)
            if blob is None:
                return b""
            data = read_blob(self._client, self.address, commit.epoch, blob)
            if data is not None:
                if commit == self.commit:
                    _write(path, data)
                return data
            commit = current_commit(self._client, self.address)
        raise damaged(self.address, "its catalogue is missing")

    def bridge(self) -> Table | None:
        """Open the bridge table, if there is one."""
        if self.commit.blob(BRIDGE) is None:
            return None
        try:
            return Table(self.directory / _BRIDGE_FILE)
        except CorruptFile as error:
            raise damaged(self.address, str(error)) from error


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder with what is kept of indexes on clusters."""
    home = environment.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "chaja"


def is_local(blob: Blob) -> bool:
    """Return whether a reader needs a blob as a file."""
    return blob.name in (BRIDGE, DICTIONARY) or blob.name.startswith(_LEXICON)


def file_name(blob: Blob) -> str:
    """Return the name of a blob as a file of an index directory."""
    return _BRIDGE_FILE if blob.name == BRIDGE else blob.name


def cached_files(client: Client, address: ClusterAddress, commit: ClusterCommit) -> Path | None:
    """Return the folder with the files of a commit, fetched if need be; None if they are gone."""
    own = cache_folder() / commit.identity
    folder = own / str(commit.generation)
    blobs = [blob for blob in commit.blobs if is_local(blob)]
    if _is_whole(folder, blobs):
        _note_use(own)
        return folder
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = own / f"{_TEMPORARY}{token_hex(8)}"
    try:
        fresh.mkdir(mode=0o700)
        for blob in blobs:
            if not _fetch(client, address, commit, blob, fresh / file_name(blob)):
                return None
        _put_in_place(fresh, folder, blobs)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    _remove_others(own, commit.generation)
    _remove_unused()
    return folder


def _fetch(
    client: Client, address: ClusterAddress, commit: ClusterCommit, blob: Blob, path: Path
) -> bool:
    """Write a file, from an earlier generation if that has it; return False if it is gone."""
    for earlier in path.parent.parent.glob(f"*/{path.name}"):
        if _is_same(earlier, blob):
            with suppress(OSError):
                shutil.copyfile(earlier, path)
                if _is_same(path, blob):
                    return True
    data = read_blob(client, address, commit.epoch, blob)
    if data is not None:
        path.write_bytes(data)
    return data is not None


def _is_whole(folder: Path, blobs: Sequence[Blob]) -> bool:
    """Return whether a folder has the files; their checksums were compared when it was made."""
    return folder.is_dir() and all(_has_size(folder / file_name(blob), blob) for blob in blobs)


def _has_size(path: Path, blob: Blob) -> bool:
    with suppress(OSError):
        return path.stat().st_size == blob.size
    return False


def _is_same(path: Path, blob: Blob) -> bool:
    try:
        data = read_whole(path, most=blob.size)
    except (OSError, CorruptFile):
        return False
    return (len(data), crc32(data)) == (blob.size, blob.checksum)


def _put_in_place(fresh: Path, folder: Path, blobs: Sequence[Blob]) -> None:
    """Rename a folder, unless another reader, which may have files open, has put one in place."""
    try:
        fresh.rename(folder)
    except OSError:
        if not _is_whole(folder, blobs):  # its files are damaged
            shutil.rmtree(folder, ignore_errors=True)
            fresh.rename(folder)


def _remove_others(own: Path, generation: int) -> None:
    """Remove the files of generations but this and the one before, which may be in use."""
    for folder in own.iterdir():
        if folder.name.isdecimal() and int(folder.name) < generation - 1:
            shutil.rmtree(folder, ignore_errors=True)


def _note_use(own: Path) -> None:
    """Let the folder of an index have the time at which it was last opened."""
    with suppress(OSError):
        os.utime(own)


def _remove_unused() -> None:
    """Remove the files of indexes that were not opened for long, such as those rebuilt since."""
    limit = time.time() - _UNUSED_SECONDS
    for own in cache_folder().iterdir():
        with suppress(OSError):
            if IDENTITY.fullmatch(own.name) and own.stat().st_mtime < limit:
                shutil.rmtree(own, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    """Keep the content of a file, if the disk lets it."""
    fresh = path.with_name(f"{_TEMPORARY}{token_hex(8)}")
    with suppress(OSError):
        try:
            fresh.write_bytes(data)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
