"""What lets a forked child work on, whatever other threads of its parent were doing."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from threading import RLock


def fork_lock() -> RLock:
    """Return a lock for a module to keep, for which every fork waits.

    A child has only the thread that forked: a lock held by another one would stay locked in it for
    ever, over data half changed.
    """
    lock = RLock()
    if hasattr(os, "register_at_fork"):  # not on Windows
        os.register_at_fork(
            before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release
        )
    return lock


def import_before_fork(*names: str) -> None:
    """Let every fork import modules, by absolute name, that are imported late.

    The import that another thread had begun would never end in the child.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=lambda: [import_module(name) for name in names])


# Guards the caches that threads share. It is one for all, because two locks taken in one order by
# a search and in the other by a fork would wait for each other; it is held for microseconds.
CACHE_LOCK = fork_lock()


if sys.version_info < (3, 12):
    from functools import cached_property

    def _unlock_properties() -> None:
        """Replace the locks of cached properties, each of which one thread may have held."""
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] in ("corpus", "index", "search"):
                classes = [value for value in vars(module).values() if isinstance(value, type)]
                for attribute in (each for kind in classes for each in vars(kind).values()):
                    if isinstance(attribute, cached_property):
                        vars(attribute)["lock"] = RLock()

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_unlock_properties)
