"""A cluster that speaks TLS."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from opensearch_client import (
    Clock,
    made,
)
from opensearch_client import client as client
from opensearch_client import clock as clock
from opensearch_client import server as server
from opensearch_server import Server, Told, serving

from corpus.errors import ClusterError
from index.opensearch.access import Access

OPENSEARCH = {"version": {"distribution": "opensearch", "number": "2.19.6"}}


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def secured(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


def test_a_node_with_a_certificate_of_the_ca_is_trusted(
    authority: trustme.CA, ca_file: Path, clock: Clock
) -> None:
    with (
        serving(Told(value=OPENSEARCH), tls=secured(authority, "127.0.0.1")) as server,
        made(clock, server.url, access=Access(ca=ca_file)) as client,
    ):
        assert client.check_product() == (2, 19)


def test_a_certificate_of_an_unknown_ca_is_refused_at_once_and_the_option_named(
    authority: trustme.CA, clock: Clock
) -> None:
    with (
        serving(Told(value={}), tls=secured(authority, "127.0.0.1")) as server,
        made(clock, server.url) as client,
        pytest.raises(ClusterError, match="its certificate is not trusted: ") as caught,
    ):
        client.request("GET", "/")
    assert "--cluster-ca or CHAJA_CLUSTER_CA" in caught.value.hint
    assert (server.seen, clock.slept) == ([], [])


def test_a_certificate_of_another_host_is_refused(
    authority: trustme.CA, ca_file: Path, clock: Clock
) -> None:
    with (
        serving(Told(value={}), tls=secured(authority, "node.example")) as server,
        made(clock, server.url, access=Access(ca=ca_file)) as client,
        pytest.raises(ClusterError, match="not trusted: IP address mismatch") as caught,
    ):
        client.request("GET", "/")
    assert caught.value.hint == "Write the host as it stands in the certificate."


def test_a_file_without_a_certificate_is_named(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("not PEM")
    with (
        made(clock, "https://127.0.0.1:1", access=Access(ca=path)) as client,
        pytest.raises(ClusterError, match=r"ca\.pem: has no certificate of a CA"),
    ):
        client.request("GET", "/")


def test_tls_to_a_node_without_it_says_to_write_http(server: Server, clock: Clock) -> None:
    secure = server.url.replace("http:", "https:")
    with (
        made(clock, secure) as client,
        pytest.raises(ClusterError, match="does not speak TLS") as caught,
    ):
        client.request("GET", "/")
    assert caught.value.hint == f"Write {server.url} instead."


def test_no_tls_to_a_node_that_expects_it_says_to_write_https(
    authority: trustme.CA, clock: Clock
) -> None:
    with serving(Told(value={}), tls=secured(authority, "127.0.0.1")) as server:
        plain = server.url.replace("https:", "http:")
        with (
            made(clock, plain) as client,
            pytest.raises(ClusterError, match="expects TLS") as caught,
        ):
            client.request("GET", "/")
        assert caught.value.hint == f"Write {server.url} instead."
        assert clock.slept == []
