"""Composes the analysis of a word from those of its pieces, one script each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from .alphanumeric import atom_parts
from .hanja import LONGEST, is_hanja, is_reading
from .joints import MARKS, is_joint
from .korean import AFTER_DIGITS, AFTER_LETTERS, BEFORE_DIGITS
from .lexicon import Analysis
from .normalize import PART
from .shared_ends import list_key
from .tokenizer import Piece, Script, pieces
from .word import Part, Role, Word

# Signs of which the tokenizer joins names as with a middle dot.
_DOTS = str.maketrans("./-", "···")
# A single run of Hangul, as most words are, is its own lexicon key.
_HANGUL = re.compile("[가-힣ㄱ-ㆎ]+")
_KANA = re.compile("[ぁ-ヿ]")
_READ = (Script.HANGUL, Script.HAN)


def lexicon_keys(word: str) -> list[str]:
    """Return the lexicon keys of a word: its runs of Hangul or Han, with stand-ins for neighbours.

    A joint is its own key.
    """
    if _HANGUL.fullmatch(word):
        return [word]
    if is_joint(word):
        return [word] if word not in MARKS else []
    if _is_atom(word):
        return []
    return [
        key
        for piece, before, behind in _with_neighbours(word)
        if piece.script in _READ
        for key, _ in _runs(piece, before, behind)
    ]


def compose(word: str, korean: Callable[[str], Analysis]) -> Word:
    """Return the analysis of `word`; `korean` analyzes each of its `lexicon_keys`."""
    if word.isascii() and word.isalnum():  # one atom
        found, width = atom_parts(word)
        return Word(tuple(found), width)
    if _HANGUL.fullmatch(word):
        analysis, width = korean(word)
        return Word(_inside(analysis, width), width, tuple(_bigrams(word)))
    if is_joint(word):  # the word that it is has an analysis of its own
        return Word((), 0)
    if _is_atom(word):
        found, width = atom_parts(word)
        return Word(_inside(found, width), width)
    parts: list[Part] = []
    bigrams: list[str] = []
    position = width = 0
    for piece, before, behind in _with_neighbours(word):
        if piece.script is Script.GLOSS:
            first = position - width
            end = piece.start + len(piece.text)
            parts.append(Part(piece.text, Role.EXTRA, first, piece.start, end))
            bigrams += _bigrams(piece.text)
            continue
        if piece.script in _READ:
            found, width = _read(piece, before, behind, korean)
            bigrams += _bigrams(piece.text)
        elif piece.script is Script.ATOM:
            found, width = atom_parts(piece.text)
        else:
            name = piece.text.replace("·", "")
            found, width = [Part(name, Role.PRIMARY, 0, 0, len(piece.text))], 1
            bigrams += _bigrams(name)
        parts += _shifted(found, position, piece.start)
        position += width
    return Word(_inside(parts, position), position, tuple(bigrams))


def _is_atom(word: str) -> bool:
    """Return whether a word that is no joint is one atom, with signs in it or in camelCase."""
    return word.isascii() or (PART in word and word.replace(PART, "").isascii())


def _inside(parts: Iterable[Part], width: int) -> tuple[Part, ...]:
    """Return the parts at the positions of the word: all, if its width is 0."""
    if not width:
        return tuple(parts)
    # Another reading of the last particles would have the position of the next word.
    kept = (Role.PRIMARY, Role.COMPOUND)
    return tuple(
        [p for p in parts if p.role is Role.EXTRA or (p.role in kept and p.position < width)]
    )


def _with_neighbours(word: str) -> Iterator[tuple[Piece, str, str]]:
    """Yield each piece with the stand-ins for its neighbours before and behind, or ""."""
    end = -1
    for piece in _pieces(word):
        before = behind = ""
        if piece.start == end or word[piece.start - 1 : piece.start] == ")":
            before = AFTER_DIGITS if word[piece.start - 1].isdigit() else AFTER_LETTERS
        end = piece.end
        # Only a single syllable (제3차, 약10개) depends on the number behind it.
        if len(piece.text) == 1 and word[end : end + 1].isdigit():
            behind = BEFORE_DIGITS
        yield piece, before, behind


def _pieces(word: str) -> Iterator[Piece]:
    """Yield the pieces of a word, with those in Han characters that are read in Korean marked."""
    is_japanese = _KANA.search(word) is not None
    before = ""
    for piece in pieces(word):
        if piece.script is Script.HANGUL:
            piece = piece._replace(text=piece.text.translate(_DOTS))
        elif not is_japanese and _is_read(piece.text):
            piece = piece._replace(script=Script.HAN)
        if word[piece.start - 1 : piece.start] == "(" and _is_gloss(piece.text, before):
            piece = piece._replace(script=Script.GLOSS)
        before = piece.text
        yield piece


def _is_read(text: str) -> bool:
    name = text.replace("·", "")
    return len(name) <= LONGEST and is_hanja(name)


def _is_gloss(text: str, before: str) -> bool:
    """Return whether a word in brackets is the word before in Han characters, or in Hangul."""
    return is_reading(before, text) if is_hanja(text) else is_reading(text, before)


def _runs(piece: Piece, before: str, behind: str) -> list[tuple[str, int]]:
    """Return the (key, offset) pairs of a run of one script; for 한·미, 한미 is the first."""
    text, is_han = piece.text, piece.script is Script.HAN
    if "·" not in text:
        # Only a single Han character is read with its neighbours: 日 of 15日 is a day.
        alone = is_han and len(text) > 1
        return [(text if alone else before + text + behind, 0)]
    names = text.split("·")
    offsets = accumulate((len(name) + 1 for name in names[:-1]), initial=0)
    runs = list(zip(names, offsets, strict=True))
    # 한·미, 전·현직 and 국내·외 are one name with a dot in it, 국방부·외교부 two names.
    one_name = sum(len(name) > 1 for name in names) <= 1
    if not one_name:
        return runs
    runs.insert(0, ("".join(names), 0))
    if len(text) >= 2 * len(names) and not is_han:  # one has more than a syllable
        runs.append((list_key(names), 0))
    return runs


def _read(
    piece: Piece, before: str, behind: str, korean: Callable[[str], Analysis]
) -> tuple[list[Part], int]:
    runs = _runs(piece, before, behind)
    names = piece.text.split("·")
    parts: list[Part] = []
    if len(runs) == len(names):  # without a joined name
        position = 0
        for key, offset in runs:
            found, width = korean(key)
            parts += _shifted(found, position, offset)
            position += width
        return parts, position
    joined, width = korean(runs[0][0])
    parts += [_with_dots(part, names) for part in joined]
    for key, offset in runs[1:]:
        parts += [
            Part(part.term, Role.EXTRA, 0, offset + part.start, offset + part.end)
            for part in korean(key)[0]
            if part.role is not Role.FALLBACK
        ]
    return parts, width


def _shifted(parts: Iterable[Part], position: int, offset: int) -> Iterable[Part]:
    if not position and not offset:
        return parts
    return [
        Part(p.term, p.role, p.position + position, p.start + offset, p.end + offset) for p in parts
    ]


def _with_dots(part: Part, names: list[str]) -> Part:
    """Convert the offsets of a part of the joined name to offsets in the name with its dots."""
    ends = list(accumulate(map(len, names[:-1])))
    start = part.start + sum(end <= part.start for end in ends)
    return part._replace(start=start, end=part.end + sum(end < part.end for end in ends))


def _bigrams(text: str) -> list[str]:
    """Return the syllable bigrams of a run; a single syllable is its own."""
    run = text.replace("·", "")
    return [run[start : start + 2] for start in range(len(run) - 1)] or [run]
