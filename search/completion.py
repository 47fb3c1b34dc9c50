"""Completion of a word from its first letters, the most frequent words first.

The last syllable may be incomplete: 동바 completes to 동반자, as 동반ㅈ does, and 각 may begin
가게. Consonants alone are initials: ㅈㄹㅈ is 전략적. English stems are shown as written words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, takewhile

from index.analysis.hangul_keys import CODA_KEYS, INITIAL_KEYS, from_keys, keys_of
from index.analysis.normalize import normal_form
from index.analysis.syllables import (
    CODAS,
    INITIALS,
    VOWELS,
    compose,
    decompose,
    is_syllable,
)
from index.value import NamedTuple

from .correction.vocabulary import PrefixPattern, Vocabulary
from .correction.word_forms import written_forms

MOST_COMPLETIONS = 10
_MAX_LENGTH = 64
# Words of each dictionary that are considered, for each that is returned.
_SPARE = 2
# A reading of a word with its particle is a term as well (문서의, which might be a noun): it is
# left out where the word before the particle is in more passages.
_PARTICLES = frozenset("의 로 을 를 은 는 와 에 도".split())  # noqa: SIM905 - a list of words reads as prose
# An English stem may be so many letters shorter than the letters typed.
_MAX_STEMMED = 4
# Passages that are read to find the words of a stem.
_READ = 2

# The last vowel that a second key can make of one; and so with codas.
_LAST_VOWEL = {"ㅗ": "ㅚ", "ㅜ": "ㅟ", "ㅡ": "ㅢ"}
_LAST_CODA = {"ㄱ": "ㄳ", "ㄴ": "ㄶ", "ㄹ": "ㅀ", "ㅂ": "ㅄ"}

# The first and the last of a range of syllables, both included.
_Range = tuple[str, str]


class Completion(NamedTuple):
    """A word that the typed letters may become, and about how many passages have it."""

    term: str
    passages: int


def complete(
    vocabulary: Vocabulary, prefix: str, *, limit: int = MOST_COMPLETIONS
) -> list[Completion]:
    """Return at most `limit` completions of a prefix; none for an empty one.

    Those that begin with the same characters come first, then by passage frequency, descending. An
    English word is written as some document has it; its count is that of its stem.
    """
    # Lone surrogates are in no term.
    typed = normal_form(prefix.encode(errors="ignore").decode())
    if not 0 < len(typed) <= _MAX_LENGTH or limit < 1:
        return []
    ranked = sorted(
        _terms(vocabulary, typed, limit * _SPARE),
        key=lambda pair: (not pair[0].startswith(typed), -pair[1], pair[0]),
    )
    if typed.isascii():
        ranked = list(_as_words(vocabulary, typed, ranked, limit))
    return [Completion(term, passages) for term, passages in ranked[:limit]]


def _terms(vocabulary: Vocabulary, typed: str, most: int) -> Iterator[tuple[str, int]]:
    """Yield the most frequent terms that complete `typed`, with their passage frequencies."""
    terms = dict.fromkeys(vocabulary.starting_with(prefix_patterns(typed), most=most))
    if typed.isascii() and typed.isalpha():
        # Stems of words that begin so: strategi of strategy.
        lengths = range(max(2, len(typed) - _MAX_STEMMED), len(typed))
        terms.update(dict.fromkeys(typed[:n] + end for n in lengths for end in ("", "i", "e")))
    vocabulary.expect(chain(terms, (term[:-1] for term in terms if _has_particle(term))))
    for term in terms:
        passages = vocabulary.term_frequency(term)
        if passages and not (
            _has_particle(term) and vocabulary.term_frequency(term[:-1]) > passages
        ):
            yield term, passages


def _has_particle(term: str) -> bool:
    return len(term) > 2 and term[-1] in _PARTICLES


def _as_words(
    vocabulary: Vocabulary, typed: str, terms: Sequence[tuple[str, int]], limit: int
) -> Iterator[tuple[str, int]]:
    """Yield at most `limit` words for terms; a term that no text writes as a word stays."""
    seen: set[str] = set()
    texts = vocabulary.texts_with([term for term, _ in terms], most=_READ)
    for (term, passages), own in zip(terms, texts, strict=True):
        written = written_forms(term, own)
        fitting = {word: count for word, count in written.items() if word.startswith(typed)}
        best = max(fitting, key=lambda word: (fitting[word], -len(word)), default="")
        if not written and term.startswith(typed):
            best = term
        if best and best not in seen:
            seen.add(best)
            yield best, passages
            if len(seen) >= limit:
                return


def prefix_patterns(typed: str) -> tuple[PrefixPattern, ...]:
    """Return the patterns of words of which so much is typed, the literal one first."""
    letters = "".join(map(_separate_coda, typed))
    patterns = filter(None, map(_pattern, _readings(letters)))
    return tuple(dict.fromkeys((PrefixPattern(typed), *patterns)))


def _separate_coda(character: str) -> str:
    """Return the consonants of ㄳ and its like separately; other characters as they are."""
    if character in CODAS[1:] and character not in INITIALS:
        return "".join(map(from_keys, keys_of(character)))
    return character


def _readings(typed: str) -> Iterator[list[_Range]]:
    """Yield a range of syllables per character, for each way to complete the last syllable."""
    ranges = list(map(_range, typed))
    if not is_syllable(typed[-1]):
        yield ranges
        return
    initial, vowel, coda = decompose(typed[-1])
    before = ranges[:-1]
    if not coda:
        last_vowel = VOWELS.index(_LAST_VOWEL.get(VOWELS[vowel], VOWELS[vowel]))
        yield [*before, (typed[-1], compose(initial, last_vowel, len(CODAS) - 1))]
        return
    last_coda = CODAS.index(_LAST_CODA.get(CODAS[coda], CODAS[coda]))
    yield [*before, (typed[-1], compose(initial, vowel, last_coda))]
    # The last key of the coda may be the initial of the next syllable.
    keys = CODA_KEYS[coda]
    bare = compose(initial, vowel, CODA_KEYS.index(keys[:-1]))
    yield [*before, (bare, bare), _range(INITIALS[INITIAL_KEYS.index(keys[-1])])]


def _range(character: str) -> _Range:
    """Return the syllables that begin with a consonant; else the character alone."""
    if character not in INITIALS:
        return character, character
    initial = INITIALS.index(character)
    return compose(initial, 0), compose(initial, len(VOWELS) - 1, len(CODAS) - 1)


def _pattern(ranges: list[_Range]) -> PrefixPattern | None:
    """Return the pattern of ranges, or None if a range after the first open one is no syllable."""
    head = "".join(first for first, _ in takewhile(lambda pair: pair[0] == pair[1], ranges))
    rest = tuple(ranges[len(head) :])
    if not rest or not all(is_syllable(first) for first, _ in rest):
        return None
    return PrefixPattern(head, rest)
