"""`chaja repair`: mend a damaged index."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...output.terminal import printable
from ..failures import DONE, UsageAdvice
from ..help import example
from ..index_option import index_option
from ..session import index_at, paths_of, print_lines, print_notes, view_of
from .build import progress_bar

if TYPE_CHECKING:
    from index.repair.repair import RepairReport

    from ...index_location import IndexLocation

_PATHS_SHOWN = 20


@click.command(epilog=example("chaja repair"))
@index_option
def repair(index_location: IndexLocation | None) -> int:
    """Mend what is damaged in the index, and update it from the paths of earlier builds.

    What is sound stays, with your dictionary and translations; files whose text is damaged in
    the index are read again. A sound index is left as it is.
    """
    location = index_at(index_location)
    if not isinstance(location, Path):
        raise UsageAdvice(
            f"{location}: a cluster mends its indexes itself, from their replicas",
            click.get_current_context(),
            hint=f"What it cannot mend is made again by: chaja build --rebuild --index {location}",
        )
    from index.repair.repair import repair as repair_index

    from ...output.report import build_summary, problem_lines

    with progress_bar(sys.stderr) as progress:
        report = repair_index(location, progress=progress)
    if not report.damage:
        print_lines([f"{printable(str(location))}: nothing is damaged"])
        return DONE
    print_lines(map(printable, _lines(report)))
    print_notes(report.notes)
    if report.failure is not None:
        raise report.failure
    if report.build is not None:
        view = view_of(paths_of(location))
        for line in problem_lines(report.build.problems, view, all_of_them=False):
            click.echo(line, err=True)
        print_notes(report.build.notes)
        print_lines(build_summary(report.build, width=view.width))
    return DONE


def _lines(report: RepairReport) -> Iterator[str]:
    for damage in report.damage:
        yield f"{damage.file}: {damage.reason}"
    if report.inverted:
        yield f"mended from their stored text: {report.inverted:,} segments"
    if report.dropped:
        yield f"not kept: {report.dropped:,} segments; to be read again: {report.due:,} files"
    for path in report.lost[:_PATHS_SHOWN]:
        yield f"not kept, and in no file: {path}"
    if len(report.lost) > _PATHS_SHOWN:
        yield f"and {len(report.lost) - _PATHS_SHOWN:,} more"
