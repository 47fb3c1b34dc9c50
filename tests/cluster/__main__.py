"""Try a cluster by hand: nodes of OpenSearch on this machine, without TLS, for this machine only.

    python -m tests.cluster start [--nodes 3] [--heap 256m]    prints the addresses
    python -m tests.cluster status
    python -m tests.cluster kill N                             at once, as a crash does
    python -m tests.cluster start-node N                       with the data it had
    python -m tests.cluster stop                               all, and removes their data

Nodes are numbered from 0. They run until they are stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .distribution import Distribution, NoDistribution, cache_folder, distribution
from .launch import NotStarted, Plan, launch, new_plan, wait_for

Pids = dict[int, int]  # by the number of the node


class NotDone(Exception):  # noqa: N818 - reads as the state it reports
    """What was asked for does not fit what runs."""


def main() -> int:
    """Do what the command line asks for; return its exit code."""
    options = _options()
    try:
        COMMANDS[options.command](options)
    except (NoDistribution, NotDone, NotStarted) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.cluster",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    start = commands.add_parser("start")
    start.add_argument("--nodes", type=int, default=3, choices=range(1, 10), metavar="N")
    start.add_argument("--heap", default="256m")
    for name in ("status", "stop"):
        commands.add_parser(name)
    for name in ("kill", "start-node"):
        commands.add_parser(name).add_argument("number", type=int, metavar="N")
    return parser.parse_args()


def _start(options: argparse.Namespace) -> None:
    if _state().exists():
        raise NotDone("a cluster runs already; end it with `python -m tests.cluster stop`")
    begun = time.monotonic()
    plan = new_plan(distribution(), nodes=options.nodes, heap=options.heap, quick=False)
    pids: Pids = {}
    for number in range(options.nodes):
        pids[number] = launch(plan, number).pid
        _keep(plan, pids)
    _wait(plan, pids)
    took = time.monotonic() - begun
    print(f"{options.nodes} nodes in {took:.0f} s", file=sys.stderr)
    print(",".join(plan.urls))


def _stop(options: argparse.Namespace) -> None:
    plan, pids = _kept()
    for number in pids:
        _end(plan, pids, number)
    shutil.rmtree(plan.folder, ignore_errors=True)  # the system may have emptied its folder
    _state().unlink()


def _status(options: argparse.Namespace) -> None:
    plan, pids = _kept()
    for number, url in enumerate(plan.urls):
        state = f"process {pids[number]}" if _runs(plan, pids, number) else "does not run"
        print(f"{number}  {url}  {state}")


def _kill(options: argparse.Namespace) -> None:
    plan, pids = _kept()
    _must_have(plan, options.number)
    if not _runs(plan, pids, options.number):
        raise NotDone(f"node {options.number} does not run")
    _end(plan, pids, options.number)


def _start_node(options: argparse.Namespace) -> None:
    plan, pids = _kept()
    _must_have(plan, options.number)
    if _runs(plan, pids, options.number):
        raise NotDone(f"node {options.number} runs already")
    pids[options.number] = launch(plan, options.number).pid
    _keep(plan, pids)
    _wait(plan, pids)


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "start": _start,
    "stop": _stop,
    "status": _status,
    "kill": _kill,
    "start-node": _start_node,
}


def _must_have(plan: Plan, number: int) -> None:
    if not 0 <= number < len(plan.ports):
        raise NotDone(f"there is no node {number}; they are 0 to {len(plan.ports) - 1}")


def _wait(plan: Plan, pids: Pids) -> None:
    running = [number for number in sorted(pids) if _runs(plan, pids, number)]
    wait_for(plan, running, alive=lambda number: _runs(plan, pids, number))


def _end(plan: Plan, pids: Pids, number: int) -> None:
    while _runs(plan, pids, number):
        os.kill(pids[number], signal.SIGKILL)
        time.sleep(0.05)


def _runs(plan: Plan, pids: Pids, number: int) -> bool:
    """Return whether the process of a node is there; its id may be another's by now."""
    command = ["ps", "-ww", "-o", "stat=,command=", "-p", str(pids[number])]
    said = subprocess.run(command, capture_output=True, text=True).stdout
    return str(plan.folder_of(number)) in said and not said.startswith("Z")


def _state() -> Path:
    return cache_folder() / "by-hand.json"


def _keep(plan: Plan, pids: Pids) -> None:
    kept = {"plan": asdict(plan), "pids": pids}
    _state().write_text(json.dumps(kept, default=str))


def _kept() -> tuple[Plan, Pids]:
    """Return the cluster that `start` has started."""
    try:
        kept: dict[str, Any] = json.loads(_state().read_text())
    except FileNotFoundError:
        raise NotDone("no cluster runs; start one: python -m tests.cluster start") from None
    plan = kept["plan"]
    of = plan["distribution"]
    found = Distribution(version=of["version"], home=Path(of["home"]), java=Path(of["java"]))
    plan |= {"distribution": found, "folder": Path(plan["folder"])}
    return Plan(**plan), {int(number): pid for number, pid in kept["pids"].items()}


if __name__ == "__main__":
    sys.exit(main())
