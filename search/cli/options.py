"""Options that several commands share, and the parsing of queries."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import click

from .failures import UsageAdvice
from .index_option import index_option
from .result_options import (
    CHOOSING_FORMAT,
    FILTERS,
    ResultOptions,
    filters_of,
    format_of,
    given_options,
    implied_format,
    weaker_of,
)

Command = TypeVar("Command", bound=Callable[..., Any])

# The largest number that an option takes: no index has as many passages.
MOST = 1_000_000_000

# Marks words that Click must not take for options; no argument of a process contains it.
_GUARD = "\0"


hyperlink_option = click.option(
    "--hyperlink",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Make paths links; auto does in terminals that are known to show them.",
)

pager_option = click.option(
    "--pager/--no-pager",
    default=True,
    help="Show output that does not fit on the terminal in $PAGER (the default), or not.",
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
    "--strict/--no-strict",
    default=False,
    help="Search for every word as typed, without query correction, or with it (the default).",
)

synonyms_option = click.option(
    "--synonyms",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also search for words that mean the same: lines of words, separated by tabs or commas.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON (see docs/json.md).")


def number_option(
    *names: str, explanation: str, default: int | None = None, least: int = 0, most: int = MOST
) -> Callable[[Command], Command]:
    """Return an option for a whole number from `least` to `most`."""
    return click.option(
        *names,
        type=click.IntRange(min=least, max=most),
        default=default,
        show_default=True,
        metavar="N",
        help=explanation,
    )


def file_option(*names: str, explanation: str, **settings: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - those of Click
    """Return an option for the path of a file."""
    path = click.Path(path_type=Path)
    return click.option(*names, type=path, metavar="FILE", help=explanation, **settings)


def _text_option(
    *names: str,
    metavar: str,
    explanation: str,
    **settings: Any,  # noqa: ANN401 - those of Click
) -> Callable[[Command], Command]:
    return click.option(*names, metavar=metavar, default="", help=explanation, **settings)


def _one_date(context: click.Context, _: click.Parameter, date: str) -> str:
    """Return a date that a range can begin with; raises BadParameter for another text."""
    if date and not context.resilient_parsing:
        # Imported late: it is no part of the help.
        from ..query.tree import date_range

        if date_range(f"{date}..") is None:
            raise click.BadParameter(f"{date} is no date such as 2024, 2024-11 or 2024-11-14")
    return date


_FILTER_OPTIONS = (
    click.option(
        "--lang",
        "language",
        type=click.Choice(["ko", "en", "mixed"]),
        default=None,
        help="Only documents in this language.",
    ),
    _text_option(
        "--date",
        metavar="DATE",
        explanation="Only documents of a date: 2024-05, 2019..2021.",
    ),
    _text_option(
        "--since", metavar="DATE", explanation="Short for --date DATE..", callback=_one_date
    ),
    _text_option(
        "--modified", metavar="DATE", explanation="Only files that were last changed then."
    ),
    _text_option("--path", metavar="TEXT", explanation="Only files with this in their path."),
    _text_option(
        "--type",
        "filetype",
        metavar="ENDING",
        explanation="Only files of a type: pdf, md.",
    ),
)

_RESULT_OPTIONS = (
    index_option,
    number_option(
        "-n", "--limit", default=10, least=1, explanation="Print at most this many hits."
    ),
    number_option("--offset", default=0, explanation="Skip this many of the best hits."),
    *_FILTER_OPTIONS,
    click.option(
        "--sort",
        type=click.Choice(["score", "date", "modified", "path"]),
        default="score",
        show_default=True,
        help="The order of the hits; date and modified begin with the newest.",
    ),
    number_option(
        "-d", "--per-document", least=1, explanation="At most this many hits per document."
    ),
    bridge_option,
    click.option(
        "--facets/--no-facets",
        default=False,
        help="Also count the passages by language, folder, type and year, or not (the default).",
    ),
    click.option("--count", "only_count", is_flag=True, help="Print the number of passages only."),
    click.option(
        "-l", "--files", "only_files", is_flag=True, help="Print the paths of the hits only."
    ),
    click.option(
        "--format",
        "format_name",
        type=click.Choice(["text", "json", "csv", "tsv", "md", "bibtex", "vimgrep", "trec"]),
        default=None,
        help="text (the default), json, a table, Markdown, BibTeX, a list for Vim, or a TREC run.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Short for --format json: one object."),
    click.option(
        "--json-format",
        type=click.IntRange(1, 2),
        default=2,
        show_default=True,
        help="Print JSON of this version; 1 is one object per hit, on a line.",
    ),
    click.option(
        "--query-id",
        default="1",
        show_default=True,
        metavar="ID",
        help="Print a TREC run with this id of the query.",
    ),
    color_option,
    hyperlink_option,
    pager_option,
    click.option(
        "--fresh", is_flag=True, help="First update the index with files that have changed."
    ),
)


def result_options(command: Command) -> Callable[..., Any]:
    """Decorate a command with the shared options, as one argument `options`."""

    @wraps(command)
    def wrapped(*, as_json: bool, format_name: str | None, **values: Any) -> Any:  # noqa: ANN401 - the values of the options above
        given = given_options()
        _drop_one_date(values)
        shared = {name: values.pop(name) for name in ResultOptions._fields if name in values}
        shared |= {
            "language": shared["language"] or "",
            "format": implied_format(format_of(as_json, format_name), given),
        }
        if not given.isdisjoint(CHOOSING_FORMAT):
            given |= {"format"}
        return command(options=ResultOptions(**shared).settled(given), **values)

    for option in reversed(_RESULT_OPTIONS):
        option(wrapped)
    return wrapped


def _drop_one_date(values: dict[str, Any]) -> None:
    """Leave out --since or --date if both have a value; raises UsageError if both are given."""
    if values["since"] and values["date"]:
        refusal = "--since and --date contradict each other; --date takes A..B"
        values[weaker_of("date", "since", refusal)] = ""


def filter_options(command: Command) -> Callable[..., Any]:
    """Decorate a command with those that filter documents, as one argument `filters`.

    It has those that are given, by the names that the searcher's methods have.
    """

    @wraps(command)
    def wrapped(**values: Any) -> Any:  # noqa: ANN401 - the values of the options above
        _drop_one_date(values)
        filters = {name: values.pop(name) for name in FILTERS.values()}
        return command(filters=filters_of(filters), **values)

    for option in reversed(_FILTER_OPTIONS):
        option(wrapped)
    return wrapped


class QueryCommand(click.Command):
    """A command whose arguments are words of a query, which may begin with a minus sign.

    `-북한`, `-"a b"`, `-2019` and `-path:ko` are words, as no option looks like that. `-not` could
    be a mistyped option, so it is refused with the advice to put `--` before the query.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as Click does, but keep such words from being taken for options."""
        end = args.index("--") if "--" in args else len(args)
        guarded = [
            _GUARD + word if _is_excluded_word(word) and before not in self._options else word
            for before, word in pairwise(["", *args[:end]])
        ]
        try:
            return super().parse_args(ctx, guarded + args[end:])
        except click.UsageError as error:
            if any(map(_may_be_word, args[:end])):
                advice = f"For words that start with -, put -- first: {ctx.command_path} -- -WORD"
                raise UsageAdvice(error.format_message(), ctx, hint=advice) from error
            raise

    @property
    def _options(self) -> set[str]:
        """The names of the options that take a value."""
        options = (item for item in self.params if isinstance(item, click.Option))
        return {name for option in options if not option.is_flag for name in option.opts}


def _is_excluded_word(argument: str) -> bool:
    second = argument[1:2]
    field, colon, _ = argument[1:].partition(":")
    is_field = bool(colon) and field.isalpha() and len(field) > 1
    is_letter = second.isascii() and second.isalpha()
    return argument.startswith("-") and second not in ("", "-") and (is_field or not is_letter)


def _may_be_word(argument: str) -> bool:
    """Return whether an argument that looks like short options may be a word."""
    return argument.startswith("-") and argument[1:].isalpha() and len(argument) > 2


def as_typed(argument: str) -> str:
    """Return an argument of a QueryCommand as it was typed."""
    return argument.replace(_GUARD, "")


def query_of(words: Sequence[str]) -> str:
    """Return the arguments joined by spaces, or standard input for `-`.

    Raises UsageError for an empty query.
    """
    text = sys.stdin.read() if tuple(words) == ("-",) else " ".join(words)
    query = " ".join(as_typed(text).split())
    if not query:
        raise click.UsageError("the query is empty")
    return query
