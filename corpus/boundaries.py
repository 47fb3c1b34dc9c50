"""Where a text may be cut, from the best places (between paragraphs) to the last resort.

Every finder takes the text and a range in characters, both ends included, and gives the cuts
inside it in ascending order: a cut is the offset at which the text before it ends.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_CLOSERS = r"""["'”’»)\]}」』】〉》）］*_]*"""
_BLANK_LINE = re.compile(r"[^\S\n]*\n")
_FINISHED = re.compile(rf"[.!?…。！？]{_CLOSERS}\s*\Z")
# An item of a list, a heading, a row of a table, or one whose cells are set apart by tabs.
_ITEM = re.compile(
    r"[^\S\n]*(?:[-–*+•·◦▪▶○●□■◇◆※|#①-⑳]|\(?(?:\d{1,3}|[가-하])[.)]\s|\([가-힣\d]\))|[^\t\n]*\t"
)
_SENTENCE = re.compile(rf"[.!?…]+{_CLOSERS}(?=\s)|[。！？]+{_CLOSERS}")
_MARKS = ".!?…。！？"
_CLAUSE = re.compile(rf"[,;:|·–—]{_CLOSERS}(?=\s)|[，、；：]{_CLOSERS}")
_SPACE = re.compile(r"\s+")
# A letter or digit begins a grapheme after any of these, so none is split.
_JOINT = re.compile(r"[,;:|/\\&=)\]}>.…-](?=\w)")

# How far back from its end a sentence is looked at: the longest abbreviation, or closing quotes.
_REACH = 16
_OPENERS = "\"'“‘«([{「『【〈《（［*_"
_UNFINISHED = re.compile(
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


def paragraph_ends(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the ends of lines that a blank line follows."""
    return (cut for cut in line_ends(text, low, high) if ends_paragraph(text, cut))


def ends_paragraph(text: str, cut: int) -> bool:
    """Tell whether a blank line follows the line that ends at `cut`."""
    # Most lines begin with a letter, and a regular expression takes five times as long to tell.
    return text[cut + 1 : cut + 2].isspace() and bool(_BLANK_LINE.match(text, cut + 1))


def finished_line_ends(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the ends of lines that finish a sentence or that an item or a row follows."""
    return (cut for cut in line_ends(text, low, high) if is_finished(text, cut))


def is_finished(text: str, cut: int) -> bool:
    """Tell whether the line that ends at `cut` finishes a sentence or an item or a row follows."""
    if not text[cut - 1 : cut].isalnum() and _FINISHED.search(text, max(0, cut - _REACH), cut):
        return True
    return bool(_ITEM.match(text, cut + 1))


def sentence_ends(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the ends of sentences, closing quotes and brackets included.

    A full stop ends none after an initial, an abbreviation or the number of an item, nor before a
    digit or a small letter; so "etc." and "p.m." end one only if a capital or Hangul follows.
    """
    if not any(text.find(mark, low, high + 1) >= 0 for mark in _MARKS):
        return  # a table, or lines of a log: to find a character takes a tenth of the time
    for match in _SENTENCE.finditer(text, low, high + 1):
        cut = match.end()
        if cut <= high and not (match[0] == "." and _is_inside(text, match.start())):
            yield cut


def line_ends(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the ends of all lines."""
    cut = text.find("\n", low, high + 1)
    while cut >= 0:
        yield cut
        cut = text.find("\n", cut + 1, high + 1)


def clause_ends(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the places after a comma, semicolon, colon, dash or table bar."""
    ends = (match.end() for match in _CLAUSE.finditer(text, low, high + 1))
    return (cut for cut in ends if cut <= high)


def spaces(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the places where white space begins."""
    return (match.start() for match in _SPACE.finditer(text, low, high + 1))


def joints(text: str, low: int, high: int) -> Iterator[int]:
    """Yield the places after punctuation inside a run without white space, as in "a,b" or a URL."""
    return (match.end() for match in _JOINT.finditer(text, low - 1, high + 1))


def splits_grapheme(text: str, cut: int) -> bool:
    """Tell whether the characters on both sides of `cut` are drawn as one.

    Covers combining marks, decomposed Hangul, variation selectors, emoji joined by U+200D or
    toned, and flags; a rare script's own rules are not known here.
    """
    if not 0 < cut < len(text):
        return False
    before, after = text[cut - 1], text[cut]
    if after < "\u0300":
        return before == "\u200d"
    return (
        before == "\u200d"
        or after == "\u200d"
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or _is_hangul_continued(before, after)
        or (after in _FLAG_LETTERS and _is_flag_half(text, cut))
    )


def _is_inside(text: str, stop: int) -> bool:
    """Tell whether the full stop at `stop` belongs to the sentence around it."""
    last = text[stop - 1 : stop]
    if last.isdigit():
        return _is_after_number(text, stop)
    if last.isascii() and last.isalpha():
        return _is_after_abbreviation(text, stop)
    return "가" <= last <= "하" and bool(_NUMBERED_LINE.search(text[max(0, stop - 4) : stop]))


def _is_after_number(text: str, stop: int) -> bool:
    """Tell whether the number before `stop` counts a line, or is part of a date: "2024. 3. 5."."""
    before = text[max(0, stop - _REACH) : stop]
    if text[stop + 1 : stop + 3].lstrip()[:1].isdigit():
        return True
    return bool(_NUMBERED_LINE.search(before) or _MONTH_OR_DAY.search(before))


def _is_after_abbreviation(text: str, stop: int) -> bool:
    """Tell whether a word that isn't over precedes `stop`, or a small letter follows it."""
    if text[stop + 1 : stop + 3].lstrip()[:1].islower():
        return True
    word = text[max(0, stop - _REACH) : stop].split()[-1].lstrip(_OPENERS)
    return bool(_UNFINISHED.fullmatch(word))


def _is_hangul_continued(before: str, after: str) -> bool:
    """Tell whether `after` is a decomposed vowel or final consonant of the syllable of `before`."""
    return "\u1160" <= after <= "\u11ff" and (
        "\u1100" <= before <= "\u11ff" or "가" <= before <= "힣"
    )


def _is_flag_half(text: str, cut: int) -> bool:
    """Tell whether an odd number of regional indicators, two of which make a flag, precedes."""
    before = text[max(0, cut - 64) : cut]
    return (len(before) - len(before.rstrip(_FLAG_LETTERS))) % 2 == 1
