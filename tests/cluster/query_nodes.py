"""Random nodes of queries."""

from __future__ import annotations

from hypothesis import strategies as st

from search.query.tree import FILE_MODIFIED, FILE_TYPE, Filter, Group, Node, Pattern, Phrase, Term

from .engine_corpus import SIGNS, VOCABULARY

_COMMON = ("ferry", "harbour", "항구", "여객선", "관계", "the", "storm", "전략적", "동반자")
_WORDS = st.sampled_from([*_COMMON * 4, *VOCABULARY, *(sign for sign in SIGNS if len(sign) < 50)])
_FIELD = st.sampled_from(["", "", "", "title"])
_DATES = ("2024", "2024-11", "2024-11-14", "..2023", "2023-05..2024-02", "2025..", "2019..2019")
_FILTERS = [
    *(("lang", value) for value in ("ko", "en", "mixed")),
    *(("path", value) for value in ("news", "BOOKS/part 1", "s/b", ".md", "*", "nowhere", "\\")),
    *(("date", value) for value in _DATES),
    *((FILE_MODIFIED, value) for value in ("2001", "2001-09", "2001-09-09..", "..2000", "1999..")),
    *((FILE_TYPE, value) for value in ("txt", "md", "jsonl", "csv", "")),
    *(
        ("author", value)
        for value in ("smith", "ann*", "김보람", "kim bo", "c++", "a|b", "\\", "C")
    ),
    ("작성자", "김"),
    ("tags", "바다"),
    ("nowhere", "x"),
]


def _text(most: int) -> st.SearchStrategy[str]:
    return st.lists(_WORDS, min_size=1, max_size=most).map(" ".join)


def _cut(word: str, at: int, sign: str, end: str) -> str:
    at %= len(word)
    return word[:at] + sign + word[at + (sign == "?") :] * (end != "*") + end


PHRASES = st.builds(
    Phrase, _text(4), _FIELD, st.sampled_from((0, 0, 0, 1, 3, 8)), st.booleans()
).map(lambda each: Phrase(each.text, each.field, 0 if each.exact else each.slop, each.exact))
PATTERNS = st.builds(
    Pattern,
    st.builds(
        _cut, _WORDS, st.integers(0, 5), st.sampled_from("*?"), st.sampled_from(["", "*", "?"])
    ),
    _FIELD,
)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, _text(3), _FIELD),
    PHRASES,
    PHRASES,
    PATTERNS,
    st.sampled_from([Filter(*each) for each in _FILTERS]),
)


def _group(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(children, max_size=3).map(tuple)
    never = st.lists(children, max_size=1).map(tuple)
    return st.builds(Group, parts, parts, never)


NODES = st.recursive(LEAVES, _group, max_leaves=6)
