"""Run one of the trials at its full length.

python -m tests.trust NAME
"""

from __future__ import annotations

import sys
from importlib import import_module

TRIALS = (
    "stopping",
    "flipping",
    "hostile",
    "crowd",
    "endless",
    "limits",
    "forks",
    "passing",
    "documents",
)


def main() -> int:
    """Run the trial named on the command line; return its exit code."""
    if len(sys.argv) < 2 or sys.argv[1] not in TRIALS:
        print(f"python -m tests.trust {'|'.join(TRIALS)}", file=sys.stderr)
        return 2
    code: int = import_module(f"tests.trust.{sys.argv[1]}").main()
    return code


if __name__ == "__main__":
    sys.exit(main())
