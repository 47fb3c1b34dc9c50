"""Writes numbers as lists show them: iv, c, 가, ③, 이십일, 二十一."""

from __future__ import annotations

from collections.abc import Callable

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SYLLABLES = "가나다라마바사아자차카타파하"
CONSONANTS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
HANGUL_DIGITS, HANJA_DIGITS = "일이삼사오육칠팔구", "一二三四五六七八九"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LONGEST_ROMAN = 4000
_MOST_REPEATED = 9  # a document may begin to count at any number

# The number is at least 1.
Form = Callable[[int], str]


def repeated(letters: str) -> Form:
    """Return the form that counts with letters: a, b, …, z, aa, bb."""
    size = len(letters)
    return lambda number: (
        letters[(number - 1) % size] * min((number - 1) // size + 1, _MOST_REPEATED)
    )


def signs(characters: str, beyond: str = "({})") -> Form:
    """Return the form with a character for each number; those beyond them are in digits."""
    return lambda number: (
        characters[number - 1] if number <= len(characters) else beyond.format(number)
    )


def consecutive(first: str, count: int) -> str:
    """Return the characters from a first one on, in the order of their codes."""
    return "".join(map(chr, range(ord(first), ord(first) + count)))


def roman(number: int) -> str:
    """Return a number in small Roman letters; in digits if it is too large for them."""
    if number >= _LONGEST_ROMAN:
        return str(number)
    found = ""
    for value, letters in _ROMAN:
        found += letters * (number // value)
        number %= value
    return found


def upper_roman(number: int) -> str:
    """Return a number in capital Roman letters."""
    return roman(number).upper()


def spelled(digits: str, tens: str) -> Form:
    """Return the form in words: 이십일, 二十一; in digits beyond the powers of ten that it has."""

    def written(number: int) -> str:
        if number >= 10 ** (len(tens) + 1):
            return str(number)
        found = ""
        for place, digit in enumerate(reversed(str(number))):
            if digit == "0":
                continue
            unit = tens[place - 1] if place else ""
            found = ("" if digit == "1" and unit else digits[int(digit) - 1]) + unit + found
        return found

    return written
