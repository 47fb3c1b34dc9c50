"""The options that filter documents, of commands that look at all matches."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

_Command = Callable[..., Any]

# By the argument of the library.
_FILTERS = {
    "language": click.option(
        "--lang",
        "language",
        type=click.Choice(["ko", "en", "mixed"]),
        default=None,
        help="Only documents in this language.",
    ),
    "date": click.option(
        "--date", metavar="DATE", help="Only documents of a date or range: 2024, 2024-05..2025."
    ),
    "modified": click.option(
        "--modified", metavar="DATE", help="Only files changed on a date or in a range."
    ),
    "path": click.option("--path", metavar="TEXT", help="Only files with this in their path."),
    "filetype": click.option(
        "--filetype", metavar="TYPE", help="Only files of this type, such as pdf."
    ),
}


def filter_options(command: _Command) -> _Command:
    """Decorate a command with the filters, as one argument `filters`: those that are given."""

    @wraps(command)
    def wrapped(**values: Any) -> Any:  # noqa: ANN401 - those of the options
        given = {name: values.pop(name) for name in _FILTERS}
        return command(filters={name: text for name, text in given.items() if text}, **values)

    for option in reversed(_FILTERS.values()):
        option(wrapped)
    return wrapped
