"""`chaja verify`: check the index against its checksums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

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
        lines = _lines_of_folder(verification, f"chaja repair{option}")
        is_sound = verification.sound
    else:
        from index.opensearch.verify import verify_cluster

        from ..cluster import cluster_access

        verified = verify_cluster(location, cluster_access(), deep=deep)
        lines = _lines(verified, f"{location}", f"chaja build --rebuild --index {location}")
        is_sound = verified.sound
    print_lines(map(printable, lines))
    return DONE if is_sound else FAILED


class _Damage(Protocol):
    @property
    def file(self) -> str: ...

    @property
    def reason(self) -> str: ...


class _Verified(Protocol):
    """What the verification of an index tells, wherever it is."""

    @property
    def sound(self) -> bool: ...

    @property
    def files(self) -> int: ...

    @property
    def bytes(self) -> int: ...

    @property
    def compared(self) -> int: ...

    @property
    def damage(self) -> Sequence[_Damage]: ...


def _lines_of_folder(verification: Verification, mending: str) -> Iterator[str]:
    lines = list(_lines(verification, str(verification.directory), mending))
    at = len(lines) - (not verification.sound)
    yield from lines[:at]
    for damage in verification.damage_before:
        yield f"  {damage.file}: {damage.reason}; only the commit before needs it"
    if not verification.sound and verification.before:
        before = f"The commit before it, built {verification.before}, is sound"
        yield f"{before}; searches read that while this one cannot be opened"
    yield from lines[at:]
    for name in verification.unneeded:
        yield f"  {name}: is not needed; {_reason(name)}"


def _lines(verified: _Verified, where: str, mending: str) -> Iterator[str]:
    """Yield what was read, what is damaged, and last, if anything is, how it is mended."""
    read = f"{verified.files:,} files, {verified.bytes:,} bytes"
    if verified.compared:
        read += f", {verified.compared:,} passages compared with their text"
    yield f"{where}: {'sound' if verified.sound else 'damaged'} ({read})"
    for damage in verified.damage:
        yield f"  {damage.file}: {damage.reason}"
    if not verified.sound:
        yield f"Mend it with: {mending}"


def _reason(name: str) -> str:
    if name.startswith("lexicon-"):
        return "it is of another analyzer, and the next build that changes something removes it"
    return "an interrupted build may have left it, and the next one removes it"
