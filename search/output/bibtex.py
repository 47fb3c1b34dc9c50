"""Formats the documents of hits as BibTeX, for Zotero, JabRef and LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from zlib import crc32

from corpus.names import readable

from ..results import Hit
from .terminal import printable
from .text import place_of, title_of

_LANGUAGES = {"ko": "korean", "en": "english"}
# Fields of a document that BibTeX has too.
_STATED = ("journal", "publisher", "institution", "volume", "number", "pages", "keywords")
# Those that programs read as they stand: a sign there cannot be escaped, but coded as in a URL.
_VERBATIM = ("url", "doi")
_ESCAPED = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "{}$&#_%"},
    }
)
_CODED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in '\\{}" '})
# Zotero and JabRef part the files of an entry, and what is said of each, by `;` and `:`. Both take
# any sign behind a backslash for itself, and `%` is no more than a sign to them.
_OF_FILES = str.maketrans({sign: f"\\{sign}" for sign in "\\:;{}"})
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?")
_AND = re.compile(r"\band\b", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"[;\n]")


def bibtex_lines(hits: Iterable[Hit], shown: Callable[[str], str] = readable) -> Iterator[str]:
    """Yield an entry for the document of each hit, once, with the first passage as its note.

    `shown` formats a path of the index. The key of a document is the same in every export.
    """
    seen: set[tuple[str, str]] = set()
    for hit in hits:
        if (hit.path, hit.document) in seen:
            continue
        seen.add((hit.path, hit.document))
        yield f"@{'article' if _fields_of(hit).get('journal') else 'misc'}{{{_key(hit)},"
        for name, value in _entry(hit, shown).items():
            if value:
                yield f"  {name} = {{{value}}},"
        yield "}"


def _entry(hit: Hit, shown: Callable[[str], str]) -> Mapping[str, str]:
    stated = _fields_of(hit)
    date = _DATE.match(hit.date)
    return {
        "title": _escaped(title_of(hit)),
        "author": _authors(stated.get("author", "")),
        "year": date[1] if date else "",
        "month": str(int(date[2])) if date and date[2] else "",
        "date": _escaped(hit.date),
        "langid": _LANGUAGES.get(hit.language, ""),
        **{name: _escaped(stated.get(name, "")) for name in _STATED},
        **{name: _coded(stated.get(name, "")) for name in _VERBATIM},
        "file": _file(shown(hit.path)),
        "note": _escaped(place_of(hit) if hit.unit != "line" else f"line {hit.line}"),
        "annote": _escaped(hit.text),
    }


def _fields_of(hit: Hit) -> Mapping[str, str]:
    return {name.lower(): value for name, value in hit.metadata.items()}


def _key(hit: Hit) -> str:
    identity = f"{hit.path}\0{hit.document}".encode(errors="surrogatepass")
    return f"chaja-{crc32(identity):08x}"


def _authors(stated: str) -> str:
    """Return names as BibTeX has them; in braces if one has the word that parts them."""
    names = filter(None, (_escaped(name) for name in _BETWEEN_NAMES.split(stated)))
    return " and ".join(f"{{{name}}}" if _AND.search(name) else name for name in names)


def _escaped(text: str) -> str:
    return " ".join(printable(text).split()).translate(_ESCAPED)


def _coded(text: str) -> str:
    return printable(text).strip().translate(_CODED)


def _file(path: str) -> str:
    """Return a path as Zotero and JabRef read it, "" if its braces are not in pairs.

    BibTeX counts braces behind a backslash too, and would take what follows for the path.
    """
    steps = ((sign == "{") - (sign == "}") for sign in path)
    depths = [*accumulate(steps, initial=0)]
    is_paired = min(depths) == depths[-1] == 0
    return printable(path).strip().translate(_OF_FILES) if is_paired else ""
