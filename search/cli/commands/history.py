"""`chaja history`: the searches of the user."""

from __future__ import annotations

import shlex

import click

from ...output.terminal import printable
from ..failures import DONE, NOTHING_FOUND
from ..help import example
from ..options import json_option, number_option
from ..session import print_lines


@click.command(
    epilog=example("chaja config set keep.history true", "chaja history -n 5"),
)
@number_option("-n", "--limit", default=20, least=1, explanation="Print at most this many.")
@click.option("--clear", is_flag=True, help="Delete the history.")
@json_option
def history(limit: int, clear: bool, as_json: bool) -> int:
    """Print your last searches, the newest last: time, hits, and the command to repeat it.

    They are recorded only after chaja config set keep.history true, in a file that only you
    can read.
    """
    from .. import history as kept

    if clear:
        kept.clear()
        return DONE
    found = kept.searches()[-limit:]
    if as_json:
        from ...output.json import json_line

        print_lines(json_line(search._asdict()) for search in found)
    else:
        print_lines(
            printable(f"{search.time}  {search.hits:>6,}  chaja {shlex.join(search.arguments)}")
            for search in found
        )
    if not found:
        click.echo("chaja: no searches are recorded", err=True)
        click.echo("  turn the history on: chaja config set keep.history true", err=True)
    return DONE if found else NOTHING_FOUND
