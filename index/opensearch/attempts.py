"""Which node of a cluster is asked next, how long after a failure, and for how long in all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

READ_SECONDS = 30.0  # for how long a request that only reads is repeated
WRITE_SECONDS = 60.0
# As long as no node has answered, a wrong address is likelier than a cluster in trouble.
FIRST_SECONDS = 3.0
_SHORTEST, _LONGEST = 0.1, 5.0
LEFT_SECONDS = 30.0  # how long a node that was lost is left alone


class Backoff:
    """Waits of seconds that double, each cut by chance so that clients do not come back at once."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        chance: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self.restart()

    def restart(self) -> None:
        """Begin again, after something was achieved."""
        self._begin = self._clock()
        self._wait = _SHORTEST

    def wait(self, most: float) -> bool:
        """Wait, or return False at once if more than `most` seconds in all would pass."""
        seconds = self._wait * (0.5 + self._chance() / 2)
        if self._clock() + seconds > self._begin + most:
            return False
        self._sleep(seconds)
        self._wait = min(2 * self._wait, _LONGEST)
        return True


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
