"""The words of an index on a cluster, asked for in few requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np

from index.arrays.array_types import Int64s

from ..correction.key_signatures import HANGUL, LATIN, KeySignatures
from ..correction.term_scan import frequencies_of, lexicon_scans
from ..correction.vocabulary import PrefixPattern, Vocabulary
from . import words

if TYPE_CHECKING:
    from index.analysis.lexicon import Lexicon

# From so many keys on, two of them may be mistyped: words at two edits are fetched at once.
_TWO_EDITS_KEYS = 7
# What is kept of a vocabulary that lives long: frequencies, and answers on similar words.
_MOST_FREQUENCIES = 200_000
_MOST_ANSWERS = 64

_T = TypeVar("_T")
_Key: TypeAlias = tuple[str, int]

# Terms to frequencies; terms and how many texts of each, to these texts.
Frequencies = Callable[[Sequence[str]], Mapping[str, int]]
Texts = Callable[[Sequence[str], int], Iterable[Sequence[str]]]


class OpenSearchVocabulary(Vocabulary):
    """The terms of the index of words, and the words of a lexicon, which is a local file.

    `frequency` returns the frequencies of terms that any passage has, `texts` some of the texts
    with each term, or else titles. Each call of either is a request, as is one here.
    """

    def __init__(
        self,
        client: words.Client,
        index: str,
        *,
        frequency: Frequencies,
        texts: Texts,
        size: int,
        lexicon: Lexicon | None = None,
    ) -> None:
        super().__init__(lexicon)
        self._client = client
        self._index = index
        self._frequency_of = frequency
        self._texts = texts
        self._size = size
        self._word_scans = lexicon_scans(lexicon)
        self._frequencies: dict[str, int] = {}
        self._expected: dict[str, None] = {}
        self._expected_keys: dict[str, None] = {}
        self._hangul: dict[_Key, _FoundWords] = {}
        self._stems: dict[_Key, _FoundWords] = {}
        self._read: dict[_Key, Sequence[str]] = {}

    @property
    def size(self) -> int:
        """The number of passages."""
        return self._size

    def expect(self, terms: Iterable[str]) -> None:
        """Take note of terms, which are asked for together with the first that is needed."""
        known = self._frequencies
        self._expected.update((term, None) for term in terms if term not in known)

    def expect_similar(self, keys: Iterable[str]) -> None:
        """Take note of keys, which are asked for together with the first that are needed."""
        self._expected_keys.update(dict.fromkeys(keys))

    def term_frequency(self, term: str) -> int:
        """Return the number of passages with a term in their text, title or fields: the most."""
        known = self._frequencies.get(term)
        if known is not None:
            return known
        # Another thread may expect terms meanwhile, and lose them: each costs a request then.
        expected, self._expected = self._expected, {}
        if len(self._frequencies) > _MOST_FREQUENCIES:
            self._frequencies = {}
        frequencies = self._frequencies
        wanted = [each for each in {term: None, **expected} if each not in frequencies]
        found = self._frequency_of(wanted)
        frequencies.update((each, found.get(each, 0)) for each in wanted)
        return found.get(term, 0)

    def similar_hangul(self, keys: str, *, edits: int) -> Mapping[str, int]:
        """Return the words in Hangul whose keys are so many edits away, and some that may be."""
        fuzziness = _fuzziness(keys, edits)
        known = self._hangul.get((keys, fuzziness))
        if known is None:
            expected, self._expected_keys = self._expected_keys, {}
            asked = [(keys, fuzziness), *((each, _fuzziness(each, 1)) for each in expected)]
            wanted = [each for each in dict.fromkeys(asked) if each not in self._hangul]
            searches = [words.similar_hangul(each, edits=most) for each, most in wanted]
            answers = [_FoundWords(found, HANGUL) for found in self._ask(searches)]
            _keep(self._hangul, dict(zip(wanted, answers, strict=True)))
            known = answers[0]
        found = known.near(keys, edits=edits)
        in_lexicon = ((scan, scan.hangul.near(keys, edits=edits)) for scan in self._word_scans)
        for word, frequency in frequencies_of(in_lexicon).items():
            found[word] = found.get(word, 0) + frequency
        return found

    def similar_stems(self, keys: str, *, edits: int, longest_ending: int) -> Mapping[str, int]:
        """Return the Latin terms that `keys` may begin with, if they are at two edits or fewer."""
        known = self._stems.get((keys, longest_ending))
        if known is None:
            search = words.similar_stems(keys, longest_ending=longest_ending)
            known = _FoundWords(self._ask([search])[0], LATIN)
            _keep(self._stems, {(keys, longest_ending): known})
        return known.stems(keys, edits=edits, longest_ending=longest_ending)

    def starting_with(self, patterns: Sequence[PrefixPattern], *, most: int) -> list[str]:
        """Return the `most` frequent terms that match each pattern."""
        answers = self._ask([words.starting_with(pattern, most=most) for pattern in patterns])
        return list(dict.fromkeys(term for answer in answers for term in answer))

    def texts_with(self, terms: Sequence[str], *, most: int) -> Iterator[Sequence[str]]:
        """Yield some texts with each term, all of them asked for at once."""
        wanted = [term for term in terms if (term, most) not in self._read]
        read = zip(wanted, self._texts(wanted, most), strict=True) if wanted else ()
        known = {term: self._read.get((term, most), ()) for term in terms} | dict(read)
        # Whoever corrects a word asks again: at two edits, and for the nearest words.
        _keep(self._read, {(term, most): known[term] for term in wanted})
        return iter([known[term] for term in terms])

    def _ask(self, searches: Sequence[Mapping[str, object]]) -> list[dict[str, int]]:
        answers = self._client.multi_search([({"index": self._index}, each) for each in searches])
        return list(map(words.found, answers))


class _FoundWords:
    """Words of one script that a fuzzy search found, with their counts."""

    def __init__(self, found: Mapping[str, int], script: int) -> None:
        self._found = list(found.items())
        self._script = script

    def near(self, keys: str, *, edits: int) -> dict[str, int]:
        """Return those that `KeySignatures.near` lets pass."""
        return self._taken(self._signatures.near(keys, edits=edits)) if self._found else {}

    def stems(self, keys: str, *, edits: int, longest_ending: int) -> dict[str, int]:
        """Return those that `KeySignatures.stems` lets pass."""
        if not self._found:
            return {}
        return self._taken(self._signatures.stems(keys, edits=edits, longest_ending=longest_ending))

    def _taken(self, numbers: Int64s) -> dict[str, int]:
        return dict(self._found[number] for number in numbers.tolist())

    @cached_property
    def _signatures(self) -> KeySignatures:
        encoded = [word.encode() for word, _ in self._found]
        text = np.frombuffer(b"".join(encoded), np.uint8)
        ends = np.cumsum([len(word) for word in encoded])
        return KeySignatures(text, ends, first=0, script=self._script)


def _fuzziness(keys: str, edits: int) -> int:
    return 2 if len(keys) >= _TWO_EDITS_KEYS else edits


def _keep(known: dict[_Key, _T], new: Mapping[_Key, _T]) -> None:
    """Add answers to those that are known, which are forgotten when they are many."""
    if len(known) > _MOST_ANSWERS:
        known.clear()
    known.update(new)
