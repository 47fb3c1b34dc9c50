"""Measure the local page with one client and with many, in about three minutes.

python -m tests.benchmarks.web [--eval DIR] [--set NAME] [--clients N] [--seconds N]

Clients ask as the page does, with facets, on connections that stay open. Patient ones ask once a
second, beginning at any time of it; hasty ones ask again at once. The latter run in turn, one
client and many, since other programs disturb a measurement of seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from tests.quality.sets import EvaluationSet, evaluation_folder, skip

from .figures import spread
from .process import chaja

_TURNS = 5
_TURN = 6.0  # seconds
_SETTLED = 3.0  # seconds in which Kiwi is loaded


@dataclass(slots=True)
class Load:
    """What clients met: the seconds of each answer, and the failures."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        """The 95th percentile of the seconds."""
        return statistics.quantiles(self.seconds, n=20, method="inclusive")[-1]


@dataclass(frozen=True, slots=True)
class Clients:
    """Clients of one server, which ask the queries at random."""

    address: str
    queries: Sequence[str]

    async def patient(self, number: int, seconds: float) -> Load:
        """Return what so many clients met that ask once a second."""

        async def client(chance: random.Random) -> None:
            begin = time.perf_counter() + chance.random()
            async with Connection(self.address) as connection:
                for turn in range(int(seconds)):
                    await asyncio.sleep(max(0.0, begin + turn - time.perf_counter()))
                    await connection.ask(chance.choice(self.queries), load)

        load = Load()
        await asyncio.gather(*(client(random.Random(seed)) for seed in range(number)))
        return load

    async def hasty(self, number: int, seconds: float) -> Load:
        """Return what so many clients met that ask without a pause."""

        async def client(chance: random.Random) -> None:
            async with Connection(self.address) as connection:
                while time.perf_counter() < end:
                    await connection.ask(chance.choice(self.queries), load)

        load = Load()
        end = time.perf_counter() + seconds
        await asyncio.gather(*(client(random.Random(seed)) for seed in range(number)))
        return load


class Connection:
    """A connection to the server that stays open."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = parts.hostname, parts.port
        (key,) = parse_qs(parts.query)["key"]
        self._head = f"Host: {parts.netloc}\r\nX-Chaja-Key: {key}\r\n\r\n"

    async def __aenter__(self) -> Connection:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def ask(self, query: str, load: Load) -> None:
        """Search, and note the time."""
        path = f"/api/v1/search?facets=1&limit=20&q={quote(query)}"
        start = time.perf_counter()
        self._writer.write(f"GET {path} HTTP/1.1\r\n{self._head}".encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        size = next(line for line in head.splitlines() if line.startswith("content-length:"))
        await self._reader.readexactly(int(size.partition(":")[2]))
        load.seconds.append(time.perf_counter() - start)
        if " 200 " not in head.splitlines()[0]:
            load.failures.append(head.splitlines()[0])


@contextmanager
def served(index: Path) -> Iterator[str]:
    """Run `chaja serve`, and give its address."""
    command = [*chaja(), "serve", "--no-open", "--index", str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


async def measure(clients: Clients, number: int, seconds: float) -> Iterator[str]:
    """Return the lines of the report."""
    await asyncio.sleep(_SETTLED)
    await clients.hasty(1, _TURN)  # the caches are filled, as they are after some minutes
    one = await clients.patient(1, seconds)
    many = await clients.patient(number, seconds)
    rates: list[tuple[float, float]] = []
    failures = [*one.failures, *many.failures]
    for _ in range(_TURNS):
        pair = [await clients.hasty(count, _TURN) for count in (1, number)]
        rates.append((len(pair[0].seconds) / _TURN, len(pair[1].seconds) / _TURN))
        failures += [*pair[0].failures, *pair[1].failures]
    ratios = [together / alone for alone, together in rates]
    return iter(
        (
            f"once a second: p95 of 1 client {1000 * one.slowest:.1f} ms "
            f"({len(one.seconds)} requests), of {number} {1000 * many.slowest:.1f} ms "
            f"({len(many.seconds)}), {many.slowest / one.slowest:.2f} times that of one",
            f"without a pause: {spread([alone for alone, _ in rates])} requests a second of "
            f"1 client, {spread([together for _, together in rates])} of {number}, "
            f"{spread(ratios)} times as many",
            f"failures: {len(failures)} {failures[:3]}",
        )
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the figures and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.web")
    parser.add_argument("--eval", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--set", default="korquad-ko", metavar="NAME")
    parser.add_argument("--clients", type=int, default=20, metavar="N")
    parser.add_argument("--seconds", type=float, default=60, metavar="N")
    options = parser.parse_args(arguments)
    chosen = EvaluationSet(evaluation_folder(options.eval) / options.set)
    if not chosen.folder.is_dir():
        skip("the load of the page", chosen.folder)
        return 0
    lines = chosen.queries.read_text(encoding="utf-8").splitlines()
    queries = [line.partition("\t")[2] for line in lines]
    with (
        tempfile.TemporaryDirectory(prefix="chaja-benchmarks-") as temporary,
        served(chosen.index(Path(temporary))) as address,
    ):
        clients = Clients(address, queries)
        for line in asyncio.run(measure(clients, options.clients, options.seconds)):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
