"""Builds in processes that are killed, as lines of standard input say: folder, fault, step.

The engine is loaded once, and each build runs in a fork of this process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.index_corpus import built
from tests.index_faults import DEADLY_FAULTS, failing
from tests.trust.stopping import spilling


def _build(folder: Path, *, rebuild: bool, fault: str, at: int) -> None:
    with spilling(), failing(DEADLY_FAULTS[fault], at):
        built(folder, rebuild=rebuild)


def main() -> None:
    """Build as each line says, and print the exit code of the process: -9 if it was killed."""
    for line in sys.stdin:
        folder, rebuild, fault, at = line.rstrip("\n").split("\t")
        child = os.fork()
        if not child:
            _build(Path(folder), rebuild=rebuild == "1", fault=fault, at=int(at))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
