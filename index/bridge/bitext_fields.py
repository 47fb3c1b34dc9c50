"""Which fields of a record say the same in two languages: title and title_en, 초록 and Abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from corpus.language import ENGLISH, KOREAN, detect

from .bitext_lines import nfc

# What a name says of its language: titleEn, title_ko, abstract(English), 영문제목.
_LANGUAGE = re.compile(
    "(?<![a-z])(?:ko(?:r(?:ean)?)?|kr|en(?:g(?:lish)?)?)(?![a-z])|한국어|국문|한글|영어|영문",
    re.IGNORECASE,
)
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")
_REST = re.compile(r"[\W_]+")
# Names of the same thing.
_CALLED = {
    **dict.fromkeys(("제목", "논문제목", "논문명", "표제"), "title"),
    **dict.fromkeys(("초록", "논문초록", "요약", "summary"), "abstract"),
    **dict.fromkeys(("주제어", "핵심어", "키워드", "keyword"), "keywords"),
    **dict.fromkeys(("본문", "내용", "body", "content"), "text"),
}
# What a document has beside its metadata.
_OWN = ("title", "text")


def same_fields(
    title: str, passages: Sequence[str], metadata: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield what fields of the same meaning say in Korean and in English.

    The title and the text of the document are fields, too.
    """
    for names in _same(tuple(metadata)):
        found: dict[str, str] = {}
        for name in names:
            if name in metadata:
                said = metadata[name]
            else:
                said = title if name == "title" else "\n".join(passages)
            said = nfc(said)
            found.setdefault(detect(said), said)
        if KOREAN in found and ENGLISH in found:
            yield found[KOREAN], found[ENGLISH]


# The names of fields are the same in every row.
@lru_cache(maxsize=256)
def _same(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the names, those of the document's own fields among them, that mean the same."""
    meant: dict[str, list[str]] = {}
    for name in (*names, *(own for own in _OWN if own not in names)):
        meant.setdefault(_meaning(_words(name)), []).append(name)
    return [tuple(alike) for alike in meant.values() if len(alike) > 1 and _differ(alike)]


def _words(name: str) -> str:
    return _HUMP.sub("_", nfc(name)).replace("_", " ")


def _meaning(words: str) -> str:
    """Return what a field holds, whatever the language."""
    bare = _REST.sub("", _LANGUAGE.sub(" ", words)).casefold()
    return _CALLED.get(bare, bare)


def _differ(names: Sequence[str]) -> bool:
    """Tell whether names of the same thing say that they are in two languages: text and body don't.

    They do where one of them names a language, or where they are in two themselves.
    """
    return any(map(_LANGUAGE.search, map(_words, names))) or len(set(map(detect, names))) > 1
