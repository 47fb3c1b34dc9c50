"""Extracts the bitext of one document: its title, abstract and keywords in both languages.

Papers and notices give them twice: in fields of a record (title, title_en), in neighbouring lines,
or each behind a label (국문초록, Abstract).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise, takewhile

from corpus.boundaries import sentence_ends
from corpus.language import ENGLISH, KOREAN, detect
from corpus.nfc import nfc

from ...value import NamedTuple
from ..learning.line_features import length
from .bitext_parts import (
    Section,
    bilingual_lines,
    has_labels,
    is_sentence,
    is_title,
    parallel_fields,
    section_label,
)

# Titles are among so many lines, before the first sentence.
_MAX_TITLE_LINES = 12
# The least ratio of the lengths of a text and its translation, the shorter to the longer.
_MIN_LENGTH_RATIO = 0.45
_MAX_ABSTRACT = 20_000  # characters
_MIN_KEYWORDS, _MAX_KEYWORDS = 2, 20
_MAX_KEYWORD = 60  # characters
_MAX_KEYWORD_LIST = 2 * _MAX_KEYWORDS * _MAX_KEYWORD
# Dots separate keywords only where nothing else does: 한·미 동맹 is one keyword.
_COMMAS, _DOTS = re.compile(r"[,;,；、|\n]"), re.compile(r"[·/]")
_QUOTES = " \t.[]#\"'“”‘’"
_BRACKETS_AT_END = re.compile(r"[(（][^()（）]*[)）]\Z")
_TITLE_SEPARATOR = re.compile(r"\s[/|=∥–—-]\s|[|=∥]")

Pair = tuple[str, str]


class Bitext(NamedTuple):
    """Two texts whose lines translate each other roughly in order, and pairs of keywords."""

    korean: str
    english: str
    keywords: tuple[Pair, ...]

    @property
    def digest(self) -> str:
        """Return a digest of the two texts, in 14 hexadecimal digits."""
        texts = f"{self.korean}\0{self.english}".encode(errors="surrogatepass")
        return blake2b(texts, digest_size=7).hexdigest()


def bitext(title: str, passages: Sequence[str], metadata: Mapping[str, str]) -> Bitext | None:
    """Return the bitext of a document, or None if it has none.

    `passages` are the texts of its passages. Languages are detected from letters alone; texts that
    differ much in length are not paired.
    """
    texts: list[Pair] = []
    keywords: list[Pair] = []
    for pair in parallel_fields(title, passages, metadata) if metadata else ():
        pairs = _keyword_pairs(*pair)
        keywords += pairs
        texts += [] if pairs else _parallel(*pair)
    if not title.isascii():
        texts += _bilingual_title(nfc(title))
    if lines := bilingual_lines(passages):
        titles = _titles(lines)
        texts += titles
        if has_labels(lines):
            texts += _parallel(*_labelled(lines, Section.ABSTRACT))
            keywords += _keyword_pairs(*map(_first_list, _labelled(lines, Section.KEYWORDS)))
        elif titles:
            texts += _parallel(*_halves(lines))
    if not texts and not keywords:
        return None
    korean, english = zip(*dict.fromkeys(texts), strict=True) if texts else ((), ())
    return Bitext(_sentence_lines(korean), _sentence_lines(english), tuple(dict.fromkeys(keywords)))


def _korean_first(one: str, other: str) -> Pair:
    """Return a Korean and an English text in this order; empty texts for other languages."""
    languages = detect(one), detect(other)
    if languages == (KOREAN, ENGLISH):
        return one, other
    return (other, one) if languages == (ENGLISH, KOREAN) else ("", "")


def _parallel(korean: str, english: str) -> list[Pair]:
    """Return the pair if its lengths are those of translations, else nothing."""
    fits = korean and _length_ratio(korean, english) >= _MIN_LENGTH_RATIO
    return [(korean, english)] if fits and len(english) <= _MAX_ABSTRACT else []


def _length_ratio(korean: str, english: str) -> float:
    """Return the ratio of the lengths of two texts, from 0 to 1."""
    shorter, longer = sorted((length(korean), length(english)))
    return shorter / longer if shorter else 0.0


def _bilingual_title(line: str) -> list[Pair]:
    """Return the two parts of a line that is a title in both languages, else nothing."""
    parts = [part.strip() for part in _TITLE_SEPARATOR.split(line, maxsplit=1)]
    if len(parts) != 2 or not all(map(is_title, parts)):
        return []
    return _parallel(*_korean_first(*parts))


def _titles(lines: Sequence[str]) -> list[Pair]:
    """Return the title in both languages from the first lines, as a list of one pair or none.

    Of several, it is the one with the best length ratio: the name of a journal may come first.
    """
    start = list(takewhile(lambda line: not is_sentence(line), lines[:_MAX_TITLE_LINES]))
    found = [pair for line in start for pair in _bilingual_title(line)]
    for one, other in pairwise(start):
        if is_title(one) and is_title(other):
            found += _parallel(*_korean_first(one, other))
    return sorted(found, key=lambda pair: _length_ratio(*pair))[-1:]


def _labelled(lines: Sequence[str], section: Section) -> Pair:
    """Return the first section of a kind in each language.

    A language without a label of its own has the text that follows the other: some pages set both
    below one label.
    """
    labelled: dict[str, str] = {}
    following: dict[str, str] = {}
    for text, has_label in _sections(lines, section):
        (labelled if has_label else following).setdefault(detect(text), text)
    korean, english = (labelled.get(name) or following.get(name, "") for name in (KOREAN, ENGLISH))
    return korean, english


def _sections(lines: Sequence[str], section: Section) -> Iterator[tuple[str, bool]]:
    """Yield the texts of the sections of a kind, and whether each has the label before it.

    A section is cut where its language changes, which gives a text without a label.
    """
    taken: list[str] = []
    is_inside = has_label = False
    for line in lines:
        label = section_label(line)
        if label is None and not is_inside:
            continue
        if label is not None or (taken and {detect(taken[0]), detect(line)} == {KOREAN, ENGLISH}):
            if taken:
                yield "\n".join(taken), has_label
            is_inside = label.section is section if label else has_label
            has_label = label is not None
            taken = []
        if is_inside and (text := label.rest if label else line):
            taken.append(text)
    if taken:
        yield "\n".join(taken), has_label


def _halves(lines: Sequence[str]) -> Pair:
    """Return the sentences of a text that is in one language first, then in the other."""
    found: dict[str, list[str]] = {}
    last = ""
    for line in filter(is_sentence, lines):
        language = detect(line)
        if language in (KOREAN, ENGLISH):
            if language != last and language in found:  # the text alternates
                return "", ""
            found.setdefault(language, []).append(line)
            last = language
    return "\n".join(found.get(KOREAN, ())), "\n".join(found.get(ENGLISH, ()))


def _first_list(text: str) -> str:
    """Return the lines of a text up to the first that does not end with a comma."""
    lines = text.split("\n")
    last = next((n for n, line in enumerate(lines) if not line.endswith((",", ";", "、"))), 0)
    return " ".join(lines[: last + 1])


def _keyword_pairs(korean: str, english: str) -> list[Pair]:
    """Return the pairs of two lists of keywords of the same size, or nothing for other texts.

    A keyword that is not in two languages, as APEC, is left out, unless most are.
    """
    if max(len(korean), len(english)) > _MAX_KEYWORD_LIST:
        return []
    ours, theirs = _keywords(korean), _keywords(english)
    if len(ours) != len(theirs) or not _MIN_KEYWORDS <= len(ours) <= _MAX_KEYWORDS:
        return []
    pairs = [
        pair
        for pair in zip(ours, theirs, strict=True)
        if max(map(len, pair)) <= _MAX_KEYWORD and _korean_first(*pair) == pair
    ]
    return pairs if 2 * len(pairs) >= len(ours) else []


def _keywords(text: str) -> list[str]:
    """Return the keywords of a list, without quotes and the brackets behind them."""
    text = nfc(text).strip(" \n.")
    separator = _COMMAS if _COMMAS.search(text) else _DOTS
    bare = (word.strip(_QUOTES) for word in separator.split(text))
    return [_BRACKETS_AT_END.sub("", word).strip(_QUOTES) for word in bare]


def _sentence_lines(texts: Sequence[str]) -> str:
    """Return texts with one sentence a line."""
    lines = (line for text in texts for line in text.split("\n"))
    return "\n".join(sentence for line in lines for sentence in _sentences(line))


def _sentences(line: str) -> Iterator[str]:
    start = 0
    for end in (*sentence_ends(line, 0, len(line)), len(line)):
        if sentence := line[start:end].strip():
            yield sentence
        start = end
