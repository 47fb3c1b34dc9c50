"""The place that `chaja show` and `chaja similar` are asked for, `PATH:LINE`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..hit import Hit
    from ..places import Places


def at_place(place: str, places: Places, ask: Callable[[str, int | None], list[Hit]]) -> list[Hit]:
    """Ask for `PATH:LINE` by the possible names of the path, until the index knows one."""
    # Imported late, as all that loads the corpus package.
    from corpus.errors import LineMissing, QueryError

    from ..places import split_place

    path, line = split_place(place)
    refusal: QueryError | None = None
    for name in places.known(path):
        try:
            return ask(name, line)
        except LineMissing:
            raise
        except QueryError as error:
            refusal = refusal or error
    raise refusal or QueryError(f"the index has no file {path}")


def refuse_behind_end(name: str, line: int | None, found: Sequence[Hit], places: Places) -> None:
    """Raise LineMissing for a line that is in no passage `found` and behind the end of its file.

    `name` is what the user's path is called in the index. A file that cannot be read any more has
    no end to compare with.
    """
    if line is None or line <= max(hit.line + hit.text.count("\n") for hit in found):
        return
    last = _last_line(Path(places.full(name)), up_to=line)
    if last is not None and last < line:
        # Imported late, as all that loads the corpus package.
        from corpus.errors import LineMissing

        message = f"{name}: has no line {line:,}; its last line is {last:,}"
        raise LineMissing(message, hint="Lines are numbered from 1, as chaja search prints them.")


def _last_line(file: Path, *, up_to: int) -> int | None:
    """Return how many lines a file has, at most `up_to`; None where that cannot be told."""
    # Imported late: few ask for a line that is in no passage.
    from corpus.errors import CorpusError
    from corpus.readers.lines import Lines

    with suppress(OSError, CorpusError):
        if file.is_file():  # a pipe of that name would be waited for
            return sum(1 for _ in islice(Lines(file), up_to))
    return None
