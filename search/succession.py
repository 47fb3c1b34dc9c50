"""Keeps a searcher in use while the index that it shows is replaced.

A searcher shows one commit. A cluster can lose the view of it, as with a node, when the commit is
no longer the newest: a search that was under way then begins again on the newest commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

from corpus.errors import ClusterViewLost

# Commits that one call may see come and go.
_MOST_COMMITS = 5

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Closable(Protocol):
    """What shows one commit."""

    def close(self) -> None:
        """Close what is open."""


_S = TypeVar("_S", bound=Closable)


class Succession(Generic[_S]):
    """What shows the commits of an index one after another; threads share it.

    `reopen` opens the newest commit. One that is replaced is closed when its last call has ended.
    """

    def __init__(self, first: _S, reopen: Callable[[], _S]) -> None:
        self._lock = Lock()
        self._reopen = reopen
        self._newest = _Used(first)
        self._is_closed = False

    @property
    def newest(self) -> _S:
        """The last one that was opened."""
        return self._newest.shown

    def ask(self, ask: Callable[[_S], _T]) -> _T:
        """Return what `ask` returns of the newest one, asked again if that is replaced meanwhile.

        Raises what `ask` and `reopen` raise.
        """
        for _ in range(_MOST_COMMITS):
            with self._using() as used:
                try:
                    return ask(used.shown)
                except ClusterViewLost as error:
                    lost = error
            self._replace(used)
        raise lost

    def close(self) -> None:
        """Close the newest one; calls under way fail."""
        with self._lock:
            self._is_closed = True
            self._newest.shown.close()

    @contextmanager
    def _using(self) -> Iterator[_Used[_S]]:
        with self._lock:
            used = self._newest
            used.calls += 1
        try:
            yield used
        finally:
            with self._lock:
                used.calls -= 1
                self._close_if_unused(used)

    def _replace(self, old: _Used[_S]) -> None:
        """Open the newest one, unless another thread has; others wait for that."""
        with self._lock:
            if self._newest is old and not self._is_closed:
                self._newest = _Used(self._reopen())
                self._close_if_unused(old)

    def _close_if_unused(self, used: _Used[_S]) -> None:
        if used is not self._newest and not used.calls:
            used.shown.close()


class _Used(Generic[_S]):
    """What shows a commit, and how many calls it has."""

    def __init__(self, shown: _S) -> None:
        self.shown = shown
        self.calls = 0


class Succeeding(Protocol):
    """What has successors, if it is not one itself."""

    _succession: Succession[Any] | None


_Self = TypeVar("_Self", bound=Succeeding)


def on_one_commit(
    method: Callable[Concatenate[_Self, _P], _T],
) -> Callable[Concatenate[_Self, _P], _T]:
    """Have a method read one commit from its begin to its end."""

    @wraps(method)
    def run(self: _Self, /, *args: _P.args, **options: _P.kwargs) -> _T:
        if self._succession is None:
            return method(self, *args, **options)

        def ask(newest: _Self) -> _T:
            return method(newest, *args, **options)

        return self._succession.ask(ask)

    return run
