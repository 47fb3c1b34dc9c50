"""Words and runs of words that are found in texts as they are, and not in texts broken at a width.

    python -m tests.quality.wrapped [--sample DIR] [--width N] [--seed N] [--misses N]

The plain texts of `sample/` are written as converters of pages leave them: lines of even width that
part words. What an index of the whole texts finds, an index of the broken ones should find in the
same document. Exits with 1 above a ceiling.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.searcher import Searcher

SAMPLE = Path(__file__).parents[2] / "sample"
WIDTH = 34  # characters
SEED = 13
RUNS, WORDS = 872, 800
SHORTEST, LONGEST = 2, 4
CEILING = 0.005

_WORD = re.compile(r"\w")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_EDGES = " .,;:!?\"'“”‘’()[]《》〈〉「」*#|_"
_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """Words of a document, and whether they are searched for as a phrase."""

    document: str
    words: str
    is_phrase: bool


def wrapped(text: str, width: int) -> str:
    """Return a text with its lines broken at a width, inside words too."""
    lines = (
        line[start : start + width].strip()
        for line in text.split("\n")
        for start in range(0, max(len(line), 1), width)
    )
    return "\n".join(lines)


def draw(texts: dict[str, str], *, seed: int) -> list[Asked]:
    """Draw runs of words, and words, of the texts, the same for the same seed."""
    chance = random.Random(seed)
    sentences = [
        (name, words)
        for name, text in sorted(texts.items())
        for sentence in _SENTENCE_END.split(text)
        if len(words := list(_words(sentence))) >= LONGEST
    ]
    asked: dict[Asked, None] = {}
    while len(asked) < RUNS:
        name, words = chance.choice(sentences)
        length = chance.randint(SHORTEST, LONGEST)
        start = chance.randint(0, len(words) - length)
        asked[Asked(name, " ".join(words[start : start + length]), is_phrase=True)] = None
    every = [Asked(name, word, is_phrase=False) for name, words in sentences for word in words]
    return [*asked, *chance.sample(sorted(set(every), key=repr), WORDS)]


def _words(sentence: str) -> Iterator[str]:
    for word in sentence.split():
        bare = word.strip(_EDGES)
        if _WORD.search(bare) and '"' not in bare:
            yield bare


def lost(whole: Searcher, broken: Searcher, asked: Sequence[Asked]) -> tuple[int, list[Asked]]:
    """Return how many the whole texts find, and those of them that the broken ones do not."""
    found = [some for some in asked if _finds(whole, some)]
    return len(found), [some for some in found if not _finds(broken, some)]


def _finds(searcher: Searcher, asked: Asked) -> bool:
    if asked.is_phrase:
        hits = searcher.phrase(asked.words, bridge=False, strict=True, limit=_LIMIT)
    else:
        hits = searcher.search(f'+"{asked.words}"', strict=True, bridge=False, limit=_LIMIT)
    return any(hit.path == asked.document for hit in hits)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure runs and words, and return the exit code."""
    options = _options(arguments)
    # Imported here: the other measurements of this folder need neither Kiwi nor numpy to skip.
    from index.builder.build import build
    from search.searcher import Searcher

    texts = dict(_texts(options.sample))
    above = False
    with ExitStack() as stack:
        temporary = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaja-wrapped-")))
        searchers = []
        for name, width in (("whole", 0), ("broken", options.width)):
            folder = temporary / name
            folder.mkdir()
            for document, text in texts.items():
                (folder / document).write_text(wrapped(text, width) if width else text, "utf-8")
            build(folder / ".chaja", [folder])
            searchers.append(stack.enter_context(Searcher.open(folder / ".chaja")))
        asked = draw(texts, seed=options.seed)
        for name, is_phrase in (("runs", True), ("words", False)):
            some = [own for own in asked if own.is_phrase is is_phrase]
            found, missed = lost(*searchers, some)
            print(f"{name:<6}{found:>5} found in whole texts{len(missed) / found:>8.1%} lost")
            for own in missed[: options.misses]:
                print(f"    {own.words!r} in {own.document}")
            above |= len(missed) / found > CEILING
    return 1 if above else 0


def _texts(sample: Path) -> Iterator[tuple[str, str]]:
    """Yield the text of each document under a name of its own."""
    from corpus import Problem
    from corpus.changes import FileReading
    from corpus.readers import PLAIN
    from corpus.walk import walk

    number = 0
    for file in walk([sample], base=sample, suffixes=PLAIN):
        for document in FileReading(file):
            if not isinstance(document, Problem):
                number += 1
                yield f"{number:02}.txt", f"{document.title}\n\n{document.text}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.wrapped")
    parser.add_argument("--sample", type=Path, default=SAMPLE, metavar="DIR", help="the documents")
    parser.add_argument("--width", type=int, default=WIDTH, metavar="N", help="of a line")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help="of the words")
    parser.add_argument("--misses", type=int, default=10, metavar="N", help="how many to show")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
