"""Takes the marks of Markdown out of a paragraph: links, emphasis, tags, code marks, references.

Line feeds stay, so that each line of the result is the one of the file. Every pattern takes linear
time: what it repeats ends at a sign with which another match begins, or at the end of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from html import unescape

_WITHIN_WORDS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q "
    "rb rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
)
_BETWEEN_WORDS = (
    "address area article aside audio blockquote body br button canvas caption center col "
    "colgroup dd details dialog div dl dt embed fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 head header hr html iframe input legend li link main map meta meter nav noscript "
    "object ol optgroup option output p param picture pre progress script section select source "
    "style summary svg table tbody td template textarea tfoot th thead title tr track ul video"
)
# What stays of the tags of each element.
_TAGS = {
    **dict.fromkeys(_WITHIN_WORDS.split(), ""),
    **dict.fromkeys(_BETWEEN_WORDS.split(), " "),
}

_TARGET = r"(?:<[^<>\n]*>|[^\s()<>]*+(?>(?:\([^\s()<>]*+\)[^\s()<>]*+)*))"
_TITLE = r"""(?:"[^"]*+"|'[^']*+'|\([^()]*+\))"""
_SIGNS = re.compile(r"[\\`<&*_~\[\]]")
_TOKEN = re.compile(
    rf"""
    (?=[\\`<&*_~!\[\]])(?:  # most characters are none of these
    \\(?P<escaped>[!-/:-@\[-`{{-~]|(?=\n))
    # A longer run than eight would be sought to the end of the text again and again.
    |(?<!`)(?P<ticks>`{{1,8}})(?!`)(?P<code>(?s:.*?))(?<!`)(?P=ticks)(?!`)
    |(?P<comment><!--(?s:.*?)(?:-->|\Z))
    |<(?P<address>[A-Za-z][A-Za-z0-9+.-]{{1,31}}:(?!:)[^\s<>]*+|[^\s<>@/]++@[^\s<>]++)>
    # In lower case, or all in capitals: List<Object> is code that nobody marked.
    |(?P<tag></?(?P<name>[a-z][a-z0-9]*+|[A-Z][A-Z0-9]*+)
        (?:\s(?>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*))?/?>)
    |(?P<entity>&(?:\#[0-9]{{1,7}}|\#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,30}});)
    |\[(?P<note>\^[^\s\[\]]++)\]
    |!?\[\[(?P<page>[^\[\]|\n]++)(?:\|(?P<label>[^\[\]\n]++))?\]\](?!\()
    |(?P<open>!?\[)
    |(?P<close>\](?:(?P<link>\(\s*+{_TARGET}(?:\s++{_TITLE})?\s*+\))|\[(?P<ref>[^\[\]]*+)\](?!\())?)
    |(?P<run>\*++|_++|(?<!~)~~(?!~))
    )
    """,
    re.VERBOSE,
)
_LONGEST_RUN = 3
_LONGEST_LABEL = 999  # characters, of a link's reference


def label_of(text: str) -> str:
    """Return the label of a reference as it is compared: any case and white space are one."""
    return " ".join(text.split()).casefold()


def without_marks(text: str, labels: Set[str] = frozenset()) -> str:
    """Return a paragraph as its reader sees it; `labels` are those that link references define.

    It has as many lines as before.
    """
    return _Paragraph(text, labels).shown() if _SIGNS.search(text) else text


class _Paragraph:
    """A paragraph as pieces: a mark stays one until its partner is found, then both are empty."""

    def __init__(self, text: str, labels: Set[str]) -> None:
        self._text = text
        self._labels = labels
        self._pieces: list[str] = []
        self._brackets: list[tuple[int, int]] = []  # piece, and where its words start
        self._runs: dict[str, list[int]] = {"*": [], "_": [], "~": []}  # pieces

    def shown(self) -> str:
        end = 0
        for token in _TOKEN.finditer(self._text):
            self._pieces.append(self._text[end : token.start()])
            self._pieces.append(self._piece(token))
            end = token.end()
        self._pieces.append(self._text[end:])
        return "".join(self._pieces)

    def _piece(self, token: re.Match[str]) -> str:
        kind = token.lastgroup or ""
        simple = _SIMPLE.get(kind)
        if simple:
            return simple(token)
        if kind == "open":
            self._brackets.append((len(self._pieces), token.end()))
            return token[0]
        if kind == "note":
            is_note = token["note"][1:].isdigit() or label_of(token["note"]) in self._labels
            return "" if is_note else token[0]
        return self._run(token) if kind == "run" else self._closed(token)

    def _closed(self, token: re.Match[str]) -> str:
        """Return what stays of a closing bracket and what follows it, and open a link's mark."""
        if not self._brackets:
            return token[0]
        piece, start = self._brackets.pop()
        if token["link"] is None and not self._is_reference(token, start):
            return token[0]
        self._pieces[piece] = ""
        return line_feeds(token[0])

    def _is_reference(self, token: re.Match[str], start: int) -> bool:
        if not self._labels or token.start() - start > _LONGEST_LABEL:
            return False
        return label_of(token["ref"] or self._text[start : token.start()]) in self._labels

    def _run(self, token: re.Match[str]) -> str:
        """Return what stays of a run of emphasis marks, and take as many from its partners."""
        run, sign = token[0], token[0][0]
        before = self._text[token.start() - 1 : token.start()]
        after = self._text[token.end() : token.end() + 1]
        if len(run) > _LONGEST_RUN or (sign == "*" and before.isdigit() and after.isdigit()):
            return run
        opens = bool(after) and not after.isspace() and not (sign == "_" and before.isalnum())
        closes = bool(before) and not before.isspace() and not (sign == "_" and after.isalnum())
        partners = self._runs[sign]
        while closes and run and partners:
            left = self._pieces[partners[-1]]
            taken = min(len(left), len(run))
            self._pieces[partners[-1]], run = left[taken:], run[taken:]
            if not self._pieces[partners[-1]]:
                partners.pop()
        if run and opens:
            partners.append(len(self._pieces))
        return run


def line_feeds(text: str) -> str:
    """Return what stays of a text that is not shown: its line feeds."""
    return "\n" * text.count("\n")


def _comment(token: re.Match[str]) -> str:
    """Return nothing of a comment; one without an end is text."""
    return line_feeds(token[0]) if token[0].endswith("-->") else token[0]


def _tag(token: re.Match[str]) -> str:
    left = _TAGS.get(token["name"].lower())
    return token[0] if left is None else line_feeds(token[0]) or left


def _entity(token: re.Match[str]) -> str:
    sign = unescape(token[0])
    return " " if sign.isspace() else sign


# By the last group of a token.
_SIMPLE: dict[str, Callable[[re.Match[str]], str]] = {
    "escaped": lambda token: token["escaped"],
    "code": lambda token: token["code"],
    "comment": _comment,
    "address": lambda token: token["address"],
    "tag": _tag,
    "entity": _entity,
    "page": lambda token: token["page"],
    "label": lambda token: token["label"],
}
