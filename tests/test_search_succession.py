"""Searchers that follow one another as the commits that they show are replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Barrier, Thread

import pytest

from corpus.errors import ClusterViewLost, IndexMissing
from search.succession import Succession, on_one_commit


@dataclass
class Shown:
    """A commit that is shown until it is lost."""

    number: int
    is_lost: bool = False
    closed: int = 0

    def read(self) -> int:
        if self.is_lost:
            raise ClusterViewLost("gone")
        return self.number

    def close(self) -> None:
        self.closed += 1


@dataclass
class Index:
    """Opens commits, each with the next number."""

    opened: list[Shown] = field(default_factory=list)

    def open(self) -> Shown:
        self.opened.append(Shown(len(self.opened)))
        return self.opened[-1]


def test_what_is_asked_of_a_lost_commit_is_asked_of_the_next() -> None:
    index = Index()
    succession = Succession(index.open(), index.open)
    assert succession.ask(Shown.read) == 0
    index.opened[0].is_lost = True
    assert succession.ask(Shown.read) == succession.ask(Shown.read) == 1
    assert succession.newest.number == 1
    assert [shown.closed for shown in index.opened] == [1, 0]
    succession.close()
    assert [shown.closed for shown in index.opened] == [1, 1]


def test_a_commit_that_another_call_still_reads_is_closed_after_that() -> None:
    index = Index()
    succession = Succession(index.open(), index.open)

    def read(shown: Shown) -> int:
        if shown.number == 0 and not shown.is_lost:
            shown.is_lost = True
            assert succession.ask(Shown.read) == 1
            assert shown.closed == 0
        return shown.number

    assert succession.ask(read) == 0
    assert index.opened[0].closed == 1


def test_threads_open_the_next_commit_once() -> None:
    index = Index()
    succession = Succession(index.open(), index.open)
    together = Barrier(4)

    def read(shown: Shown) -> int:
        if shown.number == 0:
            together.wait()
            shown.is_lost = True
        return shown.read()

    threads = [Thread(target=succession.ask, args=(read,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(index.opened) == 2


def test_commits_that_are_all_lost_at_once_are_told() -> None:
    def lost() -> Shown:
        return Shown(0, is_lost=True)

    with pytest.raises(ClusterViewLost):
        Succession(lost(), lost).ask(Shown.read)


def test_an_index_that_is_gone_is_told() -> None:
    def missing() -> Shown:
        raise IndexMissing("none")

    with pytest.raises(IndexMissing):
        Succession(Shown(0, is_lost=True), missing).ask(Shown.read)


def test_nothing_is_opened_once_it_is_closed() -> None:
    index = Index()
    succession = Succession(index.open(), index.open)

    def close_and_read(shown: Shown) -> int:
        succession.close()
        shown.is_lost = True
        return shown.read()

    with pytest.raises(ClusterViewLost):
        succession.ask(close_and_read)
    assert len(index.opened) == 1


class Reader:
    """What reads a number twice in one call, between which the commit may be lost."""

    def __init__(self, shown: Shown, succession: Succession[Reader] | None = None) -> None:
        self.shown = shown
        self._succession = succession

    def close(self) -> None:
        self.shown.close()

    @on_one_commit
    def twice(self, between: Callable[[], None]) -> tuple[int, int]:
        first = self.shown.read()
        between()
        return first, self.shown.read()


@pytest.mark.parametrize("loses", [False, True])
def test_a_method_reads_one_commit_from_its_begin_to_its_end(loses: bool) -> None:
    index = Index()

    def opened() -> Reader:
        return Reader(index.open())

    reader = Reader(Shown(-1), Succession(opened(), opened))

    def between() -> None:
        index.opened[0].is_lost = loses

    assert reader.twice(between) == ((1, 1) if loses else (0, 0))


def test_a_reader_of_its_own_tells_that_its_commit_is_lost() -> None:
    with pytest.raises(ClusterViewLost):
        Reader(Shown(0, is_lost=True)).twice(lambda: None)
