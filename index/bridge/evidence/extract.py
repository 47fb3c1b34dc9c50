"""Extracts a document's evidence of translations, as terms of an inverted field.

Evidence is bitexts, links to translations, and glosses: translations in brackets.

As terms, evidence is merged, deleted and counted with its document, and a build need not read old
text again. Only a bitext is read again, when it is learned from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from corpus import Document
from corpus.nfc import nfc

from ..sound.korean_names import names_in
from .bitext import bitext
from .brackets import BracketTerms, bracket_terms, expands, is_acronym
from .gloss_span import acronym_before, english_before, expansion_before, korean_before

_SEPARATOR = "\t"
# Of one document; glossaries should be files of their own.
_MAX_EVIDENCE = 2_000

_MAX_BRACKET = 120  # characters; a longer bracket has a sentence
_MAX_BEFORE = 100  # characters before the bracket, more than any term has
_BRACKETS = re.compile(rf"[(（]([^()（）\n]{{2,{_MAX_BRACKET}}})[)）]")
_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]{2}")
# A cheap condition that every acronym meets.
_CAPITALS = re.compile("[A-Z][A-Za-z0-9&+.-]{0,6}[A-Z]")

Pair = tuple[str, str]


class Kind(StrEnum):
    """The kind of evidence: `TRANSLATION` links two pages, `BITEXT` is a bitext's digest."""

    GLOSS = "gloss"
    ACRONYM = "acronym"
    NAME = "name"
    TRANSLATION = "twin"
    BITEXT = "both"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence.

    `first` and `second` are the Korean and the English of a gloss, an acronym and its expansion,
    or the paths of two pages. A name and the digest of a bitext have only `first`.
    """

    kind: Kind
    first: str
    second: str = ""

    def term(self) -> str:
        """Return the evidence as a term of the index."""
        return _SEPARATOR.join((self.kind, self.first, self.second))

    @classmethod
    def of_term(cls, term: str) -> Evidence:
        """Parse a term. Raises ValueError for one that `term` did not make."""
        kind, first, second = term.split(_SEPARATOR)
        return cls(Kind(kind), first, second)


def term_prefix(kind: Kind) -> bytes:
    """Return the prefix that the terms of one kind have, and no others."""
    return f"{kind}{_SEPARATOR}".encode()


def evidence_terms(document: Document, passages: Sequence[str]) -> list[str]:
    """Return the distinct evidence terms of a document with these texts of passages, in order."""
    found: list[Evidence] = []
    texts = [*map(nfc, (document.title, *passages))]
    # Most documents have no evidence: a test of the whole text is cheaper than one for each.
    whole = "\n".join(texts)
    if has_brackets(whole):
        for text in filter(has_brackets, texts):
            found += _evidence(Kind.GLOSS, glosses(text))
            found += _evidence(Kind.ACRONYM, acronyms(text))
    found += [Evidence(Kind.NAME, name) for name in names_in(whole)]  # no name has a line feed
    found += _evidence(Kind.TRANSLATION, _linked_pages(document))
    if both := bitext(document.title, passages, document.metadata):
        found += _evidence(Kind.GLOSS, both.keywords)
        found += [Evidence(Kind.BITEXT, both.digest)] * bool(both.korean)
    return list(dict.fromkeys(item.term() for item in found))[:_MAX_EVIDENCE]


def _evidence(kind: Kind, pairs: Iterable[tuple[str, str]]) -> Iterator[Evidence]:
    for first, second in pairs:
        if _SEPARATOR not in first + second:
            yield Evidence(kind, first, second)


def _linked_pages(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the path of a page with the path of each translation that it links to."""
    for address in document.translations:
        path = ""
        with suppress(ValueError):  # an invalid address
            path = unquote(urlsplit(address).path)
        if path:
            target = path.lstrip("/") if path[0] == "/" else join(dirname(document.path), path)
            yield document.path, normpath(target)


def glosses(text: str) -> list[Pair]:
    """Return the distinct (Korean, English) glosses of `text`, in order, as written there.

    A term that is glossed with an acronym is paired with the acronym's expansions in `text` too.
    """
    if text.isascii() or not has_brackets(text) or not _LATIN.search(text):
        return []
    found = list(dict.fromkeys(pair for context in _brackets(text) for pair in _glosses(*context)))
    if not any(is_acronym(english) for _, english in found):
        return found
    return expanded(found, acronyms(text))


def acronyms(text: str) -> list[Pair]:
    """Return the distinct (acronym, expansion) pairs that the brackets of `text` give, in order."""
    if not has_brackets(text) or not _CAPITALS.search(text):
        return []
    return list(dict.fromkeys(pair for context in _brackets(text) for pair in _acronyms(*context)))


def expanded(found: Iterable[Pair], acronyms: Iterable[Pair]) -> list[Pair]:
    """Return the glosses `found`, each acronym followed by its expansions as glosses."""
    expansions: dict[str, list[str]] = {}
    for acronym, expansion in acronyms:
        expansions.setdefault(acronym, []).append(expansion)
    pairs = (
        (korean, written)
        for korean, english in found
        for written in (english, *expansions.get(english, ()))
    )
    return list(dict.fromkeys(pairs))


def has_brackets(text: str) -> bool:
    """Return whether a text has an opening bracket: most texts have none, and so no gloss."""
    return "(" in text or "（" in text


def _brackets(text: str) -> Iterator[Pair]:
    """Yield the text before each bracket, on the same line, and the text in it."""
    for found in _BRACKETS.finditer(text):
        start = found.start()
        before = text[max(0, start - _MAX_BEFORE) : start]
        yield before[before.rfind("\n") + 1 :], found[1]


def _glosses(before: str, bracket: str) -> Iterator[Pair]:
    if not _LATIN.search(bracket) and not (_HANGUL.search(bracket) and _LATIN.search(before)):
        return
    terms = bracket_terms(bracket)
    for english in terms.english:
        korean = korean_before(before, terms.english[0])
        if _HANGUL.search(korean):
            yield korean, english
    if terms.korean:
        yield from ((terms.korean, english) for english in _english_forms(before, terms))


def _english_forms(before: str, terms: BracketTerms) -> list[str]:
    """Return the English that a Korean bracket glosses: a term, or an acronym and its expansion."""
    for other in terms.english:
        if acronym := acronym_before(before, other):
            return [acronym, other]
    head = english_before(before, terms.korean)
    return [head] if head else []


def _acronyms(before: str, bracket: str) -> Iterator[Pair]:
    if not _CAPITALS.search(bracket) and not _CAPITALS.search(before.rstrip().rpartition(" ")[2]):
        return
    terms = bracket_terms(bracket).english
    for acronym in filter(is_acronym, terms):
        yield from ((acronym, other) for other in terms if expands(acronym, other))
    if not terms:
        return
    if is_acronym(terms[0]) and (expansion := expansion_before(before, terms[0])):
        yield terms[0], expansion
    if head := acronym_before(before, terms[0]):
        yield head, terms[0]
