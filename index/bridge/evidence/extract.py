"""Extracts a document's evidence of translations, as terms of an inverted field.

As terms, evidence is merged, deleted and counted with its document, and a build need not read old
text again. Only a bitext is read again, when it is learned from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from corpus import Document

from ..sound.korean_names import may_have_names, names_in
from .bitext import bitext
from .bitext_parts import nfc
from .glosses import acronyms, glosses, has_brackets

_SEPARATOR = "\t"
# Of one document; glossaries should be files of their own.
_MAX_EVIDENCE = 2_000


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
    if may_have_names(whole):
        found += [Evidence(Kind.NAME, name) for text in texts for name in names_in(text)]
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
