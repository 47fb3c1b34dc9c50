"""What a command works with: the open index, and how its output is to look."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..output.terminal import printable
from .failures import DONE, NOTHING_FOUND
from .options import ResultOptions

if TYPE_CHECKING:
    from ..output.text import View
    from ..results import Hit, Results
    from ..searcher import Searcher
    from .paths import Places

    Search = Callable[[Searcher, Places], Results]

_WIDTH = 80

# What is repeated of a query that found nothing.
_SHOWN = 200


@contextmanager
def opened(explicit: Path | None) -> Iterator[tuple[Searcher, Places]]:
    """Open the index named, or the nearest one; raises IndexMissing where there is none."""
    # Imported late, as all that `chaja --help` can do without.
    from index.directory.location import locate

    from ..searcher import Searcher

    directory = locate(explicit, start=Path.cwd())
    with Searcher.open(directory) as searcher:
        yield searcher, places_of(directory)


def places_of(directory: Path) -> Places:
    """Return how paths of the index in a directory are shown from the current folder."""
    # Imported late, as all that `chaja --help` can do without.
    from .paths import Places

    return Places(Path(os.path.abspath(directory)).parent, Path.cwd())


def view_of(places: Places, color: str = "never") -> View:
    """Return how to show hits on standard output: as wide as its terminal, else 80 cells."""
    # Imported late, as all that `chaja --help` can do without.
    from ..output.terminal import palette
    from ..output.text import View

    width = _terminal_width() if sys.stdout.isatty() else _WIDTH
    colours = palette(color, sys.stdout, os.environ)
    return View(width=width, palette=colours, shown=places.shown)


def _terminal_width() -> int:
    # Imported late: it loads the archive formats, and a pipe has no width to ask for.
    from shutil import get_terminal_size

    return get_terminal_size((_WIDTH, 24)).columns


def print_lines(lines: Iterable[str]) -> None:
    """Print lines on standard output, colours as they are."""
    for line in lines:
        click.echo(line, color=True)


def print_hits(query: str, options: ResultOptions, search: Search) -> int:
    """Print the hits of a search, its notes on standard error, and return the exit code."""
    with opened(options.index_directory) as (searcher, places):
        results = search(searcher, places)
        for note in results.notes:
            click.echo(f"note: {printable(note)}", err=True)
        print_lines(_lines(results, options, places))
    if results:
        return DONE
    click.echo("\n".join(_nothing(query, options)), err=True)
    return NOTHING_FOUND


def _lines(hits: Sequence[Hit], options: ResultOptions, places: Places) -> Iterable[str]:
    # Imported late: each format needs modules of its own, and `chaja --help` none of them.
    if options.format == "json":
        from ..output.json import hit_lines as json_lines

        return json_lines(hits)
    if options.format == "trec":
        from ..output.trec import run_lines

        return run_lines(hits, options.query_id)
    from ..output.text import hit_lines

    return hit_lines(hits, view_of(places, options.color))


def _nothing(query: str, options: ResultOptions) -> Iterable[str]:
    shown = printable(query if len(query) <= _SHOWN else query[:_SHOWN] + "…")
    if options.offset:
        yield f"chaja: no hits after the first {options.offset:,} for {shown}"
        return
    yield f"chaja: nothing found for {shown}"
    if options.language:
        yield f"  only documents in {options.language} were searched; try without --lang"
    else:
        yield "  chaja explain QUERY shows how the query was parsed"
