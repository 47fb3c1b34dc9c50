"""A cluster of OpenSearch nodes on this machine, for as long as a test needs it."""

from __future__ import annotations

import subprocess
from itertools import count
from types import TracebackType
from typing import Any, Self

from index.opensearch.address import ClusterAddress

from .distribution import Distribution, distribution
from .guard import Guard
from .launch import Plan, launch, new_plan, wait_for


class Cluster:
    """Nodes that are one cluster, as a context; they end with this process in any case.

    A node's number is its place in `urls`. `distribution` is that of the plain version by default;
    `quick` is for all tests but those that measure time.
    """

    def __init__(
        self,
        *,
        nodes: int = 1,
        heap: str = "256m",
        quick: bool = True,
        distribution: Distribution | None = None,
    ) -> None:
        self._size, self._heap, self._quick = nodes, heap, quick
        self._distribution = distribution
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._numbers = count(1)

    def __enter__(self) -> Self:
        chosen = self._distribution or distribution()
        plan = new_plan(chosen, nodes=self._size, heap=self._heap, quick=self._quick)
        self._guard = Guard(plan.folder)
        try:
            self.plan = self._planned(plan)
            self._launch(*range(self._size))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _planned(self, plan: Plan) -> Plan:
        """Return the plan with what a kind of cluster adds to it."""
        return plan

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of all nodes, whether they run or not."""
        return self.plan.urls

    def new_address(self, name: str) -> ClusterAddress:
        """Return the address of an index that no other has, and whose name begins so."""
        return ClusterAddress(self.urls, f"{name}-{next(self._numbers):03}")

    @property
    def pids(self) -> dict[int, int]:
        """The ids of the processes that were started and not ended, by the number of the node."""
        return {number: process.pid for number, process in self._processes.items()}

    def ask(self, path: str, *, node: int = 0, **options: Any) -> Any:  # noqa: ANN401 - JSON
        """Return the answer of a node; options and errors are those of `rest.ask`."""
        return self.plan.ask(node, path, **options)

    def kill(self, number: int) -> None:
        """End a node at once, with SIGKILL; the others find out by themselves."""
        process = self._processes.pop(number)
        process.kill()
        self._guard.forget(process.pid)
        process.wait()

    def start(self, number: int) -> None:
        """Start a node that was killed, and wait until all that run are one cluster."""
        self._launch(number)

    def stop(self) -> None:
        """End all nodes, and remove what they have written."""
        for number in tuple(self._processes):
            self.kill(number)
        self._guard.close()

    def _launch(self, *numbers: int) -> None:
        for number in numbers:
            self._processes[number] = launch(self.plan, number)
            self._guard.watch(self._processes[number].pid)
        wait_for(self.plan, sorted(self._processes), alive=self._is_alive)

    def _is_alive(self, number: int) -> bool:
        return self._processes[number].poll() is None
