"""The options that `search`, `phrase` and `similar` share, and how contradictions are settled.

An option that is given overrules a default of a configuration that contradicts it; two that are
given are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from ..index_location import IndexLocation

FACETS = ("language", "folder", "filetype", "year")
FILTERS = {
    "lang": "language",
    "date": "date",
    "since": "since",
    "modified": "modified",
    "path": "path",
    "type": "filetype",
}

# Options of one format only, and that format.
_OF_FORMAT = {"json_format": ("--json-format", "json"), "query_id": ("--query-id", "trec")}
# The parameters that choose a format.
CHOOSING_FORMAT = ("as_json", "format_name", *_OF_FORMAT)


def given_options() -> frozenset[str]:
    """Return the parameters of the command that are given, and not by a configuration."""
    context = click.get_current_context()
    typed = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)
    return frozenset(name for name in context.params if context.get_parameter_source(name) in typed)


def weaker_of(first: str, second: str, refusal: str) -> str:
    """Return which of two parameters that contradict each other is left out: a default.

    Of two defaults that is the first. Raises UsageError if both are given.
    """
    given = given_options()
    if {first, second} <= given:
        raise click.UsageError(refusal)
    return second if first in given else first


def filters_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the filters that are not empty, by the names that the searcher's methods have."""
    found = {name: values[name] for name in FILTERS.values() if values[name]}
    if since := found.pop("since", ""):
        found["date"] = f"{since}.."
    return found


def format_of(as_json: bool, name: str | None) -> str:
    """Return the format that --json and --format choose; raises UsageError if they contradict."""
    if as_json and name not in (None, "json"):
        refusal = f"--json and --format {name} contradict each other"
        as_json = weaker_of("as_json", "format_name", refusal) == "format_name"
    return "json" if as_json else name or "text"


def implied_format(chosen: str, given: Collection[str]) -> str:
    """Return the format that an option given is of, else the chosen one.

    Raises UsageError if another one is given.
    """
    is_given = "as_json" in given or "format_name" in given
    for parameter, (option, implied) in _OF_FORMAT.items():
        if parameter in given and chosen != implied:
            if is_given:
                raise click.UsageError(f"{option} is of --format {implied}, not of {chosen}")
            chosen, is_given = implied, True
    return chosen


class ResultOptions(NamedTuple):
    """The options that `search`, `phrase` and `similar` share."""

    index_location: IndexLocation | None
    limit: int
    offset: int
    language: str
    per_document: int | None
    format: str
    query_id: str
    color: str
    bridge: bool
    hyperlink: str
    pager: bool
    fresh: bool
    strict: bool = False
    synonyms: Path | None = None
    date: str = ""
    since: str = ""
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
        options = filters_of(self._asdict())
        if self.sort != "score":
            options["sort"] = self.sort
        if self.facets or self.is_one_object:
            options["facets"] = FACETS
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
        return [f"--{option}" for option, name in FILTERS.items() if getattr(self, name)]

    def settled(self, given: Collection[str]) -> ResultOptions:
        """Return these options with what others imply, without defaults that contradict others.

        `given` has the parameters that are given. Raises UsageError if two of these contradict.
        """
        if named := self._contradiction():
            typed = [name for name in named if name in given]
            if len(typed) > 1:
                raise click.UsageError(_refusal({name: named[name] for name in typed}))
            kept = typed or [*named][-1:]
            dropped = {name: _DEFAULTS[name] for name in named if name not in kept}
            return self._replace(**dropped).settled(given)
        if self.only_count:
            return self._replace(limit=0)
        # A run has each document once, and so has a list of files.
        once = self.format == "trec" or self.only_files
        return self._replace(per_document=1) if once and self.per_document is None else self

    def _contradiction(self) -> dict[str, str]:
        """Return parameters that contradict each other, with how they are typed, or none."""
        named = {}
        if self.only_count:
            named["only_count"] = "--count"
        if self.only_files:
            named["only_files"] = "--files"
        if self.facets and not self.is_one_object:
            named["facets"] = "--facets"
        if [*named] == ["facets"] and self.format == "json":
            named["json_format"] = f"--json-format {self.json_format}"
        elif named and self.format != "text":
            named["format"] = f"--format {self.format}"
        elif self.format == "trec" and self.sort != "score":
            named = {"sort": "--sort", "format": "--format trec"}
        return named if len(named) > 1 else {}


# What a default of a configuration is replaced by.
_DEFAULTS = {**ResultOptions._field_defaults, "format": "text"}


def _refusal(named: Mapping[str, str]) -> str:
    if "sort" in named:
        return "--format trec is in the order of scores; leave out --sort"
    return f"{' and '.join(named.values())} contradict each other"
