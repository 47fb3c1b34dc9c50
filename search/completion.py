"""Words that go on as someone has begun to type, the most frequent first.

A syllable may be half typed: 동바 goes on as 동반자, and so does 동반ㅈ; 각 may be the start of
가게. Consonants alone are first letters: ㅈㄹㅈ is 전략적. Words come from the terms of the index,
which has compounds beside their parts; an English term is a stem, and a word of the documents is
put in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.analysis.normalize import normal_form
from index.arrays.array_types import Int64s
from index.directory.damage import reported_damage
from index.directory.directory_reader import DirectoryReader

from .correction.hangul_keys import (
    CODA_KEYS,
    CODAS,
    INITIAL_KEYS,
    INITIALS,
    OF_A_VOWEL,
    VOWELS,
    from_keys,
    is_syllable,
    keys_of,
    parts_of,
    syllable,
)
from .correction.term_scan import TermScan
from .correction.vocabulary import Vocabulary
from .correction.word_forms import written_forms

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

# A vowel that a second key makes another of, and the last of those; and so with codas.
_VOWELS_TO = {"ㅗ": "ㅚ", "ㅜ": "ㅟ", "ㅡ": "ㅢ"}
_CODAS_TO = {"ㄱ": "ㄳ", "ㄴ": "ㄶ", "ㄹ": "ㅀ", "ㅂ": "ㅄ"}
_SYLLABLE_BYTES = 3

_Span = tuple[str, str]


class Completion(NamedTuple):
    """A word that what was typed may become, and about how many passages hold it."""

    term: str
    passages: int


def completions(directory: Path, prefix: str, *, limit: int = _LIMIT) -> list[Completion]:
    """Return what `complete` does, for the index in a directory.

    Raises IndexDamaged and IndexOutdated; how its terms were made does not matter.
    """
    store = DirectoryReader.open(directory)
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
    for shelf in vocabulary.term_scans:
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


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that start with `head`, and go on with a syllable of each of `spans`, ends included."""

    head: str
    spans: tuple[_Span, ...] = ()

    def numbers(self, shelf: TermScan) -> Int64s:
        """Return the numbers of such words in a dictionary, ascending."""
        head = self.head.encode()
        if self.spans:
            first, last = self.spans[0]
            found = shelf.between(head + first.encode(), head + chr(ord(last) + 1).encode())
        else:
            found = shelf.starting_with(head)
        numbers = shelf.numbers(found)
        for place, (first, last) in enumerate(self.spans[1:], 1):
            behind = len(head) + _SYLLABLE_BYTES * place
            numbers = numbers[shelf.lengths(numbers) >= behind + _SYLLABLE_BYTES]
            codes = shelf.syllables(shelf.starts(numbers) + behind)
            numbers = numbers[(codes >= ord(first)) & (codes <= ord(last))]
        return numbers


def prefixes(typed: str) -> tuple[Prefix, ...]:
    """Return what a word may start with of which so much is typed, the literal reading first."""
    letters = "".join(map(_one_by_one, typed))
    read = (_opened(list(characters)) for characters in _half_typed(letters))
    return tuple(dict.fromkeys((Prefix(typed), *(prefix for prefix in read if prefix))))


def _one_by_one(character: str) -> str:
    """Return the consonants of ㄳ and its like one by one; another character as it is."""
    if character in CODAS and character not in INITIALS and character != CODAS[0]:
        return "".join(map(from_keys, keys_of(character)))
    return character


def _half_typed(typed: str) -> Iterator[list[_Span]]:
    """Yield the readings of a word in which the last syllable may be open: a stretch a place."""
    spans = [_span(character) for character in typed]
    if not is_syllable(typed[-1]):
        yield spans
        return
    initial, vowel, coda = parts_of(typed[-1])
    before = spans[:-1]
    if not coda:
        last_vowel = VOWELS.index(_VOWELS_TO.get(VOWELS[vowel], VOWELS[vowel]))
        yield [*before, (typed[-1], syllable(initial, last_vowel, OF_A_VOWEL - 1))]
        return
    last_coda = CODAS.index(_CODAS_TO.get(CODAS[coda], CODAS[coda]))
    yield [*before, (typed[-1], syllable(initial, vowel, last_coda))]
    keys = CODA_KEYS[coda]
    bare = syllable(initial, vowel, CODA_KEYS.index(keys[:-1]))
    yield [*before, (bare, bare), _span(INITIALS[INITIAL_KEYS.index(keys[-1])])]


def _span(character: str) -> _Span:
    """Return the first and the last syllable that a consonant begins; else the character twice."""
    if character not in INITIALS:
        return character, character
    initial = INITIALS.index(character)
    return syllable(initial, 0), syllable(initial, len(VOWELS) - 1, OF_A_VOWEL - 1)


def _opened(spans: list[_Span]) -> Prefix | None:
    """Return the words that stretches stand for; None where no syllable stands behind an open one.

    Whatever is one character, and stands before all that is open, is literal.
    """
    head = "".join(first for first, _ in takewhile(_is_closed, spans))
    rest = tuple(spans[len(head) :])
    if not rest or not all(is_syllable(first) for first, _ in rest):
        return None
    return Prefix(head, rest)


def _is_closed(span: _Span) -> bool:
    return span[0] == span[1]
