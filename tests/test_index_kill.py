"""A build that is killed, by a real signal, leaves the old index or the new one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from index_corpus import built, put, put_all, seen, seen_afresh, some_files, some_text
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

import index
from index.directory.location import FOLDER

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

KILLS = 14
QUERIES = ("river treaty", '"storm policy"')
ROOT = str(Path(index.__file__).parent.parent)
# Loads the engine once, and starts a build in a process of its own for each line it reads; only
# after a second line does it let go of that process, which until then can be killed.
SERVER = """
import os, sys
from pathlib import Path
from index.builder.build import build
for line in sys.stdin:
    child = os.fork()
    if not child:
        folder = Path(line.strip())
        build(folder / ".chaja", [folder])
        os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


class Server:
    """Starts builds, to be killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._commands, self._answers = process.stdin, process.stdout

    def build(self, folder: Path, *, killed_after: float) -> None:
        """Start a build, and kill it after so many seconds."""
        self._commands.write(f"{folder}\n")
        self._commands.flush()
        child = int(self._answers.readline())
        time.sleep(killed_after)
        os.kill(child, signal.SIGKILL)
        self._commands.write("killed\n")
        self._commands.flush()
        assert self._answers.readline() == "ended\n"


@pytest.fixture
def server() -> Iterator[Server]:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Server(process)
        process.kill()


def change(folder: Path, rng: random.Random, number: int) -> None:
    for name in rng.sample(sorted(folder.glob("*.md")), 6):
        put(folder, name.name, some_text(rng))
    sorted(folder.glob("*.md"))[0].unlink()
    put(folder, f"n{number}.md", some_text(rng))


@pytest.mark.usefixtures("no_waiting_for_the_disk")
def test_a_killed_build_leaves_the_old_index_or_the_new(tmp_path: Path, server: Server) -> None:
    rng = random.Random(11)
    put_all(tmp_path, some_files(rng, 25))
    started = time.perf_counter()
    built(tmp_path)
    longest = time.perf_counter() - started
    before = seen(tmp_path / FOLDER, QUERIES)
    for number in range(KILLS):
        change(tmp_path, rng, number)
        after = seen_afresh(tmp_path, queries=QUERIES)
        server.build(tmp_path, killed_after=rng.uniform(0, longest))
        found = seen(tmp_path / FOLDER, QUERIES)
        assert found in (before, after)
        if number % 3 == 0:
            built(tmp_path)
            found = seen(tmp_path / FOLDER, QUERIES)
            assert found == after
        before = found
    built(tmp_path)
    assert seen(tmp_path / FOLDER) == seen_afresh(tmp_path)
