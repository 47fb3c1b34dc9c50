"""English words, inflected forms and names included: the list that pyspellchecker corrects by.

Only its data is read: importing the package and filling its own tables takes ten times as long.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from index.analysis.english_spelling import common_form

_PACKAGE = "spellchecker"
# A JSON object of words and their frequencies, a pair a line.
_LIST = Path("resources", "en.json.gz")
_WORD = re.compile(rb'^\s*"([a-z]+)":', re.MULTILINE)


def is_english_word(word: str) -> bool:
    """Return whether a word in small Latin letters is in the list, in either spelling of -ise."""
    return not word_list().isdisjoint((word.encode(), common_form(word).encode()))


@cache
def word_list() -> frozenset[bytes]:
    """Return the list, which takes about 50 ms to read: no query of known words needs it."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("pyspellchecker is not installed", name=_PACKAGE)
    path = Path(spec.submodule_search_locations[0]) / _LIST
    return frozenset(_WORD.findall(gzip.decompress(path.read_bytes())))
