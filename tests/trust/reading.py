"""Searches an index repeatedly while it is built, in several threads, and prints the results.

    python -m tests.trust.reading DIRECTORY THREADS STOP

Half of the threads open a searcher for each read, the others share one for a while. Ends when the
file STOP exists, and prints one line of JSON: the number of reads by digest, and the errors.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from threading import Lock, Thread

from search.searcher import Searcher

QUERIES = ("river", "storm policy", '"river treaty"', "glac*", "path:s")
_MAX_SHARED_READS = 20


def look(searcher: Searcher) -> str:
    """Return a digest of the results of all queries."""
    found = [
        [(hit.path, hit.text, round(hit.score, 9)) for hit in searcher.search(query, limit=50)]
        for query in QUERIES
    ]
    return blake2b(repr((found, searcher.info().documents)).encode(), digest_size=12).hexdigest()


class _Readers:
    """The digests and errors of all threads."""

    def __init__(self, directory: Path, stop: Path) -> None:
        self._directory = directory
        self._stop = stop
        self._lock = Lock()
        self._shared: Searcher | None = None
        self._shared_reads = 0
        self.seen: Counter[str] = Counter()
        self.errors: list[str] = []

    def read_afresh(self) -> None:
        """Open a searcher for each read."""
        while not self._stop.exists():
            with self._noting(), Searcher.open(self._directory) as searcher:
                self._note(look(searcher))

    def read_shared(self) -> None:
        """Read with a searcher that other threads share."""
        while not self._stop.exists():
            with self._noting():
                self._note(look(self._searcher()))

    def _searcher(self) -> Searcher:
        with self._lock:
            if self._shared is None or self._shared_reads >= _MAX_SHARED_READS:
                # The old one is closed when the last thread drops it.
                self._shared = Searcher.open(self._directory)
                self._shared_reads = 0
            self._shared_reads += 1
            return self._shared

    def _note(self, digest: str) -> None:
        with self._lock:
            self.seen[digest] += 1

    def _noting(self) -> _Noting:
        return _Noting(self.errors)


class _Noting:
    """A context that records an error and continues."""

    def __init__(self, errors: list[str]) -> None:
        self._errors = errors

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is not None:
            self._errors.append("".join(traceback.format_exception(error)))
        return error is not None


def main() -> None:
    """Read in threads until the file exists."""
    directory, threads, stop = sys.argv[1:]
    readers = _Readers(Path(directory), Path(stop))
    kinds = (readers.read_afresh, readers.read_shared)
    running = [Thread(target=kinds[number % 2]) for number in range(int(threads))]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    print(json.dumps({"seen": readers.seen, "errors": readers.errors}))


if __name__ == "__main__":
    main()
