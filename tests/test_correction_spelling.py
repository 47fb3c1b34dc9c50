"""A mistyped word is understood as the nearest frequent one."""

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
from index.builder.build import build
from search.completion import complete
from search.correction import edit_distance as prices
from search.correction.edit_distance import distances, ending_costs, stem_distances
from search.correction.hangul_keys import from_keys, is_hangul, keys_of
from search.correction.spelling import similar_words
from search.correction.suggest import Correction, correct_spacing, correct_word, nearest
from search.correction.vocabulary import Vocabulary
from search.correction.word_forms import word_forms, written_forms

# Few keys, so that slips of all kinds are drawn; some are neighbours, and one has shift.
few = st.text("asdRr", min_size=1, max_size=6)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vocabulary]:
    with opened(build_index(tmp_path_factory.mktemp("spelling"), TEXTS)) as found:
        yield found


def slow_distance(typed: str, word: str) -> int:
    """Return the distance by its definition."""

    @cache
    def far(i: int, j: int) -> int:
        options = []
        if i == j == 0:
            return 0
        if i:
            doubled = i > 1 and typed[i - 1] == typed[i - 2]
            options.append(far(i - 1, j) + (prices.DOUBLED if doubled else prices.INSERTED))
        if j:
            doubled = j > 1 and word[j - 1] == word[j - 2]
            options.append(far(i, j - 1) + (prices.DOUBLED if doubled else prices.DROPPED))
        if i and j:
            options.append(far(i - 1, j - 1) + slow_price(typed[i - 1], word[j - 1]))
        if i > 1 and j > 1 and typed[i - 2 : i] == word[j - 1] + word[j - 2]:
            options.append(far(i - 2, j - 2) + prices.TRANSPOSED)
        return min(options)

    return far(len(typed), len(word))


def slow_price(key: str, other: str) -> int:
    if key == other:
        return 0
    if key.lower() == other.lower():
        return prices.SHIFTED
    return prices.ADJACENT if other.lower() in beside(key.lower()) else prices.SUBSTITUTED


def beside(key: str) -> str:
    """Return the keys that touch a key."""
    places = {k: (x + y / 2, y) for y, row in enumerate(_ROWS) for x, k in enumerate(row)}
    x, y = places[key]
    return "".join(
        other
        for other, (column, line) in places.items()
        if other != key and abs(x - column) <= 1 and abs(y - line) <= 1
    )


@given(few, st.lists(few, max_size=5))
def test_distances_are_those_of_the_definition(typed: str, words: list[str]) -> None:
    assert distances(typed, words).tolist() == [slow_distance(typed, word) for word in words]


@given(few, few, st.lists(few, min_size=1, max_size=3))
def test_a_head_is_as_far_as_its_nearest_cut(typed: str, head: str, endings: list[str]) -> None:
    tails = ending_costs(typed, endings)
    expected = min(
        slow_distance(typed[:cut], head)
        + min(slow_distance(typed[cut:][::-1], ending[::-1]) for ending in endings)
        for cut in range(len(typed) + 1)
    )
    assert stem_distances(typed, [head], tails).tolist() == [expected]


def slipped(keys: str, chance: random.Random) -> str:
    """Return keys with one slip: another key beside it, one left out, one twice, two turned."""
    place = chance.randrange(len(keys))
    key, rest = keys[place], keys[place + 1 :]
    kind = chance.randrange(4 if rest else 3)
    if kind == 0:
        return keys[:place] + chance.choice(beside(key.lower())) + rest
    if kind == 1:
        return keys[:place] + rest
    if kind == 2:
        return keys[:place] + 2 * key + rest
    return keys[:place] + rest[0] + key + rest[1:]


@given(st.integers(), st.sampled_from(("동반자", "외교", "전략적", "학술의", "쌀", "얘기")))
def test_one_slip_never_hides_a_word_from_the_filter(
    vocabulary: Vocabulary, seed: int, word: str
) -> None:
    keys = slipped(keys_of(word), random.Random(seed))
    found = {
        term
        for scan in (*vocabulary.term_scans, *vocabulary.word_scans)
        for term in scan.words(scan.hangul.near(keys, edits=1))
    }
    assert word in found


@given(st.integers(), st.sampled_from(("partnership", "strateg", "move", "economi", "hello")))
def test_one_slip_never_hides_a_stem_from_the_filter(
    vocabulary: Vocabulary, seed: int, word: str
) -> None:
    keys = slipped(word, random.Random(seed)) + random.Random(seed).choice(("", "s", "ing"))
    found = {
        term
        for scan in vocabulary.term_scans
        for term in scan.words(scan.latin.stems(keys, edits=1, longest_ending=8))
    }
    assert word in found


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
def test_a_slip_is_put_right(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    found = correct_word(typed, vocabulary)
    assert found is not None
    assert (found.understood, found.how) == (meant, "spelling")
    assert found.distance > 0


def test_a_particle_the_lexicon_knows_is_cut_from_a_mistyped_word(vocabulary: Vocabulary) -> None:
    found = correct_word("관겨를", vocabulary)
    assert found is not None
    assert found.understood == "관계"


def test_a_word_is_mended_only_to_what_finds_many_times_as_much(vocabulary: Vocabulary) -> None:
    assert correct_word("동방자", vocabulary, found=10_000) is None


def test_what_finds_little_is_mended_to_what_finds_much_only(vocabulary: Vocabulary) -> None:
    assert correct_word("동방자", vocabulary, found=1) == Correction(
        "동방자", "동반자", "spelling", 6
    )
    assert correct_word("동방자", vocabulary, found=2) is None


@pytest.mark.parametrize("typed", ["", "a", "zzzzqqqq", "x" * 65, "12", "д" * 5, "가a", "#"])
def test_what_is_near_to_nothing_stays_as_it_is(vocabulary: Vocabulary, typed: str) -> None:
    assert correct_word(typed, vocabulary) is None


def test_the_nearest_words_are_named_where_nothing_is_near_enough(vocabulary: Vocabulary) -> None:
    assert nearest("partnrshp", vocabulary)[0] == "partnership"
    assert nearest("전략접", vocabulary, limit=1) == ["전략적"]
    assert nearest("zzzzqqqq", vocabulary) == []


def test_the_typed_word_is_not_near_to_itself(vocabulary: Vocabulary) -> None:
    assert "동반자" not in [near.word for near in similar_words("동반자", vocabulary)]
    assert similar_words("동반a", vocabulary) == []


@pytest.mark.parametrize(
    ("term", "word"), [("economi", "economies"), ("plan", "planning"), ("move", "moving")]
)
def test_a_form_has_the_stem_that_it_is_made_of(term: str, word: str) -> None:
    forms = list(word_forms(term, length=len(word), slack=1))
    assert word in forms
    assert all(form == term or stem(form) == term for form in forms)


def test_words_are_shown_as_the_documents_write_them(vocabulary: Vocabulary) -> None:
    snapshot = vocabulary.snapshot
    assert set(written_forms(snapshot, "govern")) == {"governments", "government"}
    assert not written_forms(snapshot, "nowher")


def test_without_a_lexicon_the_terms_are_there_all_the_same(vocabulary: Vocabulary) -> None:
    bare = Vocabulary(vocabulary.snapshot)
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


def test_nine_in_ten_slips_of_one_key_are_put_right(tmp_path: Path) -> None:
    chance = random.Random(4)
    texts = [*_sample_texts()]
    with opened(build_index(tmp_path, texts)) as vocabulary:
        known = sorted({word for text in texts for word in text.split()})
        meant = [word for word in known if len(keys_of(word)) > 4 and _is_frequent(word, texts)]
        right = tried = 0
        while tried < 150:
            word = chance.choice(meant)
            keys = slipped(keys_of(word), chance)
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
def test_no_word_is_too_odd_to_be_looked_at(vocabulary: Vocabulary, typed: str) -> None:
    found = correct_word(typed, vocabulary)
    assert found is None or (found.typed == typed and found.understood)
    assert len(nearest(typed, vocabulary)) <= 3
    joined = correct_spacing([typed, typed], vocabulary, unmatched=[typed])
    assert [run[:2] for run in joined] in ([], [(0, 2)])
    assert len(complete(vocabulary, typed)) <= 10
