"""The options that several commands share, and the words of a query."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from .failures import UsageAdvice

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("text", "json", "trec")

# No argument of a process can hold this character, so a word that carries it is surely ours.
_GUARD = "\0"


def example(*commands: str) -> str:
    """Return what ends the help of a command: lines that Click leaves as they are."""
    title = "Example:" if len(commands) == 1 else "Examples:"
    return "\n".join(["\b", title, *(f"  {command}" for command in commands)])


index_option = click.option(
    "--index",
    "index_directory",
    type=click.Path(path_type=Path),
    envvar="CHAJA_INDEX",
    metavar="DIR",
    help="The index directory; default: .chaja in this folder or the nearest one above.",
)

color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the output; auto colours a terminal unless NO_COLOR is set.",
)

bridge_option = click.option(
    "--bridge/--no-bridge",
    default=True,
    help="Search with translations (the default) or without.",
)

strict_option = click.option(
    "--strict",
    is_flag=True,
    help="Search for every word as typed, without query correction.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON (see docs/json.md).")


class ResultOptions(NamedTuple):
    """The options that `search`, `phrase` and `similar` share."""

    index_directory: Path | None
    limit: int
    offset: int
    language: str
    per_document: int | None
    format: str
    query_id: str
    color: str
    bridge: bool
    strict: bool

    @property
    def selection(self) -> dict[str, Any]:
        """The keyword arguments that choose hits, alike in the searcher's methods."""
        names = ("limit", "offset", "language", "per_document", "bridge")
        return {name: getattr(self, name) for name in names}


_RESULT_OPTIONS = (
    index_option,
    click.option(
        "-n",
        "--limit",
        type=click.IntRange(min=1),
        default=10,
        show_default=True,
        metavar="N",
        help="Print at most this many hits.",
    ),
    click.option(
        "--offset",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        metavar="N",
        help="Skip this many of the best hits.",
    ),
    click.option(
        "--lang",
        "language",
        type=click.Choice(["ko", "en", "mixed"]),
        default=None,
        help="Only documents in this language.",
    ),
    click.option(
        "-d",
        "--per-document",
        type=click.IntRange(min=1),
        default=None,
        metavar="N",
        help="At most this many hits per document.",
    ),
    bridge_option,
    strict_option,
    click.option(
        "--format",
        "format_name",
        type=click.Choice(FORMATS),
        default=None,
        help="text (the default), json, or trec (a TREC run).",
    ),
    click.option(
        "--json", "as_json", is_flag=True, help="Short for --format json: one object per line."
    ),
    click.option(
        "--query-id",
        default="1",
        show_default=True,
        metavar="ID",
        help="The query's id in a TREC run.",
    ),
    color_option,
)


_SHARED = (
    "index_directory",
    "limit",
    "offset",
    "language",
    "per_document",
    "query_id",
    "color",
    "bridge",
    "strict",
)


def result_options(command: Command) -> Callable[..., Any]:
    """Give a command the shared options, as one argument `options`."""

    @wraps(command)
    def gathered(*, as_json: bool, format_name: str | None, **values: Any) -> Any:  # noqa: ANN401 - Click's values, whose types are those of the options above
        shared = {name: values.pop(name) for name in _SHARED}
        shared["language"] = shared["language"] or ""
        chosen = _format(format_name, as_json=as_json)
        if chosen == "trec" and shared["per_document"] is None:
            shared["per_document"] = 1  # a run names each document once
        return command(options=ResultOptions(format=chosen, **shared), **values)

    for option in reversed(_RESULT_OPTIONS):
        option(gathered)
    return gathered


def _format(name: str | None, *, as_json: bool) -> str:
    if as_json and name not in (None, "json"):
        raise click.UsageError(f"--json and --format {name} contradict each other")
    return "json" if as_json else name or "text"


class QueryCommand(click.Command):
    """A command whose arguments are words of a query, which may begin with a minus sign.

    `-북한`, `-"a b"` and `-2019` are words: no option looks like that. `-not` could be a mistyped
    option, so it is refused with the advice to put `--` before the query.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as Click does, with such words kept from being read as options."""
        end = args.index("--") if "--" in args else len(args)
        guarded = [
            _GUARD + word if _is_excluded_word(word) and before not in self._options else word
            for before, word in pairwise(["", *args[:end]])
        ]
        try:
            return super().parse_args(ctx, guarded + args[end:])
        except click.UsageError as error:
            if any(map(_is_mistakable, args[:end])):
                advice = f"For words that start with -, put -- first: {ctx.command_path} -- -WORD"
                raise UsageAdvice(error.format_message(), ctx, hint=advice) from error
            raise

    @property
    def _options(self) -> set[str]:
        """The names of the options that a value follows."""
        options = (item for item in self.params if isinstance(item, click.Option))
        return {name for option in options if not option.is_flag for name in option.opts}


def _is_excluded_word(argument: str) -> bool:
    second = argument[1:2]
    return argument.startswith("-") and bool(second) and second != "-" and not _is_letter(second)


def _is_mistakable(argument: str) -> bool:
    """Return whether an argument may be a word, though it looks like short options."""
    return argument.startswith("-") and argument[1:].isalpha() and len(argument) > 2


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def query_of(words: Sequence[str]) -> str:
    """Return the query that the arguments make: joined by spaces, or read from stdin for `-`.

    Raises UsageError for a query without anything in it.
    """
    text = sys.stdin.read() if tuple(words) == ("-",) else " ".join(words)
    query = " ".join(text.replace(_GUARD, "").split())
    if not query:
        raise click.UsageError("the query is empty")
    return query
