"""`chaja verify`: check the index against its checksums."""

from __future__ import annotations

from collections.abc import Iterator
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
    that something is damaged, and `chaja repair` mends it.
    """
    from index.verify import verify as verify_index

    verification = verify_index(index_at(index_location), deep=deep)
    print_lines(map(printable, _lines(verification, explicit=index_location is not None)))
    return DONE if verification.sound else FAILED


def _lines(verification: Verification, *, explicit: bool) -> Iterator[str]:
    read = f"{verification.files:,} files, {verification.bytes:,} bytes"
    if verification.compared:
        read += f", {verification.compared:,} passages compared with their text"
    yield f"{verification.directory}: {'sound' if verification.sound else 'damaged'} ({read})"
    for damage in verification.damage:
        yield f"  {damage.file}: {damage.reason}"
    for damage in verification.damage_before:
        yield f"  {damage.file}: {damage.reason}; only the commit before needs it"
    if not verification.sound:
        if verification.before:
            before = f"The commit before it, built {verification.before}, is sound"
            yield f"{before}; searches read that while this one cannot be opened"
        index = f" --index {verification.directory}" if explicit else ""
        yield f"Mend it with: chaja repair{index}"
    for name in verification.unneeded:
        yield f"  {name}: is not needed; {_reason(name)}"


def _reason(name: str) -> str:
    if name.startswith("lexicon-"):
        return "it is of another analyzer, and the next build that changes something removes it"
    return "an interrupted build may have left it, and the next one removes it"
