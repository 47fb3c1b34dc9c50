"""What a command works with: the open index, and how its output is to look."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..places import Places
    from ..render import View
    from ..searcher import Searcher

_WIDTH = 80


@contextmanager
def opened(explicit: Path | None) -> Iterator[tuple[Searcher, Places]]:
    """Open the index named, or the nearest one; raises IndexMissing where there is none."""
    # Imported late, as all that `chaja --help` can do without.
    from index.place import locate

    from ..searcher import Searcher

    directory = locate(explicit, start=Path.cwd())
    with Searcher.open(directory) as searcher:
        yield searcher, places_of(directory)


def places_of(directory: Path) -> Places:
    """Return how paths of the index in a directory are shown from the current folder."""
    # Imported late, as all that `chaja --help` can do without.
    from ..places import Places

    return Places(Path(os.path.abspath(directory)).parent, Path.cwd())


def view_of(places: Places, color: str = "never") -> View:
    """Return how to show hits on standard output: as wide as its terminal, else 80 cells."""
    # Imported late, as all that `chaja --help` can do without.
    from ..palette import palette
    from ..render import View

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
