"""Recall of Korean words with particles and endings, by the noun or the dictionary form.

    python -m tests.quality.forms [--misses N]

The forms are made by rule (tests/korean_forms.py), each is a document of its own, and the query is
the bare noun or the dictionary form. A form is found if it has all terms of the query's word, or
the word as a whole: as a phrase matches, which is stricter than ranking. Exits with 1 if fewer than
99 of 100 are found, of the nouns or of the predicates.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.analysis.analyzer import Analyzer
from index.analysis.lexicon import Lexicon
from index.analysis.word import Role, Word
from tests.korean_forms import noun_forms, predicate_forms

FLOOR = 0.99

Form = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Result:
    """The number of forms, and those that their own word does not find."""

    forms: int
    missed: tuple[Form, ...]

    @property
    def found(self) -> float:
        return 1 - len(self.missed) / self.forms


def measure(forms: Iterable[Form]) -> Result:
    """Look up each (word, ending, surface) by its word, in a lexicon of the surfaces alone."""
    rows = list(forms)
    analyzer = Analyzer(Lexicon())
    analyzer.learn(surface for _, _, surface in rows)
    missed = tuple(
        (word, ending, surface)
        for word, ending, surface in rows
        if not finds(analyzer.word(word), analyzer.word(surface))
    )
    return Result(len(rows), missed)


def finds(query: Word, indexed: Word) -> bool:
    """Return whether a query for one word finds a document with another."""
    terms = {part.term for part in indexed.parts}
    readings = query.terms(Role.PRIMARY) or query.terms(Role.FALLBACK)
    return terms.issuperset(readings) or not terms.isdisjoint(query.terms(Role.COMPOUND))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure nouns and predicates and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.forms")
    parser.add_argument("--misses", type=int, default=20, metavar="N", help="how many to show")
    shown = parser.parse_args(arguments).misses
    code = 0
    for name, forms in (("nouns", noun_forms()), ("predicates", predicate_forms())):
        result = measure(forms)
        verdict = "" if result.found >= FLOOR else "  BELOW"
        print(f"{name:<12}{result.forms:>8} forms{result.found:>9.4f} found{verdict}")
        for word, ending, surface in result.missed[:shown]:
            print(f"    {surface} is not found by {word} ({ending})")
        code |= result.found < FLOOR
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
