"""`chaja verify`: whether the index is what was written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...output.terminal import printable
from ..failures import DONE, FAILED
from ..options import example, index_option
from ..session import print_lines

if TYPE_CHECKING:
    from index.verify import Verification


@click.command(
    short_help="Check every byte of the index.",
    epilog=example("chaja verify", "chaja verify --deep"),
)
@click.option(
    "--deep",
    is_flag=True,
    help="Also analyse the stored text again and compare it with the postings; takes longer.",
)
@index_option
def verify(deep: bool, index_directory: Path | None) -> int:
    """Check every byte of the index against its checksums and list the damaged files.

    Exit code 0 means that the index is intact, 2 that something is damaged.
    """
    # Imported late, as all that `chaja --help` can do without.
    from index.directory.location import locate
    from index.verify import verify as verify_index

    directory = locate(index_directory, start=Path.cwd())
    found = verify_index(directory, deep=deep)
    print_lines(map(printable, _lines(found, explicit=index_directory is not None)))
    return DONE if found.sound else FAILED


def _lines(found: Verification, *, explicit: bool) -> Iterator[str]:
    read = f"{found.files:,} files, {found.bytes:,} bytes"
    if found.compared:
        read += f", {found.compared:,} passages compared with their text"
    yield f"{found.directory}: {'sound' if found.sound else 'damaged'} ({read})"
    for damage in found.damage:
        yield f"  {damage.file}: {damage.reason}"
    if not found.sound:
        index = f" --index {found.directory}" if explicit else ""
        yield f"Rebuild it from the documents with: chaja build --rebuild{index} FOLDER"
    for name in found.unneeded:
        yield f"  {name}: is not needed; an interrupted build may have left it"
