"""One folder indexed by both engines, and what is the same in the answers of both."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import DocumentMissing, QueryError
from index.builder.build import build
from index.directory.location import FOLDER
from index.opensearch.access import Access
from index.opensearch.address import ClusterAddress
from index.opensearch.build import build_in_cluster
from search.engine import Engine, MatchQuery
from search.query.tree import Group, Node
from search.ranking.weighted_terms import WeightedTerms
from search.searcher import Searcher

# What answers differ in though they are the same: the time, and where the index is.
_OWN = {"took", "built", "directory", "bytes", "format"}
_CLOSE = 1e-9
_NONE = WeightedTerms({})

# The path and the id of a document, and the place of a passage in it.
Place = tuple[str, str, int]


@dataclass
class Both:
    """The index of a folder in a directory, and on a cluster."""

    own: Searcher
    cluster: Searcher

    @classmethod
    def opened(cls, folder: Path, address: ClusterAddress, *, synonyms: Path | None = None) -> Both:
        """Open both indexes of a folder."""
        own = Searcher.open(folder / FOLDER, synonyms=synonyms)
        return cls(own, Searcher.open(str(address), synonyms=synonyms, access=Access()))

    def close(self) -> None:
        self.own.close()
        self.cluster.close()

    def check(self, ask: Callable[[Searcher], Any]) -> Any:  # noqa: ANN401 - whatever is asked for
        """Return the answer of the cluster, which is also that of the directory."""
        expected, found = outcome(ask, self.own), outcome(ask, self.cluster)
        different = difference(expected, found)
        assert not different, different
        return found

    def check_nodes(self, nodes: Sequence[Node]) -> None:
        """Check that nodes of a query match the same passages, and count them right."""
        for engine in self._engines:
            engine.settled(lambda engine=engine: [engine.count(node) for node in nodes])
        for node in nodes:
            expected, found = (
                {places[number] for number in numbers_of(engine, node)}
                for engine, places in zip(self._engines, self._places, strict=True)
            )
            assert expected == found, node
            assert [engine.count(node) for engine in self._engines] == [len(found)] * 2, node

    @property
    def places(self) -> Mapping[int, Place]:
        """The places of all passages by their numbers in the directory."""
        return self._places[0]

    @property
    def _engines(self) -> tuple[Engine, Engine]:
        return self.own._engine, self.cluster._engine

    @cached_property
    def _places(self) -> tuple[Mapping[int, Place], Mapping[int, Place]]:
        """The places of all passages, by the numbers of each engine."""
        own, cluster = map(places_of, self._engines)
        assert sorted(own.values()) == sorted(cluster.values())
        return own, cluster


def build_both(folder: Path, address: ClusterAddress, **options: Any) -> None:  # noqa: ANN401
    """Bring both indexes of a folder up to date; `glossaries` are for both."""
    glossaries = options.pop("glossaries", ())
    with chdir(folder):  # the paths of a cluster's index are relative to the current folder
        build(folder / FOLDER, [folder], glossaries=glossaries)
        build_in_cluster(address, Access(), [Path()], glossaries=glossaries, **options)


def numbers_of(engine: Engine, node: Node) -> list[int]:
    """Return the passages that a node matches."""
    return engine.retrieval(MatchQuery(Group(must=(node,)), _NONE, _NONE)).passages().tolist()


def places_of(engine: Engine) -> dict[int, Place]:
    """Return the places of all passages by their numbers, which are in order of adding."""
    numbers = engine.retrieval(MatchQuery(None, _NONE, _NONE)).passages()
    assert np.all(np.diff(numbers) > 0)
    assert len(numbers) == engine.passages
    stored = engine.fetch(numbers.tolist())
    return {
        number: (str(each.of_document["path"]), str(each.of_document["id"]), each.ordinal)
        for number, each in zip(numbers.tolist(), stored, strict=True)
    }


def outcome(ask: Callable[[Searcher], Any], searcher: Searcher) -> Any:  # noqa: ANN401
    """Return an answer, or what is said instead; an error of a cluster is none."""
    try:
        return ask(searcher)
    except (QueryError, DocumentMissing) as error:
        return type(error), str(error), error.hint


def difference(expected: object, found: object, place: str = "") -> str:
    """Return where two values differ and how, "" if nowhere; numbers may differ by a billionth."""
    if type(expected) is not type(found):
        return f"{place}: {expected!r} is not {found!r}"
    if isinstance(expected, float):
        close = math.isclose(expected, found, rel_tol=_CLOSE, abs_tol=_CLOSE)  # type: ignore[arg-type]  # of one type
        return "" if close else f"{place}: {expected!r} is not {found!r}"
    pairs = _parts(expected), _parts(found)
    if pairs[0] is None or pairs[1] is None:
        return "" if expected == found else f"{place}: {expected!r} is not {found!r}"
    if pairs[0].keys() != pairs[1].keys():
        return f"{place}: {[*pairs[0]]} are not {[*pairs[1]]}: {expected!r} is not {found!r}"
    every = (difference(part, pairs[1][name], f"{place}.{name}") for name, part in pairs[0].items())
    return next(filter(None, every), "")


def _parts(value: object) -> Mapping[Any, Any] | None:
    """Return the parts of a value by name, in order, None if it has none."""
    names: Sequence[str]
    if isinstance(value, Mapping):
        return {(row, name): part for row, (name, part) in enumerate(value.items())}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        names = value._fields
    elif is_dataclass(value):
        names = [each.name for each in fields(value)]
    elif isinstance(value, list | tuple):
        return dict(enumerate(value))
    else:
        return None
    return {name: getattr(value, name) for name in names if name not in _OWN}
