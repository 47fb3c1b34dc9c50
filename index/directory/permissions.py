"""Who may use an index: its owner, or the group of the folder that contains it as well.

The permissions of the directory are the memory of this: each new file gets them.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from stat import S_ISGID

from corpus.errors import StoreError

from ..arrays.files import TEMPORARY_SUFFIX
from .commit import is_index_file

_OWNER = 0o700
_GROUP = 0o070
_GROUP_READS = 0o050
_NOT_EXECUTED = 0o666


def make_directory(directory: Path) -> None:
    """Create the directory of an index, for its owner only, and the folders above as usual.

    One that exists stays as it is, unless it is empty. Raises OSError.
    """
    try:
        directory.mkdir(mode=_OWNER, parents=True)
    except FileExistsError:
        if not directory.is_dir():
            raise
        if any(directory.iterdir()):
            return
    with suppress(OSError):  # a folder made by another user; or the umask is as it should be
        directory.chmod(_OWNER)


def set_shared(directory: Path, *, shared: bool) -> None:
    """Let the group of the folder that contains an index use it as it uses the folder, or nobody.

    Files that another user owns stay as they are. Raises StoreError and OSError.
    """
    if not hasattr(os, "chown"):  # Windows
        return
    mode = _OWNER
    group = -1
    if shared:
        folder = Path(os.path.abspath(directory)).parent
        group = folder.stat().st_gid
        mode |= S_ISGID | _group_bits(directory, folder)
        _give(directory, folder, group)
    directory.chmod(mode)
    for path in filter(_is_file_of_index, directory.iterdir()):
        with suppress(OSError):
            _set_permissions(path, group, mode & _NOT_EXECUTED)


def _group_bits(directory: Path, folder: Path) -> int:
    bits = folder.stat().st_mode & _GROUP
    if bits & _GROUP_READS != _GROUP_READS:
        raise StoreError(
            f"{directory}: cannot be shared, as the group of {folder} may not read that folder",
            hint=f"Open it to its group, with: chmod g+rx {folder}",
        )
    return bits


def _give(directory: Path, folder: Path, group: int) -> None:
    """Give the directory to a group: its own might be one that may not read the documents."""
    try:
        os.chown(directory, -1, group)
    except PermissionError as error:
        raise StoreError(
            f"{directory}: cannot be shared, as you are not in the group of {folder}",
            hint="Give that folder a group that you are in, with chgrp.",
        ) from error


def _set_permissions(path: Path, group: int, mode: int) -> None:
    """Set those of a file, never of what a link in its place leads to."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        os.fchown(descriptor, -1, group)
        os.fchmod(descriptor, mode)
    finally:
        os.close(descriptor)


def _is_file_of_index(path: Path) -> bool:
    name = path.name.removesuffix(TEMPORARY_SUFFIX)
    return is_index_file(name) or name.startswith("lexicon-") or name == "lock"
