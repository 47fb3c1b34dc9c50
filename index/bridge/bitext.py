"""What one document has in both languages: its title, its abstract, its keywords.

Papers and notices give them twice. They stand in fields of a record (title, title_en), in lines
next to each other, or behind a label each (국문초록, Abstract).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise, takewhile
from typing import NamedTuple

from corpus.boundaries import sentence_ends
from corpus.language import ENGLISH, KOREAN, detect

from .bitext_fields import same_fields
from .bitext_lines import Part, has_labels, is_sentence, is_title, lines_of_both, part_of
from .line_features import length

# Titles are looked for in so many lines, before the first sentence.
_MOST_LINES = 12
# A text and its translation have more than this share of each other's length.
_LEAST_LIKE = 0.45
# No abstract is longer (characters).
_LONGEST = 20_000
# Keywords are taken for translations of each other, one by one, when there are as many.
_FEWEST_KEYWORDS, _MOST_KEYWORDS = 2, 20
_LONGEST_KEYWORD = 60
_COMMAS = re.compile(r"\s*[,;，；、·/|\n]\s*")
# What parts a title from its translation in one line.
_BETWEEN = re.compile(r"\s+[/|=∥–—-]\s+|\s*[|=∥]\s*")

Pair = tuple[str, str]


class Bitext(NamedTuple):
    """Two texts, the lines of which translate each other about in order, and keywords that do."""

    korean: str
    english: str
    keywords: tuple[Pair, ...]

    @property
    def digest(self) -> str:
        """Return 16 letters that change with the texts."""
        texts = f"{self.korean}\0{self.english}".encode(errors="surrogatepass")
        return blake2b(texts, digest_size=8).hexdigest()


def bitext(title: str, passages: Sequence[str], metadata: Mapping[str, str]) -> Bitext | None:
    """Return what a document has in both languages, or None where it has nothing.

    `passages` are its text. Everything is told apart by letters: fields and lines that say the
    same in one language are not taken, nor texts that differ much in length.
    """
    texts: list[Pair] = []
    keywords: list[Pair] = []
    for pair in same_fields(title, passages, metadata) if metadata else ():
        some = _keywords(*pair)
        keywords += some
        texts += [] if some else _alike(*pair)
    if not title.isascii():
        texts += _alike(*_in_order(_BETWEEN.split(title, 1)))
    if lines := lines_of_both(passages):
        titles = _titles(lines)
        texts += titles
        if has_labels(lines):
            texts += _alike(*_of_both(lines, Part.ABSTRACT))
            keywords += _keywords(*map(_first_list, _of_both(lines, Part.KEYWORDS)))
        elif titles:
            texts += _alike(*_halves(lines))
    if not texts and not keywords:
        return None
    korean, english = zip(*texts, strict=True) if texts else ((), ())
    return Bitext(_in_sentences(korean), _in_sentences(english), tuple(dict.fromkeys(keywords)))


def _in_order(texts: Sequence[str]) -> Pair:
    """Return two texts, the Korean one first, or nothing for others."""
    if len(texts) == 2:
        one, other = texts
        languages = detect(one), detect(other)
        if languages == (KOREAN, ENGLISH):
            return one, other
        if languages == (ENGLISH, KOREAN):
            return other, one
    return "", ""


def _alike(korean: str, english: str) -> list[Pair]:
    """Return the pair where its lengths are those of translations, else nothing."""
    fits = korean and _likeness(korean, english) >= _LEAST_LIKE and len(english) <= _LONGEST
    return [(korean, english)] if fits else []


def _likeness(korean: str, english: str) -> float:
    """Return what share of the length of one text the other has."""
    shorter, longer = sorted((length(korean), length(english)))
    return shorter / longer if shorter else 0.0


def _titles(lines: Sequence[str]) -> list[Pair]:
    """Return the two lines near the start that are a title in both languages, else nothing.

    Of several, they are those whose lengths differ least: the name of a journal may stand above.
    """
    start = takewhile(lambda line: not is_sentence(line), lines[:_MOST_LINES])
    found = [
        pair
        for one, other in pairwise(start)
        if is_title(one) and is_title(other)
        for pair in _alike(*_in_order((one, other)))
    ]
    return sorted(found, key=lambda pair: _likeness(*pair))[-1:]


def _of_both(lines: Sequence[str], part: Part) -> Pair:
    """Return the first text of each language that is labelled as some part."""
    found = {KOREAN: "", ENGLISH: ""}
    for text in _parts(lines, part):
        language = detect(text)
        if language in found:
            found[language] = found[language] or text
    return found[KOREAN], found[ENGLISH]


def _parts(lines: Sequence[str], part: Part) -> Iterator[str]:
    """Yield the texts that stand behind labels of one kind, up to the next part."""
    taken: list[str] | None = None
    for line in lines:
        label = part_of(line)
        if label is not None:
            if taken:
                yield "\n".join(taken)
            taken = [label.rest] * bool(label.rest) if label.part is part else None
        elif taken is not None:
            if taken and {detect(taken[0]), detect(line)} == {KOREAN, ENGLISH}:
                yield "\n".join(taken)
                taken = None
            else:
                taken.append(line)
    if taken:
        yield "\n".join(taken)


def _halves(lines: Sequence[str]) -> Pair:
    """Return the sentences of a text that is in one language first, then in the other."""
    found: dict[str, list[str]] = {}
    last = ""
    for line in filter(is_sentence, lines):
        language = detect(line)
        if language in (KOREAN, ENGLISH):
            if language != last and language in found:  # a text that goes back and forth
                return "", ""
            found.setdefault(language, []).append(line)
            last = language
    return "\n".join(found.get(KOREAN, ())), "\n".join(found.get(ENGLISH, ()))


def _first_list(text: str) -> str:
    """Return the lines of a text up to the first that no comma ends."""
    lines = text.split("\n")
    last = next((n for n, line in enumerate(lines) if not line.endswith((",", ";", "、"))), 0)
    return " ".join(lines[: last + 1])


def _keywords(korean: str, english: str) -> list[Pair]:
    """Return two lists of as many words, one by one; nothing for what are no such lists."""
    some, others = (_COMMAS.split(text.strip(" \n.")) for text in (korean, english))
    fits = (
        len(some) == len(others)
        and _FEWEST_KEYWORDS <= len(some) <= _MOST_KEYWORDS
        and max(map(len, some + others)) <= _LONGEST_KEYWORD
        and {detect(word) for word in some} == {KOREAN}
        and {detect(word) for word in others} == {ENGLISH}
    )
    return list(zip(some, others, strict=True)) if fits else []


def _in_sentences(texts: Sequence[str]) -> str:
    """Return texts with a line for each sentence, as far as they are told."""
    return "\n".join(
        sentence for text in texts for line in text.split("\n") for sentence in _sentences(line)
    )


def _sentences(line: str) -> Iterator[str]:
    start = 0
    for end in (*sentence_ends(line, 0, len(line)), len(line)):
        if sentence := line[start:end].strip():
            yield sentence
        start = end
