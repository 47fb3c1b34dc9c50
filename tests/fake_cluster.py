"""A fake cluster: what stands for the modules of an index on one, to test commands with."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import fake_engine
import pytest

import index.opensearch
from index.bridge.entry import Entry, Source
from index.directory.catalogue import Catalogue
from index.opensearch.access import Access
from index.opensearch.address import parse_address

ADDRESS = "https://search.example:9200/reports"
AT = parse_address(ADDRESS)
# A password that nothing else may look like.
CANARY = "canary-0xc0ffee"
PAIR = Entry("동반자", "fellow", 0.5, Source.GLOSS)

# The commit that a reader finds; tests change it.
COMMIT = SimpleNamespace(generation=1, identity="a")
CATALOGUE = Catalogue(sources=("docs",))


class ClusterReader:
    @classmethod
    def open(cls, client: object, address: object) -> ClusterReader:
        fake_engine._record("reader", client=client, address=address)
        reader = cls()
        reader.commit = SimpleNamespace(**vars(COMMIT))
        return reader

    commit: SimpleNamespace

    def catalogue(self) -> Catalogue:
        return CATALOGUE


def build_in_cluster(
    address: object, access: object, roots: object = (), **options: object
) -> SimpleNamespace:
    options = {"pairs": None, "progress": None, **options}
    return fake_engine.build(address, roots, access=access, **options)  # type: ignore[arg-type]


def verify_cluster(address: object, access: object, *, deep: bool) -> SimpleNamespace:
    fake_engine._record("verify", address=address, access=access, deep=deep)
    damage = (SimpleNamespace(file="bridge", reason="has another checksum"),) if deep else ()
    return SimpleNamespace(files=2, bytes=30, compared=0, damage=damage, sound=not damage)


def entries_of(address: object, access: object, word: str = "") -> list[Entry]:
    fake_engine._record("entries_of", address=address, access=access, word=word)
    return [PAIR]


def new_entries(address: object, access: object, entries: list[Entry]) -> list[Entry]:
    return entries


def add_entries(address: object, access: object, entries: list[Entry]) -> list[str]:
    fake_engine._record("add_entries", address=address, access=access, entries=entries)
    return [f"{address}: a note"]


def strike_pair(
    address: object, access: object, korean: str, english: str
) -> tuple[list[Entry], list[str]]:
    fake_engine._record("strike_pair", address=address, access=access, pair=(korean, english))
    return [PAIR], []


def entries_of_pair(address: object, access: object, korean: str, english: str) -> list[Entry]:
    return [PAIR]


_MODULES = {
    "build": (build_in_cluster,),
    "verify": (verify_cluster,),
    "reader": (ClusterReader,),
    "edit_glossary": (entries_of, new_entries, add_entries, strike_pair, entries_of_pair),
}


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the fakes in place of the modules that are imported for an index on a cluster."""
    for name, values in _MODULES.items():
        module = ModuleType(f"index.opensearch.{name}")
        for value in values:
            setattr(module, value.__name__, value)
        monkeypatch.setitem(sys.modules, f"index.opensearch.{name}", module)
        monkeypatch.setattr(index.opensearch, name, module, raising=False)


@pytest.fixture(autouse=True)
def cluster(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the fakes, in the folder of `command_line`."""
    install(monkeypatch)


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> Access:
    """Set a user and a password, and return them as the engine should get them."""
    monkeypatch.setenv("CHAJA_CLUSTER_USER", "reader")
    monkeypatch.setenv("CHAJA_CLUSTER_PASSWORD", CANARY)
    return Access(user="reader", password=CANARY)
