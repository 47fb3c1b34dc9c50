"""`chaja verify`: check the index against its checksums."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...output.terminal import printable
from ..failures import DONE, FAILED
from ..help import example
from ..index_option import index_option
from ..session import index_at, print_lines

if TYPE_CHECKING:
    from index.verify import Verification

    from ...index_location import IndexLocation


@click.command(
    epilog=example("chaja verify", "chaja verify --deep"),
)
@click.option(
    "--deep",
    is_flag=True,
    help="Also analyze the stored text again and compare it with the postings; takes longer.",
)
@index_option
def verify(deep: bool, index_location: IndexLocation | None) -> int:
    """Check every byte of the index against its checksums and list the damaged files.

    Exit code 0 means that the index is intact, even if the commit before it is not; 2 means
    that something is damaged, and `chaja repair` mends it. Of an index on a cluster, the
    counts, the files that all its users share, and with --deep some documents are compared.
    """
    location = index_at(index_location)
    if isinstance(location, Path):
        from index.verify import verify as verify_index

        verification = verify_index(location, deep=deep)
        option = f" --index {location}" if index_location is not None else ""
        mending = f"chaja repair{option}"
    else:
        from index.opensearch.verify import verify_cluster

        from ..cluster import cluster_access

        verification = verify_cluster(location, cluster_access(), deep=deep)
        mending = f"chaja build --rebuild --index {location}"
    print_lines(map(printable, _lines(verification, location, mending)))
    return DONE if verification.sound else FAILED


def _lines(verification: Verification, location: IndexLocation, mending: str) -> Iterator[str]:
    read = f"{verification.files:,} files, {verification.bytes:,} bytes"
    if verification.compared:
        read += f", {verification.compared:,} passages compared with their text"
    yield f"{location}: {'sound' if verification.sound else 'damaged'} ({read})"
    for damage in verification.damage:
        yield f"  {damage.file}: {damage.reason}"
    for damage in verification.damage_before:
        yield f"  {damage.file}: {damage.reason}; only the commit before needs it"
    if not verification.sound:
        if verification.before:
            before = f"The commit before it, built {verification.before}, is sound"
            yield f"{before}; searches read that while this one cannot be opened"
        yield f"Mend it with: {mending}"
    for name in verification.unneeded:
        yield f"  {name}: is not needed; {_reason(name)}"


def _reason(name: str) -> str:
    if name.startswith("lexicon-"):
        return "it is of another analyzer, and the next build that changes something removes it"
    return "an interrupted build may have left it, and the next one removes it"
