"""Recall and precision of phrases drawn from the texts of the evaluation sets.

    python -m tests.quality.phrases [--eval DIR] [--count N] [--seed N] [--keep DIR] [--misses N]

A phrase is 2 to 5 consecutive words of one sentence. It is found if a hit from its document has it.
With `exact`, every hit must have it, apart from white space and case. Exits with 1 below a floor.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .sets import EvaluationSet, evaluation_folder, skip

if TYPE_CHECKING:
    from search.results import Hit
    from search.searcher import Searcher

# One set of each text: lohelp-ko and lohelp-en are the same pages without their titles.
SETS = ("korquad-ko", "lohelp-kw-ko", "lohelp-kw-en", "cranfield-en")
COUNT = 5000
SEED = 20240
LIMIT = 10_000
# Most phrases are found among the first hits; fetching thousands is slow.
FIRST_HITS = 100
RECALL_FLOOR = 0.995
VIOLATIONS_FLOOR = 0
SHORTEST, LONGEST = 2, 5
# How often to draw for one phrase: most draws are good and new.
_TRIES = 20

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Consecutive words of a document."""

    document: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Phrases not found, those not found with `exact`, and wrong hits of `exact`."""

    phrases: int
    missed: tuple[Phrase, ...]
    missed_exactly: tuple[Phrase, ...]
    violations: tuple[tuple[Phrase, str], ...]

    @property
    def passes(self) -> bool:
        missed = max(len(self.missed), len(self.missed_exactly))
        recall = 1 - missed / self.phrases
        return recall >= RECALL_FLOOR and len(self.violations) <= VIOLATIONS_FLOOR


def draw(documents: Path, count: int, *, seed: int) -> list[Phrase]:
    """Draw `count` phrases from the sentences of a docs.jsonl, the same for the same seed.

    Fewer if the texts are short: no phrase is taken twice from a document.
    """
    sentences = list(_sentences(documents))
    chance = random.Random(seed)
    phrases: dict[Phrase, None] = {}
    for _ in range(count * _TRIES):
        document, words = chance.choice(sentences)
        length = chance.randint(SHORTEST, min(LONGEST, len(words)))
        start = chance.randint(0, len(words) - length)
        chosen = words[start : start + length]
        # Two words must be left without dashes and bullets.
        if sum(bool(_WORD.search(word)) for word in chosen) >= SHORTEST:
            phrases[Phrase(document, " ".join(chosen))] = None
        if len(phrases) == count:
            break
    return list(phrases)


def _sentences(documents: Path) -> Iterator[tuple[str, list[str]]]:
    with documents.open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            for sentence in _SENTENCE_END.split(row["text"]):
                words = sentence.split()
                if sum(bool(_WORD.search(word)) for word in words) >= SHORTEST:
                    yield row["id"], words


def measure(searcher: Searcher, phrases: Sequence[Phrase]) -> Result:
    """Search every phrase, with `exact` and without."""
    missed, missed_exactly, violations = [], [], []
    for phrase in phrases:
        found, _ = _look_up(searcher, phrase, exact=False)
        found_exactly, exact = _look_up(searcher, phrase, exact=True)
        missed += [] if found else [phrase]
        missed_exactly += [] if found_exactly else [phrase]
        violations += [(phrase, hit.text) for hit in exact if not _contains(hit, phrase.words)]
    return Result(
        phrases=len(phrases),
        missed=tuple(missed),
        missed_exactly=tuple(missed_exactly),
        violations=tuple(violations),
    )


def _look_up(searcher: Searcher, phrase: Phrase, *, exact: bool) -> tuple[bool, list[Hit]]:
    """Return whether a phrase was found, and the hits: all, if it is not among the first."""
    hits: list[Hit] = []
    for limit in (FIRST_HITS, LIMIT):
        hits = searcher.phrase(phrase.words, exact=exact, limit=limit)
        if _is_found(phrase, hits):
            return True, hits
        if len(hits) < limit:
            break
    return False, hits


def _is_found(phrase: Phrase, hits: Sequence[Hit]) -> bool:
    return any(hit.document == phrase.document and _contains(hit, phrase.words) for hit in hits)


def _contains(hit: Hit, words: str) -> bool:
    return _folded(words) in _folded(hit.text) or _folded(words) in _folded(hit.title)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).casefold().split())


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every set and return the exit code."""
    options = _options(arguments)
    folder = evaluation_folder(options.eval)
    if not folder.is_dir():
        skip("the phrase check", folder)
        return 0
    with ExitStack() as stack:
        temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="chaja-phrases-"))
        workplace = options.keep or Path(temporary)
        passed = [_measure_set(EvaluationSet(folder / name), workplace, options) for name in SETS]
    return 0 if all(passed) else 1


def _measure_set(texts: EvaluationSet, workplace: Path, options: argparse.Namespace) -> bool:
    # Imported here: a run that is skipped needs neither Whoosh nor numpy.
    from search.searcher import Searcher

    phrases = draw(texts.documents, options.count // len(SETS), seed=options.seed)
    with Searcher.open(texts.index(workplace)) as searcher:
        result = measure(searcher, phrases)
    _report(texts.name, result, shown=options.misses)
    return result.passes


def _report(name: str, result: Result, *, shown: int) -> None:
    found, found_exactly = (
        1 - len(missed) / result.phrases for missed in (result.missed, result.missed_exactly)
    )
    print(
        f"{name:<14}{result.phrases:>6} phrases{found:>9.4f} found{found_exactly:>9.4f} exactly"
        f"{len(result.violations):>6} violations{'' if result.passes else '  BELOW'}"
    )
    for phrase in result.missed[:shown]:
        print(f"    missed: {phrase.words!r} in {phrase.document}")
    for phrase in result.missed_exactly[:shown]:
        print(f"    missed exactly: {phrase.words!r} in {phrase.document}")
    for phrase, text in result.violations[:shown]:
        print(f"    violation: {phrase.words!r} gave {text!r}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.phrases")
    parser.add_argument("--eval", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--count", type=int, default=COUNT, help="phrases over all sets")
    parser.add_argument("--seed", type=int, default=SEED, help="of the choice of phrases")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the indexes for next time")
    parser.add_argument("--misses", type=int, default=5, metavar="N", help="how many to show")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
