"""Opens the index for a command, and prints its output."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..output.terminal import printable
from .failures import DONE, NOTHING_FOUND, STANDARD_OUTPUT, nothing_found
from .hints import outdated_files
from .result_options import ResultOptions

if TYPE_CHECKING:
    from index.opensearch.access import Access

    from ..index_location import IndexLocation
    from ..output.text import View
    from ..results import Results
    from ..searcher import Searcher
    from .paths import PathMapper

    Search = Callable[[Searcher, PathMapper], Results]


def index_at(explicit: IndexLocation | None) -> IndexLocation:
    """Return the index named, or the nearest one; raises IndexMissing if a folder has none.

    Whether a cluster has the index is seen when it is opened.
    """
    if not (explicit is None or isinstance(explicit, Path)):
        return explicit
    from index.directory.location import locate

    return locate(explicit, start=Path.cwd())


@contextmanager
def opened(
    explicit: IndexLocation | None, *, synonyms: Path | None = None
) -> Iterator[tuple[Searcher, PathMapper]]:
    """Open the index named, or the nearest one, and print what is to know of it.

    Raises IndexMissing if there is none.
    """
    location = index_at(explicit)
    with open_searcher(location, access_to(location), synonyms=synonyms) as searcher:
        print_notes(searcher.notes)
        yield searcher, paths_of(location)


def open_searcher(
    location: IndexLocation, access: Access | None, *, synonyms: Path | None = None
) -> Searcher:
    """Open the index at a location, as `Searcher.open` does; a folder needs no access."""
    from ..searcher import Searcher

    options: dict[str, Any] = {"synonyms": synonyms} if synonyms else {}
    if access is not None:
        options["access"] = access
    return Searcher.open(location, **options)


def access_to(location: IndexLocation) -> Access | None:
    """Return who the user is to the cluster that has the index; None for a folder."""
    if isinstance(location, Path):
        return None
    from .cluster import cluster_access

    return cluster_access()


def paths_of(location: IndexLocation) -> PathMapper:
    """Return the mapper between the paths of an index and those of the current folder.

    Those of an index on a cluster are relative to the current folder.
    """
    from .paths import PathMapper

    here = Path.cwd()
    root = Path(os.path.abspath(location)).parent if isinstance(location, Path) else here
    return PathMapper(root, here)


def view_of(paths: PathMapper, color: str = "never", hyperlink: str = "never") -> View:
    """Return the format for standard output: as wide as its terminal, else 80 columns."""
    from ..output.terminal import COLUMNS, columns, palette
    from ..output.text import View

    width, links = COLUMNS, hyperlink == "always"
    if is_terminal():
        from ..output.hyperlink import shows_hyperlinks

        width = columns()
        links = shows_hyperlinks(hyperlink, os.environ)
    colours = palette(color, sys.stdout, os.environ)
    full = paths.full if links else None
    return View(width=width, palette=colours, shown=paths.shown, full=full)


def is_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout.isatty()


def print_lines(lines: Iterable[str], *, pager: bool = False) -> None:
    """Print lines on standard output, with their colours; with `pager`, in one if need be."""
    if pager and is_terminal():
        from .pager import print_paged

        lines = list(lines)
        if print_paged(lines):
            return
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
    if options.fresh:
        from .freshen import freshen

        print_notes(freshen(index_at(options.index_location)))
    with opened(options.index_location, synonyms=options.synonyms) as (searcher, paths):
        results = search(searcher, paths)
        print_notes(results.notes[len(searcher.notes) :])
        print_lines(_lines(query, results, options, paths), pager=options.pager)
        print_notes(outdated_files(results, searcher, index_at(options.index_location), paths))
    _record(results.total.passages if options.only_count else len(results))
    if results or (options.only_count and results.total.passages):
        return DONE
    click.echo("\n".join(_nothing_found(query, options)), err=True)
    return NOTHING_FOUND


def _record(hits: int) -> None:
    """Add the command to the history of the user, if they want one."""
    invocation = click.get_current_context().find_root().obj
    if not invocation.keeps_history:
        return
    from .history import record

    try:
        record(invocation.arguments, hits)
    except OSError as error:  # the search has succeeded
        print_notes([f"the search was not recorded: {error}"])


def _lines(
    query: str, results: Results, options: ResultOptions, paths: PathMapper
) -> Iterable[str]:
    if options.format == "json":
        from ..output import json

        if options.is_one_object:
            return [json.results_line(query, results)]
        return json.hit_lines(results)
    if options.format == "trec":
        from ..output.trec import run_lines

        return run_lines(results, options.query_id)
    if options.format != "text":
        return _in_format(options.format, results, view_of(paths))
    from ..output import summary, text

    if options.only_count:
        return [summary.number_of(results.total)]
    view = view_of(paths, options.color, options.hyperlink)
    if options.only_files:
        return dict.fromkeys(printable(view.shown(hit.path)) for hit in results)
    below = list(summary.facet_lines(results.facets)) if options.facets else []
    if is_terminal():
        total = summary.total_line(results, first=options.offset + 1)
        below.insert(0, view.palette.paint(total, view.palette.faint))
    return chain(text.hit_lines(results, view), ["", *below] if results and below else ())


def _in_format(name: str, results: Results, view: View) -> Iterable[str]:
    """Return the hits in a format for another program; none without hits, no header either."""
    if not results:
        return ()
    if name == "md":
        from ..output.markdown import markdown_lines

        return markdown_lines(results, view)
    if name == "vimgrep":
        from ..output.vimgrep import vimgrep_lines

        return vimgrep_lines(results, view)
    if name == "bibtex":
        from ..output.bibtex import bibtex_lines

        return bibtex_lines(results, view.shown)
    from ..output.csv import csv_lines

    return csv_lines(results, view.shown, tabs=name == "tsv")


def _nothing_found(query: str, options: ResultOptions) -> Iterable[str]:
    if options.offset:
        yield nothing_found(query, f"no hits after the first {options.offset:,} for {{}}")
        return
    yield nothing_found(query)
    if options.restrictions == ["--lang"]:
        yield f"  only documents in {options.language} were searched; try without --lang"
    elif options.restrictions:
        yield f"  only a part was searched; try without {' '.join(options.restrictions)}"
    else:
        yield "  chaja explain QUERY shows how the query was parsed"
