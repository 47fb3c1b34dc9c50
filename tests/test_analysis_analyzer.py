from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from korean_forms import noun_forms
from mixed_words import MixedAtom, mixed_words
from written_texts import full_width, texts

from index.analysis.analyzer import Analyzer
from index.analysis.korean import Korean
from index.analysis.lexicon import Analysis, Lexicon
from index.analysis.normalize import PART, marked_form, normal_form
from index.analysis.tokenizer import words
from index.analysis.word import Role, Word
from index.directory.lexicon_files import open_lexicon

STEMS = 0.98  # share of unknown nouns with josa that stem and ending analyze as Kiwi does


# Without line ends, behind whose hyphens words are one: test_analysis_joints.py is about them.
lines = texts.map(lambda text: " ".join(text.splitlines()))


class NoKiwi(Korean):
    """Korean that fails when it is used."""

    def analyze(self, keys: Sequence[str]) -> list[Analysis]:
        raise AssertionError(f"Kiwi was asked for {keys}")


def terms(analyzer: Analyzer, text: str) -> list[tuple[str, Role, int]]:
    return [
        (part.term, part.role, token.position + part.position)
        for token in analyzer.tokens(text)
        for part in token.word.parts
    ]


@given(lines)
def test_every_span_is_the_original_text_of_its_part(analyzer: Analyzer, text: str) -> None:
    for token in analyzer.tokens(text):
        start, end = token.span
        assert token.surface.replace(PART, "").lower() in normal_form(text[start:end])
        for part in token.word.parts:
            first, last = token.span_of(part)
            assert start <= first < last <= end
            written = token.surface[part.start : part.end].replace(PART, "")
            assert written.lower() in normal_form(text[first:last])


@given(texts)
def test_positions_advance_by_the_width_of_each_word(analyzer: Analyzer, text: str) -> None:
    position = 0
    for token in analyzer.tokens(text):
        assert token.position == position
        # The parts of a name in camelCase, which no phrase asks for, reach over the next words.
        asked = [part for part in token.word.parts if part.role is not Role.EXTRA]
        assert all(0 <= part.position < max(token.word.width, 1) for part in asked)
        position += token.word.width


@given(lines)
def test_every_word_of_any_text_has_a_term(analyzer: Analyzer, text: str) -> None:
    surfaces = [token.surface for token in analyzer.tokens(text)]
    assert surfaces == words(marked_form(text))
    for token in analyzer.tokens(text):
        assert token.word.terms(Role.PRIMARY) or token.word.terms(Role.FALLBACK)
        assert all(part.term for part in token.word.parts)


@given(texts)
@example("US'İ")
def test_decomposed_text_gives_the_same_terms(analyzer: Analyzer, text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert terms(analyzer, unicodedata.normalize("NFD", composed)) == terms(analyzer, composed)


@given(st.lists(st.sampled_from(mixed_words()), max_size=3))
def test_full_width_text_gives_the_same_terms(analyzer: Analyzer, atoms: list[MixedAtom]) -> None:
    text = " ".join(atom.text for atom in atoms)
    assert terms(analyzer, full_width(text)) == terms(analyzer, text)


def learned(korean: Korean, batches: Iterable[Iterable[str]], wanted: Iterable[str]) -> list[Word]:
    """Return the analyses of `wanted` after learning batch by batch."""
    analyzer = Analyzer(Lexicon(), korean)
    for batch in batches:
        analyzer.learn(batch)
    return [analyzer.word(word) for word in wanted]


@given(texts, texts)
def test_a_word_is_the_same_whatever_was_learned_before_it(
    korean: Korean, text: str, other: str
) -> None:
    wanted = words(normal_form(text))
    fresh = learned(korean, [wanted], wanted)
    before = words(normal_form(other))

    assert learned(korean, [before, wanted], wanted) == fresh
    assert learned(korean, [reversed(wanted + before)], wanted) == fresh
    assert learned(korean, [[word] for word in before + wanted], wanted) == fresh


@given(texts)
def test_a_learned_text_is_analyzed_without_kiwi(korean: Korean, text: str) -> None:
    teacher = Analyzer(Lexicon(), korean)
    teacher.learn(words(normal_form(text)))
    assert terms(Analyzer(teacher.lexicon, NoKiwi()), text) == terms(teacher, text)


def test_a_lexicon_on_disk_gives_the_same_terms_in_the_next_process(
    korean: Korean, tmp_path: Path
) -> None:
    path = tmp_path / "lexicon"
    text = " ".join(atom.text for atom in mixed_words())
    with closing(open_lexicon(path)) as lexicon:
        first = Analyzer(lexicon, korean)
        first.learn(words(normal_form(text)))
        expected = terms(first, text)
        assert first.new_words == len(lexicon) > 100
        assert first.kiwi_seconds > 0
    with closing(open_lexicon(path, writable=False)) as lexicon:
        second = Analyzer(lexicon, NoKiwi())
        second.learn(words(normal_form(text)))
        assert terms(second, text) == expected == terms(Analyzer(Lexicon(), korean), text)
        assert second.new_words == 0


def test_a_known_word_is_not_learned_again(korean: Korean) -> None:
    analyzer = Analyzer(Lexicon(), korean)
    analyzer.learn(["외교부는", "covid-19"])
    analyzer.learn(["외교부는", "국방부는"])
    assert analyzer.new_words == 2


def test_an_unknown_word_is_analyzed_by_stem_and_ending_without_kiwi(korean: Korean) -> None:
    lexicon = Lexicon()
    Analyzer(lexicon, korean).learn(["외교부", "국방부에서는"])
    analyzer = Analyzer(lexicon, NoKiwi())

    assert analyzer.word("외교부에서는") == Word(
        analyzer.word("외교부").parts, 1, ("외교", "교부", "부에", "에서", "서는")
    )
    assert analyzer.source("외교부에서는") == "stem 외교부 + 에서는"


@pytest.mark.parametrize("word", ["국방부에서도", "힘에서는", "외교부장에서는", "먹다에서는"])
def test_a_word_without_known_stem_and_ending_is_analyzed_by_kiwi(
    korean: Korean, word: str
) -> None:
    analyzer = Analyzer(Lexicon(), korean)
    analyzer.learn(["외교부", "국방부", "힘", "외교부에서는", "먹다", "에서"])
    alone = Analyzer(Lexicon(), korean)

    assert analyzer.source(word) == alone.source(word) == "Kiwi"
    assert analyzer.word(word) == alone.word(word)


def test_analyses_for_a_query_are_not_added_to_the_lexicon(korean: Korean) -> None:
    analyzer = Analyzer(Lexicon(), korean)
    analyzer.tokens("외교부는 무엇을 합니까")
    assert len(analyzer.lexicon) == 0


def test_stems_give_the_analyses_of_kiwi_for_nouns_with_josa(korean: Korean) -> None:
    forms = [form for form in noun_forms() if len(form[0]) > 1]
    lexicon = Lexicon()
    teacher = Analyzer(lexicon, korean)
    teacher.learn({noun for noun, _, _ in forms} | {surface for _, _, surface in forms[::31]})
    wanted = [surface for _, _, surface in forms[1::31]]
    analyzer, alone = Analyzer(lexicon, korean), Analyzer(Lexicon(), korean)
    alone.learn(wanted)

    missed = [
        f"{surface}: {analyzer.source(surface)}"
        for surface in wanted
        if analyzer.source(surface) == "Kiwi"
        or analyzer.word(surface).terms(Role.PRIMARY) != alone.word(surface).terms(Role.PRIMARY)
    ]
    assert len(missed) <= (1 - STEMS) * len(wanted), missed


@pytest.mark.parametrize(
    ("word", "source"),
    [
        ("ministry", "stemmer"),
        ("covid-19", "stemmer"),
        ("1,234", "as written"),
        ("москва", "as written"),
        ("東京", "Kiwi"),
        ("美", "as written"),
        ("외교부", "lexicon"),
        ("covid-19는", "Kiwi"),
        ("외교부·국방부", "lexicon, Kiwi"),
    ],
)
def test_the_source_of_a_word_names_what_analyzed_it(
    korean: Korean, word: str, source: str
) -> None:
    lexicon = Lexicon()
    Analyzer(lexicon, korean).learn(["외교부"])
    assert Analyzer(lexicon, korean).source(word) == source


def test_the_fingerprint_is_that_of_the_korean_it_uses() -> None:
    assert Analyzer(Lexicon()).fingerprint == Korean().fingerprint


@pytest.mark.parametrize(
    "text", ["The ministry's COVID-19 plan, 1,234 of U.S.", "2024 москва, 東京へ", ""]
)
def test_a_text_that_is_not_korean_never_uses_kiwi(text: str) -> None:
    analyzer = Analyzer(Lexicon(), NoKiwi())
    analyzer.learn(words(normal_form(text)))
    assert [token.surface for token in analyzer.tokens(text)] == words(normal_form(text))


def test_english_and_known_words_do_not_even_import_kiwi(korean: Korean, tmp_path: Path) -> None:
    with closing(open_lexicon(tmp_path / "lexicon")) as lexicon:
        Analyzer(lexicon, korean).learn(["외교부는"])
    code = f"""if True:
        import sys
        from pathlib import Path
        from index.analysis.analyzer import Analyzer
        from index.directory.lexicon_files import open_lexicon
        analyzer = Analyzer(open_lexicon(Path({str(tmp_path / "lexicon")!r}), writable=False))
        print(len(analyzer.tokens("The ministry of 외교부는")), "kiwipiepy" in sys.modules)
    """
    ran = subprocess.run(
        [sys.executable, "-W", "ignore::ResourceWarning", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == ["4", "False"]
