"""Starts the process of a node as its plan has it, and waits until nodes are one cluster."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .distribution import Distribution
from .rest import Account, Refused, ask

HOST = "127.0.0.1"
NOBODY = 65534  # OpenSearch refuses to run as root
# Below the ports that Linux and macOS give to connections, so that none takes one meanwhile.
PORTS = range(20_000, 32_000)
SETTINGS = {
    "cluster.name": "chaja-tests",
    "network.host": HOST,
    "node.processors": "2",
    "action.auto_create_index": "false",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    # Garbage that is not collected yet counts as used memory otherwise: a small heap is soon full.
    "indices.breaker.total.use_real_memory": "false",
}
OPTIONS = (
    "-XX:+UseSerialGC",
    "-Dfile.encoding=UTF-8",
    # What the security manager denies to Log4j and to Netty.
    "-Dlog4j.shutdownHookEnabled=false",
    "-Dlog4j2.disable.jmx=true",
    "-Dio.netty.noUnsafe=true",
    "-Dio.netty.noKeySetOptimization=true",
    "-Dio.netty.allocator.numDirectArenas=0",  # large blocks of memory for each thread
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
    "org.opensearch.secure_sm.SecuredForkJoinWorkerThreadFactory",
)
# Only the first of Java's compilers: half the processor time to start, less speed later on.
QUICK = "-XX:TieredStopAtLevel=1"
LOGGING = """\
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{HH:mm:ss,SSS} %p %c{1.} %m%n
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
"""


class NotStarted(Exception):  # noqa: N818 - reads as the state it reports
    """Nodes ended, or did not become a cluster in time."""


@dataclass(frozen=True)
class Plan:
    """What the nodes of a cluster are started with; a node's number is from 0."""

    distribution: Distribution
    folder: Path  # of everything that the nodes write
    heap: str
    ports: tuple[int, ...]  # of HTTP
    transport: tuple[int, ...]
    quick: bool  # started quickly, not for measuring time
    settings: Mapping[str, str] = field(default_factory=dict)
    config: Path | None = None  # a folder of files for the configuration folder of each node
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None  # which may ask for the health of the cluster

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of all nodes, in the order of their numbers."""
        scheme = "https" if self.account else "http"
        return tuple(f"{scheme}://{HOST}:{port}" for port in self.ports)

    def folder_of(self, number: int) -> Path:
        """Return the folder of a node."""
        return self.folder / f"node-{number}"

    def ask(self, number: int, path: str, **options: Any) -> Any:  # noqa: ANN401 - see rest.ask
        """Return the answer of a node to a request."""
        return ask(self.urls[number], path, account=self.account, **options)


def new_plan(distribution: Distribution, *, nodes: int, heap: str, quick: bool) -> Plan:
    """Return a plan with free ports and a new folder, which the caller removes."""
    ports = _free_ports(2 * nodes)
    folder = Path(tempfile.mkdtemp(prefix="chaja-cluster-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        distribution = _readable(distribution, folder / "opensearch")
    return Plan(
        distribution=distribution,
        folder=folder,
        heap=heap,
        ports=ports[:nodes],
        transport=ports[nodes:],
        quick=quick,
    )


def _readable(distribution: Distribution, home: Path) -> Distribution:
    """Return the distribution in a place that is not closed to others, as root's home folder is."""
    shutil.copytree(distribution.home, home, copy_function=_link)
    return replace(distribution, home=home)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another device
        shutil.copy2(source, target)


def _free_ports(count: int) -> tuple[int, ...]:
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as tried:
            if tried.connect_ex((HOST, port)):
                found.append(port)
        if len(found) == count:
            break
    return tuple(found)


def launch(plan: Plan, number: int) -> subprocess.Popen[bytes]:
    """Start the process of a node, on the data that it has from before, if any."""
    folder = plan.folder_of(number)
    for name in ("config", "data", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if plan.config:
        shutil.copytree(plan.config, folder / "config", dirs_exist_ok=True)
    (folder / "config" / "log4j2.properties").write_text(LOGGING)
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            _command(plan, number),
            cwd=folder,
            env={"PATH": os.environ["PATH"], **plan.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0,  # an interrupt from the keyboard is for the tests, which end nodes
            **user,
        )


def _command(plan: Plan, number: int) -> list[str]:
    folder, home, agent = plan.folder_of(number), plan.distribution.home, plan.distribution.agent
    settings = {**SETTINGS, **plan.settings, **_settings_of(plan, number)}
    return [
        str(plan.distribution.java),
        f"-Xms{plan.heap}",
        f"-Xmx{plan.heap}",
        *OPTIONS,
        *([QUICK] if plan.quick else []),
        f"-javaagent:{agent}" if agent else "-Djava.security.manager=allow",
        f"-Djava.io.tmpdir={folder / 'tmp'}",
        f"-Djna.tmpdir={folder / 'tmp'}",
        f"-Dopensearch.path.home={home}",
        f"-Dopensearch.path.conf={folder / 'config'}",
        *("-cp", f"{home}/lib/*", "org.opensearch.bootstrap.OpenSearch"),
        *(f"-E{name}={value}" for name, value in settings.items()),
    ]


def _settings_of(plan: Plan, number: int) -> dict[str, str]:
    numbers = range(len(plan.ports))
    return {
        "node.name": f"node-{number}",
        "path.data": str(plan.folder_of(number) / "data"),
        "path.logs": str(plan.folder_of(number)),
        "http.port": str(plan.ports[number]),
        "transport.port": str(plan.transport[number]),
        "discovery.seed_hosts": ",".join(f"{HOST}:{port}" for port in plan.transport),
        "cluster.initial_cluster_manager_nodes": ",".join(f"node-{each}" for each in numbers),
    }


def wait_for(
    plan: Plan, numbers: list[int], *, alive: Callable[[int], bool], seconds: float = 300
) -> None:
    """Wait until each of some nodes says that the cluster is of just these.

    Raises NotStarted, with the end of a node's log, if one is not alive, or after `seconds`.
    """
    end = time.monotonic() + seconds
    for number in numbers:
        while not _says(plan, number, nodes=len(numbers)):
            if not alive(number):
                raise NotStarted(f"node {number} ended: {log_of(plan, number)}")
            if time.monotonic() > end:
                told = f"no cluster of {len(numbers)} nodes after {seconds:.0f} s"
                raise NotStarted(f"{told}, says node {number}: {log_of(plan, number)}")
            time.sleep(0.1)


def _says(plan: Plan, number: int, *, nodes: int) -> bool:
    try:
        health = plan.ask(number, f"/_cluster/health?wait_for_nodes={nodes}&timeout=1s")
    except (OSError, Refused, ValueError):
        return False
    return bool(health["number_of_nodes"] == nodes)


def log_of(plan: Plan, number: int) -> str:
    """Return the last lines of what a node said."""
    return (plan.folder_of(number) / "log").read_text(errors="replace")[-3000:]
