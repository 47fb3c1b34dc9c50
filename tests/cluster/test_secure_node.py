"""The users and roles of docs/cluster do what docs/cluster.md says, on a node that has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from .rest import Refused, ask
from .secure import SecureNode, prepare

INDEX = "/chaja-roles"
EMPTY: dict[str, object] = {}
ALIAS = {"actions": [{"add": {"index": "chaja-roles", "alias": "chaja-roles-now"}}]}
# What is asked: method, path, body.
READS = {
    "version": ("GET", "/", None),
    "search": ("POST", f"{INDEX}/_search", EMPTY),
    "several searches": ("POST", f"{INDEX}/_msearch", "{}\n{}\n"),
    "point in time": ("POST", f"{INDEX}/_search/point_in_time?keep_alive=1m", None),
    "document": ("GET", f"{INDEX}/_doc/1", None),
    "mapping": ("GET", f"{INDEX}/_mapping", None),
    "aliases": ("GET", f"{INDEX}/_alias", None),
    "size": ("GET", f"{INDEX}/_stats/store", None),
}
WRITES = {  # in this order, the last undoes the first
    "new index": ("PUT", f"{INDEX}-2", EMPTY),
    "document": ("PUT", f"{INDEX}/_doc/2", EMPTY),
    "bulk": ("POST", f"{INDEX}/_bulk", '{"index":{"_id":"3"}}\n{}\n'),
    "document that is not there yet": ("PUT", f"{INDEX}/_create/4", EMPTY),
    "refresh": ("POST", f"{INDEX}/_refresh", None),
    "settings": ("PUT", f"{INDEX}/_settings", {"index.refresh_interval": "-1"}),
    "alias": ("POST", "/_aliases", ALIAS),
    "removal": ("DELETE", f"{INDEX}-2", None),
}


@pytest.fixture(scope="module", autouse=True)
def index(secure_node: SecureNode) -> Iterator[None]:
    """An index with a document, which the writer has made."""
    send(secure_node, "writer", "PUT", INDEX, EMPTY)
    send(secure_node, "writer", "PUT", f"{INDEX}/_doc/1?refresh=true", {"text": "one"})
    yield
    send(secure_node, "writer", "DELETE", INDEX, None)


def send(node: SecureNode, user: str, method: str, path: str, body: object) -> dict[str, object]:
    """Return what a user is answered."""
    answer = ask(node.url, path, method=method, body=body, account=node.account(user))
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize("user", ["reader", "writer"])
@pytest.mark.parametrize("read", READS)
def test_both_users_read(secure_node: SecureNode, user: str, read: str) -> None:
    answer = send(secure_node, user, *READS[read])
    assert "error" not in str(answer)


@pytest.mark.parametrize("write", WRITES)
def test_only_the_writer_writes(secure_node: SecureNode, write: str) -> None:
    with pytest.raises(Refused, match=r"403.*security_exception") as refused:
        refuse_errors(send(secure_node, "reader", *WRITES[write]))
    assert refused.value.status == 403
    refuse_errors(send(secure_node, "writer", *WRITES[write]))


def refuse_errors(answer: dict[str, object]) -> None:
    """Raise an error if a bulk answer has one in its items."""
    if answer.get("errors"):
        raise Refused(403, str(answer["items"]))


@pytest.mark.parametrize("user", ["reader", "writer"])
def test_no_other_index_and_no_user_is_theirs(secure_node: SecureNode, user: str) -> None:
    for path in ("/other", f"/{user}", "/chaja"):
        with pytest.raises(Refused, match="403"):
            send(secure_node, user, "PUT", path, EMPTY)
    with pytest.raises(Refused, match="403"):
        send(secure_node, user, "GET", "/_plugins/_security/api/internalusers", None)


def test_the_administrator_manages_users_and_sees_no_password(secure_node: SecureNode) -> None:
    users = send(secure_node, "admin", "GET", "/_plugins/_security/api/internalusers", None)
    assert set(users) == {"writer", "reader", "admin"}
    assert not any(password in str(users) for password in secure_node.passwords.values())


def test_a_wrong_password_and_no_password_are_refused(secure_node: SecureNode) -> None:
    reader = secure_node.account("reader")
    for account in (replace(reader, password="wrong"), replace(reader, user="")):
        with pytest.raises(Refused, match="401"):
            ask(secure_node.url, "/", account=account)


def test_the_health_check_of_the_containers_needs_no_password(secure_node: SecureNode) -> None:
    nobody = replace(secure_node.account("reader"), user="")
    health = ask(secure_node.url, "/_plugins/_security/health", account=nobody)
    assert health["status"] == "UP"


def test_the_certificate_is_of_an_authority_that_no_system_knows(secure_node: SecureNode) -> None:
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        ask(secure_node.url, "/")


def test_passwords_are_new_at_each_start(secure_node: SecureNode, tmp_path: Path) -> None:
    prepare(tmp_path / "secrets")
    prepared = (tmp_path / "secrets" / "passwords.env").read_text()
    assert prepared.count("PASSWORD=") == len(set(secure_node.passwords.values())) == 3
    assert not any(password in prepared for password in secure_node.passwords.values())
