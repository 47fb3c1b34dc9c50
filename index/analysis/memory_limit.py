"""How much more memory the limits of the process allow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ..value import NamedTuple

_USED = Path("/proc/self/statm")


class MemoryLimit(NamedTuple):
    """A limit by its name in a shell, and the bytes that it leaves."""

    name: str
    left: int


def tightest_limit() -> MemoryLimit | None:
    """Return the limit that leaves least; None if there is none, or the system does not tell."""
    return min(_limits(), key=lambda limit: limit.left, default=None)


def _limits() -> Iterator[MemoryLimit]:
    with suppress(ImportError, OSError):  # not Unix, not Linux
        import resource

        size, *_, data, _ = map(int, _USED.read_text().split())
        page = resource.getpagesize()
        for name, kind, pages in (
            ("ulimit -v", resource.RLIMIT_AS, size),
            ("ulimit -d", resource.RLIMIT_DATA, data),
        ):
            limit, _ = resource.getrlimit(kind)
            if limit != resource.RLIM_INFINITY:
                yield MemoryLimit(name, limit - pages * page)
