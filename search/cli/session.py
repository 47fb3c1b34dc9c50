"""Opens the index for a command, and prints its output."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..output.terminal import printable
from .failures import DONE, NOTHING_FOUND, STANDARD_OUTPUT
from .options import ResultOptions

if TYPE_CHECKING:
    from ..output.text import View
    from ..results import Hit, Results
    from ..searcher import Searcher
    from .paths import PathMapper

    Search = Callable[[Searcher, PathMapper], Results]

# Characters of a query to repeat in a message.
_MOST_SHOWN = 200


def index_at(explicit: Path | None) -> Path:
    """Return the index named, or the nearest one; raises IndexMissing if there is none."""
    from index.directory.location import locate

    return locate(explicit, start=Path.cwd())


@contextmanager
def opened(
    explicit: Path | None, *, synonyms: Path | None = None
) -> Iterator[tuple[Searcher, PathMapper]]:
    """Open the index named, or the nearest one, and print what is to know of it.

    Raises IndexMissing if there is none.
    """
    from ..searcher import Searcher

    directory = index_at(explicit)
    options = {"synonyms": synonyms} if synonyms else {}
    with Searcher.open(directory, **options) as searcher:
        print_notes(searcher.notes)
        yield searcher, paths_of(directory)


def paths_of(directory: Path) -> PathMapper:
    """Return the mapper between the paths of an index and those of the current folder."""
    from .paths import PathMapper

    return PathMapper(Path(os.path.abspath(directory)).parent, Path.cwd())


def view_of(paths: PathMapper, color: str = "never") -> View:
    """Return the format for standard output: as wide as its terminal, else 80 columns."""
    from ..output.terminal import COLUMNS, columns, palette
    from ..output.text import View

    width = columns() if sys.stdout.isatty() else COLUMNS
    colours = palette(color, sys.stdout, os.environ)
    return View(width=width, palette=colours, shown=paths.shown)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines on standard output, with their colours."""
    for line in lines:
        try:
            click.echo(line, color=True)
        except OSError as error:
            error.filename = STANDARD_OUTPUT
            raise


def print_notes(notes: Iterable[str]) -> None:
    """Print notes on standard error."""
    for note in notes:
        click.echo(f"note: {printable(note)}", err=True)


def print_hits(query: str, options: ResultOptions, search: Search) -> int:
    """Print the hits and notes of a search; return the exit code."""
    with opened(options.index_directory, synonyms=options.synonyms) as (searcher, paths):
        results = search(searcher, paths)
        print_notes(results.notes[len(searcher.notes) :])
        print_lines(_lines(results, options, paths))
    if results:
        return DONE
    click.echo("\n".join(_nothing_found(query, options)), err=True)
    return NOTHING_FOUND


def _lines(hits: Sequence[Hit], options: ResultOptions, paths: PathMapper) -> Iterable[str]:
    if options.format == "json":
        from ..output.json import hit_lines as json_lines

        return json_lines(hits)
    if options.format == "trec":
        from ..output.trec import run_lines

        return run_lines(hits, options.query_id)
    from ..output.text import hit_lines

    return hit_lines(hits, view_of(paths, options.color))


def _nothing_found(query: str, options: ResultOptions) -> Iterable[str]:
    shown = printable(query if len(query) <= _MOST_SHOWN else query[:_MOST_SHOWN] + "…")
    if options.offset:
        yield f"chaja: no hits after the first {options.offset:,} for {shown}"
        return
    yield f"chaja: nothing found for {shown}"
    if options.language:
        yield f"  only documents in {options.language} were searched; try without --lang"
    else:
        yield "  chaja explain QUERY shows how the query was parsed"
