"""The parameters of a request, read and bounded; what no route knows is refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from index.value import NamedTuple

from ..selection import FACETS, SORTS, FilterArguments
from .refusals import BAD, Refused

PHRASE = "phrase"
MODES = ("words", PHRASE)

MOST_LIMIT = 100
_MOST_OFFSET = 10_000
_MOST_NUMBER = 1_000_000_000  # no index has as many passages


class Parameters:
    """The parameters of a request by name; each is read once, and `end` refuses the rest."""

    def __init__(self, given: Iterable[tuple[str, str]]) -> None:
        self._left: dict[str, str] = {}
        for name, value in given:
            if name in self._left:
                raise Refused(BAD, f"{name}: is given twice", "Give each parameter once.")
            self._left[name] = value

    def text(self, name: str, *, needed: bool = False) -> str:
        """Return a text, "" without one unless it is `needed`."""
        value = self._left.pop(name, "")
        if needed and not value.strip():
            raise Refused(BAD, f"{name}: is missing", f"Give it as {name}=…")
        return value

    def says(self, name: str, value: str) -> bool:
        """Return whether a parameter has a value; if it has another, it is left to be read."""
        if self._left.get(name) != value:
            return False
        del self._left[name]
        return True

    def choice(self, name: str, known: tuple[str, ...]) -> str:
        """Return one of the `known` values, the first without one."""
        value = self.text(name) or known[0]
        if value not in known:
            raise Refused(BAD, f"{value}: no such {name}", f"{name} is one of {', '.join(known)}.")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return whether 1 is given, or 0."""
        return self.choice(name, ("1", "0") if default else ("0", "1")) == "1"

    def number(
        self, name: str, default: int = 0, *, least: int = 0, most: int = _MOST_NUMBER
    ) -> int:
        """Return a whole number from `least` to `most`."""
        value = self.text(name)
        if not value:
            return default
        # Python converts no number of thousands of digits.
        is_number = value.isascii() and value.isdigit() and len(value) <= len(str(most))
        if not is_number or not least <= int(value) <= most:
            hint = f"It is a number from {least:,} to {most:,}."
            raise Refused(BAD, f"{name}: is no such number", hint)
        return int(value)

    def end(self) -> None:
        """Refuse parameters that were not read."""
        for name in self._left:
            raise Refused(BAD, f"{name}: no such parameter", "docs/web.md lists them.")


class SelectedQuery(NamedTuple):
    """A query with the arguments of the searcher; `phrase` says that it is one."""

    query: str
    phrase: bool
    arguments: Mapping[str, Any]


def given_filters(parameters: Parameters) -> FilterArguments:
    """Return the filters of a request."""
    return FilterArguments(
        language=parameters.text("language"),
        date=parameters.text("date"),
        modified=parameters.text("modified"),
        path=parameters.text("path"),
        filetype=parameters.text("filetype"),
    )


def filtered_query(
    parameters: Parameters, *, default: int = 10, most: int = MOST_LIMIT
) -> SelectedQuery:
    """Return the query of a request with its filters, by default of `default` lines or hits."""
    arguments = {
        **given_filters(parameters),
        "bridge": parameters.flag("bridge", default=True),
        "strict": parameters.flag("strict"),
        "limit": parameters.number("limit", default, least=1, most=most),
        "offset": parameters.number("offset", most=_MOST_OFFSET),
    }
    phrase = parameters.choice("mode", MODES) == PHRASE
    return SelectedQuery(parameters.text("q"), phrase, arguments)


def selected_query(
    parameters: Parameters, *, default: int = 10, most: int = MOST_LIMIT
) -> SelectedQuery:
    """Return the same with what chooses among hits, their order, and whether to count facets."""
    query = filtered_query(parameters, default=default, most=most)
    chosen = {
        "sort": parameters.choice("sort", SORTS),
        "facets": FACETS if parameters.flag("facets") else (),
        "per_document": parameters.number("per_document") or None,
        "fold_copies": parameters.flag("fold_copies", default=True),
    }
    return query._replace(arguments={**query.arguments, **chosen})
