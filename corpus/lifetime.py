"""Ends a process with the one that started it, where the system can: on Linux."""

from __future__ import annotations

import ctypes
import signal
import sys

_DIE_WITH_PARENT = 1  # an option of prctl
# Loaded before a process is forked, where nothing may be.
_LIBRARY = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """Let the system kill this process when the thread that started it ends, even if killed."""
    if _LIBRARY:
        _LIBRARY.prctl(_DIE_WITH_PARENT, signal.SIGKILL)
