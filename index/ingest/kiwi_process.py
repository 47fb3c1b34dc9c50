"""Kiwi in a process of its own, for builds.

What Kiwi finds becomes Python objects one by one, which would take the interpreter from the thread
that reads and tokenises. In a process of its own it has the second core to itself. Words and
analyses travel as lines of JSON; the process ends when its input does.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from queue import SimpleQueue

from ..analysis.dictionary import Dictionary, Entry
from ..analysis.korean import Korean
from ..analysis.lexicon import Analysis, decoded, encoded
from .worker import started


class KoreanProcess(Korean):
    """Korean, analysed by a child process that starts with the first word asked for."""

    def __init__(self, dictionary: Dictionary | None = None) -> None:
        super().__init__(dictionary)
        self._child: subprocess.Popen[str] | None = None
        self._closed = False

    def analyze(self, keys: Sequence[str]) -> list[Analysis]:
        """Return what `Korean.analyze` does; here, if no process can be started or it has died."""
        return self.ask(keys)()

    def ask(self, keys: Sequence[str]) -> Callable[[], list[Analysis]]:
        """Put a question; the process begins with it while an earlier answer is looked at."""
        child: subprocess.Popen[str] | None = None
        with suppress(OSError, ValueError):
            child = self._asked(keys)
        return partial(self._answer, child, keys)

    def close(self) -> None:
        """End the process; who waits for its answer gets an error."""
        self._closed = True
        self._end()

    def _answer(self, child: subprocess.Popen[str] | None, keys: Sequence[str]) -> list[Analysis]:
        try:
            return self._heard(child)
        except (OSError, ValueError):
            if self._closed:  # the build was given up: nobody waits for an answer
                raise
            if child is self._child:
                self._end()
            return super().analyze(keys)

    def _end(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            child.kill()
            child.communicate()

    def _asked(self, keys: Sequence[str]) -> subprocess.Popen[str]:
        """Send words to the process, started if need be, and return it."""
        if self._closed:
            raise ValueError("the process has ended")
        if self._child is None:
            self._child = self._start()
        child = self._child
        assert child.stdin is not None
        child.stdin.write(json.dumps(list(keys)) + "\n")
        child.stdin.flush()
        return child

    def _heard(self, child: subprocess.Popen[str] | None) -> list[Analysis]:
        """Return the next answer of the process that was asked, if one was."""
        if child is None:
            raise ValueError("the process has ended" if self._closed else "it could not be started")
        assert child.stdout is not None
        return [decoded(analysis) for analysis in json.loads(child.stdout.readline())]

    def _start(self) -> subprocess.Popen[str]:
        child: subprocess.Popen[str] = started(serve, text=True, encoding="utf-8")
        assert child.stdin is not None
        entries = [(entry.word, entry.tag, entry.score) for entry in self._dictionary.entries]
        child.stdin.write(json.dumps(entries) + "\n")
        return child


def serve() -> None:
    """Answer lines of words on standard input with lines of analyses, until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    dictionary = Dictionary(tuple(Entry(*entry) for entry in json.loads(sys.stdin.readline())))
    korean = Korean(dictionary)
    lines: SimpleQueue[str] = SimpleQueue()
    # Read ahead: who asks may do so while an answer is still being written to them.
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    while line := lines.get():
        analyses = [encoded(analysis) for analysis in korean.analyze(json.loads(line))]
        sys.stdout.write(json.dumps(analyses) + "\n")
        sys.stdout.flush()


def _read(lines: SimpleQueue[str]) -> None:
    """Put the lines of standard input where they are taken from, and an empty one at its end."""
    for line in sys.stdin:
        lines.put(line)
    lines.put("")
