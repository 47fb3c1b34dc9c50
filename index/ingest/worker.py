"""Python processes that do part of a build."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

# The child gets the parent's sys.path, however the parent was started: unlike `multiprocessing`
# without fork, this does not run the parent's main module again. -S and -E skip what the
# environment adds to the path, which saves a third of the start. A child makes many objects and
# hardly a cycle, so its garbage collector runs less often.
_START = (
    "import gc, sys; gc.set_threshold(200_000, 20, 20); sys.path[:] = {path!r}; "
    "from {module} import {name}; {name}()"
)

# The threads of numpy's linear algebra, which no child uses: a quarter of the time of its import.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}


def start_process(work: Callable[[], None], **options: Any) -> subprocess.Popen[Any]:  # noqa: ANN401 - what Popen takes, its types being a screenful
    """Run `work`, a function of a module, in a child, its standard input and output piped.

    Raises OSError if no process can be started.
    """
    command = _START.format(path=sys.path, module=work.__module__, name=work.__name__)
    return subprocess.Popen(
        [sys.executable, "-S", "-E", "-c", command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | _ENVIRONMENT,
        **options,
    )
