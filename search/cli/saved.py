"""The saved searches of a user: a name for the arguments of a command."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .configuration import refusal
from .user_folder import user_folder, write_privately

FILE = "saved.json"
VERSION = 1

Saved = Mapping[str, tuple[str, ...]]


def path() -> Path:
    """Return the path of the saved searches, which need not exist."""
    return user_folder() / FILE


def saved_searches() -> Saved:
    """Return the arguments of each saved search by its name, sorted.

    Raises UsageAdvice for a file that is damaged or of another version.
    """
    try:
        found: Any = json.loads(path().read_bytes())
        version, searches = found["version"], found["searches"]
        if version == VERSION:
            read = {name: _arguments(searches[name]) for name in sorted(searches)}
            return {name: arguments for name, arguments in read.items() if arguments}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError) as error:
        hint = "Mend the file, or move it away and save the searches again."
        raise refusal(f"{path()}: is damaged ({error})", hint) from error
    hint = "Use the Chaja that saved them, or move the file away and save the searches again."
    raise refusal(f"{path()}: is of version {version}; this Chaja reads {VERSION}", hint)


def _arguments(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):  # the letters of a string would be arguments too
        raise TypeError(f"{value!r} is no list of arguments")
    return tuple(map(str, value))


def save(name: str, arguments: Sequence[str]) -> None:
    """Save a search; one of that name is replaced. Raises UsageAdvice and OSError."""
    _write({**saved_searches(), name: tuple(arguments)})


def forget(name: str) -> None:
    """Delete a saved search. Raises UsageAdvice if there is none, and OSError."""
    searches = dict(saved_searches())
    searches.pop(known(name, searches))
    _write(searches)


def known(name: str, searches: Saved) -> str:
    """Return a name that has been saved; raises UsageAdvice for another."""
    if name not in searches:
        raise refusal(f"there is no saved search {name}", "chaja saved list shows them.")
    return name


def _write(searches: Saved) -> None:
    content = {"version": VERSION, "searches": searches}
    write_privately(path(), json.dumps(content, ensure_ascii=False, indent=1) + "\n")
