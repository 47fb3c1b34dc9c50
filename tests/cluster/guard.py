"""Ends the nodes of a process of tests that is gone, however it ended, and removes their folder.

This file is also a program, `guard.py FOLDER`: it reads the ids of processes, one a line, until its
standard input is closed or its parent is another than it was.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

SECONDS = 0.5  # between two looks at the parent


class Guard:
    """A process that ends others once this one is gone or `close` is called."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-I", __file__, str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, process_group=0)

    def watch(self, pid: int) -> None:
        """Have a process ended as well."""
        self._tell(str(pid))

    def forget(self, pid: int) -> None:
        """Leave a process alone, since its id may soon be another's."""
        self._tell(f"-{pid}")

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()

    def close(self) -> None:
        """End all processes watched, and return when the folder is gone."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def main(folder: str) -> None:
    """Keep the ids of processes until there is no one left to tell another."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    watched: set[int] = set()
    parent = os.getppid()
    rest = b""
    # A process that the tests have forked may keep the pipe open; the parent's end is told so too.
    while os.getppid() == parent:
        if select.select([0], [], [], SECONDS)[0]:
            if not (read := os.read(0, 4096)):
                break
            *lines, rest = (rest + read).split(b"\n")
            for number in map(int, lines):
                (watched.add if number > 0 else watched.discard)(abs(number))
    for pid in watched:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    # What a process that was killed still holds does not keep its files from being removed.
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
