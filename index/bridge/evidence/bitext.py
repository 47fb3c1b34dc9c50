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

from ..learning.line_features import length
from .bitext_parts import (
    Part,
    has_labels,
    is_sentence,
    is_title,
    lines_of_both,
    nfc,
    part_of,
    same_fields,
)

# Titles are looked for in so many lines, before the first sentence.
_MOST_LINES = 12
# A text and its translation have more than this share of each other's length.
_LEAST_LIKE = 0.45
# No abstract is longer (characters).
_LONGEST = 20_000
# Keywords are taken for translations, one by one, where there are as many, and no more than these.
_FEWEST_KEYWORDS, _MOST_KEYWORDS = 2, 20
_LONGEST_KEYWORD = 60
_LONGEST_LIST = 2 * _MOST_KEYWORDS * _LONGEST_KEYWORD
# What parts keywords, and what does where there is none of these: 한·미 동맹 is one.
_COMMAS, _DOTS = re.compile(r"[,;，；、|\n]"), re.compile(r"[·/]")
# Words are given in quotes or as a list, and what they are short for behind them.
_QUOTES = " \t.[]#\"'“”‘’"
_SHORT = re.compile(r"[(（][^()（）]*[)）]\Z")
# What parts a title from its translation in one line.
_BETWEEN = re.compile(r"\s[/|=∥–—-]\s|[|=∥]")

Pair = tuple[str, str]


class Bitext(NamedTuple):
    """Two texts, the lines of which translate each other about in order, and keywords that do."""

    korean: str
    english: str
    keywords: tuple[Pair, ...]

    @property
    def digest(self) -> str:
        """Return 14 hexadecimal digits that change with the texts."""
        texts = f"{self.korean}\0{self.english}".encode(errors="surrogatepass")
        return blake2b(texts, digest_size=7).hexdigest()


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
        texts += _in_one(nfc(title))
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
    korean, english = zip(*dict.fromkeys(texts), strict=True) if texts else ((), ())
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


def _in_one(line: str) -> list[Pair]:
    """Return the two parts of a line that are a title in both languages, else nothing."""
    parts = [part.strip() for part in _BETWEEN.split(line, maxsplit=1)]
    return _alike(*_in_order(parts)) if all(map(is_title, parts)) else []


def _titles(lines: Sequence[str]) -> list[Pair]:
    """Return the lines near the start that are a title in both languages, two or one, or nothing.

    Of several, they are those whose lengths differ least: the name of a journal may stand above.
    """
    start = list(takewhile(lambda line: not is_sentence(line), lines[:_MOST_LINES]))
    found = [pair for line in start for pair in _in_one(line)]
    found += [
        pair
        for one, other in pairwise(start)
        if is_title(one) and is_title(other)
        for pair in _alike(*_in_order((one, other)))
    ]
    return sorted(found, key=lambda pair: _likeness(*pair))[-1:]


def _of_both(lines: Sequence[str], part: Part) -> Pair:
    """Return the first text of each language that is labelled as some part.

    Where one language has no label of its own, it is what follows the other: some pages set both
    below one.
    """
    found: dict[str, str] = {}
    following: dict[str, str] = {}
    for text, is_labelled in _parts(lines, part):
        (found if is_labelled else following).setdefault(detect(text), text)
    korean, english = (found.get(name) or following.get(name, "") for name in (KOREAN, ENGLISH))
    return korean, english


def _parts(lines: Sequence[str], part: Part) -> Iterator[tuple[str, bool]]:
    """Yield the texts behind labels of one kind, up to the next part, and if that is at once.

    Behind the first is also what follows it in the other language.
    """
    taken: list[str] = []
    is_taking = is_labelled = False
    for line in lines:
        label = part_of(line)
        if label is None and not is_taking:
            continue
        if label is not None or (taken and {detect(taken[0]), detect(line)} == {KOREAN, ENGLISH}):
            if taken:
                yield "\n".join(taken), is_labelled
            is_taking = label.part is part if label else is_labelled
            is_labelled = label is not None
            taken = []
        if is_taking and (text := label.rest if label else line):
            taken.append(text)
    if taken:
        yield "\n".join(taken), is_labelled


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
    """Return two lists of as many words, one by one; nothing for what are no such lists.

    A word that is not in the two languages, as APEC, is left out, unless most are.
    """
    if max(len(korean), len(english)) > _LONGEST_LIST:
        return []
    some, others = _words(korean), _words(english)
    if len(some) != len(others) or not _FEWEST_KEYWORDS <= len(some) <= _MOST_KEYWORDS:
        return []
    pairs = [
        pair
        for pair in zip(some, others, strict=True)
        if max(map(len, pair)) <= _LONGEST_KEYWORD and _in_order(pair) == pair
    ]
    return pairs if 2 * len(pairs) >= len(some) else []


def _words(text: str) -> list[str]:
    """Return the words of a list, without quotes and what stands in brackets behind them."""
    text = nfc(text).strip(" \n.")
    mark = _COMMAS if _COMMAS.search(text) else _DOTS
    bare = (word.strip(_QUOTES) for word in mark.split(text))
    return [_SHORT.sub("", word).strip(_QUOTES) for word in bare]


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
