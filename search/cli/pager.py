"""Shows output that is longer than the terminal in the user's pager."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from shutil import get_terminal_size

import click

# As Git sets it: leave at once what fits, pass colours on, and leave the output on the screen.
_LESS = "FRX"


def print_paged(lines: Sequence[str]) -> bool:
    """Print lines through the pager, $PAGER or less, if they do not fit; return whether they did.

    Only from terminal to terminal, so that neither a pipe nor a script ever waits for a key, and
    not if $PAGER is no command.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    if len(lines) < get_terminal_size().lines or not _is_command(os.environ.get("PAGER", "")):
        return False
    os.environ.setdefault("LESS", _LESS)
    click.echo_via_pager((f"{line}\n" for line in lines), color=True)
    return True


def _is_command(words: str) -> bool:
    """Return whether a shell could take words for a command: no quotation mark is left open."""
    import shlex

    try:
        shlex.split(words)
    except ValueError:
        return False
    return True
