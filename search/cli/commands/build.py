"""`chaja build`: build or update an index of folders and files."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

import click

from ..building import builder_of
from ..failures import DONE, INTERRUPTED, UsageAdvice
from ..help import example
from ..index_option import index_option
from ..options import file_option, number_option
from ..session import paths_of, print_lines, print_notes, view_of

if TYPE_CHECKING:
    from index.builder.build_report import BuildReport, Progress

    from ...index_location import IndexLocation

# Seconds between two updates: a build can finish thousands of files in a second.
_INTERVAL = 0.1
# Erases the line and shows the cursor, which Click hides; Click itself would leave the bar.
_CLEAR = "\r\033[K\033[?25h"


_MOST_SHARDS = 1024  # what OpenSearch takes for an index


class BuildCommand(click.Command):
    """A command whose `--wait` needs no number, even before a path."""

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


class Size(click.ParamType):  # type: ignore[type-arg]  # generic in new versions only
    """A number of bytes, such as 500MB, 1.5G or 8GiB; without a unit, in bytes."""

    name = "size"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number of bytes."""
        found = re.fullmatch(r"(\d{1,15}(?:\.\d{1,9})?) ?([kmgt]?)(i?)b?", value.strip(), re.I)
        if found is None:
            self.fail(f"{value!r} is not a size such as 500MB or 2GB", param, ctx)
        power = " kmgt".index(found[2].lower() or " ")
        return int(float(found[1]) * (1024 if found[3] else 1000) ** power)


class Seconds(click.FloatRange):
    """A number of seconds that is not negative, and a number at all."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - what Click gives
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> float:
        """Return the number of seconds."""
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail(f"{value!r} is not a number of seconds", param, ctx)
        return seconds


@click.command(
    cls=BuildCommand,
    epilog=example("chaja build ~/documents"),
)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@index_option
@file_option("--dictionary", explanation="A user dictionary for the Korean analyzer.")
@file_option(
    "--glossary",
    "glossaries",
    multiple=True,
    explanation="A file of translations and synonyms, - for stdin; repeatable.",
)
@file_option(
    "--pairs", explanation="A list of files that are translations of each other, - for stdin."
)
@click.option("--rebuild", is_flag=True, help="Read every file again, changed or not.")
@click.option(
    "--wait",
    type=Seconds(min=0),
    metavar="[SECONDS]",
    help="Wait for another build to finish, without limit if no number is given.",
)
@click.option(
    "--shared/--private",
    default=None,
    help="Let the group of the folder use the index, or only you (as in a new index).",
)
@number_option(
    "--shards",
    least=1,
    most=_MOST_SHARDS,
    explanation="On a cluster, the parts of a new index or of one made by --rebuild; default: 1.",
)
@number_option(
    "--replicas",
    most=_MOST_SHARDS,
    explanation="On a cluster, the copies of each part; default: 1 where there are nodes for it.",
)
@click.option(
    "--max-file-size",
    type=Size(),
    default="2GB",
    show_default=True,
    help="Skip larger files; such as 500MB or 8GiB.",
)
@click.option(
    "--max-read-time",
    type=Seconds(min=0, min_open=True),
    default=60,
    metavar="SECONDS",
    show_default=True,
    help="Give up a document, such as a PDF, that takes longer to read.",
)
@click.option(
    "--max-read-memory",
    type=Size(),
    default="500MB",
    show_default=True,
    help="Give up a document that takes more memory to read.",
)
@click.option(
    "--archives/--no-archives",
    default=None,
    help="Look into ZIP archives, or not (as in the last build).",
)
@click.option(
    "--ocr/--no-ocr",
    default=None,
    help="Read scanned pages by OCR, or not (as in the last build).",
)
@click.option(
    "--watch", is_flag=True, help="Go on, and update the index whenever files change; Ctrl-C ends."
)
@click.option("--strict", is_flag=True, help="Stop at the first problem and change nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Print problems only.")
@click.option("-v", "--verbose", is_flag=True, help="List every problem, and print timings.")
def build(
    paths: tuple[Path, ...],
    index_location: IndexLocation | None,
    dictionary: Path | None,
    glossaries: tuple[Path, ...],
    pairs: Path | None,
    rebuild: bool,
    wait: float | None,
    shared: bool | None,
    shards: int | None,
    replicas: int | None,
    max_file_size: int,
    max_read_time: float,
    max_read_memory: int,
    archives: bool | None,
    ocr: bool | None,
    watch: bool,
    strict: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Build an index of the folders and files at each PATH, or update it.

    Only what has changed since the last build is read again. Without a PATH, the index is
    updated from the paths of earlier builds. The paths of documents in an index on a cluster are
    relative to the current folder.
    """
    from index.builder.read_limits import ReadLimits

    location = _location_to_build(index_location)
    of_kind = _options_of_kind(location, shared=shared, shards=shards, replicas=replicas)
    ending = _Ending(location)
    try:
        with progress_bar(sys.stderr, wanted=not quiet) as progress:
            report = builder_of(location)(
                paths,
                dictionary=dictionary,
                glossaries=tuple(map(_source, glossaries)),
                pairs=_source(pairs) if pairs else None,
                rebuild=rebuild,
                wait=wait,
                strict=strict,
                max_file_size=max_file_size,
                read_limits=ReadLimits(max_read_time, max_read_memory),
                archives=archives,
                ocr=ocr,
                progress=progress,
                **of_kind,
            )
    except KeyboardInterrupt:
        click.echo(f"chaja: stopped; {ending.told()}", err=True)
        return INTERRUPTED
    _print_report(report, location, quiet=quiet, verbose=verbose)
    if watch:
        from ..watching import keep_up_to_date

        keep_up_to_date(location, quiet=quiet)
    return DONE


def _location_to_build(explicit: IndexLocation | None) -> IndexLocation:
    if not (explicit is None or isinstance(explicit, Path)):
        return explicit
    from index.directory.location import index_directory_to_build

    return index_directory_to_build(explicit, start=Path.cwd())


def _options_of_kind(
    location: IndexLocation, *, shared: bool | None, shards: int | None, replicas: int | None
) -> dict[str, Any]:
    """Return the options that only a folder or only a cluster has. Raises UsageAdvice."""
    context = click.get_current_context()
    if isinstance(location, Path):
        for name, number in (("--shards", shards), ("--replicas", replicas)):
            if number is not None:
                hint = "Leave it out, or name the cluster: --index https://host:9200/NAME"
                message = f"{name} is for an index on a cluster, and this one is in a folder"
                raise UsageAdvice(message, context, hint=hint)
        return {"shared": shared}
    if shared is not None:
        name = "--shared" if shared else "--private"
        hint = "Leave it out: the roles of the cluster say who may use the index."
        raise UsageAdvice(f"{name} is for an index in a folder", context, hint=hint)
    given = {"shards": shards, "replicas": replicas}
    return {name: number for name, number in given.items() if number is not None}


class _Ending:
    """Tells what a build that is stopped leaves of an index."""

    def __init__(self, location: IndexLocation) -> None:
        self._location = location
        self._before = self._generation()

    def told(self) -> str:
        if not isinstance(self._location, Path):  # which may not answer just now
            return "the next build completes what this one has sent to the cluster, or deletes it"
        is_changed = self._generation() != self._before
        return "after the build was committed" if is_changed else "the index is unchanged"

    def _generation(self) -> int:
        if not isinstance(self._location, Path):
            return 0
        from index.directory.commit import current_generation

        return current_generation(self._location)


def _source(path: Path) -> Path | BinaryIO:
    """Return a path, or standard input for `-`."""
    return sys.stdin.buffer if str(path) == "-" else path


def _print_report(
    report: BuildReport, location: IndexLocation, *, quiet: bool, verbose: bool
) -> None:
    """Print the summary on standard output, problems and notes on standard error."""
    from ...output.health import has_missing, state_table
    from ...output.report import build_details, build_summary, problem_lines

    paths = paths_of(location)
    view = view_of(paths)
    for line in problem_lines(report.problems, view, all_of_them=verbose):
        click.echo(line, err=True)
    print_notes(report.notes)
    if not quiet:
        if paths.root != paths.here or not isinstance(location, Path):
            print_notes([f"the index is {location}"])
        print_lines(build_summary(report, width=view.width))
        print_lines(build_details(report) if verbose else ())
        if has_missing(report.states):
            print_lines(["", *state_table(report.states)])


@contextmanager
def progress_bar(
    stream: TextIO, *, wanted: bool = True
) -> Iterator[Callable[[Progress], None] | None]:
    """Yield a function that draws the progress, or None unless wanted and on a terminal.

    The bar appears with the first call and vanishes at the end.
    """
    if not (wanted and stream.isatty()):
        yield None
        return
    try:
        yield _bar(stream)
    finally:
        click.echo(_CLEAR, file=stream, nl=False)


def _bar(stream: TextIO) -> Callable[[Progress], None]:
    bar = click.progressbar(length=0, show_pos=True, width=0, file=stream)  # 0: the terminal's
    stage, due = "", 0.0

    def show(progress: Progress) -> None:
        nonlocal stage, due
        if progress.stage == stage and progress.seconds < due:
            return
        stage, due = progress.stage, progress.seconds + _INTERVAL
        rate = progress.passages / progress.seconds if progress.seconds else 0.0
        bar.label, bar.length = f"{stage}, {rate:,.0f} passages/s", progress.files
        bar.make_step(progress.files_done - bar.pos)
        bar.render_progress()

    return show
