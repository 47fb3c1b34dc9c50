"""A misspelled word is corrected to the nearest frequent one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from correction_index import TEXTS, build_index, counted, opened
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.english import stem
from index.analysis.hangul_keys import from_keys, is_hangul, keys_of
from index.builder.build import build
from search.completion import complete
from search.correction import edit_distance as costs
from search.correction.edit_distance import distances, ending_costs, stem_distances
from search.correction.spelling import similar_words
from search.correction.suggest import Correction, correct_spacing, correct_word, nearest
from search.correction.vocabulary import Vocabulary
from search.correction.word_forms import word_forms, written_forms
from search.embedded.vocabulary import EmbeddedVocabulary

# Only some keys, so that edits of all kinds are drawn; some are adjacent, and one has shift.
key_words = st.text("asdRr", min_size=1, max_size=6)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedVocabulary]:
    with opened(build_index(tmp_path_factory.mktemp("spelling"), TEXTS)) as found:
        yield found


def slow_distance(typed: str, word: str) -> int:
    """Return the distance by its recursive definition."""

    @cache
    def distance(i: int, j: int) -> int:
        options = []
        if i == j == 0:
            return 0
        if i:
            doubled = i > 1 and typed[i - 1] == typed[i - 2]
            options.append(distance(i - 1, j) + (costs.DOUBLED if doubled else costs.INSERTED))
        if j:
            doubled = j > 1 and word[j - 1] == word[j - 2]
            options.append(distance(i, j - 1) + (costs.DOUBLED if doubled else costs.DROPPED))
        if i and j:
            options.append(distance(i - 1, j - 1) + slow_cost(typed[i - 1], word[j - 1]))
        if i > 1 and j > 1 and typed[i - 2 : i] == word[j - 1] + word[j - 2]:
            options.append(distance(i - 2, j - 2) + costs.TRANSPOSED)
        return min(options)

    return distance(len(typed), len(word))


def slow_cost(key: str, other: str) -> int:
    if key == other:
        return 0
    if key.lower() == other.lower():
        return costs.SHIFTED
    return costs.ADJACENT if other.lower() in adjacent(key.lower()) else costs.SUBSTITUTED


def adjacent(key: str) -> str:
    """Return the keys next to a key."""
    positions = {k: (x + y / 2, y) for y, row in enumerate(_ROWS) for x, k in enumerate(row)}
    x, y = positions[key]
    return "".join(
        other
        for other, (other_x, other_y) in positions.items()
        if other != key and abs(x - other_x) <= 1 and abs(y - other_y) <= 1
    )


@given(key_words, st.lists(key_words, max_size=5))
def test_distances_are_as_defined(typed: str, words: list[str]) -> None:
    assert distances(typed, words).tolist() == [slow_distance(typed, word) for word in words]


@given(key_words, key_words, st.lists(key_words, min_size=1, max_size=3))
def test_the_distance_of_a_stem_is_the_least_over_all_cuts(
    typed: str, stem_: str, endings: list[str]
) -> None:
    costs_ = ending_costs(typed, endings)
    expected = min(
        slow_distance(typed[:cut], stem_)
        + min(slow_distance(typed[cut:][::-1], ending[::-1]) for ending in endings)
        for cut in range(len(typed) + 1)
    )
    assert stem_distances(typed, [stem_], costs_).tolist() == [expected]


def mistyped(keys: str, chance: random.Random) -> str:
    """Return keys with one edit: an adjacent key, one missing, one doubled, or two swapped."""
    index = chance.randrange(len(keys))
    key, rest = keys[index], keys[index + 1 :]
    kind = chance.randrange(4 if rest else 3)
    if kind == 0:
        return keys[:index] + chance.choice(adjacent(key.lower())) + rest
    if kind == 1:
        return keys[:index] + rest
    if kind == 2:
        return keys[:index] + 2 * key + rest
    return keys[:index] + rest[0] + key + rest[1:]


@given(st.integers(), st.sampled_from(("동반자", "외교", "전략적", "학술의", "쌀", "얘기")))
def test_the_signature_filter_keeps_words_at_one_edit(
    vocabulary: Vocabulary, seed: int, word: str
) -> None:
    keys = mistyped(keys_of(word), random.Random(seed))
    assert word in vocabulary.similar_hangul(keys, edits=1)


@given(st.integers(), st.sampled_from(("partnership", "strateg", "move", "economi", "hello")))
def test_the_signature_filter_keeps_stems_at_one_edit(
    vocabulary: Vocabulary, seed: int, word: str
) -> None:
    keys = mistyped(word, random.Random(seed)) + random.Random(seed).choice(("", "s", "ing"))
    assert word in vocabulary.similar_stems(keys, edits=1, longest_ending=8)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("동방자", "동반자"),
        ("동방자와", "동반자와"),
        ("도반자", "동반자"),
        ("외굑", "외교"),
        ("partnreship", "partnership"),
        ("goverment", "government"),
        ("govermnent", "government"),
        ("documetns", "documents"),
        ("econmies", "economies"),
        ("movng", "moving"),
        ("plannign", "planning"),
        ("strategci", "strategic"),
    ],
)
def test_a_misspelling_is_corrected(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    found = correct_word(typed, vocabulary)
    assert found is not None
    assert (found.understood, found.how) == (meant, "spelling")
    assert found.distance > 0


def test_a_known_particle_is_cut_from_a_misspelled_word(vocabulary: Vocabulary) -> None:
    found = correct_word("관겨를", vocabulary)
    assert found is not None
    assert found.understood == "관계"


def test_a_word_is_corrected_only_in_the_ways_allowed(vocabulary: Vocabulary) -> None:
    found = Correction("동방자", "동반자", "spelling", 6)
    assert correct_word("동방자", vocabulary, ways=("spelling",)) == found
    assert correct_word("동방자", vocabulary, ways=("spacing",)) is None


def test_only_words_that_a_document_has_are_suggested(tmp_path: Path) -> None:
    texts = ["The strategy for hanoi was planned in December.", "a reliable connection"]
    words = {word.strip(".").lower() for text in texts for word in text.split()}
    with opened(build_index(tmp_path, texts)) as vocabulary:
        for typed in ("stratgeies", "plannings", "decembal", "hapiness", "connectoin", "reliabel"):
            found = correct_word(typed, vocabulary)
            assert found is None or found.understood in words
            assert words.issuperset(nearest(typed, vocabulary))
        assert correct_word("hapiness", vocabulary) is None
        strategies = correct_word("stratgeies", vocabulary)
        assert strategies is not None
        assert strategies.understood == "strategy"


def test_words_that_only_titles_have_are_suggested(tmp_path: Path) -> None:
    (tmp_path / "extra.jsonl").write_text('{"id": "x", "title": "Harbours", "text": "ships"}\n')
    with opened(build_index(tmp_path, ["river", "bank"])) as vocabulary:
        assert nearest("harbuors", vocabulary) == ["harbours"]


@pytest.mark.parametrize("typed", ["", "a", "zzzzqqqq", "x" * 65, "12", "д" * 5, "가a", "#"])
def test_a_word_without_similar_words_is_not_corrected(vocabulary: Vocabulary, typed: str) -> None:
    assert correct_word(typed, vocabulary) is None


def test_the_nearest_words_are_returned_even_if_not_near_enough(vocabulary: Vocabulary) -> None:
    assert nearest("partnrshp", vocabulary)[0] == "partnership"
    assert nearest("전략접", vocabulary, limit=1) == ["전략적"]
    assert nearest("zzzzqqqq", vocabulary) == []


def test_the_typed_word_is_not_similar_to_itself(vocabulary: Vocabulary) -> None:
    assert "동반자" not in [similar.word for similar in similar_words("동반자", vocabulary)]
    assert similar_words("동반a", vocabulary) == []


@pytest.mark.parametrize(
    ("term", "word"), [("economi", "economies"), ("plan", "planning"), ("move", "moving")]
)
def test_word_forms_have_the_stem(term: str, word: str) -> None:
    forms = list(word_forms(term, length=len(word), slack=1))
    assert word in forms
    assert all(form == term or stem(form) == term for form in forms)


def test_written_forms_are_words_of_the_documents(vocabulary: Vocabulary) -> None:
    texts, none = vocabulary.texts_with(["govern", "nowher"], most=4)
    assert set(written_forms("govern", texts)) == {"governments", "government"}
    assert not none


def test_terms_are_known_without_a_lexicon(vocabulary: EmbeddedVocabulary) -> None:
    bare = EmbeddedVocabulary(vocabulary.snapshot)
    assert bare.word_frequency("전략적") == 60
    assert bare.endings(["를"]) == set()
    assert correct_word("동방자", bare) == Correction("동방자", "동반자", "spelling", 6)


def test_deleted_passages_do_not_count(tmp_path: Path) -> None:
    extra = tmp_path / "extra.jsonl"
    extra.write_text('{"id": "x", "title": "river", "text": "river bank"}\n')
    directory = build_index(tmp_path, counted({"river bank": 3, "river": 3}))
    with opened(directory) as vocabulary:
        assert (vocabulary.term_frequency("river"), vocabulary.term_frequency("bank")) == (7, 4)
    extra.write_text("")
    build(directory, [tmp_path])
    with opened(directory) as vocabulary:
        assert vocabulary.snapshot.has_deleted
        assert (vocabulary.term_frequency("river"), vocabulary.term_frequency("bank")) == (6, 3)


def test_nine_in_ten_misspellings_by_one_key_are_corrected(tmp_path: Path) -> None:
    chance = random.Random(4)
    texts = [*_sample_texts()]
    with opened(build_index(tmp_path, texts)) as vocabulary:
        known = sorted({word for text in texts for word in text.split()})
        meant = [word for word in known if len(keys_of(word)) > 4 and _is_frequent(word, texts)]
        right = tried = 0
        while tried < 150:
            word = chance.choice(meant)
            keys = mistyped(keys_of(word), chance)
            typed = from_keys(keys) if is_hangul(word) else keys
            if vocabulary.word_frequency(typed):
                continue
            tried += 1
            found = correct_word(typed, vocabulary)
            right += found is not None and stem(found.understood) == stem(word)
    assert right >= 0.9 * tried


def _is_frequent(word: str, texts: list[str]) -> bool:
    return sum(word in text.split() for text in texts) > 1


def _sample_texts() -> Iterator[str]:
    """Yield the paragraphs of the sample, its words in one script only."""
    for path in sorted((Path(__file__).parent.parent / "sample").rglob("*.md")):
        for line in path.read_text(encoding="utf-8").lower().splitlines():
            words = ("".join(filter(str.isalpha, word)) for word in line.split())
            kept = [word for word in words if is_hangul(word) or (word.isascii() and word)]
            if kept:
                yield " ".join(kept)


@given(
    st.text(
        st.characters(exclude_categories=()) | st.sampled_from("동반자ㅈㅏ關係Ρartner +\x00"),
        max_size=12,
    )
)
def test_any_text_can_be_corrected(vocabulary: Vocabulary, typed: str) -> None:
    found = correct_word(typed, vocabulary)
    assert found is None or (found.typed == typed and found.understood)
    assert len(nearest(typed, vocabulary)) <= 3
    joined = correct_spacing([typed, typed], vocabulary, unmatched=[typed])
    assert [run[:2] for run in joined] in ([], [(0, 2)])
    assert len(complete(vocabulary, typed)) <= 10
