"""English words with their frequencies, inflected forms included: the list of pyspellchecker.

Only its data is read: importing the package and filling its own tables takes ten times as long.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_PACKAGE = "spellchecker"
_LIST = Path("resources", "en.json.gz")


# British spellings whose American ones the list has: labour, organisation, defence.
_BRITISH = re.compile("(?<=[a-z]{2})(?:(ou)r|is(?=e|ing|ation)|(enc)(?=e$|es$|ed$))")


def frequency(word: str) -> int:
    """Return how often a word in small letters is in some billion words of English."""
    words = _words()
    return words.get(word, 0) or words.get(_BRITISH.sub(_american, word), 0)


def _american(match: re.Match[str]) -> str:
    return "or" if match[1] else "ens" if match[2] else "iz"


@cache
def _words() -> Mapping[str, int]:
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pyspellchecker is not installed", name=_PACKAGE)
    path = Path(spec.submodule_search_locations[0]) / _LIST
    words: dict[str, int] = json.loads(gzip.decompress(path.read_bytes()))
    return words
