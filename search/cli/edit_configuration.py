"""Changes one setting of the configuration file, and leaves the rest as the user wrote it."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

import click
import tomlkit

from .configuration import ConfigurationFile, refusal
from .user_folder import user_file, write_privately

Table = MutableMapping[str, Any]


def set_setting(name: str, value: str, commands: Mapping[str, click.Command]) -> None:
    """Set a setting such as `search.limit`. Raises UsageAdvice if it is none, and OSError."""
    tables, key = _parts(name)
    document = _document()
    table: Table = document
    for part in tables:
        table = table.setdefault(part, tomlkit.table())
        if not isinstance(table, MutableMapping):
            raise refusal(f"{part} of {name} is no table", "See: chaja config")
    table[key] = _value(value)
    _save(document, commands)


def unset_setting(name: str, commands: Mapping[str, click.Command]) -> None:
    """Take a setting out. Raises UsageAdvice if it is not there, and OSError."""
    tables, key = _parts(name)
    document = _document()
    table: Any = document
    for part in tables:
        table = table.get(part, {}) if isinstance(table, MutableMapping) else {}
    if not isinstance(table, MutableMapping) or key not in table:
        raise refusal(f"there is no setting {name}", "chaja config lists them.")
    del table[key]
    _save(document, commands)


def _parts(name: str) -> tuple[list[str], str]:
    *tables, key = name.split(".")
    if not tables or not all((*tables, key)):
        raise refusal(f"{name} is no setting", "A setting is COMMAND.OPTION, as search.limit.")
    return tables, key


def _document() -> tomlkit.TOMLDocument:
    """Return the file as it is; an empty one if there is none. Raises UsageAdvice."""
    file = ConfigurationFile.at(user_file())  # whose errors name the line
    return tomlkit.parse(file.text) if file else tomlkit.document()


def _save(document: tomlkit.TOMLDocument, commands: Mapping[str, click.Command]) -> None:
    text = tomlkit.dumps(document)
    ConfigurationFile(user_file(), text).check(commands)
    write_privately(user_file(), text)


def _value(text: str) -> bool | int | str:
    """Return a value as TOML has it."""
    if text in ("true", "false"):
        return text == "true"
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else text
