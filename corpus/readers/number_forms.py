"""Writes numbers as lists show them: iv, c, 가, ③, 이십일, 二十一."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SYLLABLES = "가나다라마바사아자차카타파하"
_CONSONANTS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_HANGUL_DIGITS, _HANJA_DIGITS = "일이삼사오육칠팔구", "一二三四五六七八九"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LONGEST_ROMAN = 4000
_MOST_REPEATED = 9  # a document may begin to count at any number

# The number is at least 1.
Form = Callable[[int], str]


def _repeated(letters: str) -> Form:
    """Return the form that counts with letters: a, b, …, z, aa, bb."""
    size = len(letters)
    return lambda number: (
        letters[(number - 1) % size] * min((number - 1) // size + 1, _MOST_REPEATED)
    )


def _signs(characters: str, beyond: str = "({})") -> Form:
    """Return the form with a character for each number; those beyond them are in digits."""
    return lambda number: (
        characters[number - 1] if number <= len(characters) else beyond.format(number)
    )


def _consecutive(first: str, count: int) -> str:
    """Return the characters from a first one on, in the order of their codes."""
    return "".join(map(chr, range(ord(first), ord(first) + count)))


def _roman(number: int) -> str:
    """Return a number in small Roman letters; in digits if it is too large for them."""
    if number >= _LONGEST_ROMAN:
        return str(number)
    found = ""
    for value, letters in _ROMAN:
        found += letters * (number // value)
        number %= value
    return found


def _upper_roman(number: int) -> str:
    """Return a number in capital Roman letters."""
    return _roman(number).upper()


def _spelled(digits: str, tens: str) -> Form:
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


_CIRCLES = _consecutive("①", 20) + _consecutive("㉑", 15) + _consecutive("㊱", 15)

# The forms of Hangul by their names in HWPX, in the order of their codes in HWP.
HANGUL: Mapping[str, Form] = {
    "DIGIT": str,
    "CIRCLED_DIGIT": _signs(_CIRCLES),
    "ROMAN_CAPITAL": _upper_roman,
    "ROMAN_SMALL": _roman,
    "LATIN_CAPITAL": _repeated(_LETTERS.upper()),
    "LATIN_SMALL": _repeated(_LETTERS),
    "CIRCLED_LATIN_CAPITAL": _signs(_consecutive("Ⓐ", 26)),
    "CIRCLED_LATIN_SMALL": _signs(_consecutive("ⓐ", 26)),
    "HANGUL_SYLLABLE": _repeated(_SYLLABLES),
    "CIRCLED_HANGUL_SYLLABLE": _signs(_consecutive("㉮", 14)),
    "HANGUL_JAMO": _repeated(_CONSONANTS),
    "CIRCLED_HANGUL_JAMO": _signs(_consecutive("㉠", 14)),
    "HANGUL_PHONETIC": _spelled(_HANGUL_DIGITS, "십백천만"),
    "IDEOGRAPH": _spelled(_HANJA_DIGITS, "十百千萬"),
    "CIRCLED_IDEOGRAPH": _signs(_consecutive("㊀", 10)),
    "DECAGON_CIRCLE": _repeated("갑을병정무기경신임계"),
    "DECAGON_CIRCLE_HANJA": _repeated("甲乙丙丁戊己庚辛壬癸"),
}
_KOREAN, _HANJA = _spelled(_HANGUL_DIGITS, "십"), _spelled(_HANJA_DIGITS, "十")
_CIRCLED = _signs(_consecutive("①", 20), beyond="{}")

# Those of Word, some of which Writer has too.
_WORD: Mapping[str, Form] = {
    "lowerLetter": _repeated(_LETTERS),
    "upperLetter": _repeated(_LETTERS.upper()),
    "lowerRoman": _roman,
    "upperRoman": _upper_roman,
    "ganada": _repeated(_SYLLABLES),
    "chosung": _repeated(_CONSONANTS),
    "koreanCounting": _KOREAN,
    "koreanDigital": _KOREAN,
    "japaneseCounting": _HANJA,
    "chineseCounting": _HANJA,
    "chineseCountingThousand": _HANJA,
    "ideographDigital": _HANJA,
    "decimalZero": "{:02}".format,
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
}
_FORMS = {**HANGUL, **_WORD}


def written(number: int, form: str) -> str:
    """Return a number in a form of Hangul or Word, in digits if the form is another."""
    return _FORMS[form](number) if form in _FORMS and number > 0 else str(number)
