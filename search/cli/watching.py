"""Updates an index whenever its files change, until Ctrl-C."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from corpus.errors import ChajaError
from index.builder.build import build
from index.builder.watch import changes, watched_roots

from ..output.report import build_summary, problem_lines
from ..output.terminal import printable
from .session import paths_of, print_lines, print_notes, view_of

# Seconds to wait for another build of the same index.
_WAIT = 60.0


def keep_up_to_date(directory: Path, *, quiet: bool) -> None:
    """Build after each change of a file; return at Ctrl-C.

    A build that fails, since another one runs, say, is told and tried again at the next change.
    """
    paths = paths_of(directory)
    view = view_of(paths)
    if not quiet:
        shown = ", ".join(str(root) for root in watched_roots(directory))
        print_notes([f"watching {shown}; Ctrl-C ends"])
    with suppress(KeyboardInterrupt):
        for _ in changes(directory):
            try:
                report = build(directory, wait=_WAIT)
            except (ChajaError, OSError) as error:
                click.echo(f"chaja: {printable(str(error))}", err=True)
                continue
            for line in problem_lines(report.problems, view, all_of_them=False):
                click.echo(line, err=True)
            print_notes(report.notes)
            if not quiet and (report.added or report.updated or report.removed):
                print_lines(build_summary(report, width=view.width))
