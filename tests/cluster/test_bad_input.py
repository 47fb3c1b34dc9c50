"""What is wrong with a cluster is told in one sentence with the next step; nothing is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bridge_corpus import plain_korean as plain_korean
from index_corpus import put, put_all
from web_client import Page

from index.opensearch import client as client_module
from index.opensearch.access import Access, read_access
from index.opensearch.address import parse_address
from index.opensearch.client import Client
from search.cli.main import main
from search.opensearch import view

from .nodes import Cluster
from .searching import Corpus
from .secure import SecureNode

pytestmark = pytest.mark.usefixtures("plain_korean")
COMMITTED = {"a.txt": "The Han is a river.", "b.txt": "The Nile is a river too."}


class Commands:
    """Runs commands on one index."""

    def __init__(self, corpus: Corpus, capture: pytest.CaptureFixture[str]) -> None:
        self.corpus = corpus
        self.index = str(corpus.address)
        self.client = Client(corpus.address)
        self._capture = capture

    def __call__(self, *arguments: str, index: str = "") -> tuple[int, str, str]:
        """Return the exit code of a command, its output and its errors."""
        code = main([*arguments, "--index", index or self.index])
        return (code, *self._capture.readouterr())

    def refused(self, *arguments: str, index: str = "") -> str:
        """Return the sentence and the next step with which a command fails."""
        code, out, error = self(*arguments, index=index)
        lines = [line for line in error.splitlines() if line.strip()]
        assert (code, out) == (2, ""), error
        assert lines[0].startswith("chaja: ")
        assert lines[1].startswith("  ")
        assert len(lines) == 2
        return error

    def hits(self) -> int:
        """Return how many passages a search finds."""
        code, out, error = self("search", "river", "--count")
        assert code == 0, error
        return int(out.split()[0])

    def epoch_index(self, kind: str) -> str:
        """Return the newest index of a kind."""
        return max(self.client.request("GET", f"/{self.corpus.address.name}.{kind}.*/_alias"))

    def all_indexes(self) -> set[str]:
        return {*self.client.request("GET", f"/{self.corpus.address.name}*/_alias")}


@pytest.fixture
def chaja(cluster: Cluster, folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Commands]:
    """A built index."""
    put_all(folder, COMMITTED)
    corpus = Corpus.on(cluster, "bad", folder)
    corpus.build()
    commands = Commands(corpus, capsys)
    yield commands
    commands.client.close()


def test_the_index_of_another_program_is_neither_searched_nor_written(chaja: Commands) -> None:
    name = f"{chaja.corpus.address.name}-theirs"
    chaja.client.request("PUT", f"/{name}", {})
    index = str(chaja.corpus.address._replace(name=name))
    before = chaja.all_indexes()
    for command in (("search", "river"), ("build", "."), ("build", ".", "--rebuild")):
        assert "of another program" in chaja.refused(*command, index=index)
    assert chaja.all_indexes() == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 99}, "written by a newer version"),
        ({"format": 0}, "written by an older version"),
        ({"turn": None}, "its commit document cannot be read"),
        ({"identity": "0" * 32}, "has another analyzer or id"),
    ],
)
def test_another_format_or_commit_is_told_and_built_anew(
    chaja: Commands, change: dict[str, object], told: str
) -> None:
    path = f"/{chaja.epoch_index('state')}/_doc/commit"
    document = chaja.client.request("GET", path)["_source"]
    document["commit"] |= change
    chaja.client.request("PUT", path, document)
    for command in (("search", "river"), ("info",), ("build", ".")):
        assert told in chaja.refused(*command)
    assert chaja("build", ".", "--rebuild")[0] == 0
    assert chaja.hits() == 2


def test_a_mapping_of_another_analyzer_is_told(chaja: Commands) -> None:
    path = f"/{chaja.epoch_index('passages')}/_mapping"
    meta = chaja.client.request("GET", path).popitem()[1]["mappings"]["_meta"]
    meta["chaja"]["analyzer"] = "another"
    chaja.client.request("PUT", path, {"_meta": meta})
    for command in (("search", "river"), ("build", ".")):
        assert "has another analyzer or id" in chaja.refused(*command)


def test_an_index_by_another_analyzer_is_told_by_its_address(
    chaja: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index_corpus import PlainKorean

    monkeypatch.setattr(PlainKorean, "fingerprint", "of another version")
    told = chaja.refused("search", "river")
    assert f"{chaja.index}: the index was made with the analyzer" in told
    assert f"--rebuild --index {chaja.index}" in told
    assert "cache" not in told


@pytest.mark.parametrize("kind", ["passages", "documents", "words", "state"])
def test_a_deleted_index_of_an_epoch_is_told_and_built_anew(chaja: Commands, kind: str) -> None:
    chaja.client.request("DELETE", f"/{chaja.epoch_index(kind)}")
    for command in (("search", "river"), ("complete", "ri"), ("info",), ("build", ".")):
        told = chaja.refused(*command)
        assert "the index is damaged" in told
        assert "missing" in told
        assert f"--rebuild FOLDER --index {chaja.index}" in told
    assert chaja("build", ".", "--rebuild")[0] == 0
    assert chaja.hits() == 2


@pytest.mark.parametrize("name", ["bridge", "lexicon", "catalogue"])
def test_a_deleted_blob_is_told_and_built_anew(chaja: Commands, name: str, tmp_path: Path) -> None:
    state = chaja.epoch_index("state")
    blobs = chaja.client.request("GET", f"/{state}/_doc/commit")["_source"]["commit"]["blobs"]
    own, size, checksum, _ = next(blob for blob in blobs if blob[0].startswith(name))
    chaja.client.request("DELETE", f"/{state}/_doc/{own}-{checksum:08x}-{size}-0")
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    asks = ("info",) if name == "catalogue" else ("search", "river")
    for command in (asks, ("build", ".")):
        assert "missing" in chaja.refused(*command)
    assert chaja("build", ".", "--rebuild")[0] == 0
    assert chaja.hits() == 2


def test_passages_that_were_deleted_by_hand_are_missed(
    chaja: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "_UNSETTLED_SECONDS", 0.2)
    index = chaja.epoch_index("passages")
    (hit, *_) = chaja.client.request("POST", f"/{index}/_search")["hits"]["hits"]
    parameters = {"routing": hit["_routing"], "refresh": True}
    chaja.client.request("DELETE", f"/{index}/_doc/{hit['_id']}", parameters=parameters)
    assert "does not show what was committed" in chaja.refused("search", "river")


def test_a_full_disk_is_told_and_what_is_committed_can_be_searched(chaja: Commands) -> None:
    own = f"/{chaja.corpus.address.name}.*/_settings"
    block = "index.blocks.read_only_allow_delete"
    put(chaja.corpus.folder, "c.txt", "A new river.")
    before = chaja.all_indexes()
    chaja.client.request("PUT", own, {block: True})
    try:
        for command in (("build", "."), ("build", ".", "--rebuild")):
            told = chaja.refused(*command)
            assert "the disk of a node is full" in told
            assert f'{{"{block}": null}}' in told
        assert chaja.hits() == 2
    finally:
        chaja.client.request("PUT", own, {block: None})
    assert chaja.all_indexes() == before
    assert chaja("build", ".")[0] == 0
    assert chaja.hits() == 3


def test_where_no_index_can_be_made_nothing_half_made_is_left(chaja: Commands) -> None:
    def block(value: bool | None) -> None:
        settings = {"persistent": {"cluster.blocks.create_index": value}}
        chaja.client.request("PUT", "/_cluster/settings", settings)

    before = chaja.all_indexes()
    block(True)
    try:
        for index in (chaja.index, f"{chaja.index}-new"):
            told = chaja.refused("build", ".", "--rebuild", index=index)
            assert "no index can be made" in told
    finally:
        block(None)
    assert chaja.all_indexes() == before
    assert chaja.hits() == 2


def test_a_node_without_memory_is_told(chaja: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("READ_SECONDS", "WRITE_SECONDS"):
        monkeypatch.setattr(client_module, name, 0.5)
    monkeypatch.setattr("index.opensearch.lock._LEASE_SECONDS", 1.0)
    monkeypatch.setattr(view, "_SECONDS", 0.5)
    put(chaja.corpus.folder, "c.txt", "A new river.")

    def limit(value: str | None) -> None:
        settings: dict[str, Any] = {"transient": {"indices.breaker.total.limit": value}}
        chaja.client.request("PUT", "/_cluster/settings", settings)

    limit("1kb")
    try:
        for command in (("search", "river"), ("build", ".")):
            told = chaja.refused(*command)
            assert "overloaded: circuit_breaking_exception: [parent] Data too large" in told
            assert "more memory" in told
    finally:
        limit(None)
    assert chaja.hits() == 2


# A node with users


@pytest.fixture
def secured(
    chaja: Commands, secure_node: SecureNode, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Users:
    """Commands on an index of a node with users, which nobody has built."""
    return Users(chaja, secure_node, monkeypatch, tmp_path)


class Users:
    """Runs commands as users of a node."""

    def __init__(
        self, run: Commands, node: SecureNode, environment: pytest.MonkeyPatch, folder: Path
    ) -> None:
        self.run, self.node = run, node
        self.index = f"{node.url}/chaja-{abs(hash(folder)) % 10**9}"
        self._environment = environment
        self._folder = folder
        environment.setenv("CHAJA_CLUSTER_CA", str(node.ca))

    def become(self, user: str, password: str = "") -> None:
        file = self._folder / "password"
        file.touch(mode=0o600)
        file.write_text(password or self.node.passwords[user])
        self._environment.setenv("CHAJA_CLUSTER_USER", user)
        self._environment.setenv("CHAJA_CLUSTER_PASSWORD_FILE", str(file))

    @property
    def access(self) -> Access:
        """Who the user is, as the environment tells."""
        return read_access(environment=os.environ)

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        return self.run(*arguments, index=self.index)

    def refused(self, *arguments: str, index: str = "") -> str:
        told = self.run.refused(*arguments, index=index or self.index)
        assert not any(password in told for password in self.node.passwords.values())
        return told


def test_the_writer_builds_and_the_reader_does_all_that_reads(secured: Users) -> None:
    secured.become("reader")
    assert "there is no index here" in secured.refused("search", "river")
    assert "has no right to indices:admin/create" in secured.refused("build", ".")
    secured.become("writer")
    assert "there is no index here" in secured.refused("search", "river")
    for options in ((), ("--rebuild",), ()):
        assert secured("build", ".", *options)[0] == 0
    secured.become("reader")
    for command in (
        ("search", "river"),
        ("phrase", "a river"),
        ("similar", "a.txt"),
        ("complete", "ri"),
        ("search", "rivre", "--facets"),
        ("explain", "river"),
        ("info",),
        ("verify", "--deep"),
        ("glossary", "list"),
    ):
        code, out, error = secured(*command)
        assert code in (0, 1), error
        assert out, command
    assert "has no right to indices:data/write/update" in secured.refused("build", ".")
    assert secured("search", "river", "--count")[1].split()[0] == "2"
    page = Page(parse_address(secured.index), cluster=secured.access)
    assert len(page.get("search", q="river")["hits"]) == 2
    page.index.close()


def test_a_user_without_a_role_for_the_index_is_told_which_right_is_missing(
    secured: Users,
) -> None:
    secured.become("reader")
    index = f"{secured.node.url}/others-index"
    for command in (("search", "river"), ("build", ".")):
        assert "has no right to indices:" in secured.refused(*command, index=index)


def test_a_wrong_password_and_none_and_a_wrong_authority_are_told(
    secured: Users, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands = (("search", "river"), ("build", "."))
    plain = secured.index.replace("https:", "http:")
    for command in commands:
        assert "asks for a user and a password" in secured.refused(*command)
        assert "expects TLS" in secured.refused(*command, index=plain)
    secured.become("writer", "wrong-password")
    for command in commands:
        told = secured.refused(*command)
        assert "does not accept the user writer with this password" in told
        assert "wrong-password" not in told
    monkeypatch.delenv("CHAJA_CLUSTER_CA")
    for command in commands:
        told = secured.refused(*command)
        assert "its certificate is not trusted" in told
        assert "--cluster-ca" in told
