"""Documents in both languages teach which words mean the same."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import pairwise

import pytest

from index.analysis.analyzer import Analyzer
from index.analysis.lexicon import Lexicon
from index.analysis.word import Part, Role
from index.bridge.entry import Source
from index.bridge.learning import learn as parallel
from index.bridge.learning.learn import Learned, ParallelLines
from index.bridge.learning.term_units import NumberedLines, tokenize

PAIRS = {
    "정부": "government",
    "예산": "budget",
    "회담": "talks",
    "장관": "minister",
    "농업": "farming",
    "바다": "ocean",
    "학교": "school",
    "병원": "hospital",
    "전쟁": "war",
    "평화": "peace",
    "동반자": "partnership",
    "전략": "strategic",
    "도서관": "library",
    "철도": "railway",
    "기후": "climate",
    "언어": "language",
}
PARTICLES = ("", "은", "이", "에서")
VERB = "먹었다"


class NoKiwi:
    """Fails where it is asked: learning goes by the lexicon alone."""

    def analyze(self, keys: Iterable[str]) -> list[tuple[tuple[Part, ...], int]]:
        raise AssertionError(f"asked for {list(keys)}")


@pytest.fixture
def analyzer() -> Analyzer:
    lexicon = Lexicon()
    known = {
        noun + particle: ((Part(noun, Role.PRIMARY, 0, 0, len(noun)),), 1)
        for noun in (*PAIRS, "외교부")
        for particle in PARTICLES
    }
    known[VERB] = ((Part("먹다", Role.PRIMARY, 0, 0, 2),), 1)
    known["전략동반자"] = (
        (Part("전략", Role.PRIMARY, 0, 0, 2), Part("동반자", Role.PRIMARY, 1, 2, 5)),
        2,
    )
    lexicon.add(known)
    return Analyzer(lexicon, NoKiwi())  # type: ignore[arg-type]


def learn(documents: Iterable[tuple[str, str]], analyzer: Analyzer, **options: float) -> Learned:
    return parallel.learn(ParallelLines.of(documents), analyzer, **options)  # type: ignore[arg-type]


def document(seed: int, *, lines: int = 8) -> tuple[str, str]:
    """Return a text of random words and its translation word by word, in another order."""
    rng = random.Random(seed)
    korean, english = [], []
    for _ in range(lines):
        nouns = rng.sample(sorted(PAIRS), 4)
        korean.append(" ".join(noun + rng.choice(PARTICLES) for noun in nouns))
        rng.shuffle(nouns)
        english.append("The " + " of the ".join(PAIRS[noun] for noun in nouns) + ".")
    return "\n".join(korean), "\n".join(english)


def best(learned: Learned) -> dict[str, str]:
    """Return the strongest translation of each Korean term of one word."""
    found: dict[str, str] = {}
    for entry in learned.entries:
        if " " not in entry.english + entry.korean:
            found.setdefault(entry.korean, entry.english)
    return found


def test_words_are_learned_from_lines_with_their_spelling(analyzer: Analyzer) -> None:
    learned = learn([document(seed) for seed in range(20)], analyzer)
    assert best(learned) == PAIRS
    assert (learned.pairs, learned.lines) == (20, 160)
    assert learned.fit is not None
    assert learned.fit > 0.5
    assert not learned.doubtful
    assert {entry.source for entry in learned.entries} == {Source.PARALLEL}
    assert all(0 < entry.weight <= 1 for entry in learned.entries)


def test_the_same_documents_teach_the_same_the_strongest_first(analyzer: Analyzer) -> None:
    documents = [document(seed) for seed in range(10)]
    learned = learn(documents, analyzer)
    weights = [entry.weight for entry in learned.entries]
    assert weights == sorted(weights, reverse=True)
    assert learn(iter(documents), analyzer) == learned


def test_documents_that_are_no_translations_are_noticed(analyzer: Analyzer) -> None:
    documents = [document(seed) for seed in range(40)]
    shifted = [(korean, english) for (korean, _), (_, english) in pairwise(documents)]
    learned = learn(shifted, analyzer)
    assert learned.doubtful
    assert all(entry.weight >= 0.3 for entry in learned.entries)
    assert len(learned.entries) < 5


@pytest.mark.parametrize("count", [3, 4, 5])
def test_a_few_documents_are_enough_to_notice_that_they_are_no_translations(
    analyzer: Analyzer, count: int
) -> None:
    def learned(shift: int) -> Learned:
        texts = [document(seed, lines=12) for seed in range(count + shift)]
        return learn([(texts[n][0], texts[n + shift][1]) for n in range(count)], analyzer)

    assert learned(0).fit is None
    assert not learned(0).doubtful
    assert len(best(learned(0)).items() & PAIRS.items()) > 10
    assert learned(20).doubtful
    assert len(learned(20).entries) < 4


def test_from_a_little_only_what_is_strong_is_kept(analyzer: Analyzer) -> None:
    learned = learn([("동반자", "partnership"), ("평화 전쟁", "war peace")], analyzer)
    assert learned.fit is None
    assert not learned.doubtful
    assert best(learned) == {"동반자": "partnership"}


def test_nothing_teaches_nothing(analyzer: Analyzer) -> None:
    for documents in ([], [("", "")], [("동반자", "")]):
        learned = learn(documents, analyzer)
        assert learned.entries == ()
        assert (learned.pairs, learned.lines) == (len(documents), 0)


def test_words_that_the_lexicon_does_not_know_are_left_out(analyzer: Analyzer) -> None:
    learned = learn([("모르는말 동반자", "partnership")] * 2, analyzer)
    assert {entry.korean for entry in learned.entries} <= {"동반자"}


def test_stop_words_numbers_and_words_in_both_texts_carry_nothing(analyzer: Analyzer) -> None:
    documents = [(f"동반자 Basic {n}", f"The partnership, by Basic {n}") for n in range(9)]
    assert [(e.korean, e.english) for e in learn(documents, analyzer).entries] == [
        ("동반자", "partnership")
    ]


def test_an_english_stem_is_written_as_it_is_most_often(analyzer: Analyzer) -> None:
    documents = [
        ("학교", "Schools"),
        ("학교 평화", "schools, peace"),
        ("평화 학교", "peace school"),
    ]
    assert best(learn(documents, analyzer))["학교"] == "schools"


def phrases(learned: Learned) -> list[tuple[str, str]]:
    return [(e.korean, e.english) for e in learned.entries if " " in e.english + e.korean]


def test_words_translated_as_one_are_a_phrase(analyzer: Analyzer) -> None:
    documents = [document(seed) for seed in range(20)]
    documents += [
        (
            f"{a}은 전략 동반자에서 {b}",
            f"The {PAIRS[b]} of the strategic partnership and {PAIRS[a]}",
        )
        for a, b in (("농업", "바다"), ("학교", "병원"), ("철도", "기후"), ("언어", "예산"))
    ]
    assert ("전략 동반자", "strategic partnership") in phrases(learn(documents, analyzer))


def test_a_compound_is_written_as_one_word_and_may_be_two_in_english(analyzer: Analyzer) -> None:
    documents = [document(seed) for seed in range(20)]
    documents += [(f"전략동반자 {k}", f"strategic partnership, {e}") for k, e in PAIRS.items()]
    assert ("전략동반자", "strategic partnership") in phrases(learn(documents, analyzer))


def test_one_word_may_be_several_with_stop_words_between(analyzer: Analyzer) -> None:
    documents = [document(seed) for seed in range(20)]
    documents += [(f"외교부 {k}", f"ministry of affairs {e}") for k, e in PAIRS.items()]
    assert ("외교부", "ministry of affairs") in phrases(learn(documents, analyzer))


def test_a_phrase_does_not_cross_an_ending(analyzer: Analyzer) -> None:
    documents = [document(seed) for seed in range(20)]
    documents += [(f"전략은 동반자 {k}", f"strategic partnership, {e}") for k, e in PAIRS.items()]
    assert "strategic partnership" not in dict(phrases(learn(documents, analyzer))).values()
    documents = [(f"{VERB} 학교에서", "eats schools") for _ in range(3)]
    assert not phrases(learn(documents, analyzer))


def test_the_most_translations_and_the_least_weight_are_the_callers(analyzer: Analyzer) -> None:
    documents = [document(seed) for seed in range(20)]
    documents += [(k, e.replace("school", "academy")) for k, e in documents]
    many, few = learn(documents, analyzer), learn(documents, analyzer, max_translations=1)
    schools = [entry.english for entry in many.entries if entry.korean == "학교"]
    assert sorted(schools[:2]) == ["academy", "school"]
    words = [entry.korean for entry in few.entries if " " not in entry.korean + entry.english]
    assert len(set(words)) == len(words)
    strong = learn(documents, analyzer, min_weight=0.5)
    assert all(entry.weight >= 0.5 for entry in strong.entries)


@pytest.mark.parametrize("limit", ["_MAX_LINES", "_MAX_COOCCURRENCES"])
def test_of_too_much_an_even_sample_is_learned_from(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    documents = [document(seed) for seed in range(40)]
    monkeypatch.setattr(parallel, limit, 4 * 4 * 160 if limit == "_MAX_COOCCURRENCES" else 160)
    learned = learn(documents, analyzer)
    assert learned.lines == 160
    assert best(learned) == PAIRS


def test_a_text_without_known_words_has_no_tokens(analyzer: Analyzer) -> None:
    text = tokenize(NumberedLines.of(["모르는말", ""]), analyzer)
    assert text.sizes.tolist() == [0, 0]
    assert text.surface_forms() == {}
