"""Words are sent to Kiwi in requests, each before the response to the last is processed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from index_corpus import PlainKorean

from index.analysis import analyzer as analyzers
from index.analysis.analyzer import Analyzer
from index.analysis.lexicon import Analysis, Lexicon
from index.analysis.word import Part, Role, Word
from index.directory.lexicon_files import open_lexicon
from index.ingest import ingest_pipeline as learners
from index.ingest.ingest_pipeline import Learner


class Slow(PlainKorean):
    """Kiwi that logs its requests and responses, in order, as `steps`."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []

    def ask(self, keys: Sequence[str]) -> Callable[[], list[Analysis]]:
        self.steps.append("asked " + " ".join(keys))

        def answer() -> list[Analysis]:
            self.steps.append("heard " + " ".join(keys))
            return self.analyze(keys)

        return answer


class Nouns(Slow):
    """Kiwi that analyzes a word as a noun and one of a few known endings."""

    endings = ("을", "은", "들")

    def analyze(self, keys: Sequence[str]) -> list[Analysis]:
        self.asked += keys
        return [
            ((Part(key[:end], Role.PRIMARY, 0, 0, end),), 1)
            for key in keys
            for end in [len(key) - key.endswith(self.endings)]
        ]


@pytest.fixture
def kiwi() -> Slow:
    return Slow()


@pytest.fixture
def kept() -> list[Word]:
    """The words that the learner keeps."""
    return []


@pytest.fixture
def learner(kiwi: Slow, kept: list[Word]) -> Learner:
    return Learner(Analyzer(Lexicon(), kiwi), kept.extend)


def test_the_next_question_is_put_before_the_last_answer_is_taken(
    kiwi: Slow, learner: Learner
) -> None:
    learner.learn(["강물", "river"])
    learner.learn(["바람", "강물"])
    assert kiwi.steps == ["asked 강물", "asked 바람", "heard 강물"]
    learner.finish()
    assert kiwi.steps[3:] == ["heard 바람"]
    learner.finish()
    assert kiwi.steps[4:] == []


def test_a_word_in_an_open_question_is_not_asked_again(kiwi: Slow, learner: Learner) -> None:
    learner.learn(["강물", "바람"])
    learner.learn(["강물-river", "바람"])
    learner.finish()
    learner.learn(["바람-river"])
    learner.finish()
    assert kiwi.steps == ["asked 강물 바람", "heard 강물 바람"]


def test_many_words_are_several_questions(
    kiwi: Slow, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learners, "_REQUEST", 2)
    learner.learn(["가", "나", "다", "라", "마"])
    assert kiwi.steps == ["asked 가 나", "asked 다 라", "heard 가 나", "asked 마", "heard 다 라"]
    learner.finish()
    assert learner._analyzer.new_words == 5
    assert learner._analyzer.kiwi_seconds > 0


def test_known_words_ask_for_nothing(kiwi: Slow, learner: Learner, kept: list[Word]) -> None:
    learner.learn(["river", "2024"])
    assert kiwi.steps == []
    assert learner._analyzer.kiwi_seconds == 0
    assert [word.parts[0].term for word in kept] == ["river", "2024"]


def test_all_words_learnt_are_given_in_their_order_from_their_own_analysis(
    learner: Learner, kept: list[Word]
) -> None:
    given = ["강물", "river", "강물-river", "바람2"]
    learner.learn(given[:2])
    learner.learn(given[2:])
    learner.finish()
    assert kept == learner._analyzer.words(given)
    assert [[part.term for part in word.parts] for word in kept] == [
        ["강물"],
        ["river"],
        ["강물", "river"],
        ["바람", "2"],
    ]


def test_words_are_given_while_the_next_question_is_open(
    kiwi: Slow, learner: Learner, kept: list[Word]
) -> None:
    learner.learn(["강물", "river"])
    learner.learn(["2024"])  # asks for nothing, so that the first question may be open still
    assert kept == []
    learner.learn(["바람"])
    assert kiwi.steps == ["asked 강물", "asked 바람", "heard 강물"]
    assert [word.parts[0].term for word in kept] == ["강물", "river", "2024"]
    learner.finish()
    assert [word.parts[0].term for word in kept] == ["강물", "river", "2024", "바람"]


def test_a_noun_met_only_with_an_ending_is_learnt_in_the_next_question() -> None:
    kiwi = Nouns()
    learner = Learner(Analyzer(Lexicon(), kiwi), lambda words: None)
    learner.learn(["협상을", "협상은", "국민은", "국민"])
    learner.learn(["논의"])
    learner.learn(["전략"])
    learner.finish()
    assert kiwi.steps == [
        "asked 국민 국민은 협상은 협상을",
        "asked 논의",
        "heard 국민 국민은 협상은 협상을",
        "asked 전략 협상",
        "heard 논의",
        "heard 전략 협상",
    ]
    assert learner._analyzer.new_words == 7
    assert learner._analyzer.source("협상") == "lexicon"


def test_stems_of_the_last_words_are_learnt_before_the_learner_has_settled() -> None:
    kiwi = Nouns()
    learner = Learner(Analyzer(Lexicon(), kiwi), lambda words: None)
    learner.learn(["기업들은"])
    learner.finish()
    assert kiwi.steps[::2] == ["asked 기업들은", "asked 기업들", "asked 기업"]
    learner.finish()
    assert len(kiwi.steps) == 6


def test_a_single_syllable_before_an_ending_is_not_learnt() -> None:
    kiwi = Nouns()
    learner = Learner(Analyzer(Lexicon(), kiwi), lambda words: None)
    learner.learn(["힘을"])
    learner.finish()
    assert kiwi.asked == ["힘을"]


def test_for_the_stems_of_known_words_nothing_is_asked() -> None:
    lexicon = Lexicon()
    lexicon.add(dict(zip(["협상을"], Nouns().analyze(["협상을"]), strict=True)))
    learner = Learner(Analyzer(lexicon, kiwi := Nouns()), lambda words: None)
    learner.learn(["협상을", "river"])
    learner.finish()
    assert kiwi.steps == []


@given(st.lists(st.lists(st.text("가나을들", min_size=1, max_size=5)), max_size=6), st.randoms())
def test_what_is_learnt_does_not_depend_on_the_order_of_words(
    batches: list[list[str]], random: Random
) -> None:
    words = [word for batch in batches for word in batch]
    known = []
    for given_in in (batches, [random.sample(words, len(words))]):
        kept: list[Word] = []
        learner = Learner(Analyzer(lexicon := Lexicon(), kiwi := Nouns()), kept.extend)
        for batch in given_in:
            learner.learn(batch)
        learner.finish()
        assert kept == learner._analyzer.words([word for batch in given_in for word in batch])
        assert sorted(kiwi.asked) == sorted(lexicon._known)
        known.append((lexicon._known, lexicon._endings))
    assert known[0] == known[1]


def test_what_was_forgotten_is_read_from_the_lexicon_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lexicon = open_lexicon(tmp_path / "lexicon.db")
    analyzer = Analyzer(lexicon, kiwi := PlainKorean())
    analyzer.learn(["강물", "바람"])
    before = analyzer.words(["강물", "바람"])
    analyzer.forget()
    assert analyzer._words
    monkeypatch.setattr(analyzers, "_MOST_WORDS", 1)
    analyzer.forget()
    assert not analyzer._words
    assert analyzer.words(["강물", "바람"]) == before
    analyzer.forget()
    assert analyzer.words_uncached(["강물", "바람"]) == before
    assert lexicon._known
    analyzer.forget()
    assert not lexicon._known
    assert kiwi.asked == ["강물", "바람"]
    lexicon.close()
