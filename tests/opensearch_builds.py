"""Builds on a cluster in memory, which may stop, and what a build in a directory makes instead."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from index_corpus import put
from opensearch_fake import FakeCluster

from index.bridge.entry import Entry, Source
from index.bridge.table import Content
from index.builder.build import build
from index.builder.build_report import BuildReport
from index.directory.directory_reader import DirectoryReader, bridge_content
from index.opensearch import build as building
from index.opensearch import edit_glossary, verify
from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress
from index.opensearch.build import build_in_cluster
from index.opensearch.reader import ClusterReader
from index.opensearch.stored_fields import stored_of

ADDRESS = ClusterAddress(("http://a:9200",), "notes")
ANYBODY = Access()
USER_ENTRY = Entry("윤슬", "ripples", 1.0, Source.USER)
EMBEDDED = Path("../embedded")
Pair: TypeAlias = tuple[str, str, float, Source]


class Stop(Exception):  # noqa: N818 - stands for any end
    """A build ends here."""


def stopping(
    method: Callable[..., Any], *, after: bool, error: type[BaseException] = Stop
) -> Callable[..., Any]:
    """Return what ends a build by an error where it calls a method, before or after it is done."""

    def stop(*arguments: object, **options: object) -> None:
        if after:
            method(*arguments, **options)
        raise error

    return stop


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeCluster:
    """Change to an empty folder, which `built` builds from into this cluster."""
    found = FakeCluster()
    for module in (building, edit_glossary, verify):
        monkeypatch.setattr(module, "Client", found.client)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return found


def built(**options: Any) -> BuildReport:  # noqa: ANN401 - those of build_in_cluster
    return build_in_cluster(ADDRESS, ANYBODY, options.pop("roots", [Path()]), **options)


def reader(cluster: FakeCluster) -> ClusterReader:
    client: Any = cluster.client(ADDRESS)
    return ClusterReader.open(client, ADDRESS)


def passages(cluster: FakeCluster) -> list[tuple[str, int, str]]:
    """Return path, ordinal and text of all passages that a search sees, in that order."""
    index = cluster.indexes[reader(cluster).epoch.passages]
    return sorted(
        (doc["path"], doc["ordinal"], str(stored_of(doc)["text"])) for doc in index.shown.values()
    )


def bridge(cluster: FakeCluster) -> list[Pair]:
    table = reader(cluster).bridge()
    assert table is not None
    with closing(table):
        return entries(table.content())


def embedded() -> list[tuple[str, int, str]]:
    """Return what `passages` does, of an index in a directory beside the current folder."""
    build(EMBEDDED, [Path()], rebuild=True)
    with closing(DirectoryReader.open(EMBEDDED).snapshot()) as snapshot:
        return sorted(
            (
                str(snapshot.stored_document(first)["path"]).removeprefix("folder/"),
                passage - first,
                str(snapshot.stored(passage)["text"]),
            )
            for first, end in pairwise(snapshot.firsts.tolist())
            for passage in range(first, end)
        )


def embedded_bridge() -> list[Pair]:
    """Return what `bridge` does, of that index."""
    build(EMBEDDED, [Path()], rebuild=True)
    return entries(bridge_content(DirectoryReader.open(EMBEDDED)))


def entries(content: Content) -> list[Pair]:
    return sorted((e.korean, e.english, round(e.weight, 6), e.source) for e in content.entries)


def change(chance: random.Random) -> None:
    """Write, change and remove some files of the current folder."""
    names = [f"{number}.txt" for number in range(6)]
    for name in chance.sample(names, 3):
        if chance.random() < 0.7:
            words = " ".join(chance.choices(("han", "nile", "rhine", "volga"), k=300))
            put(Path(), name, f"{chance.random()}\n\n{words}")
        else:
            Path(name).unlink(missing_ok=True)
    put(Path(), "kept.txt", "It stays.")
