"""What a document itself tells of the other language, as terms of an inverted field.

So it is merged, deleted and counted with the document, and a build need not read old text again,
but for documents that say something in both languages, when they are learned from.
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
# Told of one document at most; a glossary belongs in a file of its own.
_MOST = 2_000


class Kind(StrEnum):
    """What is told: a translation, what letters stand for, a name, a page's translation.

    Or that a document says something in both languages, which is read when it is learned from.
    """

    GLOSS = "gloss"
    ACRONYM = "acronym"
    NAME = "name"
    TWIN = "twin"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing told: of a gloss Korean and English, of a twin two paths, of a name itself.

    Of a document in both languages it is a digest of what it says in them.
    """

    kind: Kind
    first: str
    second: str = ""

    def term(self) -> str:
        """Return it as a term of the index."""
        return _SEPARATOR.join((self.kind, self.first, self.second))

    @classmethod
    def of_term(cls, term: str) -> Evidence:
        """Return what a term tells. Raises ValueError for one that `term` did not make."""
        kind, first, second = term.split(_SEPARATOR)
        return cls(Kind(kind), first, second)


def start_of(kind: Kind) -> bytes:
    """Return what the terms of one kind begin with, and no other."""
    return f"{kind}{_SEPARATOR}".encode()


def evidence_of(document: Document, passages: Sequence[str]) -> list[str]:
    """Return the terms of what a document and the texts of its passages tell, each once."""
    told: list[Evidence] = []
    texts = [*map(nfc, (document.title, *passages))]
    # Most documents tell nothing, and asked as a whole, they are soon done with.
    together = "\n".join(texts)
    if has_brackets(together):
        for text in filter(has_brackets, texts):
            told += _evidence(Kind.GLOSS, glosses(text))
            told += _evidence(Kind.ACRONYM, acronyms(text))
    if may_have_names(together):
        told += [Evidence(Kind.NAME, name) for text in texts for name in names_in(text)]
    if document.translations:
        told += _evidence(Kind.TWIN, _twins(document))
    if both := bitext(document.title, passages, document.metadata):
        told += _evidence(Kind.GLOSS, both.keywords)
        told += [Evidence(Kind.BOTH, both.digest)] * bool(both.korean)
    return list(dict.fromkeys(item.term() for item in told))[:_MOST] if told else []


def _evidence(kind: Kind, pairs: Iterable[tuple[str, str]]) -> Iterator[Evidence]:
    for first, second in pairs:
        if _SEPARATOR not in first + second:
            yield Evidence(kind, first, second)


def _twins(document: Document) -> Iterator[tuple[str, str]]:
    """Yield the path of a page with those of its translations, as it links them."""
    for address in document.translations:
        path = ""
        with suppress(ValueError):  # an address that is none
            path = unquote(urlsplit(address).path)
        if path:
            relative = (
                path.lstrip("/") if path.startswith("/") else join(dirname(document.path), path)
            )
            yield document.path, normpath(relative)
