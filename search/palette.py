"""The colours of the command line, and when they are used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, NamedTuple


class Palette(NamedTuple):
    """Escape sequences that start each kind of text, and the one that ends them all."""

    title: str = ""
    place: str = ""
    faint: str = ""
    match: str = ""
    end: str = ""

    def paint(self, text: str, start: str) -> str:
        """Return the text between `start`, one of this palette, and the end."""
        return f"{start}{text}{self.end}" if start and text else text


PLAIN = Palette()
COLOURED = Palette(
    title="\x1b[1m", place="\x1b[36m", faint="\x1b[2m", match="\x1b[1;31m", end="\x1b[0m"
)


def palette(choice: str, stream: IO[str], environment: Mapping[str, str]) -> Palette:
    """Return the colours for a stream: `choice` is "auto", "always" or "never".

    "auto" colours a terminal, unless NO_COLOR is set to anything or TERM is "dumb".
    """
    if choice == "auto":
        refused = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
        choice = "always" if stream.isatty() and not refused else "never"
    return COLOURED if choice == "always" else PLAIN
