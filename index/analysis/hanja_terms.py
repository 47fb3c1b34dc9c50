"""The analyses of runs of Han characters: themselves, their readings, and the words of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .hanja import (
    hangul_readings,
    headline_terms,
    initial_sound_form,
    is_hanja,
    literal_readings,
)
from .lexicon import Analysis
from .word import Part, Role

# Of several readings, the greatest difference from the best, as natural logarithm of the
# probability, of one that counts, and how many do: 北京 is 북경, and 배경 more probable by 3.3.
_MARGIN = 4.0
_MOST = 3


def hanja_analyses(
    keys: Sequence[str],
    ranked: Callable[[list[str]], list[Any]],
    words: Callable[[list[str]], list[Analysis]],
    *,
    is_noun: Callable[[Any], bool],
) -> dict[str, Analysis]:
    """Return the analyses of lexicon keys in Han characters.

    `ranked` returns the best reading of each Hangul word by Kiwi with its score, `words` analyses.
    """
    possible = {key: hangul_readings(key) for key in keys if is_hanja(key) and len(key) > 1}
    several = [reading for some in possible.values() if len(some) > 1 for reading in some]
    scored = dict(zip(several, ranked(several), strict=True))
    chosen = {
        key: _likeliest({reading: scored[reading] for reading in some}, is_noun)
        if len(some) > 1
        else some
        for key, some in possible.items()
    }
    firsts = list(dict.fromkeys(some[0] for some in chosen.values() if some))
    analyzed = dict(zip(firsts, words(firsts), strict=True))
    return {
        key: analysis_of(key, some, analyzed.get(some[0]) if some else None)
        if (some := chosen.get(key)) is not None
        else single_analysis(key)
        for key in keys
    }


def _likeliest(scored: Mapping[str, Any], is_noun: Callable[[Any], bool]) -> list[str]:
    """Return the likeliest of some readings, first those that are a noun of the dictionary."""
    rows = [(is_noun(tokens), score, reading) for reading, (tokens, score) in scored.items()]
    rows.sort(reverse=True)
    return [
        reading
        for noun, score, reading in rows[:_MOST]
        if noun == rows[0][0] and rows[0][1] - score <= _MARGIN
    ]


def single_analysis(key: str) -> Analysis:
    """Return the analysis of one Han character, with stand-ins for its neighbours if it has any.

    It stands for a name only without: 中 of 회의中 and 日 of 15日 are no countries.
    """
    text = key.strip("1A")
    terms = headline_terms(text)
    return analysis_of(text, [term for term in terms if text == key or len(term) == 1], None)


def analysis_of(text: str, wholes: Sequence[str], first: Analysis | None) -> Analysis:
    """Return the analysis of Han characters, of which `wholes` are the readings.

    `first` is the analysis of the first of them: the words it is made of are terms too.
    """
    words = [] if first is None else list(_words(wholes[0], first))
    forms = {form for form in literal_readings(text) if initial_sound_form(form) in wholes}
    parts = [Part(text, Role.PRIMARY, 0, 0, len(text))]
    parts += [Part(whole, Role.COMPOUND, 0, 0, len(text)) for whole in wholes]
    parts += words
    # North Korean spelling, 로동 for 勞動.
    parts += [Part(form, Role.EXTRA, 0, 0, len(text)) for form in sorted(forms - {*wholes})]
    return tuple(parts), max(1, len(words))


def _words(reading: str, analysis: Analysis) -> Iterable[Part]:
    """Return the words that a reading is made of, or none: 국제 and 관계 of 국제관계."""
    primary = [part for part in analysis[0] if part.role is Role.PRIMARY]
    if len(primary) < 2 or "".join(part.term for part in primary) != reading:
        return ()
    return [part._replace(role=Role.COMPOUND) for part in primary]
