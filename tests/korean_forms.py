"""Korean surface forms made by the rules of the orthography (한글 맞춤법), not by an analyzer.

`data/nouns.txt` has one noun a line. `data/predicates.tsv` has, under a line of column names:

- `form`: the dictionary form, 듣다;
- `part`: verb, adjective or existence (있다 and 없다, which take 는 as verbs do but no 은);
- `class`: how the stem changes: regular, vowel (nothing but contraction), or the letter that
  changes: ㄹ ㅂ ㄷ ㅅ ㅎ 르 러 우 ㅡ 하.

Where the orthography allows two spellings (되어 and 돼, 보아 and 봐) both are given, unless one is
archaic (마시어). One surface may belong to two words: 들어 to 듣다 and 들다, 입은 to 입 and 입다.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"

# Josa with two forms: after a final consonant / after a vowel.
_PAIRED = ("은/는", "이/가", "을/를", "과/와", "이나/나", "이란/란", "이라도/라도")
_AFTER_RIEUL_AS_AFTER_A_VOWEL = ("으로/로", "으로서/로서", "으로써/로써", "으로는/로는")
_LOCATION = ("의", "에", "에서", "에는", "에서는", "에도", "에서도", "까지", "부터", "까지도")
_AUXILIARY = ("도", "만", "만이", "마다", "처럼", "보다", "조차", "마저", "밖에")
JOSA = _PAIRED + _AFTER_RIEUL_AS_AFTER_A_VOWEL + _LOCATION + _AUXILIARY

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST_SYLLABLE = 0xAC00

_BRIGHT = "ㅏㅑㅗ"
_CONTRACTED = {"ㅗ": "ㅘ", "ㅜ": "ㅝ", "ㅣ": "ㅕ", "ㅚ": "ㅙ"}
_CONTRACTED_AFTER_H = {"ㅏ": "ㅐ", "ㅑ": "ㅒ", "ㅓ": "ㅔ", "ㅕ": "ㅖ"}
_DEMONSTRATIVES = {"그렇", "이렇", "저렇", "어떻"}  # 그래, not 그레
_BRIGHT_B_STEMS = {"돕", "곱"}  # 도와; every other ㅂ stem has 워: 가까워


@dataclass(frozen=True, slots=True)
class Stem:
    """The forms of one stem: before a consonant, before or with 으, and with 아 or 어."""

    bare: str
    linked: str
    infinitives: tuple[str, ...]


Ending = Callable[[Stem], tuple[str, ...]]


def noun_forms() -> Iterator[tuple[str, str, str]]:
    """Yield (noun, josa, surface), by noun, then by josa."""
    for noun in (DATA / "nouns.txt").read_text(encoding="utf-8").split():
        for josa in JOSA:
            yield noun, josa, attach_josa(noun, josa)


def predicate_forms() -> Iterator[tuple[str, str, str]]:
    """Yield (dictionary form, ending, surface), by predicate, then by ending."""
    rows = (DATA / "predicates.tsv").read_text(encoding="utf-8").split("\n")
    for row in filter(None, rows[1:]):
        form, part, inflection = row.split("\t")
        stem = stem_of(form, inflection)
        for name, ending in ENDINGS[part].items():
            for surface in ending(stem):
                yield form, name, surface


def attach_josa(noun: str, josa: str) -> str:
    """Return the noun with the form of the josa that its last sound requires."""
    closed, _, open_ = josa.partition("/")
    final = _final(noun)
    takes_open = not final or (final == "ㄹ" and josa in _AFTER_RIEUL_AS_AFTER_A_VOWEL)
    return noun + (open_ if open_ and takes_open else closed)


def stem_of(form: str, inflection: str) -> Stem:
    """Return the forms of the stem of a dictionary form."""
    bare = form.removesuffix("다")
    linked = _linked(bare, inflection)
    return Stem(bare, linked, _infinitives(bare, linked, inflection))


def _linked(bare: str, inflection: str) -> str:
    match inflection:
        case "ㅂ":
            return _with_final(bare, "") + "우"
        case "ㄷ":
            return _with_final(bare, "ㄹ") + "으"
        case "ㅅ":
            return _with_final(bare, "") + "으"
        case "ㅎ":
            return _with_final(bare, "")
        case "ㄹ":
            return bare
    return bare + "으" if _final(bare) else bare


def _infinitives(bare: str, linked: str, inflection: str) -> tuple[str, ...]:
    match inflection:
        case "하":
            return bare.removesuffix("하") + "해", bare + "여"
        case "ㅂ":
            return (_with_final(bare, "") + ("와" if bare in _BRIGHT_B_STEMS else "워"),)
        case "ㄷ" | "ㅅ":
            return (linked.removesuffix("으") + _harmonic("아", "어", bare),)
        case "ㅎ":
            return (_contracted_after_h(bare),)
        case "르":
            head = bare.removesuffix("르")
            return (_with_final(head, "ㄹ") + _harmonic("라", "러", head),)
        case "러":
            return (bare + "러",)
        case "우" | "ㅡ":
            return (_without_last_vowel(bare),)
        case "vowel":
            return _contractions(bare)
    return (bare + _harmonic("아", "어", bare),)


def _contractions(bare: str) -> tuple[str, ...]:
    initial, vowel, _ = _letters(bare[-1])
    if vowel in "ㅏㅓㅕ":
        return (bare,)
    if vowel in "ㅐㅔ":
        return bare, bare + "어"
    if vowel not in _CONTRACTED:
        return (bare + "어",)
    contracted = bare[:-1] + _syllable(initial, _CONTRACTED[vowel], "")
    # 와 and 배워 have no long spelling, nor has any ㅣ that is in use; 되어 has one.
    if vowel == "ㅣ" or (vowel in "ㅗㅜ" and initial == "ㅇ"):
        return (contracted,)
    return contracted, bare + _harmonic("아", "어", bare)


def _contracted_after_h(bare: str) -> str:
    initial, vowel, _ = _letters(bare[-1])
    merged = "ㅐ" if bare in _DEMONSTRATIVES else _CONTRACTED_AFTER_H[vowel]
    return bare[:-1] + _syllable(initial, merged, "")


def _without_last_vowel(bare: str) -> str:
    """Return the stem with 아 or 어 in place of its last vowel: 쓰 as 써, 모으 as 모아."""
    vowel = _harmonic("ㅏ", "ㅓ", bare[:-1]) if len(bare) > 1 else "ㅓ"
    return bare[:-1] + _syllable(_letters(bare[-1])[0], vowel, "")


def _harmonic(bright: str, dark: str, stem: str) -> str:
    return bright if _letters(stem[-1])[1] in _BRIGHT else dark


def _before_consonant(tail: str) -> Ending:
    return lambda stem: (stem.bare + tail,)


def _after_link(tail: str) -> Ending:
    return lambda stem: (stem.linked + tail,)


def _after_infinitive(tail: str, *, final: str = "") -> Ending:
    return lambda stem: tuple(_with_final(shape, final) + tail for shape in stem.infinitives)


def _on_link(final: str, tail: str = "") -> Ending:
    return lambda stem: (_with_final(_without_rieul(stem.linked), final) + tail,)


def _present_adnominal(stem: Stem) -> tuple[str, ...]:
    return (_without_rieul(stem.bare) + "는",)


def _present_statement(stem: Stem) -> tuple[str, ...]:
    open_ = _without_rieul(stem.bare)
    return (open_ + "는다" if _final(open_) else _with_final(open_, "ㄴ") + "다",)


def _polite_statement(stem: Stem) -> tuple[str, ...]:
    open_ = _without_rieul(stem.bare)
    return (open_ + "습니다" if _final(open_) else _with_final(open_, "ㅂ") + "니다",)


_SHARED: dict[str, Ending] = {
    "고": _before_consonant("고"),
    "지만": _before_consonant("지만"),
    "기": _before_consonant("기"),
    "던": _before_consonant("던"),
    "게": _before_consonant("게"),
    "을": _on_link("ㄹ"),
    "으면": _after_link("면"),
    "으며": _after_link("며"),
    "으니": _on_link("", "니"),
    "습니다": _polite_statement,
    "아": _after_infinitive(""),
    "아서": _after_infinitive("서"),
    "았다": _after_infinitive("다", final="ㅆ"),
    "았습니다": _after_infinitive("습니다", final="ㅆ"),
    "았던": _after_infinitive("던", final="ㅆ"),
}
_VERBAL: dict[str, Ending] = {"는": _present_adnominal}
_NOT_EXISTENCE: dict[str, Ending] = {"은": _on_link("ㄴ")}

ENDINGS: dict[str, dict[str, Ending]] = {
    "existence": _SHARED | _VERBAL,
    "adjective": _SHARED | _NOT_EXISTENCE,
    "verb": _SHARED
    | _VERBAL
    | _NOT_EXISTENCE
    | {
        "는다": _present_statement,
        "도록": _before_consonant("도록"),
        "으려고": _after_link("려고"),
    },
}


def _letters(syllable: str) -> tuple[str, str, str]:
    """Return the initial, the vowel and the final, empty if there is none, of one syllable."""
    rest, final = divmod(ord(syllable) - _FIRST_SYLLABLE, len(_FINALS))
    initial, vowel = divmod(rest, len(_VOWELS))
    return _INITIALS[initial], _VOWELS[vowel], _FINALS[final]


def _syllable(initial: str, vowel: str, final: str) -> str:
    row = _INITIALS.index(initial) * len(_VOWELS) + _VOWELS.index(vowel)
    return chr(_FIRST_SYLLABLE + row * len(_FINALS) + _FINALS.index(final))


def _final(word: str) -> str:
    return _letters(word[-1])[2]


def _with_final(word: str, final: str) -> str:
    initial, vowel, _ = _letters(word[-1])
    return word[:-1] + _syllable(initial, vowel, final)


def _without_rieul(word: str) -> str:
    return _with_final(word, "") if _final(word) == "ㄹ" else word
