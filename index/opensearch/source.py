"""What the bridge learns from, asked of a cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from corpus.document import ENGLISH

from ..bridge.evidence.bitext import bitext
from ..bridge.evidence.extract import Evidence
from ..ingest.parallel_texts import FileText
from ..segment.doc_store import StoredFields
from .names import Epoch
from .paging import count, every_hit, every_term
from .stored_fields import stored_of
from .terms import keyword

if TYPE_CHECKING:
    from .client import Client

_PATHS = 100  # whose texts are read at once
_PAGE = 500  # passages with their text in an answer


class ClusterSource:
    """The documents of an epoch, as the last refresh shows them; a BridgeSource."""

    def __init__(self, client: Client, epoch: Epoch) -> None:
        self._client = client
        self._epoch = epoch

    @cached_property
    def documents(self) -> int:
        """The number of documents."""
        return count(self._client, self._epoch.documents)

    @cached_property
    def passages(self) -> int:
        """The number of passages."""
        return count(self._client, self._epoch.passages)

    def evidence(self, prefix: bytes = b"") -> Iterator[tuple[bytes, int]]:
        """Yield the evidence in the order of its bytes."""
        index = self._epoch.documents
        for term, frequency in every_term(self._client, index, "evidence", prefix=prefix.decode()):
            yield term.encode(), frequency

    def body_terms(self) -> Iterator[bytes]:
        """Yield the terms of texts in the order of their bytes."""
        query = {"term": {"in_body": True}}
        hits = every_hit(
            self._client, self._epoch.words, query, fields=["term"], order="term", page=10_000
        )
        return (hit["fields"]["term"][0].encode() for hit in hits)

    def texts(self, paths: Sequence[str]) -> Callable[[str], FileText]:
        """Return a function that reads the texts of many paths at once, ahead in their order."""
        places = {path: place for place, path in enumerate(paths)}
        known: dict[str, FileText] = {}

        def text_of(path: str) -> FileText:
            if path not in known:
                first = places.get(path)
                wanted = [path] if first is None else paths[first : first + _PATHS]
                if len(known) > 2 * _PATHS:  # a pair is of neighbours
                    known.clear()
                known.update(self._texts(wanted))
            return known[path]

        return text_of

    def _texts(self, paths: Sequence[str]) -> dict[str, FileText]:
        by_keyword = {keyword(path): path for path in paths}
        query = {"terms": {"path": list(by_keyword)}}
        texts: defaultdict[str, list[str]] = defaultdict(list)
        languages: dict[str, str] = {}
        fields = ["path", "language"]
        for hit in every_hit(
            self._client, self._epoch.passages, query, fields=fields, stored=True, page=_PAGE
        ):
            path = by_keyword[hit["fields"]["path"][0]]
            texts[path].append(str(stored_of(hit["_source"])["text"]))
            languages.setdefault(path, hit["fields"]["language"][0])
        return {
            path: FileText("\n".join(texts[path]), languages.get(path) == ENGLISH) for path in paths
        }

    def bitexts(self, both: Iterable[Evidence]) -> Iterator[tuple[str, str]]:
        """Yield the texts of the first document with each piece of evidence."""
        left = iter(both)
        while some := [item.term() for item in islice(left, _PATHS)]:
            yield from self._bitexts(some)

    def _bitexts(self, terms: Sequence[str]) -> Iterator[tuple[str, str]]:
        found: dict[str, tuple[int, StoredFields]] = {}
        query = {"terms": {"evidence": list(terms)}}
        wanted = set(terms)
        for hit in every_hit(
            self._client,
            self._epoch.documents,
            query,
            fields=["number", "evidence"],
            stored=True,
            page=_PAGE,
        ):
            fields = hit["fields"]
            for term in wanted.intersection(fields["evidence"]):
                found.setdefault(term, (int(fields["number"][0]), stored_of(hit["_source"])))
        texts = self._texts_of({number for number, _ in found.values()})
        for term in terms:
            if term in found:
                number, document = found[term]
                title, metadata = str(document["title"]), document["metadata"]
                if both := bitext(title, texts[number], metadata):
                    yield both.korean, both.english

    def _texts_of(self, documents: Iterable[int]) -> dict[int, list[str]]:
        query = {"terms": {"doc": sorted(documents)}}
        texts: defaultdict[int, list[str]] = defaultdict(list)
        for hit in every_hit(
            self._client, self._epoch.passages, query, fields=["doc"], stored=True, page=_PAGE
        ):
            texts[int(hit["fields"]["doc"][0])].append(str(stored_of(hit["_source"])["text"]))
        return texts
