"""Runs Kiwi in a process of its own, for builds.

Kiwi's results become Python objects one by one, which would take the interpreter from the thread
that reads and tokenizes; in another process they use another core. Words and analyses are sent as
lines of JSON; the process ends at the end of its input.
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
from ..analysis.memory_limit import tightest_limit
from .worker import start_process

# A word that is only there to be analyzed.
_FIRST = ("가",)


class KoreanProcess(Korean):
    """Korean analysis in a child process, which starts with the first request at the latest."""

    def __init__(self, dictionary: Dictionary | None = None) -> None:
        super().__init__(dictionary)
        self._child: subprocess.Popen[str] | None = None
        self._closed = False

    def analyze(self, keys: Sequence[str]) -> list[Analysis]:
        """Return `Korean.analyze(keys)`, computed here if the child fails to start or gives up.

        Raises MemoryError if a signal ends the child.
        """
        return self.ask(keys)()

    def ask(self, keys: Sequence[str]) -> Callable[[], list[Analysis]]:
        """Send a request, on which the child works meanwhile; the result waits for the analyses."""
        with suppress(OSError, ValueError):
            self._send(keys)
        return partial(self._answer, self._child, keys)

    def start(self) -> None:
        """Start the child now, so that it has loaded Kiwi when the first request comes."""
        with suppress(OSError, ValueError):
            self._started()

    def close(self) -> None:
        """End the child; a thread that waits for it gets an error."""
        self._closed = True
        self._end()

    def _answer(self, child: subprocess.Popen[str] | None, keys: Sequence[str]) -> list[Analysis]:
        try:
            if child is None or child.stdout is None:
                raise ValueError("the process has ended")
            return [decoded(analysis) for analysis in json.loads(child.stdout.readline())]
        except (OSError, ValueError):
            if self._closed:  # the build was cancelled
                raise
            if child is self._child:
                self._end()
            if child is not None and child.returncode < 0:
                # Most likely there was no memory for it: there would be none here either.
                raise MemoryError(
                    "the process of the Korean analyzer was ended by signal "
                    f"{-child.returncode}, as happens when memory is short"
                ) from None
            return super().analyze(keys)

    def _end(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            child.kill()
            child.communicate()

    def _send(self, keys: Sequence[str]) -> None:
        """Send words to the child, after starting it if needed."""
        child = self._started()
        assert child.stdin is not None
        child.stdin.write(json.dumps(list(keys)) + "\n")
        child.stdin.flush()

    def _started(self) -> subprocess.Popen[str]:
        """Return the child, after starting it if needed."""
        if self._closed:
            raise ValueError("the process has ended")
        if self._child is None:
            child: subprocess.Popen[str] = start_process(serve, text=True, encoding="utf-8")
            assert child.stdin is not None
            entries = [(entry.word, entry.tag, entry.score) for entry in self._dictionary.entries]
            self._child = child
            child.stdin.write(json.dumps(entries) + "\n")
            child.stdin.flush()
        return self._child


def serve() -> None:
    """Answer each line of words on standard input with a line of analyses, until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    dictionary = Dictionary(tuple(Entry(*entry) for entry in json.loads(sys.stdin.readline())))
    # A thread takes address space, a hundred megabytes at worst.
    korean = Korean(dictionary, threads=tightest_limit() is None)
    korean.analyze(_FIRST)  # loads Kiwi, and what it makes for its first word
    lines: SimpleQueue[str] = SimpleQueue()
    # Reads ahead, so that the parent can send a request while a response is being written.
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    while line := lines.get():
        analyses = [encoded(analysis) for analysis in korean.analyze(json.loads(line))]
        sys.stdout.write(json.dumps(analyses) + "\n")
        sys.stdout.flush()


def _read(lines: SimpleQueue[str]) -> None:
    """Put the lines of standard input into a queue, and an empty one at the end."""
    for line in sys.stdin:
        lines.put(line)
    lines.put("")
