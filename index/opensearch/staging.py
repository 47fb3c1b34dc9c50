"""The small files of an index on a cluster as an index directory without segments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import ChajaError

from ..arrays.files import WrittenFile
from ..bridge.table import Table
from ..directory.catalogue import decoded as decoded_catalogue
from ..directory.directory_writer import DirectoryWriter
from .address import ClusterAddress
from .commits import CommitStore
from .reader import file_name, is_local
from .state import BRIDGE, CATALOGUE, DICTIONARY, ClusterCommit, with_dictionary


def stage(directory: Path, commits: CommitStore, commit: ClusterCommit) -> None:
    """Write the small files of a commit as an index directory without segments."""
    data = {
        blob.name: commits.read_blob(commit.epoch, blob)
        for blob in commit.blobs
        if is_local(blob) or blob.name == CATALOGUE
    }
    for blob in commit.blobs:
        if is_local(blob) and blob.name != DICTIONARY:
            (directory / file_name(blob)).write_bytes(data[blob.name])
    about = with_dictionary(commit.about, data.get(DICTIONARY))
    store = DirectoryWriter.fresh(directory, about)
    store.commit(
        (),
        decoded_catalogue(data[CATALOGUE]),
        bridge=_written(directory, commit),
        built=about.built,
        words=about.words,
    )


def _written(directory: Path, commit: ClusterCommit) -> WrittenFile | None:
    blob = commit.blob(BRIDGE)
    if blob is None:
        return None
    table = Table(directory / file_name(blob))
    try:
        return table.written
    finally:
        table.close()


@contextmanager
def naming(address: ClusterAddress, directory: Path) -> Iterator[None]:
    """Let errors name the address of an index, and not the folder with its small files."""
    try:
        yield
    except ChajaError as error:
        place, name = str(directory), str(address)
        error.args = tuple(
            part.replace(place, name) if isinstance(part, str) else part for part in error.args
        )
        error.hint = error.hint.replace(place, name)
        raise
