"""Measures what the command line does not report, in a process of its own.

python -m tests.benchmarks.engine report FOLDER INDEX    build, and print the seconds of Kiwi; JSON
python -m tests.benchmarks.engine warm INDEX QUERIES     every line through an open index; JSON
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

HITS = 10


def report(folder: Path, directory: Path) -> None:
    # Imported here: the other command does not need it.
    from index.builder.build import build

    built = build(directory, [folder])
    print(
        json.dumps(
            {
                "seconds": built.seconds,
                "kiwi_seconds": built.kiwi_seconds,
                "new_words": built.new_words,
                "passages": built.passages,
            }
        )
    )


def warm(directory: Path, queries: Path) -> None:
    # Imported here: the other command does not need it.
    from search.searcher import Searcher

    seconds = []
    with Searcher.open(directory) as searcher:
        searcher.search("처음 first", limit=HITS)
        for query in queries.read_text(encoding="utf-8").splitlines():
            start = time.perf_counter()
            searcher.search(query, limit=HITS)
            seconds.append(time.perf_counter() - start)
    print(json.dumps({"whole": seconds}))


def main(arguments: list[str]) -> None:
    match arguments:
        case ["report", folder, directory]:
            report(Path(folder), Path(directory))
        case ["warm", directory, queries]:
            warm(Path(directory), Path(queries))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
