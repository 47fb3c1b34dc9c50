"""How long to wait before a request is sent again, and for how long in all."""

from __future__ import annotations

from collections.abc import Callable

READ_SECONDS = 30.0  # for how long a request that only reads is repeated
WRITE_SECONDS = 60.0
# As long as no node has answered, a wrong address is likelier than a cluster in trouble.
FIRST_SECONDS = 3.0
_SHORTEST, _LONGEST = 0.1, 5.0


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
