"""Updates an index whenever its files change, until Ctrl-C."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.errors import ChajaError
from index.builder.watch import changes, existing_roots, watched_roots

from ..output.report import build_summary, problem_lines
from ..output.terminal import printable
from .building import builder_of
from .session import paths_of, print_lines, print_notes, view_of

if TYPE_CHECKING:
    from ..index_location import IndexLocation

# Seconds to wait for another build of the same index.
_WAIT = 60.0


def keep_up_to_date(location: IndexLocation, *, quiet: bool) -> None:
    """Build after each change of a file; return at Ctrl-C.

    A build that fails, since another one runs, say, is told and tried again at the next change.
    """
    paths = paths_of(location)
    view = view_of(paths)
    roots = _roots_of(location)
    build = builder_of(location)
    own = location if isinstance(location, Path) else None
    if not quiet:
        shown = ", ".join(map(str, roots))
        print_notes([f"watching {shown}; Ctrl-C ends"])
    with suppress(KeyboardInterrupt):
        for _ in changes(roots, index=str(location), own=own):
            try:
                report = build(wait=_WAIT)
            except (ChajaError, OSError) as error:
                click.echo(f"chaja: {printable(str(error))}", err=True)
                continue
            for line in problem_lines(report.problems, view, all_of_them=False):
                click.echo(line, err=True)
            print_notes(report.notes)
            if not quiet and (report.added or report.updated or report.removed):
                print_lines(build_summary(report, width=view.width))


def _roots_of(location: IndexLocation) -> list[Path]:
    if isinstance(location, Path):
        return watched_roots(location)
    from .cluster import cluster_reader

    with cluster_reader(location) as reader:
        return existing_roots(reader.catalogue().sources, Path.cwd())
