"""Formats what was got of files: a table by format and state, and the files that lack something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from corpus.document import State

from .table import table
from .terminal import printable
from .text import View

if TYPE_CHECKING:
    from index.health import FileHealth, Health, States

_NEXT_STEPS = {
    State.READ: "These were in another state before; there is nothing to do.",
    State.PART: "Correct what is named, and build again: with --ocr for scanned pages.",
    State.NO_TEXT: "Build with --ocr if it is scanned; else give it text, and build again.",
    State.GARBLED: "Build with --ocr, or export it again from the program that made it.",
    State.PROTECTED: "Save it without its password, and build again.",
    State.DAMAGED: "Open it in its own program, save it again, and build again.",
    State.TOO_LARGE: "Split it, or build with a larger --max-file-size or --max-read-memory.",
    State.UNKNOWN: "Save it in a format that Chaja reads (docs/formats.md).",
    State.UNREAD: "Mend the reason, and build again; the next build tries it as well.",
}


def state_table(states: States) -> Iterator[str]:
    """Yield a table of the files of each format, with a column for each state that any has."""
    shown = [state for state in State if any(state in counts for counts in states.values())]
    rows = [
        (printable(suffix) or "(no suffix)", *(f"{counts.get(state, 0):,}" for state in shown))
        for suffix, counts in sorted(states.items())
    ]
    yield from table([("format", *shown), *rows], right=range(1, len(shown) + 1))


def has_missing(states: States) -> bool:
    """Return whether anything is missing of any file."""
    return any(state is not State.READ for counts in states.values() for state in counts)


def health_lines(health: Health, view: View) -> Iterator[str]:
    """Yield the table, then the files that lack something, by state, with the next step."""
    yield from state_table(health.states)
    for state, files in groupby(health.files, key=attrgetter("state")):
        yield ""
        yield f"{state}: {_NEXT_STEPS[state]}"
        for file in files:
            yield from _file_lines(file, view)


def _file_lines(file: FileHealth, view: View) -> Iterator[str]:
    """Yield the problems of a file, and its state before."""
    path = view.shown(file.path)
    for problem in file.problems:
        line = f":{problem.line}" if problem.line else ""
        yield "  " + printable(f"{path}{line}: {problem.reason}")
    if file.earlier:
        yield "  " + printable(f"{path}: its state before: {file.earlier}")


def health_object(health: Health) -> Mapping[str, object]:
    """Return the counts and the files as JSON has them."""
    return {
        "directory": health.directory,
        "states": {suffix: dict(counts) for suffix, counts in health.states.items()},
        "files": [
            {
                "path": file.path,
                "state": file.state,
                "earlier": file.earlier,
                "next_step": _NEXT_STEPS[file.state],
                "problems": [
                    {"line": problem.line, "reason": problem.reason} for problem in file.problems
                ],
            }
            for file in health.files
        ],
    }
