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
    from ..results import Hit
    from ..searcher import Searcher
    from .paths import Places

    Ask = Callable[[Searcher, Places, int | None], list[Hit]]

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


def print_hits(query: str, results: ResultOptions, ask: Ask) -> int:
    """Ask the index and print the hits; return the exit code.

    `ask` gets the searcher, the places of its paths, and how many hits of one document are wanted.
    """
    per_document = results.per_document
    if results.format == "trec" and per_document is None:
        per_document = 1  # a run names each document once
    with opened(results.index_directory) as (searcher, places):
        hits = ask(searcher, places, per_document)
        print_lines(_lines(hits, results, places))
    if hits:
        return DONE
    click.echo("\n".join(_nothing(query, results)), err=True)
    return NOTHING_FOUND


def print_notes(notes: Iterable[str]) -> None:
    """Tell on standard error what the writer of a query should know of how it was read."""
    for note in notes:
        click.echo(f"note: {printable(note)}", err=True)


def _lines(hits: Sequence[Hit], results: ResultOptions, places: Places) -> Iterable[str]:
    # Imported late: each format needs modules of its own, and `chaja --help` none of them.
    if results.format == "json":
        from ..output.json import hit_lines as json_lines

        return json_lines(hits)
    if results.format == "trec":
        from ..output.trec import run_lines

        return run_lines(hits, results.query_id)
    from ..output.text import hit_lines

    return hit_lines(hits, view_of(places, results.color))


def _nothing(query: str, results: ResultOptions) -> Iterable[str]:
    asked = printable(query if len(query) <= _SHOWN else query[:_SHOWN] + "…")
    if results.offset:
        yield f"chaja: no hits after the first {results.offset:,} for {asked}"
        return
    yield f"chaja: nothing found for {asked}"
    if results.language:
        yield f"  only documents in {results.language} were searched; try without --lang"
    else:
        yield "  chaja explain QUERY shows how the query was parsed"
