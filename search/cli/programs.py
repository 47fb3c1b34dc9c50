"""The editors and viewers that open a file at its line or page, and how each is told which."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from corpus.errors import NotOpened

# How editors are told a line, by name: the others only get the file.
_PLUS = ("+{line}", "{file}")
_COLON = ("{file}:{line}",)
_GOTO = ("--goto", "{file}:{line}")
_DASH = ("-l", "{line}", "{file}")
_JETBRAINS = ("--line", "{line}", "{file}")
_EDITORS: Mapping[tuple[str, ...], Sequence[str]] = {
    ("code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"): _GOTO,
    ("subl", "sublime_text", "zed", "zeditor", "hx", "helix", "lapce"): _COLON,
    ("kate", "kwrite", "mate"): _DASH,
    ("idea", "pycharm", "webstorm"): _JETBRAINS,
    ("vi", "vim", "nvim", "gvim", "view", "vimx", "ex", "nano", "pico", "micro"): _PLUS,
    ("emacs", "emacsclient", "jed", "joe", "mg", "ne", "kak", "gedit", "geany"): _PLUS,
}
_AT_LINE = {name: form for names, form in _EDITORS.items() for name in names}
# Viewers of PDF that can be told a page, the first that is installed is taken.
_PDF_VIEWERS: Mapping[str, Sequence[str]] = {
    "evince": ("--page-index={line}", "{file}"),
    "okular": ("-p", "{line}", "{file}"),
    "zathura": ("-P", "{line}", "{file}"),
    "atril": ("--page-index={line}", "{file}"),
    "xreader": ("--page-index={line}", "{file}"),
    "mupdf": ("{file}", "{line}"),
    "SumatraPDF": ("-page", "{line}", "{file}"),
}
# The program that opens a file in what the desktop has for it.
_DESKTOP = {"darwin": "open", "win32": "explorer"}.get(sys.platform, "xdg-open")
_NO_EDITOR = "no editor is set"
_SET_EDITOR = "Set one, as in: export EDITOR=nano"


class Place(NamedTuple):
    """A file, in full, and a `line` in it, None for its beginning; `unit` is what that counts."""

    file: str
    unit: str
    line: int | None


class Program(NamedTuple):
    """A command, without a shell; a terminal is its own while it `waits`."""

    command: tuple[str, ...]
    waits: bool


def program_for(place: Place, environment: Mapping[str, str]) -> Program:
    """Return the program that opens a place: the user's editor for lines, else a viewer.

    Raises NotOpened if there is none.
    """
    if place.unit == "line":
        return Program(_editor(place, environment), waits=True)
    return Program(_viewer(place, environment), waits=False)


def _editor(place: Place, environment: Mapping[str, str]) -> tuple[str, ...]:
    name = next((name for name in ("VISUAL", "EDITOR") if environment.get(name, "").strip()), None)
    if name is None:
        raise NotOpened(f"{place.file}: {_NO_EDITOR}", hint=_SET_EDITOR)
    try:
        words = shlex.split(environment[name])
    except ValueError as error:
        raise NotOpened(f"${name} is no command: {environment[name]}", hint=_SET_EDITOR) from error
    found = shutil.which(words[0], path=environment.get("PATH")) if words else None
    if found is None:
        message = f"the editor of ${name} is not installed: {environment[name]}"
        raise NotOpened(message, hint=_SET_EDITOR)
    form = _AT_LINE.get(PurePath(words[0]).stem)
    return (found, *words[1:], *_arguments(form, place))


def _viewer(place: Place, environment: Mapping[str, str]) -> tuple[str, ...]:
    viewers = _PDF_VIEWERS if place.unit == "page" else {}
    for name in (*viewers, _DESKTOP):
        found = shutil.which(name, path=environment.get("PATH"))
        if found:
            return (found, *_arguments(viewers.get(name), place))
    names = " or ".join((*list(viewers)[:3], _DESKTOP))
    raise NotOpened(f"{place.file}: no viewer was found", hint=f"Install {names}.")


def _arguments(form: Sequence[str] | None, place: Place) -> list[str]:
    if form is None or place.line is None:
        return [place.file]
    return [part.format(file=place.file, line=place.line) for part in form]


def run(program: Program) -> None:
    """Run a program: an editor to its end, a viewer beside this. Raises NotOpened if it fails."""
    name = Path(program.command[0]).name
    if program.waits:
        code = subprocess.run(program.command, check=False).returncode
        if code:
            raise NotOpened(f"{name} ended with exit code {code}")
        return
    subprocess.Popen(
        program.command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
