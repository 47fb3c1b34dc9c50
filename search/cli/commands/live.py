"""`chaja live`: search as you type, with the passage of each hit beside it."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..failures import DONE, explanation
from ..help import example
from ..index_option import index_option
from ..options import QueryCommand, query_of, synonyms_option
from ..session import opened

if TYPE_CHECKING:
    from types import ModuleType

    from ...index_location import IndexLocation
    from ...results import Hit


@click.command(
    cls=QueryCommand,
    epilog=example("chaja live", "chaja live 한미 동맹"),
)
@click.argument("query", nargs=-1)
@index_option
@synonyms_option
def live(
    query: tuple[str, ...], index_location: IndexLocation | None, synonyms: Path | None
) -> int:
    """Search as you type: hits on the left, the passage of one of them on the right.

    Arrows choose a hit, Enter opens its document, Ctrl-P switches between words and phrase, Ctrl-L
    between languages, Escape ends. QUERY is what is searched for at first.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError("live needs a terminal; for a pipe there is chaja search")
    application = _application()
    from ..programs import place_of, program_for, run

    with opened(index_location, synonyms=synonyms) as (searcher, paths):

        def open_hit(hit: Hit) -> str:
            from corpus.errors import ChajaError

            try:
                run(program_for(place_of(hit, hit.line, paths), os.environ))
            except (ChajaError, OSError) as error:
                return explanation(error)
            return ""

        application.run_live(searcher, paths, query_of(query) if query else "", open_hit)
    return DONE


def _application() -> ModuleType:
    """Return the module of the application. Raises MissingExtra without Textual."""
    try:
        return import_module("..live", __package__)
    except ModuleNotFoundError as error:
        if error.name not in ("textual", "rich"):
            raise
        from corpus.errors import MissingExtra

        raise MissingExtra(
            "a live search needs textual, which is not installed",
            hint="install it: pip install 'chaja[tui]'",
        ) from error
