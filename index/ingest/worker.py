"""Python processes that do a part of a build beside it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

# The child finds our packages where its parent did, whatever the parent was started as: neither
# the parent's main module is run again, as `multiprocessing` does where it cannot fork, nor what
# the environment adds to the path (-S and -E, which save a third of the start). It makes many
# objects and hardly a cycle of them, so that the collector is called less often.
_START = (
    "import gc, sys; gc.set_threshold(200_000, 20, 20); sys.path[:] = {path!r}; "
    "from {module} import {name}; {name}()"
)


def started(work: Callable[[], None], **options: Any) -> subprocess.Popen[Any]:  # noqa: ANN401 - what Popen takes, its types being a screenful
    """Start `work`, a function of a module, in a process of its own; its input and output are ours.

    Raises OSError where no process can be started.
    """
    command = _START.format(path=sys.path, module=work.__module__, name=work.__name__)
    return subprocess.Popen(
        [sys.executable, "-S", "-E", "-c", command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        **options,
    )
