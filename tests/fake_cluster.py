"""A fake cluster: what stands for the modules of an index on one, to test commands with."""

from __future__ import annotations

from collections.abc import MutableMapping
from types import ModuleType, SimpleNamespace

import fake_engine

from index.bridge.entry import Entry, Source
from index.directory.catalogue import Catalogue

ADDRESS = "https://search.example:9200/reports"
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


def modules() -> MutableMapping[str, ModuleType]:
    """Return the fakes as the modules that are imported for an index on a cluster."""
    found = {}
    for name, values in _MODULES.items():
        module = ModuleType(f"index.opensearch.{name}")
        for value in values:
            setattr(module, value.__name__, value)
        found[name] = module
    return found
