"""Boundaries at which a text can be cut, from paragraphs down to graphemes.

Every iterator takes a text and a range of character offsets, both ends included, and yields the
cuts in it in ascending order. A cut is the offset at which the text before it ends.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_CLOSERS = r"""["'”’»)\]}」』】〉》）］*_]*"""
_BLANK_LINE = re.compile(r"[^\S\n]*\n")
_FINISHED = re.compile(rf"[.!?…。！？]{_CLOSERS}\s*\Z")
# A list item, a heading, a table row, or a row of tab-separated columns.
_ITEM = re.compile(
    r"[^\S\n]*(?:[-–*+•·◦▪▶○●□■◇◆※|#①-⑳]|\(?(?:\d{1,3}|[가-하])[.)]\s|\([가-힣\d]\))|[^\t\n]*\t"
)
# One inside a word matches too: failing, it would be tried again from each of a row of stops.
_SENTENCE = re.compile(rf"[.!?…]+{_CLOSERS}(?P<inside>(?!\s))?|[。！？]+{_CLOSERS}")
_MARKS = ".!?…。！？"
_CLAUSE = re.compile(rf"[,;:|·–—]{_CLOSERS}(?=\s)|[，、；：]{_CLOSERS}")
_SPACE = re.compile(r"\s+")
# A letter or digit after any of these begins a grapheme, so none is split.
_PUNCTUATION = re.compile(r"[,;:|/\\&=)\]}>.…-](?=\w)")

# In characters. In a longer range the first end may be near, and one of the marks far.
_NEAR = 1000
# How many characters of the end of a sentence are examined: an abbreviation, or closing quotes.
_LOOK_BEHIND = 16
_OPENERS = "\"'“‘«([{「『【〈《（［*_"
_ABBREVIATION = re.compile(
    r"""(?:[A-Z]\.)*[A-Z]|(?:[a-z]\.)+[a-z]
    |Drs?|Mrs?|Ms|Messrs|Prof|Rev|Hon|Gov|Sen|Rep|Gen|Col|Maj|Capt|Lt|Sgt|Amb|St|Sr|Jr
    |Nos?|Vols?|Figs?|Eqs?|Arts?|Secs?|Chs?|Eds?
    |Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec
    |nos?|vols?|figs?|eqs?|pp?|eds?|vs|cf|al|approx|ca|viz""",
    re.VERBOSE,
)
_NUMBERED_LINE = re.compile(r"(?:\A|\n)[^\S\n]*\(?(?:\d{1,3}|[가-하])\Z")
_MONTH_OR_DAY = re.compile(r"\d\.\s?\d{1,2}\Z")
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def ends_paragraph(text: str, cut: int) -> bool:
    """Return whether a blank line follows the line that ends at `cut`."""
    # Most lines begin with a letter, which this test rejects five times as fast as the regex.
    return text[cut + 1 : cut + 2].isspace() and bool(_BLANK_LINE.match(text, cut + 1))


def is_hard_break(text: str, cut: int) -> bool:
    """Return whether the line that ends at `cut` ends a sentence or precedes an item or a row."""
    if not text[cut - 1 : cut].isalnum() and _FINISHED.search(
        text, max(0, cut - _LOOK_BEHIND), cut
    ):
        return True
    return bool(_ITEM.match(text, cut + 1))


def sentence_ends(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the ends of sentences, closing quotes and brackets included.

    A full stop ends no sentence after an initial, an abbreviation or an item number, nor before a
    digit or a small letter; "etc." and "p.m." end one only before a capital or Hangul.
    """
    if high - low <= _NEAR and not any(text.find(mark, low, high + 1) >= 0 for mark in _MARKS):
        return  # for tables and logs: `find` takes a tenth of the time of the regex
    for match in _SENTENCE.finditer(text, low, high + 1):
        cut = match.end()
        if match["inside"] is not None:
            continue
        if cut <= high and not (match[0] == "." and _is_inside_sentence(text, match.start())):
            yield cut


def line_ends(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the ends of all lines."""
    cut = text.find("\n", low, high + 1)
    while cut >= 0:
        yield cut
        cut = text.find("\n", cut + 1, high + 1)


def clause_ends(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the offsets after a comma, semicolon, colon, dash or table bar."""
    ends = (match.end() for match in _CLAUSE.finditer(text, low, high + 1))
    return (cut for cut in ends if cut <= high)


def space_starts(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the offsets where white space begins."""
    return (match.start() for match in _SPACE.finditer(text, low, high + 1))


def punctuation_ends(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the offsets after punctuation before a letter or digit, as in "a,b" or a URL."""
    return (match.end() for match in _PUNCTUATION.finditer(text, low - 1, high + 1))


def splits_grapheme(text: str, cut: int) -> bool:
    """Return whether the characters on both sides of `cut` belong to one grapheme.

    Covers combining marks, decomposed Hangul, variation selectors, emoji joined by U+200D or with
    a skin tone, and flags, but not the rules of rarer scripts (UAX #29).
    """
    if not 0 < cut < len(text):
        return False
    before, after = text[cut - 1], text[cut]
    if after < "\u0300" or before == "\u200d":
        return before == "\u200d"
    return (
        after == "\u200d"
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or _is_hangul_continued(before, after)
        or (after in _FLAG_LETTERS and _is_flag_half(text, cut))
    )


def _is_inside_sentence(text: str, stop: int) -> bool:
    """Return whether the sentence goes on after the full stop at `stop`."""
    last = text[stop - 1 : stop]
    if not last.isdigit() and not (last.isascii() and last.isalpha()):
        return "가" <= last <= "하" and bool(_NUMBERED_LINE.search(text[max(0, stop - 4) : stop]))
    before = text[max(0, stop - _LOOK_BEHIND) : stop]
    following = text[stop + 1 : stop + 3].lstrip()[:1]
    if last.isdigit():  # of an item, or of a date such as "2024. 3. 5."
        is_number = _NUMBERED_LINE.search(before) or _MONTH_OR_DAY.search(before)
        return following.isdigit() or bool(is_number)
    word = before.split()[-1].lstrip(_OPENERS)
    return following.islower() or bool(_ABBREVIATION.fullmatch(word))


def _is_hangul_continued(before: str, after: str) -> bool:
    """Return whether `after` is a vowel or final consonant (NFD) in the syllable of `before`."""
    return "\u1160" <= after <= "\u11ff" and (
        "\u1100" <= before <= "\u11ff" or "가" <= before <= "힣"
    )


def _is_flag_half(text: str, cut: int) -> bool:
    """Return whether an odd number of regional indicators, two of which make a flag, precedes."""
    before = text[max(0, cut - 64) : cut]
    return (len(before) - len(before.rstrip(_FLAG_LETTERS))) % 2 == 1
