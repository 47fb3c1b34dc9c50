"""Reads HTML: main text, title, date and translations of a page, without the clutter around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from ...document import Document, Heading, Problem
from ...encoding import bad_bytes, decode
from ...language import detect
from ...text_file import load
from ..metadata import file_title, find_date, parse_date, tidy_title
from .blocks import Block
from .dom import Element, parse
from .main_text import main_blocks

# A longer page holds data, such as images, or is none; its tree takes several times as much memory.
_MOST_BYTES = 1 << 26
# Browsers search 1,024 bytes for the encoding, but on some pages scripts precede it.
_HEAD_BYTES = 8192
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I
)

# Names of <meta> elements, in order of preference.
_DATE_NAMES = (
    "article:published_time og:article:published_time datepublished date pubdate publishdate "
    "publish_date article.published parsely-pub-date sailthru.date dc.date dc.date.issued "
    "dcterms.issued dcterms.created dcterms.date citation_publication_date"
)
# Names of meta elements, and what they state.
_STATED = {
    **dict.fromkeys(("author", "article:author", "dc.creator", "citation_author"), "author"),
    **dict.fromkeys(("keywords", "news_keywords", "article:tag", "dc.subject"), "keywords"),
}
# No real page links more.
_MOST_TRANSLATIONS = 200
_LINKED_DATA = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield the main text of the page as one document, its blocks separated by blank lines."""
    yield from read_page(file, name, main_blocks)


def read_page(
    file: BinaryIO, name: str, shown: Callable[[Element, str], Iterable[Block]]
) -> Iterator[Document | Problem]:
    """Yield the blocks that `shown` returns of the page, given its title, as `read` does."""
    data = load(file, kind="a page", most=_MOST_BYTES)
    source = decode(data, declared=declared_charset(data))
    page = parse(source.text)
    title, date = title_of(page), published_date(page)  # before their elements are pruned
    translations, metadata = translations_of(page), metadata_of(page)
    text, lines, headings = joined(shown(page, title), last=source.text.count("\n") + 1)
    yield Document(
        id=name,
        path=name,
        title=title or (headings[0].text if headings else file_title(name)),
        text=text,
        language=detect(text),
        date=date or find_date(text),
        line=lines[0][1] if lines else 1,
        lines=lines,
        headings=headings,
        metadata=metadata,
        translations=translations,
    )
    yield from bad_bytes(name, source.encoding, source.bad, source.line)


def joined(
    blocks: Iterable[Block], *, last: int
) -> tuple[str, tuple[tuple[int, int], ...], tuple[Heading, ...]]:
    """Join the blocks: return their text, its map of offsets to source lines, and the headings.

    Line feeds written as character references could lead beyond the `last` line; none does.
    """
    pieces: list[str] = []
    lines: list[tuple[int, int]] = []
    headings: list[Heading] = []
    end, before = 0, ""
    for block in blocks:
        if pieces:
            is_list = block.kind == before and before in ("item", "row")
            pieces.append("\n" if is_list else "\n\n")
            end += len(pieces[-1])
        start = end
        for line, number in zip(block.lines, block.numbers, strict=True):
            lines.append((end if lines else 0, min(number, last)))
            end += len(line) + 1
        end -= 1
        pieces.append(block.text)
        before = block.kind
        if block.kind == "heading" and (words := tidy_title(block.text)):
            headings.append(Heading(start=start, end=end, text=words))
    return "".join(pieces), tuple(lines), tuple(headings)


def metadata_of(page: Element) -> dict[str, str]:
    """Return the author and the keywords that the page states, several as lines."""
    found: dict[str, dict[str, None]] = {}
    for meta in page.iter("meta"):
        name = _STATED.get((meta.get("name", "") or meta.get("property", "")).casefold())
        if name:
            content = meta.get("content", "")
            parts = content.split(",") if name == "keywords" else [content]
            found.setdefault(name, {}).update(dict.fromkeys(filter(None, map(tidy_title, parts))))
    return {name: "\n".join(values) for name, values in found.items() if values}


def declared_charset(data: bytes) -> str:
    """Return the encoding declared at the beginning of the page, or ""."""
    found = _CHARSET.search(data[:_HEAD_BYTES])
    return found[1].decode("ascii", "ignore") if found else ""


def title_of(page: Element) -> str:
    """Return the title of the page, including what the site adds to it, or ""."""
    return next(filter(None, map(tidy_title, _titles(page))), "")


def _titles(page: Element) -> Iterator[str]:
    for title in page.iter("title"):
        if next(title.iterancestors("svg"), None) is None:  # a drawing has one of its own
            yield "".join(title.itertext())
    for meta in page.iter("meta"):
        if meta.get("property", "") == "og:title":
            yield meta.get("content", "")
    for heading in page.iter("h1"):
        yield "".join(heading.itertext())


def translations_of(page: Element) -> tuple[str, ...]:
    """Return the URLs of the page in other languages, as its head links them, each once."""
    links = (
        link.get("href", "").strip()
        for link in page.iter("link")
        if "alternate" in link.get("rel", "").lower().split() and link.get("hreflang", "")
    )
    return tuple(dict.fromkeys(filter(None, links)))[:_MOST_TRANSLATIONS]


def published_date(page: Element) -> str:
    """Return the date of publication in the markup, in ISO 8601, or ""."""
    return next(filter(None, map(parse_date, _dates(page))), "")


def _dates(page: Element) -> Iterator[str]:
    """Yield the candidates for the date of publication, the most explicit first."""
    stated: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = meta.get("property", "") or meta.get("name", "") or meta.get("itemprop", "")
        stated.setdefault(name.strip().lower(), meta.get("content", ""))
    yield from (stated[name] for name in _DATE_NAMES.split() if name in stated)
    for script in page.iter("script"):
        if script.get("type", "") == "application/ld+json":
            yield from _LINKED_DATA.findall(script.text or "")
    for time in page.iter("time"):
        if time.get("itemprop", "") == "datePublished":
            yield time.get("datetime", "")
    for time in page.iter("time"):
        if next(time.iterancestors("article"), None) is not None:
            yield time.get("datetime", "")
            return
