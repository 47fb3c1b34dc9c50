"""What a process was asked to do."""

from __future__ import annotations

from typing import NamedTuple


class Invocation(NamedTuple):
    """The arguments of the process, and whether they are recorded if they are a search."""

    arguments: tuple[str, ...] = ()
    keeps_history: bool = False
