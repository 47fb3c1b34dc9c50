"""The editors and viewers that open a file at its line or page, and how each is told which."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

from corpus.errors import NotOpened
from corpus.names import WITHIN
from corpus.readers import SUFFIXES
from index.value import NamedTuple

from ..results import Hit, path_inside
from .paths import PathMapper, has_url

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


def place_of(hit: Hit, line: int | None, paths: PathMapper) -> Place:
    """Return where a hit is on the disk.

    Raises NotOpened for what is inside a file, was given by a program as a URL, or is gone.
    """
    inside = paths.shown(path_inside(hit.path, hit.document, hit.unit))
    hint = f"Show its text with: chaja show '{inside}'"
    if WITHIN in inside.removeprefix(paths.shown(hit.path)):
        raise NotOpened(f"{inside}: a document inside a file has no file to open", hint=hint)
    file = paths.full(hit.path)
    # Of another path, an editor could take the beginning for an option or a command.
    if has_url(hit.path) or not os.path.isabs(file):
        raise NotOpened(f"{inside}: a document that a program gave has no file to open", hint=hint)
    if not os.path.isfile(file):
        hint = "Build the index again, so that it knows what is there now."
        raise NotOpened(f"{paths.shown(hit.path)}: the file is gone", hint=hint)
    return Place(file, hit.unit, line)


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
    # The desktop runs programs too, and an index of someone else could name one.
    if PurePath(place.file).suffix.lower() not in SUFFIXES:
        hint = "Open it yourself, if you trust it."
        raise NotOpened(f"{place.file}: is no document of a kind that Chaja reads", hint=hint)
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
