"""What an index holds, counted when it is asked for."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from corpus.language import LANGUAGES
from index.fields import Field
from index.snapshot import Snapshot
from index.store import Store

from .explanation import IndexInfo


def index_info(directory: Path, store: Store, snapshot: Snapshot, *, words: int) -> IndexInfo:
    """Return what the index in a directory holds; `words` counts those of its lexicon."""
    catalogue = store.catalogue()
    languages = snapshot.measures.language[snapshot.alive_documents]
    return IndexInfo(
        directory=str(directory),
        format=store.about.format,
        documents=snapshot.documents,
        passages=snapshot.passages,
        files=len(catalogue.files),
        terms=sum(1 for _ in snapshot.terms(Field.BODY)),
        words=words,
        bytes=_size(directory),
        languages={
            name: int((languages == number).sum()) for number, name in enumerate((*LANGUAGES, ""))
        },
        bridge=snapshot.bridge.counts() if snapshot.bridge else {},
        analyser=store.about.analyser,
        built=store.about.built,
        sources=catalogue.sources,
    )


def _size(directory: Path) -> int:
    """Return how many bytes the files in a directory have."""
    size = 0
    for path in directory.rglob("*"):
        with suppress(FileNotFoundError):  # a build clears away what it has replaced
            size += path.stat().st_size if path.is_file() else 0
    return size
