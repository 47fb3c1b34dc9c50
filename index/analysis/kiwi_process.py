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
from collections.abc import Sequence

from .dictionary import Dictionary, Entry
from .korean import Korean
from .lexicon import Analysis, decoded, encoded

# The child finds this package where its parent did, whatever the parent was started as.
_START = "import sys; sys.path[:] = {path!r}; from {module} import serve; serve()"


class KoreanProcess(Korean):
    """Korean, analysed by a child process that starts with the first word asked for."""

    def __init__(self, dictionary: Dictionary | None = None) -> None:
        super().__init__(dictionary)
        self._child: subprocess.Popen[str] | None = None
        self._closed = False

    def analyse(self, keys: Sequence[str]) -> list[Analysis]:
        """Return what `Korean.analyse` does; here, if no process can be started or it has died."""
        try:
            return self._ask(keys)
        except (OSError, ValueError):
            if self._closed:  # the build was given up: nobody waits for an answer
                raise
            self._end()
            return super().analyse(keys)

    def close(self) -> None:
        """End the process; who waits for its answer gets an error."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        if self._child is not None:
            child, self._child = self._child, None
            child.kill()
            child.communicate()

    def _ask(self, keys: Sequence[str]) -> list[Analysis]:
        if self._closed:
            raise ValueError("the process was ended")
        if self._child is None:
            self._child = self._start()
        child = self._child
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(list(keys)) + "\n")
        child.stdin.flush()
        return [decoded(analysis) for analysis in json.loads(child.stdout.readline())]

    def _start(self) -> subprocess.Popen[str]:
        command = _START.format(path=sys.path, module=__name__)
        child = subprocess.Popen(
            [sys.executable, "-c", command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        assert child.stdin is not None
        entries = [(entry.word, entry.tag, entry.score) for entry in self._dictionary.entries]
        child.stdin.write(json.dumps(entries) + "\n")
        return child


def serve() -> None:
    """Answer lines of words on standard input with lines of analyses, until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    dictionary = Dictionary(tuple(Entry(*entry) for entry in json.loads(sys.stdin.readline())))
    korean = Korean(dictionary)
    for line in sys.stdin:
        analyses = [encoded(analysis) for analysis in korean.analyse(json.loads(line))]
        sys.stdout.write(json.dumps(analyses) + "\n")
        sys.stdout.flush()
