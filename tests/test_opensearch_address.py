"""The address of an index on a cluster."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ClusterError, StoreError
from index.opensearch.address import ClusterAddress, parse_address

NAMES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,99}", fullmatch=True)
HOSTS = st.one_of(
    st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z0-9]{1,9}){0,2}", fullmatch=True),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda address: f"[{address}]"),
)
NODES = st.builds(
    "{}://{}:{}".format, st.sampled_from(["http", "https"]), HOSTS, st.integers(1, 65535)
)
ADDRESSES = st.builds(
    ClusterAddress, st.lists(NODES, min_size=1, max_size=4, unique=True).map(tuple), NAMES
)


@given(ADDRESSES)
def test_the_text_of_an_address_is_parsed_to_the_same_address(address: ClusterAddress) -> None:
    assert parse_address(str(address)) == address


@given(st.text(alphabet="htps:/a1[].,@?#-_ A한", max_size=30).map("https://".__add__))
def test_any_text_is_an_address_that_can_be_written_or_an_error_with_a_next_step(text: str) -> None:
    try:
        address = parse_address(text)
    except ClusterError as error:
        told = (error.hint, str(error))
    else:
        told = ("written", str(address))
        assert parse_address(str(address)) == address
    assert all(told)
    assert "\n" not in told[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://host/news", "https://host:9200/news"),
        ("HTTP://Host:80/news/", "http://host:80/news"),
        ("https://a:1,b:2/n", "https://a:1,https://b:2/n"),
        ("https://a:1,http://b,c/n", "https://a:1,http://b:9200,http://c:9200/n"),
        ("https://a:1/, https://b:2/n", "https://a:1,https://b:2/n"),
        ("https://a,https://a:9200/n", "https://a:9200/n"),
        ("http://[0:0::1]/n", "http://[::1]:9200/n"),
    ],
)
def test_an_address_has_each_node_once_and_in_full(text: str, expected: str) -> None:
    assert str(parse_address(text)) == expected


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("https://host", "no name of an index", "https://host:9200/NAME"),
        ("https://host/", "no name of an index", "https://host:9200/NAME"),
        ("https://host/News", "News: cannot be the name", "lower-case names only: news"),
        ("https://host/_news", "_news: cannot be the name", "begin with a letter or digit"),
        ("https://host/뉴스", "뉴스: cannot be the name", "lower-case letters"),
        ("https://host/" + "n" * 101, "cannot be the name", "up to 100"),
        ("https://host/a/b", "a/b: the name of an index on a cluster has no slash", "NAME"),
        ("https://host/n?pretty", "a query or fragment", "NAME"),
        ("https://host/n#a", "a query or fragment", "NAME"),
        ("https://host:0/n", "https://host:0: 0 is not a port", "from 1 to 65535"),
        ("https://host:65536/n", "65536 is not a port", "from 1 to 65535"),
        ("https://host:٣/n", "is not a port", "from 1 to 65535"),
        ("https://host:/n", "nothing is not a port", "9200"),
        ("https:///n", "a host is missing", "https://host:9200/NAME"),
        ("https://a,,b/n", "a host is missing", "https://host:9200/NAME"),
        ("https://[::1/n", "is not the name or address of a host", "[ ]"),
        ("https://[fe80::1%eth0]/n", "is not the name or address of a host", "[ ]"),
        ("https://a b/n", "a b is not the name or address of a host", "letters"),
        ("ftp://host/n", "ftp://host: begins with neither", "https://"),
        ("https://a/n,https://b/n", "https://a/n: the name of the index is given once", "https"),
    ],
)
def test_what_is_no_address_is_refused_with_the_next_step(
    text: str, message: str, hint: str
) -> None:
    with pytest.raises(ClusterError) as caught:
        parse_address(text)
    assert message in str(caught.value)
    assert hint in caught.value.hint
    assert isinstance(caught.value, StoreError)


@pytest.mark.parametrize(
    "text",
    [
        "https://writer:secret@host/n",
        "https://a,writer:secret@b/n",
        "https://writer:se/secret@host/n",
        "https://writer:se,secret@host/Bad",
        "https://host/n?password=secret",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ClusterError) as caught:
        parse_address(text)
    assert "secret" not in f"{caught.value}{caught.value.hint}"


def test_an_address_is_parsed_without_urllib3() -> None:
    code = (
        "import sys, index.opensearch.address as module; module.parse_address('http://a/n'); "
        "sys.exit('urllib3' in sys.modules or 'ssl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
