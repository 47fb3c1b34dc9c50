"""Runs a command as a user would, and measures its time and memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

REPOSITORY = Path(__file__).resolve().parents[2]
PEER = [sys.executable, str(Path(__file__).with_name("peer.py"))]
ENGINE = [sys.executable, "-m", "tests.benchmarks.engine"]
# The peak is in kibibytes on Linux, in bytes on macOS.
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024


# Installed packages are compiled; so is the code that runs from the repository.
_COMPILED = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "chaja-benchmarks-compiled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One process from start to end: wall and CPU seconds, peak of resident memory, output."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


def chaja() -> list[str]:
    """Return the installed command, or its equivalent if it is not installed."""
    script = Path(sys.executable).with_name("chaja")
    if script.exists():
        return [str(script)]
    return [sys.executable, "-c", "import sys; from search.cli import main; sys.exit(main())"]


def own_peak() -> int:
    """Return the peak of resident bytes of this process: no child's peak is reported as less."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    codes: tuple[int, ...] = (0,),
) -> Run:
    """Run a command to its end. Raises SystemExit for an exit code that is not in `codes`."""
    variables = {**os.environ, **_COMPILED, "PYTHONPATH": str(REPOSITORY), **(environment or {})}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        start = time.perf_counter()
        process = subprocess.Popen(command, env=variables, stdout=output, stderr=complaints)
        # The usage of this one child; getrusage would give the peak of all so far.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in codes:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{_read(complaints)}")
        return Run(
            seconds=seconds,
            cpu_seconds=usage.ru_utime + usage.ru_stime,
            peak_bytes=usage.ru_maxrss * _PEAK_UNIT,
            output=_read(output),
        )


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
