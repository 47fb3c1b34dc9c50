"""The analyzer that building and searching share.

A word is looked up in the lexicon; then, for a query only, split into a known stem and a known
ending; then analyzed by Kiwi. A build skips the second step, since what it adds to the lexicon must
not depend on what was indexed before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from time import perf_counter

from ..value import NamedTuple
from .compose import compose, lexicon_keys
from .hanja import hangul_readings, is_hanja
from .joints import (
    HYPHEN,
    LINE_END,
    Verdict,
    is_joint,
    joined,
    joints_in,
    verdict_of,
    whole,
)
from .korean import Korean
from .lexicon import Analysis, Lexicon
from .normalize import Normal, normalize
from .tokenizer import word_spans
from .word import Part, Role, Word

# A stem of one syllable is too often wrong (가지 is not 가 + 지).
MIN_STEM_LENGTH = 2
# Words cached by a build, at a kilobyte each.
_MOST_WORDS = 200_000


class Token(NamedTuple):
    """A word of a text with its analysis.

    `position` counts terms from the start of the text; `offset` is the word's first character in
    `normal`, the normal form of the text. `gaps` are the characters of the text that the word
    leaves out: before which of its own, and how many.
    """

    surface: str
    word: Word
    position: int
    offset: int
    normal: Normal
    gaps: tuple[tuple[int, int], ...] = ()

    @property
    def span(self) -> tuple[int, int]:
        """Start and end of the word, in characters of the original text."""
        return self._span(0, len(self.surface))

    def span_of(self, part: Part) -> tuple[int, int]:
        """Return start and end of a part of the word, in characters of the original text."""
        return self._span(part.start, part.end)

    def _span(self, start: int, end: int) -> tuple[int, int]:
        first, last = self.offset + start, self.offset + end
        for place, length in self.gaps:
            first += length * (place <= start)
            last += length * (place < end)
        return self.normal.original(first, last)


class Surfaces(NamedTuple):
    """The words of a text with their offsets, in order, and by offset the gaps of those with any.

    Offsets and gaps are those of a Token.
    """

    words: Sequence[tuple[str, int]]
    gaps: Mapping[int, tuple[tuple[int, int], ...]]


class Analyzer:
    """Analyzes text into terms, with the lexicon as its cache."""

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
        """What the terms depend on: analyzers with equal fingerprints give equal terms."""
        return self.korean.fingerprint

    def learn(self, words: Iterable[str]) -> None:
        """Analyze the unknown words of `words` with Kiwi, and add them to the lexicon."""
        words = list(words)
        while new := self.unknown(words):  # again for the wholes of joints
            self.keep(self._analyze(new))

    def unknown(self, words: Iterable[str]) -> list[str]:
        """Return the lexicon keys of `words` that are not in the lexicon, sorted."""
        keys = {key for word in words if word not in self._words for key in lexicon_keys(word)}
        known = self.lexicon.look_up(keys)
        joints = (name for name in known if is_joint(name) and verdict_of(known[name]))
        wholes = {key for joint in joints for key in self._keys_of_whole(joint)}
        return sorted((keys - known.keys()) | (wholes - self.lexicon.look_up(wholes).keys()))

    def _keys_of_whole(self, joint: str) -> list[str]:
        return lexicon_keys(whole(joint, verdict_of(self.lexicon.get(joint))))

    def keep(self, analyses: Mapping[str, Analysis]) -> None:
        """Add the analyses of new words to the lexicon, and those of joints, one word or not.

        Else the next build of a text would ask Kiwi for its line ends again. They take 30 bytes a
        line at most.
        """
        self.lexicon.add(analyses)
        self.new_words += sum(not is_joint(key) for key in analyses)

    def verdicts(self, joints: Iterable[str]) -> Mapping[str, Verdict]:
        """Return the verdicts of those joints whose words are, or may be, one word."""
        known = self.lexicon.look_up(joints)
        verdicts = {joint: verdict_of(analysis) for joint, analysis in known.items()}
        return {joint: verdict for joint, verdict in verdicts.items() if verdict}

    def words(self, words: Sequence[str]) -> list[Word]:
        """Return the analysis of each word of a normal text; all are cached."""
        known = self._words
        if new := {word for word in words if word not in known}:
            self.lexicon.look_up({key for word in new for key in lexicon_keys(word)})
            return [self.word(word) for word in words]
        return list(map(known.__getitem__, words))

    def words_uncached(self, words: Sequence[str]) -> list[Word]:
        """Return the analysis of each word, without caching it."""
        keys = {key for word in words for key in lexicon_keys(word)}
        self.lexicon.look_up(keys)
        self._looked_up += len(keys)
        return [compose(word, self._resolve) for word in words]

    def forget(self) -> None:
        """Clear the caches if they are large; the lexicon has their content on disk."""
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
        """Describe where the terms of a word came from: the lexicon, a stem and ending, or Kiwi."""
        self.word(word)
        keys = lexicon_keys(word)
        if not keys:
            return "stemmer" if any("a" <= letter <= "z" for letter in word) else "as written"
        return ", ".join(dict.fromkeys(self._sources.get(key, "lexicon") for key in keys))

    def tokens(self, text: str) -> list[Token]:
        """Return the words of a text, in order, with their positions and offsets."""
        normal = normalize(text)
        surfaces = self.surfaces(text, normal)
        tokens: list[Token] = []
        position = 0
        words = self.words([surface for surface, _ in surfaces.words])
        for (surface, offset), word in zip(surfaces.words, words, strict=True):
            gaps = surfaces.gaps.get(offset, ())
            tokens.append(Token(surface, word, position, offset, normal, gaps))
            position += word.width
        return tokens

    def surfaces(self, text: str, normal: Normal) -> Surfaces:
        """Return the words of a text; a word that a line end parts is one."""
        spans = word_spans(normal.text)
        joints = list(joints_in(text, normal, spans))
        if not joints:  # as in most texts
            return Surfaces(spans, {})
        verdicts = self.verdicts([joint.key for joint in joints])
        if not verdicts and not any(joint.key[0] == HYPHEN[0] for joint in joints):
            return Surfaces(spans, {})
        found = [(joint, verdicts.get(joint.key, Verdict.APART)) for joint in joints]
        line_ends = sum(joint.key[0] == LINE_END for joint in joints)
        words: list[tuple[str, int]] = []
        gaps: dict[int, tuple[tuple[int, int], ...]] = {}
        done = 0
        for joint, verdict in joined(found, line_ends):
            words += spans[done : joint.first]
            done = joint.first + joint.size
            parted, offset = spans[joint.first : done], spans[joint.first][1]
            text = whole(joint.key, verdict)
            words.append((text, offset))
            gaps[offset] = _gaps(text, parted)
        return Surfaces(words + spans[done:], gaps)

    def _resolve(self, key: str) -> Analysis:
        known = self.lexicon.get(key)
        if known is not None:
            return known
        analysis = self._from_reading(key) if is_hanja(key) else self._from_stem(key)
        if analysis is None:
            analysis = self._analyze([key])[key]
            self._sources[key] = "Kiwi"
        return analysis

    def _from_reading(self, key: str) -> Analysis | None:
        """Return the analysis of one Han character, or of several with a reading that is known."""
        from .hanja_terms import analysis_of, single_analysis  # imported late: few queries have any

        if len(key) == 1:
            self._sources[key] = "as written"
            return single_analysis(key)
        known = self.lexicon.look_up(hangul_readings(key))
        if not known:
            return None
        self._sources[key] = "lexicon"
        return analysis_of(key, list(known)[:1], next(iter(known.values())))

    def _from_stem(self, key: str) -> Analysis | None:
        """Return the analysis of the longest known noun that a known ending follows."""
        cuts = range(len(key) - 1, MIN_STEM_LENGTH - 1, -1)
        known = self.lexicon.look_up([key[:cut] for cut in cuts])
        endings = self.lexicon.endings(key[cut:] for cut in cuts)
        for cut in cuts:
            analysis = known.get(key[:cut])
            if analysis and key[cut:] in endings and _primary_end(analysis) == cut:
                self._sources[key] = f"stem {key[:cut]} + {key[cut:]}"
                return analysis
        return None

    def _analyze(self, keys: list[str]) -> dict[str, Analysis]:
        start = perf_counter()
        analyses = dict(zip(keys, self.korean.analyze(keys), strict=True))
        self.kiwi_seconds += perf_counter() - start
        return analyses


def _gaps(text: str, spans: Sequence[tuple[str, int]]) -> tuple[tuple[int, int], ...]:
    """Return the gaps of the word `text`, whose parts have these spans."""
    place = 0
    hyphens = (len(text) - sum(len(word) for word, _ in spans)) // (len(spans) - 1)
    gaps = []
    for (word, start), (_, following) in pairwise(spans):
        place += len(word) + hyphens
        gaps.append((place, following - start - len(word) - hyphens))
    return tuple(gaps)


def _primary_end(analysis: Analysis) -> int:
    parts, _ = analysis
    return max((part.end for part in parts if part.role is Role.PRIMARY), default=0)
