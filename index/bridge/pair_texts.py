"""The texts of pairs of files, read back from an index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.document import ENGLISH, LANGUAGES

from ..fields import Field
from ..snapshot import Snapshot


def pair_texts(snapshot: Snapshot, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the texts of the files of each pair, the Korean one first.

    Where both are in English, as a page left untranslated is, the order is that of the pair.
    """
    for pair in pairs:
        first, second = (_passages(snapshot, path) for path in pair)
        english = [_language(snapshot, passages) == ENGLISH for passages in (first, second)]
        if english == [True, False]:
            first, second = second, first
        yield _text(snapshot, first), _text(snapshot, second)


def _passages(snapshot: Snapshot, path: str) -> list[int]:
    """Return the passages of a file, in its order."""
    found = snapshot.posting_list(Field.PATH, path.encode())
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
