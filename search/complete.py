"""Words that go on as someone has begun to type, the most frequent first.

A syllable may be half typed: 동바 goes on as 동반자, and so does 동반ㅈ; 각 may be the start of
가게. Consonants alone are first letters: ㅈㄹㅈ is 전략적. Words come from the terms of the index,
which has compounds beside their parts; an English term is a stem, and a word of the documents is
put in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.analysis.normal import normal_form
from index.store import Store, reported_damage

from .forgive.prefix import prefixes
from .forgive.vocabulary import Vocabulary
from .forgive.written import written_forms

_LIMIT = 10
_LONGEST = 64
# So many words of each dictionary are looked at for each that is wanted.
_SPARE = 2
# A reading of a word with its particle is a term as well (문서의, which might be a noun): it is
# left out where the word before the particle is in more passages.
_PARTICLES = frozenset("의 로 을 를 은 는 와 에 도".split())  # noqa: SIM905 - a list of words reads as prose
# The stem of an English word may be so much shorter than what was typed of it.
_SHORTER_STEM = 4
# Passages that are read to find the word that a stem stands for.
_READ = 2


class Completion(NamedTuple):
    """A word that what was typed may become, and about how many passages hold it."""

    term: str
    passages: int


def completions(directory: Path, prefix: str, *, limit: int = _LIMIT) -> list[Completion]:
    """Return what `complete` does, for the index in a directory.

    Raises IndexDamaged and IndexOutdated; how its terms were made does not matter.
    """
    store = Store.open(directory)
    with reported_damage(directory), closing(store.snapshot(bridge=False)) as snapshot:
        return complete(Vocabulary(snapshot), prefix, limit=limit)


def complete(vocabulary: Vocabulary, prefix: str, *, limit: int = _LIMIT) -> list[Completion]:
    """Return words that go on as `prefix` has begun, at most `limit`.

    Those that start with the very characters come first, each kind by the passages that hold it,
    the most first. An English word is written as some document has it; its count is of all words
    of its stem. Empty for an empty prefix.
    """
    # A letter that no encoding can write is in no term.
    typed = normal_form(prefix.encode(errors="ignore").decode())
    if not 0 < len(typed) <= _LONGEST or limit < 1:
        return []
    found = dict(_terms(vocabulary, typed, limit * _SPARE))
    ranked = sorted(
        found.items(), key=lambda pair: (not pair[0].startswith(typed), -pair[1], pair[0])
    )
    if typed.isascii():
        ranked = list(_as_words(vocabulary, typed, ranked, limit))
    return [Completion(term, passages) for term, passages in ranked[:limit]]


def _terms(vocabulary: Vocabulary, typed: str, most: int) -> Iterator[tuple[str, int]]:
    """Yield the most frequent terms that go on as typed, with how many passages hold each."""
    terms: dict[str, None] = {}
    for shelf in vocabulary.term_shelves:
        for pattern in prefixes(typed):
            numbers = pattern.numbers(shelf)
            if len(numbers) > most:
                sizes = shelf.sizes(numbers)
                numbers = numbers[np.argpartition(sizes, -most)[-most:]]
            terms.update(dict.fromkeys(shelf.words(numbers)))
    if typed.isascii() and typed.isalpha():
        terms.update(dict.fromkeys(_shorter_stems(typed)))
    for term in terms:
        passages = vocabulary.passages(term)
        if passages and not _has_particle(vocabulary, term, passages):
            yield term, passages


def _has_particle(vocabulary: Vocabulary, term: str, passages: int) -> bool:
    bare = term[:-1]
    return len(bare) > 1 and term[-1] in _PARTICLES and vocabulary.passages(bare) > passages


def _shorter_stems(typed: str) -> Iterator[str]:
    """Yield the stems that a word may have which starts with `typed`: strategi of strategy."""
    for length in range(max(2, len(typed) - _SHORTER_STEM), len(typed)):
        for end in ("", "i", "e"):
            yield typed[:length] + end


def _as_words(
    vocabulary: Vocabulary, typed: str, terms: Iterable[tuple[str, int]], limit: int
) -> Iterator[tuple[str, int]]:
    """Yield words in place of stems, a term that is no stem as it is; at most `limit`."""
    seen: set[str] = set()
    for term, passages in terms:
        if len(seen) >= limit:
            return
        written = written_forms(vocabulary.snapshot, term, passages=_READ)
        fitting = {word: count for word, count in written.items() if word.startswith(typed)}
        best = max(fitting, key=lambda word: (fitting[word], -len(word)), default="")
        if not written and term.startswith(typed):
            best = term
        if best and best not in seen:
            seen.add(best)
            yield best, passages
