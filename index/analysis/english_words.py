"""English words with their frequencies, inflected forms included: the list of pyspellchecker.

Only its data is read: importing the package and filling its own tables takes ten times as long.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from .english_spelling import PAIRS, common_form

_PACKAGE = "spellchecker"
_LIST = Path("resources", "en.json.gz")


# Endings of words in British spellings, whose American ones the list has.
_ENDINGS = (
    "", "s", "d", "ed", "ing", "r", "rs", "er", "ers", "ly", "al", "ally", "less", "able", "ful",
)  # fmt: skip


def frequency(word: str) -> int:
    """Return how often a word in small letters is in some billion words of English.

    One in a British spelling or an irregular form is as frequent as its common form.
    """
    return word_list().get(word, 0) or word_list().get(common_form(word), 0)


@cache
def word_list() -> Mapping[str, int]:
    """Return the words, by frequency; reading them takes 50 ms, so no query of known words does.

    British spellings are among them, but for verbs in -ise.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pyspellchecker is not installed", name=_PACKAGE)
    path = Path(spec.submodule_search_locations[0]) / _LIST
    words: dict[str, int] = json.loads(gzip.decompress(path.read_bytes()))
    british = {
        british + ending: words[american + ending]
        for british, american in PAIRS
        for ending in _ENDINGS
        if american + ending in words
    }
    return british | words
