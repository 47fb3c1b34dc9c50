"""The one analyser that building and searching share.

A word is resolved in the same order whether Kiwi is loaded or not: the lexicon; then, for a query
only, a known stem with an ending the lexicon has seen; then Kiwi. A build leaves the second step
out: what it writes into the lexicon must not depend on what was read before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

from .compose import compose, hangul_keys
from .korean import Korean
from .lexicon import Analysis, Lexicon
from .normalize import Normal, normalize
from .tokenizer import word_spans
from .word import Part, Role, Word

# A stem of one syllable before an ending is too often something else (가지 is not 가 + 지).
SHORTEST_STEM = 2
# Words remembered by a build, a kilobyte each.
_MOST_WORDS = 200_000


class Token(NamedTuple):
    """A word of a text: what it is made of, and where it stands.

    `position` counts terms from the start of the text, `offset` is the word's first character in
    `normal`, the normal form of the text.
    """

    surface: str
    word: Word
    position: int
    offset: int
    normal: Normal

    @property
    def span(self) -> tuple[int, int]:
        """The characters of the original text that the word came from: start and end."""
        return self.normal.original(self.offset, self.offset + len(self.surface))

    def span_of(self, part: Part) -> tuple[int, int]:
        """Return the characters of the original text that a part of the word came from."""
        return self.normal.original(self.offset + part.start, self.offset + part.end)


class Analyzer:
    """Text to terms, by way of the lexicon."""

    def __init__(self, lexicon: Lexicon, korean: Korean | None = None) -> None:
        self.lexicon = lexicon
        self.korean = korean or Korean()
        self.kiwi_seconds = 0.0
        self.new_words = 0
        self._words: dict[str, Word] = {}
        self._looked_up = 0
        self._sources: dict[str, str] = {}

    @property
    def fingerprint(self) -> str:
        """What the terms of an index depend on; two analysers that agree in it agree in all."""
        return self.korean.fingerprint

    def learn(self, words: Iterable[str]) -> None:
        """Analyse with Kiwi what the lexicon does not know of `words`, and keep it there."""
        new = self.unknown(words)
        if new:
            self.keep(self._ask_kiwi(new))

    def unknown(self, words: Iterable[str]) -> list[str]:
        """Return, sorted, the keys of `words` that the lexicon does not know."""
        keys = {key for word in words if word not in self._words for key in hangul_keys(word)}
        return sorted(keys - self.lexicon.look_up(keys).keys())

    def keep(self, analyses: Mapping[str, Analysis]) -> None:
        """Keep in the lexicon what Kiwi said of new words."""
        self.lexicon.add(analyses)
        self.new_words += len(analyses)

    def words(self, words: Sequence[str]) -> list[Word]:
        """Return the analysis of each of some words of a normal text."""
        new = {word for word in words if word not in self._words}
        self.lexicon.look_up({key for word in new for key in hangul_keys(word)})
        return [self.word(word) for word in words]

    def composed(self, words: Sequence[str]) -> list[Word]:
        """Return the analysis of each of some words that are not asked for again."""
        keys = {key for word in words for key in hangul_keys(word)}
        self.lexicon.look_up(keys)
        self._looked_up += len(keys)
        return [compose(word, self._resolve) for word in words]

    def forget(self) -> None:
        """Make room in memory where much was remembered that the lexicon has on disk."""
        if max(len(self._words), self._looked_up) > _MOST_WORDS:
            self._looked_up = 0
            self._words.clear()
            self.lexicon.forget()

    def word(self, word: str) -> Word:
        """Return the analysis of one word of a normal text."""
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = compose(word, self._resolve)
        return known

    def source(self, word: str) -> str:
        """Say where the terms of a word came from: the lexicon, a stem and its ending, Kiwi."""
        self.word(word)
        keys = hangul_keys(word)
        if not keys:
            return "stemmer" if any("a" <= letter <= "z" for letter in word) else "as written"
        return ", ".join(dict.fromkeys(self._sources.get(key, "lexicon") for key in keys))

    def tokens(self, text: str) -> list[Token]:
        """Return the words of a text, in order, with where they and their parts stand in it."""
        normal = normalize(text)
        spans = list(word_spans(normal.text))
        tokens: list[Token] = []
        position = 0
        known = self.words([surface for surface, _ in spans])
        for (surface, offset), word in zip(spans, known, strict=True):
            tokens.append(Token(surface, word, position, offset, normal))
            position += word.width
        return tokens

    def _resolve(self, key: str) -> Analysis:
        known = self.lexicon.get(key)
        if known is not None:
            return known
        found = self._from_stem(key)
        if found is None:
            found = self._ask_kiwi([key])[key]
            self._sources[key] = "Kiwi"
        return found

    def _from_stem(self, key: str) -> Analysis | None:
        """Read an unknown word as the longest known noun before a known ending."""
        cuts = range(len(key) - 1, SHORTEST_STEM - 1, -1)
        known = self.lexicon.look_up([key[:cut] for cut in cuts])
        endings = self.lexicon.endings(key[cut:] for cut in cuts)
        for cut in cuts:
            analysis = known.get(key[:cut])
            if analysis and key[cut:] in endings and _reaches(analysis, cut):
                self._sources[key] = f"stem {key[:cut]} + {key[cut:]}"
                return analysis
        return None

    def _ask_kiwi(self, keys: list[str]) -> dict[str, Analysis]:
        start = perf_counter()
        found = dict(zip(keys, self.korean.analyze(keys), strict=True))
        self.kiwi_seconds += perf_counter() - start
        return found


def _reaches(analysis: Analysis, length: int) -> bool:
    """Tell whether an analysis accounts for a word to its last syllable: then it is a stem."""
    parts, _ = analysis
    return max((part.end for part in parts if part.role is Role.PRIMARY), default=0) == length
