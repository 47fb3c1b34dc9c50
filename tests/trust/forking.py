"""Searches an index in forked processes, and prints what they find and how they end.

    python -m tests.trust.forking DIRECTORY WORKERS ROUNDS

A line for each look (`saw`, case, words, digest), and one for the end of each process (`end`, case,
exit code). A process that does not end is killed by an alarm.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from hashlib import blake2b
from itertools import count
from pathlib import Path
from threading import Event, Thread

from whoosh.qparser import QueryParser

from search.searcher import Searcher
from search.whoosh import RankedIndex, open_index

QUERIES = (
    *("중앙아시아 협력", '"전략적 동반자" 몽골', "critical minerals", "동방자 관계", "전략*"),
    *("title:몽골 -북한", "date:2023..2024 lang:ko 희토류"),
)
# A process that takes longer hangs.
_SECONDS = 100
_SYLLABLES = "가나다라마바사아자차카타파하"
_THREADS = 4


def unknown_word(number: int) -> str:
    """Return the word of a number, which is in no lexicon, so that Kiwi is asked for it."""
    letters = (_SYLLABLES[number // 14**place % 14] for place in range(3))
    return f"뷁뛣{''.join(letters)}은하수에서는"


def look(searcher: Searcher, index: RankedIndex, number: int) -> str:
    """Return a digest of what queries find, one with a word that only Kiwi can analyze."""
    word = unknown_word(number)
    found: list[object] = []
    for query in (*QUERIES, f"{word} 협력"):
        results = searcher.search(query, limit=20)
        found += [(hit.path, hit.start, round(hit.score, 9)) for hit in results]
        found.append(results.notes)
    found.append(searcher.explain(word).words)
    query = QueryParser("body", index.schema).parse(f"협력 OR {word}")
    with index.searcher() as whoosh:
        found += [(hit["path"], round(hit.score, 9)) for hit in whoosh.search(query, limit=20)]
    return blake2b(repr(found).encode(), digest_size=12).hexdigest()


class Parent:
    """The process that forks, with its searcher and Whoosh's index."""

    def __init__(self, directory: Path, workers: int) -> None:
        self.searcher = Searcher.open(directory)
        self.index = open_index(directory)
        self._workers = workers
        self._numbers = count()

    def look(self, case: str, number: int | None = None) -> None:
        """Look with a word of its own, and print the digest."""
        number = next(self._numbers) if number is None else number
        digest = look(self.searcher, self.index, number)
        _print("saw", case, str(number), digest)

    def fork(self, case: str, work: Callable[[int], None] | None = None) -> None:
        """Let workers look, or do other `work`, and print how they end."""
        numbers = [next(self._numbers) for _ in range(self._workers)]
        children = [_forked(lambda n=number: (work or self._looks(case))(n)) for number in numbers]
        for child in children:
            _print_end(case, child)

    def fork_processes(self, case: str) -> None:
        """Do as `fork`, by multiprocessing."""
        fork = multiprocessing.get_context("fork")
        numbers = [next(self._numbers) for _ in range(self._workers)]
        processes = [fork.Process(target=_alarmed(self.look), args=(case, n)) for n in numbers]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
            _print("end", case, str(process.exitcode))

    def fork_again(self, number: int) -> None:
        """Look in a fork, and see that it ends."""
        self.look("a fork of a fork", number)
        _print_end("a fork of a fork", _forked(lambda: self.look("a fork of a fork", number)))

    def close_and_end(self, _: int) -> None:
        """Close the searcher."""
        self.searcher.close()

    def _looks(self, case: str) -> Callable[[int], None]:
        return lambda number: self.look(case, number)


def main() -> None:
    """Fork before and while Kiwi is loaded, afterwards, among searches, in a thread, and so on."""
    parent = Parent(Path(sys.argv[1]), int(sys.argv[2]))
    rounds = int(sys.argv[3])
    parent.fork("before Kiwi was loaded")
    loading = Thread(target=parent.look, args=("the parent",))
    loading.start()
    for _ in range(rounds):
        parent.fork("while the parent was loading Kiwi")
    loading.join()
    parent.fork("after searches")
    parent.fork_processes("after searches, by multiprocessing")
    thread = Thread(target=parent.fork_processes, args=("in a thread",))
    thread.start()
    thread.join()
    parent.fork("a fork of a fork", parent.fork_again)
    _fork_among_searches(parent, rounds)
    parent.fork("closed in the child", parent.close_and_end)
    parent.look("closed in the child")
    _close_before_child_looks(parent)


def _fork_among_searches(parent: Parent, rounds: int) -> None:
    stop = Event()

    def search() -> None:
        while not stop.is_set():
            parent.look("the parent")

    threads = [Thread(target=search) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    for _ in range(rounds):
        parent.fork("while threads searched")
    stop.set()
    for thread in threads:
        thread.join()


def _close_before_child_looks(parent: Parent) -> None:
    closed, close = os.pipe()

    def wait_and_look(number: int) -> None:
        os.close(close)
        os.read(closed, 1)
        parent.look("closed in the parent", number)

    children = [_forked(lambda n=number: wait_and_look(n)) for number in range(2)]
    parent.searcher.close()
    os.close(close)
    for child in children:
        _print_end("closed in the parent", child)


def _alarmed(work: Callable[..., None]) -> Callable[..., None]:
    def alarmed(*arguments: object) -> None:
        signal.alarm(_SECONDS)
        work(*arguments)

    return alarmed


def _forked(work: Callable[[], None]) -> int:
    """Do some work in a child, which then ends as Python does; return its process id."""
    child = os.fork()
    if not child:
        _alarmed(work)()
        sys.exit(0)
    return child


def _print_end(case: str, child: int) -> None:
    _, status = os.waitpid(child, 0)
    _print("end", case, str(os.waitstatus_to_exitcode(status)))


def _print(*columns: str) -> None:
    """Print a line at once, so that those of several processes do not mix."""
    os.write(sys.stdout.fileno(), ("\t".join(columns) + "\n").encode())


if __name__ == "__main__":
    main()
