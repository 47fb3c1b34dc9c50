"""The metadata of a page: encoding, title, date, translations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..metadata import parse_date, tidy_title
from .dom import Element

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
# No real page links more.
_MOST_TRANSLATIONS = 200
_LINKED_DATA = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')


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
