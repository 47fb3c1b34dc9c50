"""A file that takes too long, or too much memory, is a problem, and costs no other file."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from pdf_writer import pdf

from corpus.document import State
from index.builder.build import build
from index.builder.read_limits import ReadLimits
from index.directory.location import FOLDER

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this system has no such limits"
)


def test_a_document_beyond_the_limits_costs_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf([["the river is wide"]]))
    (tmp_path / "b.txt").write_text("the harbour", encoding="utf-8")
    slow = build(tmp_path / FOLDER, [tmp_path], read_limits=ReadLimits(seconds=0.001))
    (problem,) = slow.problems
    assert problem.reason == "takes longer than 0.001 seconds to read (--max-read-time)"
    assert (slow.documents, slow.unreadable, slow.postponed) == (1, 1, 1)
    large = build(tmp_path / FOLDER, read_limits=ReadLimits(memory=1))
    (problem,) = large.problems
    assert (problem.path, problem.state) == ("a.pdf", State.TOO_LARGE)
    assert build(tmp_path / FOLDER).documents == 2


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, as its limits would end this one."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_process_that_takes_too_long_is_ended_and_the_reason_told() -> None:
    ended = run(
        """
        import ctypes, sys
        from index.builder.read_limits import ReadLimits

        def slow():
            yield 1
            ctypes.CDLL(None).usleep(20_000_000)  # native code
            yield 2

        for item in ReadLimits(seconds=0.2).items(slow()):
            print(item, flush=True)
        """
    )
    assert (ended.stdout, ended.returncode) == ("1\n", -signal.SIGALRM)
    reason = ReadLimits(seconds=0.2).reason(ended.returncode)
    assert reason == "takes longer than 0.2 seconds to read (--max-read-time)"


def test_what_is_done_between_two_documents_is_not_limited() -> None:
    ended = run(
        """
        import time
        from index.builder.read_limits import ReadLimits

        for item in ReadLimits(seconds=0.2, memory=50_000_000).items([1, 2]):
            time.sleep(0.3)
            held = bytearray(200_000_000)
        """
    )
    assert (ended.stderr, ended.returncode) == ("", 0)


def test_memory_beyond_the_limit_is_refused() -> None:
    ended = run(
        """
        from index.builder.read_limits import ReadLimits

        def large():
            yield len(bytearray(20_000_000))
            yield len(bytearray(200_000_000))

        try:
            for size in ReadLimits(memory=50_000_000).items(large()):
                print(size)
        except MemoryError:
            print("refused")
        """
    )
    assert ended.stdout == "20000000\nrefused\n"
