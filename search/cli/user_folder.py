"""Where the user's own files are: configuration, history and saved searches."""

from __future__ import annotations

import os
from pathlib import Path

import click

_VARIABLE = "CHAJA_CONFIG"
_FILE = "config.toml"


def user_folder() -> Path:
    """Return the folder of the user's own files, which need not exist."""
    return user_file().parent


def user_file() -> Path:
    """Return the path of the configuration file, which need not exist."""
    named = os.environ.get(_VARIABLE)
    return Path(named).expanduser() if named else Path(click.get_app_dir("chaja"), _FILE)


def write_privately(path: Path, text: str) -> None:
    """Replace a file, which only the user may read; what it was stays until the new one is whole.

    A link stays, and its file is replaced. Raises OSError.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
