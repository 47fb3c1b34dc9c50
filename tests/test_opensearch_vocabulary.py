"""The words of an index on a cluster: the same corrections, in few requests.

The index of words is in memory here; tests/cluster has it on a node.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from correction_index import TEXTS, build_index, opened
from word_index import Requests, WordsInMemory, on_cluster, word_records

from search.completion import complete, prefix_patterns
from search.correction.rare_words import commoner_word
from search.correction.suggest import correct_spacing, correct_word, nearest
from search.correction.vocabulary import PrefixPattern
from search.embedded.vocabulary import EmbeddedVocabulary
from search.opensearch import vocabulary as module
from search.opensearch import words
from search.opensearch.vocabulary import OpenSearchVocabulary

MISSPELT = (
    *("동방자", "동방자와", "도반자", "외굑", "관겨를", "전략접", "ehdqkswk", "dhlryfmf", "쌀짜다"),
    *("partnreship", "goverment", "documetns", "econmies", "movng", "plannign", "strategci"),
    *("planningeconomies", "ㅣㄷㅁ", "hlelo", "zzzzqqqq", "뷁", "", "x" * 65, "가a"),
)
PREFIXES = (
    "동반ㅈ",
    "동바",
    "ㅈㄹㅈ",
    "전",
    "오",
    "ㅏ",
    "strat",
    "plann",
    "mov",
    "c+",
    "covid-1",
    "女",
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedVocabulary]:
    with opened(build_index(tmp_path_factory.mktemp("words"), TEXTS)) as found:
        yield found


@pytest.fixture(scope="module")
def client(own: EmbeddedVocabulary) -> WordsInMemory:
    return WordsInMemory(word_records(own.snapshot))


@pytest.fixture
def cluster(
    own: EmbeddedVocabulary, client: WordsInMemory
) -> tuple[OpenSearchVocabulary, Requests]:
    return on_cluster(own, client)


@pytest.mark.parametrize("typed", MISSPELT)
def test_words_are_corrected_as_by_the_index_directory(
    own: EmbeddedVocabulary, cluster: tuple[OpenSearchVocabulary, Requests], typed: str
) -> None:
    vocabulary, requests = cluster
    assert correct_word(typed, vocabulary) == correct_word(typed, own)
    assert len(requests.made) <= 4
    assert nearest(typed, vocabulary) == nearest(typed, own)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_prefixes_are_completed_as_by_the_index_directory(
    own: EmbeddedVocabulary, cluster: tuple[OpenSearchVocabulary, Requests], prefix: str
) -> None:
    vocabulary, requests = cluster
    assert complete(vocabulary, prefix) == complete(own, prefix)
    assert len(requests.made) <= 3


def test_the_words_of_a_query_are_joined_in_one_request(
    own: EmbeddedVocabulary, cluster: tuple[OpenSearchVocabulary, Requests]
) -> None:
    vocabulary, requests = cluster
    typed = ["전", "략", "적", "동", "반", "자", "zz"]
    found = correct_spacing(typed, vocabulary, unmatched=typed)
    assert [run.understood for _, _, run in found] == ["전략적", "동반자"]
    assert found == correct_spacing(typed, own, unmatched=typed)
    assert len(requests.made) == 1


def test_a_rare_word_is_compared_with_commoner_ones(
    cluster: tuple[OpenSearchVocabulary, Requests],
) -> None:
    vocabulary, requests = cluster
    rights = {"동반자", "government"}
    meant = [
        commoner_word(typed, 1, vocabulary, is_right=rights.__contains__)
        for typed in ("동방자", "govermnent", "짜다")
    ]
    assert meant[0] == "동반자"
    assert meant[2] == ""
    assert len(requests.made) <= 8


def test_a_frequency_is_asked_once_and_with_all_that_are_expected(
    cluster: tuple[OpenSearchVocabulary, Requests],
) -> None:
    vocabulary, requests = cluster
    vocabulary.expect(["전략", "nowher", "동반자"])
    vocabulary.expect_words(["전략적", "governments"])
    assert vocabulary.term_frequency("외교") == 9
    assert requests.made == [8]  # with 적 and govern
    assert vocabulary.term_frequency("nowher") == 0
    assert vocabulary.word_frequency("전략적") == 60
    assert vocabulary.word_frequency("governments") == 69
    assert requests.made == [8]


def test_similar_words_are_asked_for_with_those_that_are_expected(
    cluster: tuple[OpenSearchVocabulary, Requests],
) -> None:
    vocabulary, requests = cluster
    vocabulary.expect_similar(["ehdqkdwk", "rhksrp"])
    assert vocabulary.similar_hangul("dhlry", edits=1) == {"외교": 9}
    assert vocabulary.similar_hangul("ehdqkdwk", edits=1)
    assert vocabulary.similar_hangul("ehdqkdwk", edits=2)
    assert requests.made == [3]


def test_a_vocabulary_that_lives_long_forgets(
    own: EmbeddedVocabulary, client: WordsInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_FREQUENCIES", 2)
    monkeypatch.setattr(module, "_MOST_ANSWERS", 1)
    vocabulary, requests = on_cluster(own, client)
    for term in ("전략", "외교", "동반자", "관계", "전략"):
        assert vocabulary.term_frequency(term) > 0
    assert len(requests.made) == 5
    for keys in ("dhlry", "rhksrP", "ehdqkdwk", "dhlry"):
        assert vocabulary.similar_hangul(keys, edits=1)
    assert len(requests.made) == 9


@pytest.mark.parametrize("head", ["c++", 'a.b"c', "#~&@", "x|y", "[a]{1}"])
def test_what_is_special_in_a_regular_expression_stands_for_itself(head: str) -> None:
    pattern = PrefixPattern(head, (("가", "깋"),))
    regexp = words.starting_with(pattern, most=1)["query"]["constant_score"]["filter"]
    known = [{"term": head + "각" + "다", "count": 2}, {"term": "c각", "count": 1}]
    answer = WordsInMemory(known).multi_search([({}, {"query": regexp, "size": 9})])[0]
    assert words.found(answer) == {head + "각다": 2}


def test_one_pattern_takes_one_search(
    own: EmbeddedVocabulary, cluster: tuple[OpenSearchVocabulary, Requests]
) -> None:
    vocabulary, requests = cluster
    patterns = prefix_patterns("동반")
    assert set(vocabulary.starting_with(patterns, most=9)) == set(
        own.starting_with(patterns, most=9)
    )
    assert requests.made == [len(patterns)]
