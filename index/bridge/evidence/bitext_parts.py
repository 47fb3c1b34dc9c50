"""What the lines of a document are: titles, sentences, labels of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from unicodedata import is_normalized, normalize

from corpus.language import ENGLISH, KOREAN, detect

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
_OTHER = re.compile(
    r"(?:[\W\d_]*+(?:머리말|서론|들어가며|목차|참고\s?문헌|introduction|contents|references)[\W_]*+"
    r"|(?:(?-i:[IVX]+)[.．)]|[Ⅰ-Ⅻ][.．)]?|\d{1,2}[.．)]|제\s?\d+\s?[장절])\s+\S.{0,80})",
    re.IGNORECASE,
)

_LONGEST_TITLE = 200
_FEWEST_WORDS, _FEWEST_LETTERS = 2, 8
_CODE = re.compile(r"[=_{}<>\\;]|\w\(|://")
_SHORTEST_SENTENCE = 22
_CLOSING, _ENDS = "\"'”’)]", (".", "?", "!", "。")

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


class Part(Enum):
    """What a label announces."""

    ABSTRACT = 1
    KEYWORDS = 2
    OTHER = 3


class Label(NamedTuple):
    """A line that begins a part, and what of the part stands in it."""

    part: Part
    rest: str


def nfc(text: str) -> str:
    """Return a text in NFC: with whole syllables, as labels are written."""
    return text if is_normalized("NFC", text) else normalize("NFC", text)


def lines_of_both(passages: Sequence[str]) -> list[str]:
    """Return the lines of a text that are not blank, if some are in each language, else none.

    Signs of headings are left out.
    """
    if all(map(str.isascii, passages)):
        return []
    text = "\n".join(passages)
    if "\n" not in text or not _ENGLISH.search(text):
        return []
    lines = [bare for line in nfc(text).split("\n") if (bare := line.strip(" \t#*"))]
    korean = sum(_HANGUL.search(line) is not None for line in lines)
    return lines if 0 < korean < len(lines) else []


def has_labels(lines: Sequence[str]) -> bool:
    """Tell whether some line is the label of an abstract or of keywords."""
    return any(_label(line) for line in lines)


def is_title(line: str) -> bool:
    """Tell whether a line may be a title: some words, not a sentence nor a label."""
    return (
        _FEWEST_LETTERS <= len(line) <= _LONGEST_TITLE
        and len(line.split()) >= _FEWEST_WORDS
        and not line.endswith((".", "。", ":", "…"))
        and not _CODE.search(line)
        and part_of(line) is None
    )


def is_sentence(line: str) -> bool:
    """Tell whether a line is running text: one sentence or more, to the end."""
    return len(line) >= _SHORTEST_SENTENCE and line.rstrip(_CLOSING).endswith(_ENDS)


def part_of(line: str) -> Label | None:
    """Return which part begins with a line, or None for one that goes on."""
    return _label(line) or (Label(Part.OTHER, "") if _OTHER.fullmatch(line) else None)


def _label(line: str) -> Label | None:
    found = _LABEL.match(line)
    if found and (found["close"] or found.end() == len(line)):
        return Label(Part.ABSTRACT if found["abstract"] else Part.KEYWORDS, line[found.end() :])
    return None


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
