"""A word from its pieces: what each script gives, put in one line of positions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from .alphanumeric import atom_parts
from .korean import AFTER_DIGITS, AFTER_LETTERS, BEFORE_DIGITS
from .lexicon import Analysis
from .tokenizer import Piece, Script, pieces
from .word import Part, Role, Word

# One run of Hangul: the only piece of most words, and its own lexicon key.
_HANGUL = re.compile("[가-힣ㄱ-ㆎ]+")


def hangul_keys(word: str) -> list[str]:
    """Return the lexicon keys that a word needs: its runs of Hangul, in their company."""
    if word.isascii():
        return []
    if _HANGUL.fullmatch(word):
        return [word]
    return [
        key
        for piece, before, behind in _in_company(word)
        if piece.script is Script.HANGUL
        for key, _ in _runs(piece.text, before, behind)
    ]


def compose(word: str, korean: Callable[[str], Analysis]) -> Word:
    """Return the terms of `word`, asking `korean` for each of its `hangul_keys`."""
    if word.isascii() and word.isalnum():  # one atom
        found, position = atom_parts(word)
        return Word(tuple(found), position)
    if _HANGUL.fullmatch(word):
        known, width = korean(word)
        return Word(_standing(known, width), width, tuple(_bigrams(word)))
    parts: list[Part] = []
    bigrams: list[str] = []
    position = 0
    for piece, before, behind in _in_company(word):
        if piece.script is Script.HANGUL:
            found, width = _hangul(piece.text, before, behind, korean)
            bigrams += _bigrams(piece.text)
        elif piece.script is Script.ATOM:
            found, width = atom_parts(piece.text)
        else:
            name = piece.text.replace("·", "")
            found, width = [Part(name, Role.PRIMARY, 0, 0, len(piece.text))], 1
            bigrams += _bigrams(name)
        parts += [_moved(part, position, piece.start) for part in found]
        position += width
    return Word(_standing(parts, position), position, tuple(bigrams))


def _standing(parts: Iterable[Part], width: int) -> tuple[Part, ...]:
    """Return the parts that stand in their word: all of them if it has no position of its own."""
    if not width:
        return tuple(parts)
    # Another reading of particles at the end would stand where the next word does.
    return tuple(
        [part for part in parts if part.role is not Role.FALLBACK and part.position < width]
    )


def _in_company(word: str) -> Iterator[tuple[Piece, str, str]]:
    """Yield each piece with the stand-ins for what it touches before and behind, or ""."""
    found = pieces(word)
    for place, piece in enumerate(found):
        before = behind = ""
        if place and found[place - 1].end == piece.start:
            before = AFTER_DIGITS if word[piece.start - 1].isdigit() else AFTER_LETTERS
        # Only a single syllable (제3차, 약10개) depends on the number behind it.
        if len(piece.text) == 1 and word[piece.end : piece.end + 1].isdigit():
            behind = BEFORE_DIGITS
        yield piece, before, behind


def _runs(text: str, before: str, behind: str) -> list[tuple[str, int]]:
    """Return the keys of a run of Hangul with the place of each: 한·미 is read as 한미 first."""
    if "·" not in text:
        return [(before + text + behind, 0)]
    names = text.split("·")
    places = [sum(len(name) + 1 for name in names[:count]) for count in range(len(names))]
    runs = list(zip(names, places, strict=True))
    return [("".join(names), 0), *runs] if _is_one_name(names) else runs


def _is_one_name(names: list[str]) -> bool:
    """한·미, 전·현직 and 국내·외 are one name with a dot in it, 국방부·외교부 two names."""
    return sum(len(name) > 1 for name in names) <= 1


def _hangul(
    text: str, before: str, behind: str, korean: Callable[[str], Analysis]
) -> tuple[list[Part], int]:
    runs = _runs(text, before, behind)
    names = text.split("·")
    if len(runs) == len(names):
        return _in_a_row(runs, korean)
    parts, width = korean(runs[0][0])
    dotted = [_across_dots(part, names) for part in parts]
    for key, place in runs[1:]:
        apart, _ = korean(key)
        dotted += [
            Part(part.term, Role.EXTRA, 0, place + part.start, place + part.end)
            for part in apart
            if part.role in (Role.PRIMARY, Role.COMPOUND)
        ]
    return dotted, width


def _in_a_row(
    runs: list[tuple[str, int]], korean: Callable[[str], Analysis]
) -> tuple[list[Part], int]:
    parts: list[Part] = []
    position = 0
    for key, place in runs:
        found, width = korean(key)
        parts += [_moved(part, position, place) for part in found]
        position += width
    return parts, position


def _moved(part: Part, position: int, start: int) -> Part:
    if not position and not start:
        return part
    return Part(
        part.term, part.role, part.position + position, part.start + start, part.end + start
    )


def _across_dots(part: Part, names: list[str]) -> Part:
    """Return a part of the joined name with its offsets in the name with its dots."""
    ends = [sum(map(len, names[: count + 1])) for count in range(len(names) - 1)]
    start = part.start + sum(end <= part.start for end in ends)
    return part._replace(start=start, end=part.end + sum(end < part.end for end in ends))


def _bigrams(text: str) -> list[str]:
    """Return the pairs of neighbouring syllables of a run; a single syllable is its own."""
    run = text.replace("·", "")
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]
