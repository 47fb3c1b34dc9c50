"""The words of an index on a node are those of the index directory that it was made of."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from correction_index import TEXTS, build_index, opened
from word_index import MAPPINGS, on_cluster, word_records

from index.analysis.english_words import word_list
from index.analysis.hangul_keys import from_keys, is_hangul, keys_of
from index.opensearch.address import parse_address
from index.opensearch.client import Client
from search.completion import complete
from search.correction.suggest import correct_word
from search.embedded.vocabulary import EmbeddedVocabulary
from tests.quality.slips import misspelled

from .nodes import Cluster

NOUNS = Path(__file__).parents[1] / "data" / "nouns.txt"
INDEX = "vocabulary.words.000001"
SLIPS = 150  # in each language
# Of one mistyped key, all corrections are equal; of two, nearly all: a cluster finds nothing three
# edits away, where some cheap ones are near enough.
LEAST_EQUAL = 0.99


@dataclass
class Both:
    """The words of an index, read and on a node, and words that may be mistyped."""

    own: EmbeddedVocabulary
    client: Client
    korean: list[str]
    english: list[str]


@pytest.fixture(scope="module")
def both(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    korean = [word for word in NOUNS.read_text(encoding="utf-8").split() if len(word) > 1]
    frequencies = word_list()
    common = sorted(frequencies, key=lambda word: (-frequencies[word], word))
    english = [word for word in common[:3000] if word.isalpha() and len(word) > 3][:800]
    texts = [" ".join(words[at:]) for words in (korean, english) for at in range(0, len(words), 40)]
    directory = build_index(tmp_path_factory.mktemp("words"), [*TEXTS, *texts])
    address = parse_address(f"{cluster.urls[0]}/vocabulary")
    with opened(directory) as own, Client(address) as client:
        client.request("PUT", f"/{INDEX}", {"mappings": MAPPINGS})
        records = word_records(own.snapshot)
        client.bulk(({"index": {"_index": INDEX, "_id": each["term"]}}, each) for each in records)
        client.request("POST", f"/{INDEX}/_refresh")
        yield Both(own, client, korean, english)


def slips(words: list[str], *, keys: int) -> list[str]:
    """Return words of which so many keys were mistyped."""
    chance = random.Random(keys)
    typed = []
    for _ in range(SLIPS):
        word = chance.choice([word for word in words if len(keys_of(word)) > 4])
        changed = keys_of(word)
        for _ in range(keys):
            changed = misspelled(chance, changed)
        typed.append(from_keys(changed) if is_hangul(word) else changed)
    return typed


@pytest.mark.parametrize("language", ["korean", "english"])
@pytest.mark.parametrize(("keys", "least"), [(1, 1.0), (2, LEAST_EQUAL)])
def test_misspelt_words_are_corrected_to_the_same_words(
    both: Both, language: str, keys: int, least: float
) -> None:
    different = []
    requests = 0
    for typed in slips(getattr(both, language), keys=keys):
        vocabulary, asked = on_cluster(both.own, both.client, index=INDEX)
        expected, found = correct_word(typed, both.own), correct_word(typed, vocabulary)
        different += [(typed, expected, found)] if found != expected else []
        requests += len(asked.made)
    assert len(different) <= (1 - least) * SLIPS, different
    assert requests <= 4 * SLIPS


@pytest.mark.parametrize("language", ["korean", "english"])
def test_prefixes_are_completed_to_the_same_words(both: Both, language: str) -> None:
    chance = random.Random(3)
    for _ in range(SLIPS):
        word = chance.choice(getattr(both, language))
        keys = keys_of(word)[: chance.randrange(1, len(keys_of(word)) + 1)]
        prefix = from_keys(keys) if is_hangul(word) else keys
        vocabulary, asked = on_cluster(both.own, both.client, index=INDEX)
        assert complete(vocabulary, prefix) == complete(both.own, prefix), prefix
        assert len(asked.made) <= 3


@pytest.mark.parametrize(
    "prefix", ["c+", "covid-", "女", "ㅈㄹㅈ", "동ㅂ", "ㄱ" * 64, "(" * 64, ".*", "[", "\\", '"']
)
def test_characters_of_a_regular_expression_stand_for_themselves(both: Both, prefix: str) -> None:
    vocabulary, _ = on_cluster(both.own, both.client, index=INDEX)
    assert complete(vocabulary, prefix) == complete(both.own, prefix)
