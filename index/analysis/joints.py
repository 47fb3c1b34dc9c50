"""Joints: places where the next words may be the rest of a word, as converters of pages leave it.

정상회⏎담, interna-⏎tional and 외 교 부 are one word each; 가장⏎먼저 is two. A joint is written as a
mark and its words, separated by blanks. Its verdict depends on nothing else, so that it is found
once and kept in the lexicon, as an analysis without terms, whose width is the verdict.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import pairwise

from ..value import NamedTuple
from .lexicon import Analysis
from .normalize import Normal

# The end of a line, that behind a hyphen, and blanks between single syllables.
LINE_END, HYPHEN, SPACED = "\n", "-\n", " "
MARKS = (LINE_END, HYPHEN)
# Blanks between two syllables that were spaced (성   명), and the most syllables of a joint.
_WIDE = 2
_MOST_SYLLABLES = 24
# A line that ends because it is full is at least this part of the next. The first of a passage may
# have begun before it; then the next must not be longer than lines are, in bytes.
FULL = 1 / 3
LONGEST_LINE = 150
# The most bytes of a character.
_BYTES = 4
# As many joints, and as large a part, show that line ends part words; of a text with less than a
# quarter that may, words that are not known are not joined.
_SOME, _MANY = 2, 1 / 2
EVIDENT = 1 / 4
# Words of a joint at a line end, in characters: two make a word of at most the maximum length.
_LONGEST = 32

_DIGITS = re.compile("[0-9]{1,3}")
_FEW_DIGITS = re.compile("[0-9]{1,3}(?![0-9])")
_BLANKS = re.compile("[^\x00-\x20]*([\x00-\x20]+)[^\x00-\x20]*")
_GAP = re.compile("-?[\x00-\x20]+")
# A line end between what may be the end of a word, perhaps with a hyphen, and a start of one: most
# line ends are those of sentences and paragraphs.
_BLANK = "\x00-\x09\x0b-\x20"
_LINE_END = re.compile(rf"\n(?<=[\w+#\-{_BLANK}]\n)(?=[\w{_BLANK}])")


class Verdict(IntEnum):
    """Whether the words of a joint are one word; UNKNOWN and EITHER are decided by its text.

    Nothing speaks for UNKNOWN, names and numbers: it takes a text that other joints show to be
    broken. EITHER is likely, and shows it where there are many.
    """

    APART = 0
    UNKNOWN = 1
    EITHER = 2
    ONE = 3


class Joint(NamedTuple):
    """A joint in a text: `size` words from number `first` on."""

    key: str
    first: int
    size: int = 2


class Side:
    """What a word at the start or end of a chunk may join: two words join if they share a side.

    Flags, as plain numbers: an IntFlag takes ten times as long to combine.
    """

    NONE = 0
    HANGUL = 1
    LATIN = 2
    DIGITS = 4
    HYPHENATED = 8
    SYLLABLE = 16


AT_LINE_END = Side.HANGUL | Side.LATIN | Side.DIGITS
# Combined once: a build asks for the sides of every different word.
_ONE_SYLLABLE = Side.HANGUL | Side.SYLLABLE
_LATIN_START = Side.LATIN | Side.HYPHENATED
_DIGIT_START = Side.DIGITS | Side.HYPHENATED


def start_side(word: str) -> int:
    """Return the sides of a word with which a chunk starts."""
    if len(word) > _LONGEST:
        return Side.NONE
    if "A" <= word[0] <= "z":  # no sign between Z and a begins or ends a word
        return _LATIN_START
    if _is_hangul(word):
        return _ONE_SYLLABLE if len(word) == 1 else Side.HANGUL
    if not "0" <= word[0] <= "9":
        return Side.NONE
    # Lines of a log begin with years and times, which are no rest of the number before them.
    return _DIGIT_START if _FEW_DIGITS.match(word) else Side.HYPHENATED


def _is_hangul(word: str) -> bool:
    """Return whether all of a word are Hangul syllables; a pattern would take time to compile."""
    return min(word) >= "가" and max(word) <= "힣"


def end_side(word: str, rest: str) -> int:
    """Return the sides of the last word of a chunk, and of the `rest` of the chunk behind it."""
    if len(word) > _LONGEST or rest not in ("", "-"):
        return Side.NONE
    is_latin = "A" <= word[-1] <= "z"
    if is_latin:
        return Side.HYPHENATED if rest else Side.LATIN
    if rest:
        return Side.NONE
    if _is_hangul(word):
        return _ONE_SYLLABLE if len(word) == 1 else Side.HANGUL
    return Side.DIGITS if _DIGITS.fullmatch(word) else Side.NONE


def is_run(syllables: int, blanks: int) -> bool:
    """Return whether single syllables may be a spaced word; `blanks` are the first two's."""
    return 2 < syllables <= _MOST_SYLLABLES or (syllables == 2 and blanks >= _WIDE)


def joint_of(mark: str, words: Iterable[str]) -> str:
    """Return words with a mark as they are in the lexicon."""
    return mark + " ".join(words)


def is_joint(word: str) -> bool:
    """Return whether a string is a joint, with or without its words, and no word of a text."""
    return word[0] in "\n- "


def is_pair(word: str) -> bool:
    """Return whether a string is a joint at the end of a line, with its words."""
    return word.startswith(MARKS) and word not in MARKS


def whole(joint: str, verdict: Verdict) -> str:
    """Return the word that a joint is: well-⏎known, which is not one word, keeps its hyphen.

    With it, a name keeps its capitals: WHO-⏎led, but AS⏎EAN is asean.
    """
    mark = _mark(joint)
    words = joint[len(mark) :]
    if mark == HYPHEN and verdict is not Verdict.ONE:
        return words.replace(" ", "-")
    return words.replace(" ", "").lower()


def words_of(joint: str) -> tuple[str, list[str]]:
    """Return the mark of a joint, and its words."""
    mark = _mark(joint)
    return mark, joint[len(mark) :].split(" ")


def verdict_of(analysis: Analysis | None) -> Verdict:
    """Return the verdict that the lexicon has on a joint."""
    return Verdict(min(analysis[1], Verdict.ONE)) if analysis else Verdict.APART


def joined(
    joints: Sequence[tuple[Joint, Verdict]], line_ends: int
) -> Iterator[tuple[Joint, Verdict]]:
    """Yield those joints of a text, in order, whose words are one word; none share a word.

    Of a text that was broken without regard to words, what may be one word is one: if a line end
    certainly parts a word, or at least half of the joints at `line_ends` are likely to.
    """
    verdicts = [verdict for joint, verdict in joints if joint.key[0] == LINE_END]
    likely = sum(verdict >= Verdict.EITHER for verdict in verdicts)
    least = Verdict.ONE
    if Verdict.ONE in verdicts or likely >= max(_SOME, line_ends * _MANY):
        least = Verdict.UNKNOWN if likely >= line_ends * EVIDENT else Verdict.EITHER
    end = 0
    for joint, verdict in joints:
        if joint.first >= end and (verdict >= least or joint.key[0] == HYPHEN[0]):
            yield joint, verdict
            end = joint.first + joint.size


def joints_in(text: str, normal: Normal, spans: Sequence[tuple[str, int]]) -> Iterator[Joint]:
    """Yield the joints between the words of a text, in order."""
    done = 0
    for number in _candidates(normal, spans):
        if number < done:
            continue
        gap = _gap(normal, spans, number)
        if "\n" in gap:
            if mark := _mark_at_line_end(spans, number, gap):
                yield from _at_line_end(text, normal, spans, number, mark)
        elif (count := _syllables(text, normal, spans, number)) > 1:
            if is_run(count, len(gap)):
                words = (word for word, _ in spans[number - 1 : number - 1 + count])
                yield Joint(joint_of(SPACED, words), number - 1, count)
            done = number + count - 1


def _candidates(normal: Normal, spans: Sequence[tuple[str, int]]) -> Sequence[int]:
    """Return the words, by number, that a line end or a single character may join to the last."""
    found: set[int] = set()
    if not normal.text.isascii():  # syllables are to be joined
        single = [number for number, (word, _) in enumerate(spans) if len(word) == 1]
        found = {after for before, after in pairwise(single) if after == before + 1}
    if line_ends := [match.start() for match in _LINE_END.finditer(normal.text)]:
        starts = [start for _, start in spans]
        found.update(bisect(starts, line_end) for line_end in line_ends)
        found -= {0, len(spans)}
    return sorted(found)


def _mark(joint: str) -> str:
    return HYPHEN if joint[0] == HYPHEN[0] else joint[0]


def _gap(normal: Normal, spans: Sequence[tuple[str, int]], number: int) -> str:
    """Return what is between a word and the last in the normal form."""
    word, offset = spans[number - 1]
    return normal.text[offset + len(word) : spans[number][1]]


def _blanks(
    text: str, normal: Normal, spans: Sequence[tuple[str, int]], number: int
) -> tuple[str, int] | None:
    """Return the blanks between a word and the last, and their start.

    None if there is anything but a hyphen before them, or anything behind them.
    """
    gap = _gap(normal, spans, number)
    if not _GAP.fullmatch(gap):
        return None
    start = spans[number][1]
    first = normal.original(start - len(gap) - 1, start - len(gap))[1]
    found = _BLANKS.fullmatch(text, first, normal.original(start, start + 1)[0])
    if found is None or gap not in (found[1], "-" + found[1]):
        return None
    return found[1], found.start(1)


def _mark_at_line_end(spans: Sequence[tuple[str, int]], number: int, gap: str) -> str:
    """Return the mark of the joint that a word and the last may be at a line end, or ""."""
    if gap.count("\n") > 1 or not _GAP.fullmatch(gap):
        return ""
    left, right = spans[number - 1][0], spans[number][0]
    sides = end_side(left, "-" if gap[0] == "-" else "") & start_side(right)
    if sides & Side.HYPHENATED:
        return HYPHEN
    return LINE_END if sides & AT_LINE_END else ""


def _at_line_end(
    text: str, normal: Normal, spans: Sequence[tuple[str, int]], number: int, mark: str
) -> Iterator[Joint]:
    """Yield the joint with a mark at a line end, if the line is full."""
    blanks = _blanks(text, normal, spans, number)
    if blanks and _is_full_at(text, blanks[1] + blanks[0].index("\n")):
        yield Joint(joint_of(mark, (spans[number - 1][0], spans[number][0])), number - 1)


def _is_full_at(text: str, newline: int) -> bool:
    start, end = text.rfind("\n", 0, newline) + 1, text.find("\n", newline + 1)
    end = end if end >= 0 else len(text)
    if newline - start >= FULL * _BYTES * (end - newline - 1):  # however many bytes they have
        return True
    lines = text[start:newline], text[newline + 1 : end]
    line, following = (len(part.encode("utf-8", "surrogatepass")) for part in lines)
    return line >= FULL * following or (not start and following <= LONGEST_LINE)


def _syllables(text: str, normal: Normal, spans: Sequence[tuple[str, int]], number: int) -> int:
    """Return how many single syllables follow each other from the word before `number` on."""
    if not end_side(spans[number - 1][0], "") & Side.SYLLABLE:
        return 0
    end = number
    while end < len(spans) and start_side(spans[end][0]) & Side.SYLLABLE:
        gap = _gap(normal, spans, end)
        if "\n" in gap or gap[:1] == "-" or not _blanks(text, normal, spans, end):
            break
        end += 1
    return end - number + 1
