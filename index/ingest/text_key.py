"""Tells documents with the same text: a number of 63 bits for each text."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from corpus import Document, Passage
from corpus.readers.metadata import file_title

_BLANKS = bytes.maketrans(b"\t\n\v\f\r", b"     ")
# A shorter text, such as "done", may stand under many titles and say something else under each.
_SHORT = 20  # characters


def text_key(document: Document, passages: Sequence[Passage]) -> int:
    """Return a number that documents with the same text share, and others do not.

    White space is folded, and neither title nor path counts; but a short text has the same title
    as well, unless it is the name of the file.
    """
    text = " ".join([passage.text for passage in passages])
    if len(text) < _SHORT and document.title not in ("", text, file_title(document.path)):
        text = f"{text}\0{document.title}"
    # In bytes: splitting text into words takes twice as long, and a build does this for all texts.
    folded = text.encode().translate(_BLANKS)
    while b"  " in folded:
        folded = folded.replace(b"  ", b" ")
    # The largest number of a column has 63 bits.
    return int.from_bytes(blake2b(folded, digest_size=8).digest(), "big") >> 1
