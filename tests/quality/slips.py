"""Accuracy of spelling correction, on misspellings of one key made from frequent words.

    python -m tests.quality.slips [--eval DIR] [--seed N] [--errors N] [--misses N]

The words are those of the help pages in both languages, as written, particles included. A key is
replaced by an adjacent one, left out, doubled, or swapped with the next; results that the index or
a dictionary has as words are skipped. A correction is right if it is the word, or another form of
it. Exits with 1 if fewer than 9 of 10 are.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .sets import EvaluationSet, evaluation_folder, skip

if TYPE_CHECKING:
    from index.analysis.analyzer import Analyzer
    from index.snapshot import Snapshot

FLOOR = 0.90
ERRORS = 500
SETS = ("lohelp-ko", "lohelp-en")
# A word in fewer passages is not frequent; one of fewer keys is another word after any edit.
_FREQUENT = 15
_SHORTEST = 4
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_POSITIONS = {key: (x + y / 2, y) for y, row in enumerate(_ROWS) for x, key in enumerate(row)}
_SHIFTED = "QWERTOP"


@dataclass(frozen=True, slots=True)
class Result:
    """The number of misspellings, and the missed ones: word, misspelling, correction."""

    slips: int
    missed: tuple[tuple[str, str, str], ...]

    @property
    def corrected(self) -> float:
        return 1 - len(self.missed) / self.slips


def misspelled(chance: random.Random, keys: str) -> str:
    """Return the keys of a word with one edit."""
    index = chance.randrange(len(keys))
    match chance.choice(("neighbour", "left out", "twice", "swapped")):
        case "neighbour":
            return keys[:index] + _neighbour(chance, keys[index]) + keys[index + 1 :]
        case "left out":
            return keys[:index] + keys[index + 1 :]
        case "twice":
            return keys[:index] + keys[index] + keys[index:]
        case _:
            index = chance.randrange(len(keys) - 1)
            return keys[:index] + keys[index + 1] + keys[index] + keys[index + 2 :]


def _neighbour(chance: random.Random, key: str) -> str:
    x, y = _POSITIONS[key.lower()]
    near = [
        other
        for other, (ox, oy) in _POSITIONS.items()
        if other != key.lower() and abs(ox - x) <= 1 and abs(oy - y) <= 1
    ]
    other = chance.choice(near)
    return other.upper() if key.isupper() and other.upper() in _SHIFTED else other


def measure(directory: Path, *, seed: int, errors: int, korean: bool) -> Result:
    """Misspell words of one language in an index, and correct them."""
    # Imported here: a run that is skipped needs neither Kiwi nor numpy.
    from index.analysis.hangul_keys import from_keys, keys_of
    from index.analyzers import open_analyzer
    from index.directory.directory_reader import DirectoryReader
    from search.correction.right_words import is_right_word
    from search.correction.suggest import correct_word
    from search.embedded.vocabulary import EmbeddedVocabulary

    store = DirectoryReader.open(directory)
    analyzer = open_analyzer(directory, store.about)
    chance = random.Random(seed)
    missed: list[tuple[str, str, str]] = []
    with closing(store.snapshot()) as snapshot, closing(analyzer.lexicon):
        vocabulary = EmbeddedVocabulary(snapshot, analyzer.lexicon)
        pool = sorted(_frequent(snapshot, korean=korean))
        left = errors
        while left:
            word = chance.choice(pool)
            keys = misspelled(chance, keys_of(word))
            typed = from_keys(keys) if korean else keys
            if typed == word or vocabulary.word_frequency(typed) or is_right_word(typed, analyzer):
                continue
            left -= 1
            found = correct_word(typed, vocabulary)
            if found is None or _terms(analyzer, found.understood) != _terms(analyzer, word):
                missed.append((word, typed, found.understood if found else "-"))
    return Result(errors, tuple(missed))


def _frequent(snapshot: Snapshot, *, korean: bool) -> Iterator[str]:
    """Yield the words of one language that are in enough passages, as written."""
    from index.analysis.hangul_keys import is_hangul, keys_of
    from index.analysis.normalize import normal_form
    from index.analysis.tokenizer import words

    counts: Counter[str] = Counter()
    for passage in range(snapshot.size):
        counts.update(set(words(normal_form(str(snapshot.stored(passage)["text"])))))
    for word, passages in counts.items():
        own = is_hangul(word) if korean else word.isascii() and word.isalpha()
        if own and passages >= _FREQUENT and len(keys_of(word)) >= _SHORTEST and len(word) > 1:
            yield word


def _terms(analyzer: Analyzer, word: str) -> list[str]:
    from index.analysis.word import Role

    return analyzer.word(word).terms(Role.PRIMARY)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both languages, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.slips")
    parser.add_argument("--eval", type=Path, metavar="DIR", help="the folder of the sets")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the slips")
    parser.add_argument("--errors", type=int, default=ERRORS, metavar="N", help="in each language")
    parser.add_argument("--misses", type=int, default=10, metavar="N", help="print so many")
    options = parser.parse_args(arguments)
    folder = evaluation_folder(options.eval)
    if not folder.is_dir():
        skip("the measurement of slips", folder)
        return 0
    below = 0
    with tempfile.TemporaryDirectory(prefix="chaja-slips-") as temporary:
        directory = _indexed(folder, Path(temporary))
        for language, korean in (("Korean", True), ("English", False)):
            result = measure(directory, seed=options.seed, errors=options.errors, korean=korean)
            print(f"{language:<8}{result.slips:>6} slips, {result.corrected:.1%} put right")
            for missed in result.missed[: options.misses]:
                print("        ", *missed)
            below += result.corrected < FLOOR
    return 1 if below else 0


def _indexed(folder: Path, workplace: Path) -> Path:
    # Imported here: a run that is skipped needs neither Kiwi nor numpy.
    from index.builder.build import build

    corpus = workplace / "corpus"
    for name in SETS:
        (corpus / name).mkdir(parents=True)
        shutil.copy2(EvaluationSet(folder / name).documents, corpus / name)
    build(workplace / ".chaja", [corpus])
    return workplace / ".chaja"


if __name__ == "__main__":
    sys.exit(main())
