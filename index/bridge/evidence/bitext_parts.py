"""Classifies lines and metadata fields for bitext extraction: titles, sentences, section labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache

from corpus.language import ENGLISH, KOREAN, detect
from corpus.nfc import nfc

from ...value import NamedTuple

_HANGUL = re.compile("[가-힣]")
_ENGLISH = re.compile("[A-Za-z]{3}")

_LABEL = re.compile(
    r"""[\W_]*+(?:(?:국문|영문|한글|한국어|영어|논문|다국어|english|korean|multilingual)\s{0,4})?
    (?:(?P<abstract>초\s{0,8}록|요\s{0,8}약문?|요\s{0,8}지|abstract|summary)
    |주\s{0,4}제\s{0,4}어|핵\s{0,4}심\s{0,4}어|중\s{0,4}심\s{0,4}어|키\s?워\s?드|key\s?-?words?)
    (?:\s{0,4}[(/,]\s?(?:english|korean|multilingual)?\s?
     (?:abstract|summary|key\s?-?words?|국문|영문|한국어|영어|english|korean)?\s?\)?)?
    \s*(?P<close>[^\w\s('"‘“]*+)\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_OTHER_SECTION = re.compile(
    r"(?:[\W\d_]*+(?:머리말|서론|들어가며|목차|참고\s?문헌|introduction|contents|references)[\W_]*+"
    r"|(?:(?-i:[IVX]+)[.．)]|[Ⅰ-Ⅻ][.．)]?|\d{1,2}[.．)]|제\s?\d+\s?[장절])\s+\S.{0,80})",
    re.IGNORECASE,
)

_MAX_TITLE = 200  # characters
_MIN_TITLE_WORDS, _MIN_TITLE = 2, 8
_CODE = re.compile(r"[=_{}<>\\;]|\w\(|://")
_MIN_SENTENCE = 22
_CLOSING_MARKS, _FULL_STOPS = "\"'”’)]", (".", "?", "!", "。")

# The language marked in the name of a field: titleEn, title_ko, abstract(English), 영문제목.
_LANGUAGE = re.compile(
    "(?<![a-z])(?:ko(?:r(?:ean)?)?|kr|en(?:g(?:lish)?)?)(?![a-z])|한국어|국문|한글|영어|영문",
    re.IGNORECASE,
)
_CAMEL_CASE = re.compile("(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\W_]+")
# Canonical names of fields.
_CANONICAL = {
    **dict.fromkeys(("제목", "논문제목", "논문명", "표제"), "title"),
    **dict.fromkeys(("초록", "논문초록", "요약", "summary"), "abstract"),
    **dict.fromkeys(("주제어", "핵심어", "키워드", "keyword"), "keywords"),
    **dict.fromkeys(("본문", "내용", "body", "content"), "text"),
}
# The fields of a document beside its metadata.
_DOCUMENT_FIELDS = ("title", "text")


class Section(Enum):
    """The kind of section that a label opens."""

    ABSTRACT = 1
    KEYWORDS = 2
    OTHER = 3


class Label(NamedTuple):
    """The label of a section, and the text behind it on the same line."""

    section: Section
    rest: str


def bilingual_lines(passages: Sequence[str]) -> list[str]:
    """Return the lines without blanks and heading marks, or none for a text in one language."""
    if all(map(str.isascii, passages)):
        return []
    text = "\n".join(passages)
    if "\n" not in text or not _ENGLISH.search(text):
        return []
    lines = [bare for line in nfc(text).split("\n") if (bare := line.strip(" \t#*"))]
    korean = sum(_HANGUL.search(line) is not None for line in lines)
    return lines if 0 < korean < len(lines) else []


def has_labels(lines: Sequence[str]) -> bool:
    """Return whether some line is the label of an abstract or of keywords."""
    return any(map(_label, lines))


def is_title(line: str) -> bool:
    """Return whether a line can be a title: some words, neither a sentence nor a label."""
    return (
        _MIN_TITLE <= len(line) <= _MAX_TITLE
        and len(line.split()) >= _MIN_TITLE_WORDS
        and not line.endswith((".", "。", ":", "…"))
        and not _CODE.search(line)
        and section_label(line) is None
    )


def is_sentence(line: str) -> bool:
    """Return whether a line is running text: one sentence or more, to the end."""
    return len(line) >= _MIN_SENTENCE and line.rstrip(_CLOSING_MARKS).endswith(_FULL_STOPS)


def section_label(line: str) -> Label | None:
    """Return the label that a line begins with, or None for a line within a section."""
    return _label(line) or (Label(Section.OTHER, "") if _OTHER_SECTION.fullmatch(line) else None)


def _label(line: str) -> Label | None:
    found = _LABEL.match(line)
    if found and (found["close"] or found.end() == len(line)):
        section = Section.ABSTRACT if found["abstract"] else Section.KEYWORDS
        return Label(section, line[found.end() :])
    return None


def parallel_fields(
    title: str, passages: Sequence[str], metadata: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the Korean and English values of synonymous fields, the title and text included."""
    for names in _synonymous(tuple(metadata)):
        values: dict[str, str] = {}
        for name in names:
            value = metadata.get(name)
            if value is None:
                value = title if name == "title" else "\n".join(passages)
            value = nfc(value)
            values.setdefault(detect(value), value)
        if KOREAN in values and ENGLISH in values:
            yield values[KOREAN], values[ENGLISH]


# The names of fields are the same in every row.
@lru_cache(maxsize=256)
def _synonymous(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the groups of bilingual fields that have the same meaning, the document's included."""
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys((*names, *_DOCUMENT_FIELDS)):
        bare = _SEPARATORS.sub("", _LANGUAGE.sub(" ", _words(name))).casefold()
        groups.setdefault(_CANONICAL.get(bare, bare), []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1 and _are_bilingual(group)]


def _words(name: str) -> str:
    return _CAMEL_CASE.sub("_", nfc(name)).replace("_", " ")


def _are_bilingual(names: Sequence[str]) -> bool:
    """Return whether a name marks a language or the names are in two: not "text" and "body"."""
    return any(map(_LANGUAGE.search, map(_words, names))) or len(set(map(detect, names))) > 1
