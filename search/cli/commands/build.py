"""`chaja build`: bring an index up to date with folders and files."""

from __future__ import annotations

import math
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from ...output.progress import progress_bar
from ...output.terminal import printable
from ..failures import DONE, INTERRUPTED
from ..options import example, index_option
from ..session import places_of, print_lines, view_of

if TYPE_CHECKING:
    from index.builder.build_report import BuildReport


class BuildCommand(click.Command):
    """A command whose `--wait` may stand without a number, also in front of a path."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as Click does, reading a bare `--wait` as `--wait inf`."""
        explicit = [
            f"--wait={math.inf}" if word == "--wait" and not _is_number(after) else word
            for word, after in pairwise([*args, ""])
        ]
        return super().parse_args(ctx, explicit)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


@click.command(
    cls=BuildCommand,
    short_help="Build or update the index.",
    epilog=example("chaja build ~/documents"),
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@index_option
@click.option(
    "--dictionary",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A user dictionary for the Korean analyzer.",
)
@click.option(
    "--glossary",
    "glossaries",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="A file of translations, - for stdin; repeatable.",
)
@click.option(
    "--pairs",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A list of files that are translations of each other, - for stdin.",
)
@click.option("--rebuild", is_flag=True, help="Read every file again, changed or not.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    metavar="[SECONDS]",
    help="Wait for another build to finish, without limit if no number is given.",
)
@click.option("--strict", is_flag=True, help="Stop at the first problem and change nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
@click.option("-v", "--verbose", is_flag=True, help="List every problem, and print timings.")
def build(
    paths: tuple[Path, ...],
    index_directory: Path | None,
    dictionary: Path | None,
    glossaries: tuple[Path, ...],
    pairs: Path | None,
    rebuild: bool,
    wait: float | None,
    strict: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Build an index of the folders and files at each PATH, or update it.

    Only what has changed since the last build is read again. Without a PATH, the index is
    updated from the paths of earlier builds.
    """
    # Imported late, as everything heavy is: `chaja --help` needs no engine.
    from index.builder.build import build as build_index
    from index.directory.location import place

    directory = place(index_directory, start=Path.cwd())
    try:
        with progress_bar(sys.stderr, wanted=not quiet) as progress:
            report = build_index(
                directory,
                paths,
                dictionary=dictionary,
                glossaries=tuple(map(_source, glossaries)),
                pairs=_source(pairs) if pairs else None,
                rebuild=rebuild,
                wait=wait,
                strict=strict,
                progress=progress,
            )
    except KeyboardInterrupt:
        click.echo("chaja: stopped; the index is unchanged", err=True)
        return INTERRUPTED
    _tell(report, directory, quiet=quiet, verbose=verbose)
    return DONE


def _source(path: Path) -> Path | BinaryIO:
    """Return what a path names: - is standard input."""
    return sys.stdin.buffer if str(path) == "-" else path


def _tell(report: BuildReport, directory: Path, *, quiet: bool, verbose: bool) -> None:
    """Print what was done on standard output, and what was left out on standard error."""
    # Imported late: `chaja build --help` needs no report.
    from ...output.report import build_details, build_summary, problem_lines

    places = places_of(directory)
    view = view_of(places)
    for line in problem_lines(report.problems, view, all_of_them=verbose):
        click.echo(line, err=True)
    for note in report.notes:
        click.echo(f"note: {note}", err=True)
    if not quiet:
        if places.root != places.here:
            click.echo(f"note: the index is {printable(str(directory))}", err=True)
        print_lines([build_summary(report), *(build_details(report) if verbose else ())])
