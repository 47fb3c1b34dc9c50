"""`chaja saved`: searches with a name, to be run again."""

from __future__ import annotations

import shlex

import click

from ...output.terminal import printable
from ..failures import DONE, NOTHING_FOUND
from ..help import example
from ..invocation import Invocation
from ..options import SEARCHES, json_option
from ..session import print_lines


@click.group(
    epilog=example(
        "chaja saved add alliance search 한미 동맹 --lang ko -n 20",
        "chaja saved run alliance",
    ),
)
def saved() -> None:
    """Save searches by name, and run them again, one or many."""


@saved.command("list", short_help="Print the saved searches.")
@json_option
def list_(as_json: bool) -> int:
    """Print the name of each saved search, and the command that it runs."""
    from ..saved import saved_searches

    searches = saved_searches()
    if as_json:
        from ...output.json import json_line

        print_lines(
            json_line({"name": name, "arguments": arguments})
            for name, arguments in searches.items()
        )
    else:
        print_lines(
            printable(f"{name}  chaja {shlex.join(arguments)}")
            for name, arguments in searches.items()
        )
    if not searches:
        click.echo("chaja: no searches are saved", err=True)
    return DONE if searches else NOTHING_FOUND


@saved.command(
    short_help="Save a search.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("name")
@click.argument("command", type=click.Choice(SEARCHES))
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
def add(name: str, command: str, arguments: tuple[str, ...]) -> None:
    """Save COMMAND with its words and options under NAME; one of that name is replaced."""
    from ..saved import save

    save(name, (command, *arguments))


@saved.command(short_help="Delete a saved search.")
@click.argument("name")
def remove(name: str) -> None:
    """Delete the saved search NAME."""
    from ..saved import forget

    forget(name)


@saved.command(short_help="Run saved searches.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.pass_context
def run(context: click.Context, names: tuple[str, ...]) -> int:
    """Run the searches saved under NAMES, or all of them.

    Exit code 0 means that one of them found something, 1 that none did.
    """
    from ..saved import known, saved_searches

    searches = saved_searches()
    codes = []
    root = context.find_root()
    before = _options_before(root)
    for name in [known(name, searches) for name in names] or searches:
        arguments = list(searches[name])
        if len(names) != 1:
            print_lines([printable(f"# {name}: chaja {shlex.join(arguments)}")])
        words = [*before, *arguments]
        with root.command.make_context("chaja", words, obj=Invocation(tuple(words))) as inner:
            codes.append(root.command.invoke(inner))
    return DONE if DONE in codes else NOTHING_FOUND


def _options_before(root: click.Context) -> list[str]:
    """Return the options that stand before the command, to be typed before another."""
    profile = root.params["profile"]
    return ["--profile", profile] if profile else []
