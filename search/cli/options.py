"""Options that several commands share, and the parsing of queries."""

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

# The largest number that an option takes: no index has as many passages.
MOST = 1_000_000_000

# Marks words that Click must not take for options; no argument of a process contains it.
_GUARD = "\0"


def example(*commands: str) -> str:
    """Return the end of a help text: commands that Click does not wrap."""
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

synonyms_option = click.option(
    "--synonyms",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also search for words that mean the same: lines of words, separated by tabs or commas.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON (see docs/json.md).")


def number_option(
    *names: str, explanation: str, default: int | None = None, least: int = 0
) -> Callable[[Command], Command]:
    """Return an option for a whole number from `least` to MOST."""
    return click.option(
        *names,
        type=click.IntRange(min=least, max=MOST),
        default=default,
        show_default=True,
        metavar="N",
        help=explanation,
    )


def file_option(*names: str, explanation: str, **settings: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - those of Click
    """Return an option for the path of a file."""
    path = click.Path(path_type=Path)
    return click.option(*names, type=path, metavar="FILE", help=explanation, **settings)


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
    synonyms: Path | None = None
    date: str = ""
    modified: str = ""
    path: str = ""
    filetype: str = ""
    sort: str = "score"
    facets: bool = False
    only_count: bool = False
    only_files: bool = False
    json_format: int = 2

    @property
    def selection(self) -> dict[str, Any]:
        """The keyword arguments that choose hits, alike in the searcher's methods."""
        names = ("limit", "offset", "language", "per_document", "bridge")
        others = ("date", "modified", "path", "filetype")
        options = {name: value for name in others if (value := getattr(self, name))}
        if self.sort != "score":
            options["sort"] = self.sort
        if self.facets or self.is_one_object:
            options["facets"] = _FACETS
        if self.format == "trec":  # a run lists every document: judged ones count each
            options["fold_copies"] = False
        return {name: getattr(self, name) for name in names} | options

    @property
    def is_one_object(self) -> bool:
        """Whether the results are printed as one JSON object, not as a line for each hit."""
        return self.format == "json" and self.json_format > 1

    @property
    def restrictions(self) -> list[str]:
        """The options given that keep only some of the documents."""
        return [f"--{option}" for option, name in _FILTERS.items() if getattr(self, name)]

    def checked(self) -> ResultOptions:
        """Return these options with what others imply; raises UsageError if they contradict."""
        only_text = {"--count": self.only_count, "--files": self.only_files}
        if not self.is_one_object:
            only_text["--facets"] = self.facets
        given = [name for name, is_given in only_text.items() if is_given]
        if given and self.format != "text":
            given.append(f"--format {self.format}")
        if len(given) > 1:
            raise click.UsageError(f"{' and '.join(given)} contradict each other")
        if self.format == "trec" and self.sort != "score":
            raise click.UsageError("--format trec is in the order of scores; leave out --sort")
        if self.only_count:
            return self._replace(limit=0)
        # A run has each document once, and so has a list of files.
        once = self.format == "trec" or self.only_files
        return self._replace(per_document=1) if once and self.per_document is None else self


_FACETS = ("language", "folder", "filetype", "year")
_FILTERS = {
    "lang": "language",
    "date": "date",
    "modified": "modified",
    "path": "path",
    "type": "filetype",
}


def _text_option(*names: str, metavar: str, explanation: str) -> Callable[[Command], Command]:
    return click.option(*names, metavar=metavar, default="", help=explanation)


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
    strict_option,
    click.option(
        "--facets", is_flag=True, help="Also count the passages by language, folder, type and year."
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
        help="The version of JSON; 1 is one object per hit, on a line.",
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


def result_options(command: Command) -> Callable[..., Any]:
    """Decorate a command with the shared options, as one argument `options`."""

    @wraps(command)
    def wrapped(*, as_json: bool, format_name: str | None, **values: Any) -> Any:  # noqa: ANN401 - the values of the options above
        if as_json and format_name not in (None, "json"):
            raise click.UsageError(f"--json and --format {format_name} contradict each other")
        shared = {name: values.pop(name) for name in ResultOptions._fields if name in values}
        shared |= {
            "language": shared["language"] or "",
            "format": "json" if as_json else format_name or "text",
        }
        return command(options=ResultOptions(**shared).checked(), **values)

    for option in reversed(_RESULT_OPTIONS):
        option(wrapped)
    return wrapped


def filter_options(command: Command) -> Callable[..., Any]:
    """Decorate a command with those that filter documents, as one argument `filters`.

    It has those that are given, by the names that the searcher's methods have.
    """

    @wraps(command)
    def wrapped(**values: Any) -> Any:  # noqa: ANN401 - the values of the options above
        given = {name: values.pop(name) for name in _FILTERS.values()}
        return command(filters={name: text for name, text in given.items() if text}, **values)

    for option in reversed(_FILTER_OPTIONS):
        option(wrapped)
    return wrapped


class QueryCommand(click.Command):
    """A command whose arguments are words of a query, which may begin with a minus sign.

    `-북한`, `-"a b"` and `-2019` are words, as no option looks like that. `-not` could be a
    mistyped option, so it is refused with the advice to put `--` before the query.
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
    is_letter = second.isascii() and second.isalpha()
    return argument.startswith("-") and second not in ("", "-") and not is_letter


def _may_be_word(argument: str) -> bool:
    """Return whether an argument that looks like short options may be a word."""
    return argument.startswith("-") and argument[1:].isalpha() and len(argument) > 2


def query_of(words: Sequence[str]) -> str:
    """Return the arguments joined by spaces, or standard input for `-`.

    Raises UsageError for an empty query.
    """
    text = sys.stdin.read() if tuple(words) == ("-",) else " ".join(words)
    query = " ".join(text.replace(_GUARD, "").split())
    if not query:
        raise click.UsageError("the query is empty")
    return query
