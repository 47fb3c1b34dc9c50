"""How many words of a dictionary are taken for others by an index that lacks them.

    python -m tests.quality.right_words [--seed N] [--words N] [--misses N]

Korean words are of Kiwi's dictionary (nouns, verbs, adjectives and adverbs, each in its dictionary
form), English ones of pyspellchecker's list, in small letters. They are drawn among those that an
index of `sample/` lacks. Exits with 1 if more than 0.5 % of either are replaced.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiwipiepy import Kiwi

    from search.searcher import Searcher

MOST = 0.005
WORDS = 2000
SAMPLE = Path(__file__).parents[2] / "sample"
_PREDICATES = ("VV", "VA")
# A word that the dictionary has is among so many readings of it.
_READINGS = 20
_TAGS = (*_PREDICATES, "NNG", "NNP", "MAG")


@dataclass(frozen=True, slots=True)
class Result:
    """The number of words asked for, and those replaced, each with what it was taken for."""

    words: int
    replaced: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        return len(self.replaced) / self.words


def measure(searcher: Searcher, dictionary: Iterable[str], *, words: int) -> Result:
    """Ask for the first words of a shuffled dictionary that the index lacks."""
    lacking = (word for word in dictionary if not searcher.search(f"+{word}", bridge=False))
    drawn = list(islice(lacking, words))
    replaced = [
        (word, read.understood)
        for word in drawn
        for read in searcher.search(word, bridge=False).read_as
    ]
    return Result(len(drawn), tuple(replaced))


def korean_words(kiwi: Kiwi, chance: random.Random) -> Iterator[str]:
    """Yield the words of two or more syllables in Kiwi's dictionary, verbs with 다, shuffled.

    It has dialect words too, which it reads only if told to: those are left out.
    """
    found = list(_morphemes(kiwi))
    for word, number in chance.sample(found, len(found)):
        if any(tokens[0].id == number for tokens, _ in kiwi.analyze(word, top_n=_READINGS)):
            yield word


def _morphemes(kiwi: Kiwi) -> Iterator[tuple[str, int]]:
    """Yield the words of the dictionary with the numbers of their morphemes."""
    from index.analysis.syllables import is_syllable

    for number in count():
        try:
            morpheme = kiwi.morpheme(number)
        except ValueError:  # past the last one
            return
        tag = morpheme.tag.partition("-")[0]
        word = morpheme.form + ("다" if tag in _PREDICATES else "")
        if tag in _TAGS and len(morpheme.form) > 1 and all(map(is_syllable, word)):
            yield word, number


def english_words(chance: random.Random) -> Iterator[str]:
    """Yield the words of three or more letters in the English list, shuffled."""
    from index.analysis.english_words import word_list

    found = sorted(word for word in word_list() if re.fullmatch("[a-z]{3,}", word))
    yield from chance.sample(found, len(found))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both languages, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.right_words")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the draw")
    parser.add_argument("--words", type=int, default=WORDS, metavar="N", help="of each language")
    parser.add_argument("--misses", type=int, default=20, metavar="N", help="print so many")
    options = parser.parse_args(arguments)
    # Imported here: --help needs neither Kiwi nor numpy.
    from kiwipiepy import Kiwi

    from index.builder.build import build
    from search.searcher import Searcher

    above = 0
    with tempfile.TemporaryDirectory(prefix="chaja-right-") as temporary:
        # Without the documents of office programs: they came later, and which words are drawn
        # would be others.
        ignored = shutil.ignore_patterns("documents")
        shutil.copytree(SAMPLE, Path(temporary, "sample"), ignore=ignored)
        build(Path(temporary, ".chaja"), [Path(temporary, "sample")])
        with Searcher.open(Path(temporary, ".chaja")) as searcher:
            korean = korean_words(Kiwi(load_multi_dict=False), random.Random(options.seed))
            english = english_words(random.Random(options.seed))
            for language, dictionary in (("Korean", korean), ("English", english)):
                result = measure(searcher, dictionary, words=options.words)
                print(f"{language:<8}{result.words:>6} words, {result.share:.2%} replaced")
                for word, other in result.replaced[: options.misses]:
                    print("        ", word, other)
                above += result.share > MOST
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
