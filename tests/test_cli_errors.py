"""What the command line says and how it ends when things go wrong."""

from __future__ import annotations

import errno
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import fake_engine
import pytest
from command_line import RUN_FAKE, Run, clean_environment, process
from command_line import folder as folder
from command_line import run as run
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import QueryError
from search.cli.failures import failure_lines
from search.cli.main import main

PERMISSIONS = (
    "Check the permissions of the file and of its folder, or use another place "
    "(for an index: --index DIR)."
)
OTHER_STEP = "Try again; if it fails again, check the disk and the limits that `ulimit -a` shows."
MORE_MEMORY = "  Free some memory, or raise its limit with ulimit, and try again."


@pytest.mark.parametrize(
    ("error", "lines"),
    [
        (QueryError("bad\nfield", hint="use x"), ["chaja: bad field", "  use x"]),
        (
            OSError(errno.ENOSPC, "full", "/data/x"),
            [
                "chaja: the disk is full: /data/x",
                "  Free some space on the disk mounted at / and try again.",
            ],
        ),
        (
            PermissionError(errno.EACCES, "no", "/data/x"),
            ["chaja: permission denied: /data/x", f"  {PERMISSIONS}"],
        ),
        (
            OSError(errno.EIO, "no"),
            [
                "chaja: the disk reports an error",
                "  Check the disk, and then the index, with: chaja verify",
            ],
        ),
        (OSError("unplugged"), ["chaja: unplugged", f"  {OTHER_STEP}"]),
        (OSError(errno.EINVAL, "no"), ["chaja: invalid argument", f"  {OTHER_STEP}"]),
        (
            ImportError("libx.so: cannot open shared object file: Too many open files"),
            [
                "chaja: too many open files",
                "  Raise the limit that `ulimit -n` shows, as in: ulimit -n 1024",
            ],
        ),
        (MemoryError(), ["chaja: there is not enough memory", MORE_MEMORY]),
        (MemoryError("Kiwi needs 9 MB"), ["chaja: Kiwi needs 9 MB", MORE_MEMORY]),
        (OSError(errno.ENOMEM, "no"), ["chaja: there is not enough memory", MORE_MEMORY]),
        (
            RuntimeError("can't start new thread"),
            ["chaja: there is not enough memory", MORE_MEMORY],
        ),
        (
            ImportError("x.so: failed to map segment from shared object"),
            ["chaja: there is not enough memory", MORE_MEMORY],
        ),
        (click.ClickException("odd"), ["chaja: odd"]),
        (
            ZeroDivisionError("by zero"),
            [
                "chaja: this is a bug in Chaja (ZeroDivisionError: by zero); "
                "please report it with the output of the same command with --debug",
                "  as in: chaja --debug search WORDS",
            ],
        ),
        (
            AssertionError(),
            [
                "chaja: this is a bug in Chaja (AssertionError); "
                "please report it with the output of the same command with --debug",
                "  as in: chaja --debug search WORDS",
            ],
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_is_a_sentence_and_exit_code_2(
    run: Run, error: Exception, lines: list[str]
) -> None:
    fake_engine.FAILURES["search"] = error
    code, out, err = run("search", "x")
    assert (code, out) == (2, "")
    assert err.splitlines() == lines


@given(code=st.sampled_from(sorted(errno.errorcode)), name=st.sampled_from([None, "x", b"/x", 3]))
def test_every_error_of_the_system_has_a_sentence_and_a_next_step(code: int, name: object) -> None:
    sentence, step = failure_lines(OSError(code, "no", name))
    assert re.fullmatch(r"chaja: \S.*", sentence)
    assert re.fullmatch(r"  [A-Z][^{}]+", step)
    assert sentence.endswith((": x", ": /x")) == (name in ("x", b"/x"))


@pytest.mark.parametrize("options", [["--debug"], []])
@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), QueryError("bad")])
def test_the_traceback_is_there_for_who_asks(
    run: Run, monkeypatch: pytest.MonkeyPatch, options: list[str], error: Exception
) -> None:
    if not options:
        monkeypatch.setenv("CHAJA_DEBUG", "1")
    fake_engine.FAILURES["search"] = error
    code, out, err = run(*options, "search", "x")
    assert (code, out) == (2, "")
    assert err.startswith("Traceback")
    assert "\nchaja: " in err


def test_what_is_no_error_has_no_traceback(run: Run) -> None:
    assert run("--debug", "search", "nothing")[0] == 1
    assert "Traceback" not in run("--debug", "search", "--help")[2]
    fake_engine.FAILURES["search"] = BrokenPipeError()
    assert run("--debug", "search", "x") == (0, "", "")


def test_a_usage_error_outside_a_command_points_to_the_help(run: Run) -> None:
    code, _, err = run("--frobnicate")
    assert code == 2
    assert err.splitlines()[1] == "  See: chaja --help"


@pytest.mark.parametrize("number", ["99999999999999999999", "9223372036854775807", "-1", "nan"])
@pytest.mark.parametrize(
    "command",
    [
        ("search", "외교", "-n"),
        ("search", "외교", "--offset"),
        ("search", "외교", "-d"),
        ("phrase", "외교", "--slop"),
        ("explain", "외교", "-n"),
        ("complete", "외", "-n"),
        ("show", "a.txt", "-C"),
    ],
)
def test_a_number_out_of_range_is_a_usage_error(
    run: Run, command: tuple[str, ...], number: str
) -> None:
    code, out, err = run(*command, number)

    assert (code, out) == (2, "")
    assert command[-1] in err
    assert number in err


@pytest.mark.parametrize("seconds", ["nan", "-1"])
def test_a_time_to_wait_that_is_no_time_is_a_usage_error(run: Run, seconds: str) -> None:
    code, _, err = run("build", "--wait", seconds, ".")

    assert code == 2
    assert "--wait" in err or seconds in err


def test_an_interrupt_ends_with_130(run: Run) -> None:
    fake_engine.FAILURES["search"] = KeyboardInterrupt()
    assert run("search", "x") == (130, "", "chaja: stopped\n")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    searching = subprocess.Popen(
        [sys.executable, "-c", RUN_FAKE, "search", "x", "-n", "20000"],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert searching.stdout is not None
    assert searching.stderr is not None
    with searching.stdout as stdout, searching.stderr as stderr:
        assert stdout.readline().startswith(b"1.  ")
        stdout.close()
        assert stderr.read() == b""
    assert searching.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_an_error() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", RUN_FAKE, "search", "x"],
            env=clean_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"chaja: the disk is full: standard output")
    assert done.stderr.count(b"\n") == 2


def test_output_is_utf_8_whatever_the_locale() -> None:
    done = process("search", "x", LC_ALL="C", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "도서관" in done.stdout.decode("utf-8")


class ClosedPipe(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "closed", text)


class FullDisk(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "full")


def test_a_closed_pipe_ends_a_command_with_0(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", ClosedPipe())
    assert main(["search", "x"]) == 0
    assert capfd.readouterr().err == ""


def test_a_full_disk_shows_when_output_is_flushed(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", FullDisk())
    assert main(["search", "x"]) == 2
    assert capfd.readouterr().err.startswith("chaja: the disk is full: standard output\n")


def test_what_is_told_on_standard_error_holds_no_control_characters(run: Run) -> None:
    assert "\x1b" not in run("search", "nothing\x1b[2J")[2]
    fake_engine.FAILURES["search"] = QueryError("odd \x1b[2J")
    assert "\x1b" not in run("search", "x")[2]


def test_a_name_that_no_utf_8_can_hold_is_an_escape() -> None:
    name = os.fsdecode(b"\xff.txt")
    program = f"from search.cli.main import _use_utf8; _use_utf8(); print({name!a})"
    assert process(program=program).stdout.decode() == "\\udcff.txt\n"
