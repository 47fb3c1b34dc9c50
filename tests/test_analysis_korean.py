from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from korean_forms import noun_forms, predicate_forms

from index.analysis.dictionary import Dictionary, Entry
from index.analysis.korean import Korean
from index.analysis.word import Role, Word
from tests.quality.forms import measure

FORMS = 0.99  # of the nouns with josa, and of the predicates with endings


def read(korean: Korean, key: str) -> Word:
    ((parts, width),) = korean.analyze([key])
    return Word(parts, width)


@pytest.mark.parametrize(
    ("key", "readings"),
    [
        ("외교부는", ["외교부"]),
        ("정상회의를", ["정상", "회의"]),
        ("비정규직", ["비", "정규직"]),
        ("먹었습니다", ["먹다"]),
        ("가까워서", ["가깝다"]),
        ("국제통화기금", ["국제", "통화", "기금"]),
        ("못지", ["못"]),
        ("누가", ["누구"]),
        ("1년에는", ["년"]),
        ("A팀의", ["팀"]),
        ("제1", ["제"]),
    ],
)
def test_a_word_gives_its_nouns_and_the_dictionary_form_of_its_predicates(
    korean: Korean, key: str, readings: list[str]
) -> None:
    assert read(korean, key).terms(Role.PRIMARY) == readings


def test_adjacent_nouns_give_a_compound(korean: Korean) -> None:
    assert "정상회의" in read(korean, "정상회의를").terms(Role.COMPOUND)


@pytest.mark.parametrize("key", ["에서는", "1은", "A의", "ㅋㅋㅋ"])
def test_particles_alone_give_a_fallback_without_position(korean: Korean, key: str) -> None:
    word = read(korean, key)
    assert word.terms(Role.FALLBACK) == [key.lstrip("1A")]
    assert word.width == 0


def test_other_readings_of_a_word_are_compounds(korean: Korean) -> None:
    for surface, forms in (("들어서", {"듣다", "들다"}), ("삶은", {"삶다", "삶"})):
        word = read(korean, surface)
        assert forms <= {*word.terms(Role.PRIMARY), *word.terms(Role.COMPOUND)}


@pytest.mark.parametrize("noun", ["클라우드", "워싱턴", "모스크바", "세종대왕"])
def test_a_noun_right_behind_letters_is_not_joined_to_them(korean: Korean, noun: str) -> None:
    word = read(korean, f"A{noun}")
    assert noun in "".join(word.terms(Role.PRIMARY))


def test_josa_and_endings_change_no_term_of_a_noun(korean: Korean) -> None:
    bare = read(korean, "미성년자").terms(Role.PRIMARY)
    for surface in ("미성년자에게", "미성년자는", "미성년자까지도"):
        assert read(korean, surface).terms(Role.PRIMARY) == bare


SYLLABLES = st.text(
    st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=9
)
SURFACES = st.sampled_from([surface for _, _, surface in (*noun_forms(), *predicate_forms())][::7])
KEYS = st.one_of(SURFACES, SYLLABLES, st.text("ㄱㅋㅏ가나다", min_size=1, max_size=5)).flatmap(
    lambda text: st.sampled_from([text, f"1{text}", f"A{text}"])
)


@given(st.lists(KEYS, min_size=1, max_size=8))
def test_a_word_gives_the_same_alone_and_among_others(korean: Korean, keys: list[str]) -> None:
    alone = [analysis for key in keys for analysis in korean.analyze([key])]
    assert korean.analyze(keys) == alone
    assert korean.analyze(keys[::-1]) == alone[::-1]


@pytest.mark.kiwi
@pytest.mark.parametrize(("tag", "before"), [("NNG", "NNP"), ("NNP", "NNG")])
def test_a_long_noun_is_split_alike_whatever_was_analyzed_before(tag: str, before: str) -> None:
    fresh, experienced = Korean(), Korean()
    experienced._compound("다이아몬드", before)
    assert experienced._compound("다이아몬드", tag) == fresh._compound("다이아몬드", tag)


@given(KEYS)
def test_terms_are_inside_their_word(korean: Korean, key: str) -> None:
    word = read(korean, key)
    length = len(key.lstrip("1A"))
    assert word.parts
    assert word.width == len(word.terms(Role.PRIMARY))
    for part in word.parts:
        assert part.term
        assert 0 <= part.position < max(word.width, 1)
        assert 0 <= part.start < part.end <= length


def test_no_keys_give_no_analyses(korean: Korean) -> None:
    assert korean.analyze([]) == []


def test_threads_can_analyze_concurrently(korean: Korean) -> None:
    keys = [surface for _, _, surface in noun_forms()][:600]
    batches = [keys[start : start + 100] for start in range(0, len(keys), 100)]
    with ThreadPoolExecutor(4) as threads:
        found = [analysis for batch in threads.map(korean.analyze, batches) for analysis in batch]
    assert found == korean.analyze(keys)


@pytest.mark.kiwi
def test_a_word_of_the_user_dictionary_is_one_term() -> None:
    taught = Korean(Dictionary((Entry("뷁뛣찾아엔진"),)))
    assert read(taught, "뷁뛣찾아엔진에서는").terms(Role.PRIMARY) == ["뷁뛣찾아엔진"]
    taught.close()


def test_the_fingerprint_depends_on_the_dictionary_and_loads_nothing() -> None:
    one, other = Dictionary((Entry("찾아"),)), Dictionary((Entry("차자"),))
    fingerprints = {Korean(words).fingerprint for words in (one, other, Dictionary())}
    assert len(fingerprints) == 3
    assert Korean().fingerprint == Korean(Dictionary()).fingerprint
    code = "import sys; from index.analysis.korean import Korean; Korean().fingerprint"
    loaded = subprocess.run(
        [sys.executable, "-c", f"{code}; print('kiwipiepy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout == "False\n"


@pytest.mark.parametrize("forms", [noun_forms, predicate_forms])
def test_forms_are_found_by_their_noun_or_dictionary_form(
    korean: Korean, forms: Callable[[], Iterable[tuple[str, str, str]]]
) -> None:
    result = measure(forms())
    missed = "\n".join(
        f"{surface} is not found by {word} ({ending})" for word, ending, surface in result.missed
    )
    assert result.found >= FORMS, f"found {result.found:.4f} of {result.forms}\n{missed}"
