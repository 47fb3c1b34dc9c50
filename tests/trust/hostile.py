"""A malicious index cannot run code, read other files, or exhaust the machine.

    python -m tests.trust hostile [COUNT]

Each of 20,000 mutations has valid checksums. Opening, searching, reading and verifying the result
must end, in little time and memory, without opening a file outside the directory, and without other
errors than ChajaError.
"""

from __future__ import annotations

import codecs
import os
import random
import resource
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

from corpus.errors import ChajaError
from index import verify as verify_module
from index import verify_deep
from index.analysis.analyzer import Analyzer
from index.analysis.lexicon import Lexicon
from index.directory.damage import reported_damage
from index.directory.directory_reader import current_commit, lexicon_path
from index.directory.lexicon_files import open_lexicon
from index.segment import postings_reader as reader_module
from index.segment import segment_writer as writer_module
from index.verify import verify
from search.embedded import directory_index as opening_module
from search.searcher import Searcher
from tests.index_corpus import PlainKorean

from .mutations import mutate
from .target import Target

COUNT = 20_000
SEED = 2026
# With blocks this short a small segment has the arrays of a large one.
_BLOCK = 16
# Limits of one mutation: CPU seconds, and bytes beside four times the size of the index.
_SECONDS = 1.0
_BYTES = 24_000_000
# The limit of the address space, so that a larger allocation fails at once.
_ADDRESSES = 2 << 30
_DEEP = 0.3
_CALLS: tuple[Callable[[Searcher], object], ...] = (
    lambda searcher: searcher.search("river treaty", limit=3),
    lambda searcher: searcher.search('"storm policy" novel', limit=3),
    lambda searcher: searcher.search("glac*", limit=3),
    lambda searcher: searcher.search("title:often", limit=3),
    lambda searcher: searcher.search("+school path:a lang:en", limit=3),
    lambda searcher: searcher.search("date:2024", limit=100),
    lambda searcher: searcher.phrase("river treaty", limit=3, slop=1),
    lambda searcher: searcher.passages("b.txt"),
    lambda searcher: searcher.passages("often.txt", line=3),
    lambda searcher: searcher.rank_documents("river"),
    lambda searcher: searcher.search("trearty").notes,
    lambda searcher: searcher.similar("b.txt"),
    lambda searcher: searcher.search("강 조약", limit=3),
    lambda searcher: searcher.info(),
)


class TooSlow(BaseException):
    """A mutation took longer than its limit."""


def use(directory: Path, rng: random.Random) -> bool:
    """Call some operations on an index; return whether it could be opened."""
    with suppress(ChajaError):
        verify(directory, deep=rng.random() < _DEEP)
    opened = False
    with suppress(ChajaError), reported_damage(directory, missing=True):
        stem = lexicon_path(directory, current_commit(directory).about.analyzer_fingerprint)
        with closing(open_lexicon(stem, writable=False)) as lexicon:
            lexicon.look_up(["강물이", "river"])
            lexicon.endings(["이", "다"])
    with suppress(ChajaError), Searcher.open(directory) as searcher:
        opened = True
        for call in rng.sample(_CALLS, 4):
            with suppress(ChajaError):
                call(searcher)
    return opened


def check_sound(directory: Path) -> None:
    """Call all operations on an undamaged index. Raises AssertionError for any failure."""
    if not verify(directory, deep=True).sound:
        raise AssertionError("the index to be forged is damaged from the first")
    with Searcher.open(directory) as searcher:
        for call in _CALLS:
            if not call(searcher):
                raise AssertionError("a question to the index to be forged finds nothing")
        for misspelling in ("trearty", "qwzxqwzx", "學術", "강무리"):
            searcher.search(misspelling)
    for module in ("fallback", "salvage"):  # only a damaged index needs them
        import_module(f"index.directory.{module}")
    for encoding in ("utf-16-be", "utf-16-le", "utf-32-be", "utf-32-le"):
        codecs.lookup(encoding)  # encodings that json may detect in forged bytes


class Guard:
    """Records the effects of a mutation: files opened outside, CPU time and memory."""

    def __init__(self, directory: Path) -> None:
        self._inside = str(directory.resolve())
        self._watching = False
        self.trespasses: list[str] = []
        self._before = _peak_memory()
        sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._watching and event in ("open", "os.listdir", "os.scandir", "exec", "compile"):
            path = arguments[0]
            if isinstance(path, str | bytes | os.PathLike):
                real = os.path.realpath(os.fsdecode(path))
                code = event == "open" and real.endswith((".py", ".pyc"))  # a late import
                if not (real + os.sep).startswith(self._inside + os.sep) and not code:
                    self.trespasses.append(f"{event} {real}")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch. Raises TooSlow."""
        signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
        self._watching = True
        try:
            yield
        finally:
            self._watching = False
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    @property
    def most_bytes(self) -> int:
        """The growth of the peak of resident memory since the start, in bytes."""
        return _peak_memory() - self._before


def _peak_memory() -> int:
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _too_slow(number: int, frame: object) -> None:
    raise TooSlow


@contextmanager
def prepared() -> Iterator[None]:
    """Patch the engine: no Kiwi, and short blocks; limit the address space."""
    known = Analyzer(Lexicon(), PlainKorean())

    def opened(directory: Path, about: object) -> object:
        return known

    with (
        patch.object(opening_module, "open_analyzer", opened),
        patch.object(verify_module, "open_analyzer", opened),
        patch.object(writer_module, "BLOCK", _BLOCK),
        patch.object(reader_module, "BLOCK", _BLOCK),
        patch.object(verify_deep, "_AT_ONCE", 20),
    ):
        before = signal.signal(signal.SIGVTALRM, _too_slow)
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, resource.RLIM_INFINITY))
        try:
            yield
        finally:
            signal.signal(signal.SIGVTALRM, before)


def run(folder: Path, *, count: int, seed: int) -> Counter[str]:
    """Try mutations; return the numbers of each kind that were opened and refused."""
    outcomes: Counter[str] = Counter()
    with prepared():
        target = Target(folder, before=True)
        check_sound(target.directory)  # imports everything that is imported late
        guard = Guard(target.directory)
        for number in range(seed, seed + count):
            rng = random.Random(number)
            kind = mutate(target, rng)
            try:
                with guard.watching():
                    opened = use(target.directory, rng)
            except BaseException as error:
                raise AssertionError(f"seed {number}: {kind}: {error!r}") from error
            if guard.trespasses:
                raise AssertionError(f"seed {number}: {kind}: {guard.trespasses}")
            if guard.most_bytes > 4 * target.size + _BYTES:
                raise AssertionError(f"seed {number}: {kind}: {guard.most_bytes:,} bytes")
            outcomes[f"{kind}: {'opened' if opened else 'refused'}"] += 1
            target.reset()
    outcomes["bytes"] = guard.most_bytes
    return outcomes


def main() -> int:
    """Try all mutations; return the exit code."""
    count = int(sys.argv[2]) if len(sys.argv) > 2 else COUNT
    with tempfile.TemporaryDirectory() as folder:
        outcomes = run(Path(folder), count=count, seed=SEED)
    for name, number in sorted(outcomes.items()):
        print(f"{number:12,} {name}")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:,} kB at most")
    print(f"{count:,} mutations from seed {SEED}: no error but ours")
    return 0
