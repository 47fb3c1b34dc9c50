"""The texts that translate each other, of pairs of files or of one, read back from an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.document import ENGLISH, LANGUAGES

from ..fields import Field
from ..snapshot import Snapshot
from .bitext import bitext
from .evidence import Evidence


def pair_texts(snapshot: Snapshot, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the texts of the files of each pair, the Korean one first.

    Where both are in English, as a page left untranslated is, the order is that of the pair.
    """
    for pair in pairs:
        first, second = (_holding(snapshot, Field.PATH, path) for path in pair)
        english = [_language(snapshot, passages) == ENGLISH for passages in (first, second)]
        if english == [True, False]:
            first, second = second, first
        yield _text(snapshot, first), _text(snapshot, second)


def both_texts(snapshot: Snapshot, told: Iterable[Evidence]) -> Iterator[tuple[str, str]]:
    """Yield what documents that are `told` to be in both languages say in Korean and in English."""
    for evidence in told:
        first = _holding(snapshot, Field.BRIDGE, evidence.term())[0]
        document = snapshot.stored_document(first)
        passages = range(first, int(snapshot.firsts[snapshot.measures.document[first] + 1]))
        texts = [str(snapshot.stored(passage)["text"]) for passage in passages]
        if found := bitext(str(document["title"]), texts, document["metadata"]):
            yield found.korean, found.english


def _holding(snapshot: Snapshot, field: Field, term: str) -> list[int]:
    """Return the passages that hold a term of a field without positions, in their order."""
    found = snapshot.posting_list(field, term.encode())
    if found is None:
        return []
    passages = found.passages
    if snapshot.has_deleted:
        passages = passages[snapshot.alive.take(passages)]
    numbers: list[int] = passages.tolist()
    return numbers


def _language(snapshot: Snapshot, passages: list[int]) -> str:
    if not passages:
        return ""
    measures = snapshot.measures
    return (*LANGUAGES, "")[int(measures.language[measures.document[passages[0]]])]


def _text(snapshot: Snapshot, passages: list[int]) -> str:
    return "\n".join([str(snapshot.stored(passage)["text"]) for passage in passages])
