"""Random commits of random documents, and random Whoosh queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st
from index_documents import WORDS, Source, analyzer, content_of, sources
from whoosh import query as q

from index.directory.catalogue import Catalogue
from index.directory.commit import FORMAT, About
from index.directory.directory_writer import DirectoryWriter
from index.ingest.transaction import IndexTransaction
from index.segment.segment_reader import SegmentReader

_UNCOUNTED = {"은", "…"}
TERMS = sorted({part.term for word in WORDS for part in analyzer().word(word).parts} | {"없음"})
GRAMS = sorted({bigram for word in WORDS for bigram in analyzer().word(word).bigrams} | {"없음"})


@dataclass(frozen=True, slots=True)
class Step:
    """A commit: documents that replace those of their paths, and deleted paths."""

    sources: list[Source]
    removed: frozenset[str] = frozenset()

    @property
    def replaced(self) -> frozenset[str]:
        return self.removed | {document.path for document, _ in self.sources}


def _counted(text: str) -> str:
    # Stock Whoosh cannot score a text that has terms and no length.
    words = set(text.split())
    return f"{text} river" if words and words <= _UNCOUNTED else text


def _sound(some: list[Source]) -> list[Source]:
    return [
        (
            document._replace(title=_counted(document.title)),
            [passage._replace(text=_counted(passage.text)) for passage in passages],
        )
        for document, passages in some
        if passages
    ]


paths = st.integers(0, 3).map("문서{}.txt".format)
steps = st.lists(
    st.builds(Step, sources.map(_sound), st.frozensets(paths, max_size=1)), min_size=1, max_size=4
)


@contextmanager
def built(some: Sequence[Step]) -> Iterator[Path]:
    """Commit steps one by one to an index of a temporary folder."""
    with TemporaryDirectory() as folder:
        directory = Path(folder)
        store = DirectoryWriter.fresh(directory, About(FORMAT, "an analyser", "today"))
        for step in some:
            with IndexTransaction(store) as transaction:
                if step.sources:
                    transaction.add(content_of(step.sources))
                transaction.commit(step.replaced, Catalogue(), built="today")
        yield directory


@contextmanager
def closing_all(readers: Sequence[SegmentReader]) -> Iterator[Sequence[SegmentReader]]:
    try:
        yield readers
    finally:
        for reader in readers:
            reader.close()


def alive(some: Sequence[Step]) -> list[tuple[str, str, int]]:
    """Return the keys of the passages that the steps leave."""
    left: dict[str, list[tuple[str, str, int]]] = {}
    for step in some:
        left = {path: keys for path, keys in left.items() if path not in step.replaced}
        for document, passages in step.sources:
            left.setdefault(document.path, []).extend(
                (document.path, document.id, passage.start) for passage in passages
            )
    return sorted(key for keys in left.values() for key in keys)


_fields = st.sampled_from(("body", "body", "body", "title"))
_terms = st.sampled_from(TERMS)
_days = st.sampled_from((datetime(2024, 1, 1), datetime(2024, 6, 30), datetime(2025, 1, 1)))
_leaves = st.one_of(
    st.builds(q.Term, _fields, _terms, boost=st.sampled_from((1.0, 1.0, 2.5))),
    st.builds(q.Term, st.just("gram"), st.sampled_from(GRAMS)),
    st.builds(q.Term, st.just("path"), paths),
    st.builds(q.Term, st.just("language"), st.sampled_from(("ko", "en", "mixed", "no"))),
    st.builds(q.DateRange, st.just("date"), _days, st.none() | _days),
    st.builds(q.Every, st.sampled_from((None, "title", "date", "gram"))),
    st.builds(q.Phrase, _fields, st.lists(_terms, min_size=2, max_size=3), slop=st.integers(1, 3)),
    st.builds(q.Prefix, _fields, _terms.map(lambda term: term[:1])),
    st.builds(q.Wildcard, _fields, _terms.map(lambda term: f"*{term[-1]}")),
    st.builds(q.Wildcard, _fields, _terms.map(lambda term: f"{term[0]}?*")),
    st.builds(q.TermRange, _fields, _terms, _terms),
    st.builds(
        q.FuzzyTerm, _fields, _terms, maxdist=st.integers(1, 2), prefixlength=st.integers(0, 1)
    ),
)


def _joined(queries: st.SearchStrategy[q.Query]) -> st.SearchStrategy[q.Query]:
    several = st.lists(queries, min_size=2, max_size=4)
    return st.one_of(
        st.builds(q.Or, several),
        st.builds(q.And, several),
        st.builds(lambda one, other: q.And([one, q.Not(other)]), queries, queries),
        st.builds(q.AndNot, queries, queries),
        st.builds(q.AndMaybe, queries, queries),
        st.builds(q.Not, queries),
    )


queries = st.recursive(_leaves, _joined, max_leaves=6)
