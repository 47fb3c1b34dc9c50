"""The user's configuration file, and the defaults that stand beside an index.

A table is the name of a command, or `defaults` for every command that has the option; a key is the
name of an option without its dashes. `profile.NAME` has tables of the same kind.

    [defaults]
    color = "never"

    [search]
    limit = 20

    [profile.thesis.defaults]
    index = "~/thesis/.chaja"

    [profile.office.defaults]
    index = "https://search.office.example:9200/reports"
    cluster-user = "reader"
    cluster-ca = "office-ca.pem"

    [keep]
    history = true

An option that is given, or its environment variable, takes precedence; then the profile, the table
of the command, `defaults`, and last `chaja.toml` beside the index. That one comes with documents,
perhaps of someone else, so it sets options of searching only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from index.value import NamedTuple

from ..index_location import IndexLocation, is_address, parse_location
from .failures import UsageAdvice
from .index_option import SEARCHES, IndexType
from .user_folder import user_file

_KEEP, _HISTORY = "keep", "history"
_DEFAULTS = "defaults"
_PROFILE = "profile"

# What a file beside an index may set.
_OF_SEARCHING = frozenset(
    ("limit", "per-document", "lang", "date", "path", "type", "sort", "bridge", "strict", "facets")
)
# Options of `chaja` itself that `defaults` may set.
_OF_CLUSTER = ("cluster-user", "cluster-ca")
# Of a file that people write; one beside an index may come from someone else.
_MOST_BYTES = 100_000
_MOST_DEPTH = 8  # of tables in tables
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_HEADER = re.compile(r"\s*\[([^\[\]]+)\]")

Tables = Mapping[str, Any]


class Setting(NamedTuple):
    """A key with its value, and the table where it stands, as `profile.thesis.search`."""

    table: str
    key: str
    value: Any


class ConfigurationFile:
    """A file of settings; its errors name the file and the line."""

    def __init__(self, path: Path, text: str) -> None:
        # Imported late: a user without the file need not wait for it.
        import tomllib

        self.path = path
        self.text = text
        try:
            self.tables: Tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = _AT_LINE.search(str(error))
            line = int(found[1]) if found and found[1] else text.count("\n") + 1
            raise self._refusal(_AT_LINE.sub("", str(error)), line) from error
        except (ValueError, RecursionError) as error:
            raise self._refusal("a number or a nest of brackets is too long", 0) from error
        if _is_deep(self.tables, most=_MOST_DEPTH):
            raise self._refusal(f"more than {_MOST_DEPTH} tables stand in each other", 0)

    @classmethod
    def at(cls, path: Path) -> ConfigurationFile | None:
        """Read a file; None if there is none. Raises UsageAdvice, and OSError with its path."""
        try:
            with path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except FileNotFoundError:
            return None
        if len(data) > _MOST_BYTES:
            hint = "Keep only settings in it; docs/cli.md shows the form."
            raise refusal(f"{path}: is longer than {_MOST_BYTES:,} bytes", hint)
        try:
            return cls(path, data.decode())
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise refusal(f"{path}:{line}: is not UTF-8", "Save the file as UTF-8.") from error

    def settings(self, tables: Tables | None = None, name: str = "") -> Iterator[Setting]:
        """Yield all settings, in the order of the file."""
        for key, value in (self.tables if tables is None else tables).items():
            if isinstance(value, dict):
                yield from self.settings(value, f"{name}.{key}".lstrip("."))
            else:
                yield Setting(name, key, value)

    def of_command(self, command: click.Command, name: str, profile: str) -> dict[str, Any]:
        """Return the defaults of a command's parameters, by their names.

        Those of a group have its commands too, each with defaults of its own.
        """
        profiles = self._table(_PROFILE)
        if profile and profile not in profiles:
            known = ", ".join(profiles) or "none"
            hint = f"{self.path} has these profiles: {known}."
            raise refusal(f"there is no profile {profile}", hint)
        found: dict[str, Any] = {}
        for prefix in ("", f"{_PROFILE}.{profile}.") if profile else ("",):
            found |= self._values(command, f"{prefix}{_DEFAULTS}", is_shared=True)
            found |= self._values(command, f"{prefix}{name}")
        if isinstance(command, click.Group):
            for inside, each in command.commands.items():
                found[inside] = self.of_command(each, f"{name}.{inside}", profile)
        return found

    def of_cluster(self, group: click.Command, profile: str) -> dict[str, Any]:
        """Return the defaults of the options of `chaja` itself that are about a cluster."""
        found: dict[str, Any] = {}
        for prefix in ("", f"{_PROFILE}.{profile}.") if profile else ("",):
            table = f"{prefix}{_DEFAULTS}"
            for key, value in self._table(table).items():
                if key in _OF_CLUSTER and (parameter := _parameter(group, key)):
                    found[str(parameter.name)] = self._converted(parameter, table, key, value)
        return found

    def of_searching(self, command: click.Command, name: str) -> dict[str, Any]:
        """Return the defaults of a command that searches, if the file has nothing else."""
        for table, key, _ in self.settings():
            if table not in SEARCHES or key not in _OF_SEARCHING:
                raise self._refusal(
                    f"a file beside an index cannot set {table}.{key}".replace(" .", " "),
                    self._line_of(table, key),
                    f"It sets {', '.join(sorted(_OF_SEARCHING))} of {', '.join(SEARCHES)}; all "
                    "else stands in your own file, which `chaja config` shows.",
                )
        return self._values(command, name)

    def has_history(self) -> bool:
        """Return whether searches are to be recorded."""
        kept = self._table(_KEEP).get(_HISTORY, False)
        if not isinstance(kept, bool):
            line = self._line_of(_KEEP, _HISTORY)
            raise self._refusal(f"{_KEEP}.{_HISTORY} is neither true nor false", line)
        return kept

    def check(self, commands: Mapping[str, click.Command]) -> None:
        """Raise UsageAdvice for the first setting that no command has."""
        self.has_history()
        group = click.get_current_context().find_root().command
        for profile in ("", *self._table(_PROFILE)):
            self.of_cluster(group, profile)
        for name, command in commands.items():
            self._values(command, _DEFAULTS, is_shared=True)
            for profile in ("", *self._table(_PROFILE)):
                self.of_command(command, name, profile)
        for table, key, _ in self.settings():
            name = re.sub(rf"^{_PROFILE}\.[^.]+\.", "", table)
            if name not in (_DEFAULTS, *commands) and (name, key) != (_KEEP, _HISTORY):
                dotted = f"{table}.{key}".lstrip(".")
                line = self._line_of(table, key)
                raise self._refusal(f"there is no setting {dotted}", line, _COMMANDS_ARE_TABLES)
            known = key in _OF_CLUSTER or any(_parameter(each, key) for each in commands.values())
            if name == _DEFAULTS and not known:
                raise self._refusal(f"no command has an option --{key}", self._line_of(table, key))

    def _values(
        self, command: click.Command, table: str, *, is_shared: bool = False
    ) -> dict[str, Any]:
        """Return the values of a table by parameter; `is_shared` may have keys of others."""
        found: dict[str, Any] = {}
        for key, value in self._table(table).items():
            parameter = _parameter(command, key)
            if parameter is not None:
                found[str(parameter.name)] = self._converted(parameter, table, key, value)
            elif not is_shared:
                line = self._line_of(table, key)
                hint = f"See: chaja {command.name} --help"
                raise self._refusal(f"{command.name} has no option --{key}", line, hint)
        return found

    def _table(self, name: str) -> Tables:
        """Return a table by its name, empty if there is none."""
        found: Any = self.tables
        inside = ""
        for part in name.split("."):
            found = found.get(part, {})
            if not isinstance(found, dict):
                line = self._line_of(inside, part)
                raise self._refusal(f"{part} is no table", line, _COMMANDS_ARE_TABLES)
            inside = f"{inside}.{part}".lstrip(".")
        tables: Tables = found
        return tables

    def _converted(self, parameter: click.Option, table: str, key: str, value: object) -> object:
        """Return a value as its option takes it; a path is relative to the folder of the file."""
        try:
            if parameter.is_flag is not isinstance(value, bool):
                kind = "true or false" if parameter.is_flag else "a value"
                raise click.BadParameter(f"{value!r} is not {kind}")
            if not isinstance(value, bool | int | float | str):
                raise click.BadParameter("a list, a table or a date is not a value")
            if isinstance(parameter.type, IndexType) and is_address(str(value)):
                return self._address(str(value), table, key)
            if isinstance(parameter.type, click.Path):
                return self.path.parent / Path(str(value)).expanduser()
            # As it would be typed: Click converts no infinity, and cuts off fractions.
            text = value if isinstance(value, bool) else str(value)
            return parameter.type_cast_value(click.Context(click.Command(key)), text)
        except click.BadParameter as error:
            raise self._refusal(f"{key}: {error.message}", self._line_of(table, key)) from error
        except (ValueError, RuntimeError) as error:  # a number too long to print, a home of nobody
            raise self._refusal(f"{key}: {error}", self._line_of(table, key)) from error

    def _address(self, text: str, table: str, key: str) -> IndexLocation:
        from corpus.errors import ClusterError

        try:
            return parse_location(text)
        except ClusterError as error:
            line = self._line_of(table, key)
            raise self._refusal(f"{key}: {error}", line, error.hint) from None

    def _line_of(self, table: str, key: str) -> int:
        """Return the line of a key, or that of its table, or 0 where neither is written plainly."""
        inside, header = "", 0
        for number, line in enumerate(self.text.splitlines(), 1):
            if found := _HEADER.match(line):
                inside = found[1].replace(" ", "").replace('"', "")
                header = number if inside == table else header
            elif inside == table and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
                return number
        return header

    def _refusal(self, message: str, line: int, hint: str = "") -> UsageAdvice:
        place = f"{self.path}:{line}" if line else str(self.path)
        return refusal(f"{place}: {message}", hint or "Mend the line; docs/cli.md shows the form.")


_COMMANDS_ARE_TABLES = "A table is a command, `defaults`, `keep` or a profile."


def refusal(message: str, hint: str) -> UsageAdvice:
    """Return an error in a setting, with the next step."""
    return UsageAdvice(message, click.get_current_context(silent=True), hint=hint)


def _is_deep(value: object, *, most: int) -> bool:
    """Return whether more than `most` tables stand in each other."""
    if not isinstance(value, dict):
        return False
    return most < 0 or any(_is_deep(each, most=most - 1) for each in value.values())


def _parameter(command: click.Command, key: str) -> click.Option | None:
    """Return the option of a command whose long name is `key`, or None."""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and f"--{key}" in parameter.opts:
            return parameter
    return None


def configure(context: click.Context, profile: str) -> None:
    """Give the command that a context will run the defaults of the user's file.

    Its invocation is told whether searches are recorded. Raises UsageAdvice.
    """
    file = ConfigurationFile.at(user_file())
    name = context.invoked_subcommand
    if file is None:
        if profile:
            hint = f"Write [{_PROFILE}.{profile}.search] into {user_file()}."
            raise refusal(f"there is no profile {profile}", hint)
        return
    context.obj = context.obj._replace(keeps_history=file.has_history())
    group = context.command
    for parameter, value in file.of_cluster(group, profile).items():
        if context.params[parameter] is None:
            context.params[parameter] = value
    if isinstance(group, click.Group) and name and (command := group.get_command(context, name)):
        context.default_map = {name: file.of_command(command, name, profile)}
