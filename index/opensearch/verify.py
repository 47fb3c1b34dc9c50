"""Verifies an index on a cluster: its counts, its files, and with `deep` a sample of documents.

The cluster checks its own files; what is compared here is what only Chaja knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from corpus.errors import IndexDamaged

from ..analyzers import open_analyzer
from .access import Access
from .address import ClusterAddress
from .client import Client
from .names import KINDS
from .paging import count
from .reader import ClusterReader
from .records import first_number
from .sample import differences
from .staging import naming
from .state import ClusterCommit, current_commit, read_blob

_TRIES = 5  # attempts while builds commit
_GAPS = "doc['number'].value - doc['doc'].value != doc['ordinal'].value"
# What the ordinals of the passages of a document add up to.
_ORDINALS = "long n = doc['passages'].value; return n * (n - 1) / 2;"


@dataclass(frozen=True, slots=True)
class ClusterDamage:
    """What is wrong with an index on a cluster: with which of its files or indexes, and how."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterVerification:
    """The result of verifying an index on a cluster.

    `files` and `bytes` of its small files were read, and `compared` passages were analyzed again.
    """

    address: ClusterAddress
    files: int
    bytes: int
    compared: int
    damage: tuple[ClusterDamage, ...]

    @property
    def sound(self) -> bool:
        """Whether it has no damage."""
        return not self.damage


def verify_cluster(
    address: ClusterAddress, access: Access, *, deep: bool = False
) -> ClusterVerification:
    """Verify an index; with `deep`, analyze the stored text of some documents again.

    Raises IndexMissing, IndexOutdated, ClusterError, and with `deep` AnalyzerMismatch.
    """
    with Client(address, access) as client:
        client.check_product()
        for _ in range(_TRIES):
            verifier = _Verifier(client, address, current_commit(client, address))
            verifier.verify(deep=deep)
            if not verifier.damage or not verifier.is_replaced():
                break
        return verifier.result()


@dataclass(slots=True)
class _Verifier:
    client: Client
    address: ClusterAddress
    commit: ClusterCommit
    damage: list[ClusterDamage] = field(default_factory=list)
    bytes: int = 0
    compared: int = 0

    def verify(self, *, deep: bool) -> None:
        self._check_mappings()
        self._check_blobs()
        self._check_counts()
        if deep and not self.damage:
            self._compare()

    def is_replaced(self) -> bool:
        """Return whether a build has committed meanwhile."""
        return current_commit(self.client, self.address).generation != self.commit.generation

    def result(self) -> ClusterVerification:
        return ClusterVerification(
            address=self.address,
            files=len(self.commit.blobs),
            bytes=self.bytes,
            compared=self.compared,
            damage=tuple(self.damage),
        )

    def _record(self, file: str, reason: str) -> None:
        self.damage.append(ClusterDamage(file, reason))

    def _check_mappings(self) -> None:
        expected = {
            "analyzer": self.commit.about.analyzer_fingerprint,
            "identity": self.commit.identity,
        }
        for kind in KINDS:
            index = self.commit.epoch.of(kind)
            found = self.client.find(f"/{index}/_mapping")
            if found is None:
                self._record(index, "the index is missing")
                continue
            stated = found[index]["mappings"].get("_meta", {}).get("chaja", {})
            if {name: stated.get(name) for name in expected} != expected:
                self._record(index, "is of another index: its mapping has another analyzer or id")

    def _check_blobs(self) -> None:
        for blob in self.commit.blobs:
            try:
                data = read_blob(self.client, self.address, self.commit.epoch, blob)
            except IndexDamaged:
                self._record(blob.name, "does not match its checksum")
                continue
            if data is None:
                self._record(blob.name, "is missing")
            else:
                self.bytes += len(data)

    def _check_counts(self) -> None:
        if self.damage:  # an index may be missing
            return
        epoch, commit = self.commit.epoch, self.commit
        for index, expected in (
            (epoch.passages, commit.passages),
            (epoch.documents, commit.documents),
        ):
            found = count(self.client, index)
            if found != expected:
                self._record(index, f"has {found:,} records, and {expected:,} were committed")
            late = {"range": {"number": {"gte": first_number(commit.turn + 1)}}}
            if others := count(self.client, index, late):
                self._record(index, f"shows {others:,} records of a build that did not commit")
        for reason in self._ordinal_faults():
            self._record(epoch.passages, reason)

    def _ordinal_faults(self) -> Iterator[str]:
        epoch = self.commit.epoch
        gaps = {"bool": {"filter": [{"script": {"script": {"source": _GAPS}}}]}}
        if wrong := count(self.client, epoch.passages, gaps):
            yield f"{wrong:,} passages are not where their document has them"
        wanted = self._sums(
            epoch.documents,
            {"passages": {"field": "passages"}, "ordinals": {"script": {"source": _ORDINALS}}},
        )
        found = self._sums(epoch.passages, {"ordinals": {"field": "ordinal"}})
        passages = count(self.client, epoch.passages)
        if (passages, found["ordinals"]) != (wanted["passages"], wanted["ordinals"]):
            yield f"the documents have {wanted['passages']:,} passages, and {passages:,} are there"

    def _sums(self, index: str, sums: dict[str, dict[str, Any]]) -> dict[str, int]:
        body = {"size": 0, "aggs": {name: {"sum": what} for name, what in sums.items()}}
        found = self.client.request("POST", f"/{index}/_search", body)["aggregations"]
        return {name: int(found[name]["value"]) for name in sums}

    def _compare(self) -> None:
        reader = ClusterReader.open(self.client, self.address)
        with naming(self.address, reader.directory):
            analyzer = open_analyzer(reader.directory, reader.about)
        with closing(analyzer.lexicon):
            sample = differences(self.client, reader.epoch, analyzer)
            self.compared = sample.passages
            for reason in sample.differences:
                self._record(reader.epoch.passages, reason)
