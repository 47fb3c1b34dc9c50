"""Which node of a cluster is asked next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

LEFT_SECONDS = 30.0  # how long a node that was lost is left alone


class Nodes:
    """The nodes in turn, without those that were lost lately; threads can share it."""

    def __init__(self, nodes: Sequence[str], *, first: int, clock: Callable[[], float]) -> None:
        self._nodes = nodes
        self._turns = count(first)
        self._clock = clock
        self._back: dict[str, float] = {}  # when a lost node is asked again

    def next(self) -> str:
        """Return the next node; if all were lost, the one that was lost first."""
        turn = next(self._turns)
        places = range(turn, turn + len(self._nodes))
        in_turn = [self._nodes[place % len(self._nodes)] for place in places]
        now = self._clock()
        return min(in_turn, key=lambda node: max(self._back.get(node, now), now))

    def lost(self, node: str) -> None:
        """Leave a node alone for a while."""
        self._back[node] = self._clock() + LEFT_SECONDS

    def answered(self, node: str) -> None:
        """Ask a node in turn again."""
        self._back.pop(node, None)
