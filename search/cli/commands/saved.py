"""`chaja saved`: searches with a name, to be run again."""

from __future__ import annotations

import shlex
from itertools import chain

import click
from click.exceptions import Exit

from ...output.terminal import printable
from ..cluster import typed_options
from ..failures import DONE, FAILED, NOTHING_FOUND, failure_lines, traceback_lines
from ..help import example
from ..index_option import SEARCHES
from ..invocation import Invocation
from ..options import json_option
from ..session import print_lines

_NONE = "chaja: no searches are saved"


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
        click.echo(_NONE, err=True)
    return DONE if searches else NOTHING_FOUND


@saved.command(
    short_help="Save a search.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("name")
@click.argument("command", type=click.Choice(SEARCHES))
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def add(context: click.Context, name: str, command: str, arguments: tuple[str, ...]) -> None:
    """Save COMMAND with its words and options under NAME; one of that name is replaced.

    What COMMAND does not take is refused, and nothing is saved.
    """
    from ..saved import save

    if not name.strip():
        raise click.UsageError("the name is empty", context)
    root = context.find_root()
    if isinstance(root.command, click.Group):
        root.command.commands[command].make_context(command, [*arguments], parent=root).close()
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

    One that fails does not keep the others from running. Exit code 0 means that one of them found
    something, 1 that none did, 2 that one failed.
    """
    from ..saved import known, saved_searches

    searches = saved_searches()
    if not searches and not names:
        click.echo(_NONE, err=True)
        click.echo("  save one: chaja saved add NAME search WORDS", err=True)
        return NOTHING_FOUND
    codes = []
    root = context.find_root()
    before = _options_before(root)
    for name in [known(name, searches) for name in names] or searches:
        arguments = searches[name]
        if len(names) != 1:
            print_lines([printable(f"# {name}: chaja {shlex.join(arguments)}")])
        codes.append(_code_of(root, [*before, *arguments]))
    if FAILED in codes:
        return FAILED
    return DONE if DONE in codes else NOTHING_FOUND


def _options_before(root: click.Context) -> list[str]:
    """Return the options that stand before the command, to be typed before another."""
    profile = root.params["profile"]
    before = ["--profile", profile] if profile else []
    return [*before, *chain.from_iterable(typed_options(root).items())]


def _code_of(root: click.Context, words: list[str]) -> int:
    """Run a command, print its error if any, and return its exit code."""
    try:
        with root.command.make_context("chaja", words, obj=Invocation(tuple(words))) as inner:
            code: int = root.command.invoke(inner)
            return code
    except Exit as finished:
        return finished.exit_code
    except BrokenPipeError:  # nobody reads what the others would print
        raise
    except Exception as error:
        lines = traceback_lines(error) if root.params["debug"] else ()
        click.echo("\n".join((*lines, *failure_lines(error))), err=True)
        return FAILED
