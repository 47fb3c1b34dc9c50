"""A cluster in memory that does what a build asks of one, for tests that start no node.

Documents are found by id at once, and by searches after a refresh, as in OpenSearch.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, Self

from index.opensearch.address import ClusterAddress
from index.opensearch.lock import _ACQUIRE, _RELEASE

NOBODY: Mapping[str, object] = {}


@dataclass
class Index:
    """An index: what was written, and what searches see of it."""

    mappings: dict[str, Any]
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)
    changes: Counter[str] = field(default_factory=Counter)

    def source(self, document: Mapping[str, Any]) -> dict[str, Any]:
        kept = self.mappings.get("_source", {}).get("includes", document)
        return {name: value for name, value in document.items() if name in kept}


@dataclass
class FakeCluster:
    """The indexes of a cluster; `now` is its clock, in milliseconds."""

    indexes: dict[str, Index] = field(default_factory=dict)
    now: int = 0

    def client(self, address: ClusterAddress, *_: object) -> FakeClient:
        """Return a client, in place of the class Client."""
        return FakeClient(self, address)

    def named(self, pattern: str) -> dict[str, Index]:
        """Return the indexes that a path names."""
        parts = pattern.split(",")
        return {
            name: index
            for name, index in self.indexes.items()
            if any(fnmatch(name, part) or part in index.aliases for part in parts)
        }


class FakeClient:
    """Answers from a FakeCluster as a Client would."""

    round_trips = 0

    def __init__(self, cluster: FakeCluster, address: ClusterAddress) -> None:
        self._cluster = cluster
        self.address = address

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close nothing."""

    def check_product(self) -> tuple[int, int]:
        return 2, 19

    def find(self, path: str, **_: object) -> Any:  # noqa: ANN401 - JSON
        return self._get(path)

    def bulk(
        self, actions: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]], **_: object
    ) -> int:
        number = 0
        for head, source in actions:
            ((kind, about),) = head.items()
            index = self._cluster.indexes[about["_index"]]
            if kind == "delete":
                index.documents.pop(about["_id"], None)
            else:
                self._write(index, about["_id"], source)
            number += 1
        return number

    def _write(self, index: Index, id_: str, source: Any) -> None:  # noqa: ANN401 - JSON
        unknown = set(source) - set(index.mappings["properties"])
        assert not unknown, f"the mapping is strict: {unknown}"
        index.documents[id_] = json.loads(json.dumps(source))
        index.changes[id_] += 1

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,  # noqa: ANN401 - JSON
        *,
        parameters: Mapping[str, object] = NOBODY,
        allowed: Collection[int] = (),
    ) -> Any:  # noqa: ANN401 - JSON
        names, _, what = path.lstrip("/").partition("/")
        if names == "_aliases":
            return self._move(body["actions"])
        if method == "GET":
            return self._get(path)
        if method == "DELETE":
            assert self._cluster.indexes.pop(names, None) or 404 in allowed
            return {}
        if method == "PUT":
            return self._put(names, what, body, parameters)
        if what == "_refresh":
            for index in self._cluster.named(names).values():
                index.shown = deepcopy(index.documents)
            return {}
        if what.startswith("_update/"):
            return self._update(self._cluster.indexes[names], what.partition("/")[2], body)
        index = self._cluster.indexes[names]
        if what == "_mget":
            found = {id_: index.documents.get(id_) for id_ in body["ids"]}
            return {
                "docs": [
                    {"_id": id_, "found": source is not None, "_source": source}
                    for id_, source in found.items()
                ]
            }
        hits = {id_: doc for id_, doc in index.shown.items() if _matches(doc, body)}
        if what == "_count":
            return {"count": len(hits)}
        if "aggs" in body:
            return _terms(hits, body) if "all" in body["aggs"] else _sums(hits, body)
        return _search(index, hits, body)

    def _get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        names, _, what = path.lstrip("/").partition("/")
        found = self._cluster.named(names)
        if what == "_alias":
            aliases = {name: {"aliases": dict.fromkeys(one.aliases)} for name, one in found.items()}
            return aliases or ({} if "*" in names else None)
        if what == "_mapping":
            return {name: {"mappings": index.mappings} for name, index in found.items()} or None
        if not what:
            return found or None
        id_ = what.partition("/")[2]
        for index in found.values():
            if id_ in index.documents:
                source, change = deepcopy(index.documents[id_]), index.changes[id_]
                return {"_source": source, "_seq_no": change, "_primary_term": 1}
        return None

    def _put(
        self,
        name: str,
        what: str,
        body: Any,  # noqa: ANN401 - JSON
        parameters: Mapping[str, object],
    ) -> Any:  # noqa: ANN401 - JSON
        if not what:
            assert name not in self._cluster.indexes
            self._cluster.indexes[name] = Index(body["mappings"])
            return {}
        index, id_ = self._cluster.indexes[name], what.partition("/")[2]
        if parameters and parameters["if_seq_no"] != index.changes[id_]:
            return {"status": 409, "error": {"type": "version_conflict_engine_exception"}}
        self._write(index, id_, body)
        return {"_seq_no": index.changes[id_], "_primary_term": 1}

    def _move(self, actions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        for action in actions:
            ((kind, what),) = action.items()
            aliases = self._cluster.indexes[what["index"]].aliases
            (aliases.add if kind == "add" else aliases.remove)(what["alias"])
        return {}

    def _update(self, index: Index, id_: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Do what the scripts of the lock do."""
        source = index.documents.setdefault(id_, dict(body["upsert"]))
        script, params = body["script"]["source"], body["script"]["params"]
        is_own = source["token"] == params["token"]
        if script == _ACQUIRE:
            if is_own or not source["token"] or source["until"] < self._cluster.now:
                source["turn"] += not is_own
                source |= {"token": params["token"], "holder": params["holder"]}
                source["until"] = self._cluster.now + params["lease"]
        elif is_own and script == _RELEASE:
            source |= {"token": "", "until": 0}
        elif is_own:
            source["until"] = self._cluster.now + params["lease"]
            source["wrote"] = params.get("wrote", source["wrote"])
            source["turn"] = max(params.get("least", 0), source["turn"])
        return {"get": {"_source": dict(source)}}


def _matches(document: Mapping[str, Any], body: Mapping[str, Any] | None) -> bool:
    return _fits(document, (body or {}).get("query") or {"match_all": {}})


def _fits(document: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    ((kind, what),) = query.items()
    if kind in ("match_all", "function_score"):
        return True
    if kind == "script":  # the one of verify_cluster
        return bool(document["number"] - document["doc"] != document["ordinal"])
    if kind == "bool":
        return all(_fits(document, one) for one in what["filter"])
    ((name, wanted),) = what.items()
    value = document.get(name)
    if kind == "range":
        bounds = {"lt": int.__lt__, "gte": int.__ge__}
        return all(bounds[bound](value, limit) for bound, limit in wanted.items())  # type: ignore[arg-type]
    values = value if isinstance(value, list) else [value]
    accepted = wanted if kind == "terms" else [wanted]
    return any(one in accepted for one in values)


def _search(
    index: Index, hits: Mapping[str, Mapping[str, Any]], body: Mapping[str, Any]
) -> dict[str, Any]:
    ((order, _),) = body.get("sort", [{"number": "asc"}])[0].items()
    after = body.get("search_after")
    found = sorted((doc[order], id_) for id_, doc in hits.items())
    rows = [(key, id_) for key, id_ in found if after is None or key > after[0]][: body["size"]]
    return {
        "hits": {
            "hits": [
                {
                    "_id": id_,
                    "sort": [key],
                    "fields": {
                        name: hits[id_][name]
                        if isinstance(hits[id_][name], list)
                        else [hits[id_][name]]
                        for name in body.get("docvalue_fields", ())
                    },
                    "matched_queries": _scores(hits[id_], body),
                    "_source": index.source(hits[id_]),
                }
                for key, id_ in rows
            ]
        }
    }


def _scores(document: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, float]:
    """Return how often a document has the terms of the clauses with names, by name."""
    found: dict[str, float] = {}
    for clause in body["query"].get("bool", {}).get("should", ()):
        ((name, what),) = clause["term"].items()
        terms = document[name.removesuffix(".tf")].replace("|", " ").split()
        if count := terms.count(what["value"]):
            found[what["_name"]] = float(count)
    return found


def _sums(hits: Mapping[str, Mapping[str, Any]], body: Mapping[str, Any]) -> dict[str, Any]:
    """Return sums of fields, and the one of the script of verify_cluster."""

    def value(document: Mapping[str, Any], what: Mapping[str, Any]) -> int:
        passages = document.get("passages", 0)
        return int(document[what["field"]] if "field" in what else passages * (passages - 1) // 2)

    return {
        "aggregations": {
            name: {"value": float(sum(value(document, what["sum"]) for document in hits.values()))}
            for name, what in body["aggs"].items()
        }
    }


def _terms(hits: Mapping[str, Mapping[str, Any]], body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of the terms of a field, by a composite aggregation."""
    composite = body["aggs"]["all"]["composite"]
    ((name, _),) = composite["sources"][0].items()
    counts = Counter(term for doc in hits.values() for term in doc.get(name, ()))
    after = composite.get("after", {}).get(name, "")
    terms = sorted((t for t in counts if t > after), key=str.encode)[: composite["size"]]
    buckets = [{"key": {name: term}, "doc_count": counts[term]} for term in terms]
    last = {"after_key": {name: terms[-1]}} if terms else {}
    return {"aggregations": {"all": {"buckets": buckets, **last}}}
