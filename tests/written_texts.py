"""Hypothesis strategies for texts: words of both languages, unusual spellings, random characters.

A text joins up to six pieces, with or without separators, so that scripts, signs and marks are
combined as in real texts and in ways that never occur in them.
"""

from __future__ import annotations

import unicodedata
from itertools import islice

from hypothesis import strategies as st
from korean_forms import noun_forms, predicate_forms
from mixed_words import mixed_words

_SURFACES = [
    surface
    for forms in (noun_forms(), predicate_forms())
    for _, _, surface in islice(forms, 0, None, 97)
]
_ATOMS = [atom.text for atom in mixed_words()]
_SIGNS = "-+#.,'&·’‐ㆍ・＆()㈜①½ \u00a0\u00ad\u200b\u0301\u3164"
# Written so, names: but not within other words, nor before the rest of a verb.
_NAMES = ["US", "WHO", "ＩＴ", "May", "MAY", "US'S", "It", "US\u00ad", "ÚS", "AIDS", "us", "u.s."]
_LETTERS = "abcxyzABCİßøéΣйЙ가나다각ㄱㅋㅏ0123456789９Ａａ韓美國カガﾊﾟがЯ"

separators = st.sampled_from(["", "", " ", " ", "\n", "-", "·", "'", "+", ".", ",", "&", "\u200b"])
pieces = st.one_of(
    st.sampled_from(_SURFACES),
    st.sampled_from(_ATOMS),
    st.sampled_from(_NAMES),
    st.sampled_from(_SURFACES).map(lambda text: unicodedata.normalize("NFD", text)),
    st.text(alphabet=_SIGNS + _LETTERS, max_size=8),
    st.text(max_size=6),
)
texts = st.lists(st.tuples(pieces, separators), max_size=6).map(
    lambda pairs: "".join(piece + separator for piece, separator in pairs)
)


def full_width(text: str) -> str:
    """Return the text with its ASCII characters in full-width form."""
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    return text.translate(wide | {0x20: 0x3000})
