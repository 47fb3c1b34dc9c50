"""Who the client is to a cluster."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from corpus.errors import ClusterError
from index.opensearch.access import Access, read_access

SECRET = "hunter2-of-the-tests"
USER = {"CHAJA_CLUSTER_USER": "writer", "CHAJA_CLUSTER_PASSWORD": SECRET}


def secret_file(path: Path, content: bytes = f"{SECRET}\nmore\n".encode()) -> Path:
    path.write_bytes(content)
    path.chmod(0o600)
    return path


def refusal(environment: dict[str, str], **options: str) -> str:
    """Return the sentence and the next step of a refusal, which tell no secret."""
    with pytest.raises(ClusterError) as caught:
        read_access(environment=environment, **options)
    told = f"{caught.value} | {caught.value.hint}"
    assert caught.value.hint
    assert SECRET not in told
    return told


def test_nothing_stated_is_an_access_without_a_user() -> None:
    assert read_access(environment={}) == Access()
    assert read_access(environment={"CHAJA_CLUSTER_USER": "", "CHAJA_CLUSTER_CA": ""}) == Access()


def test_the_environment_states_user_and_password_or_a_key(tmp_path: Path) -> None:
    file = secret_file(tmp_path / "secret")
    from_file = {"CHAJA_CLUSTER_USER": "writer", "CHAJA_CLUSTER_PASSWORD_FILE": str(file)}
    expected = Access(user="writer", password=SECRET)
    assert read_access(environment=USER) == read_access(environment=from_file) == expected
    key = Access(api_key=SECRET)
    assert read_access(environment={"CHAJA_CLUSTER_API_KEY": SECRET}) == key
    assert read_access(environment={"CHAJA_CLUSTER_API_KEY_FILE": str(file)}) == key


def test_options_overrule_the_environment(tmp_path: Path) -> None:
    own, other = tmp_path / "own.pem", tmp_path / "other.pem"
    own.write_text("PEM")
    environment = USER | {"CHAJA_CLUSTER_CA": str(other)}
    access = read_access(user="reader", ca=own, environment=environment)
    assert (access.user, access.ca) == ("reader", own)


@pytest.mark.parametrize("content", ["비밀 번호 ", " x"])
def test_a_password_is_the_first_line_of_its_file_with_its_spaces(
    tmp_path: Path, content: str
) -> None:
    file = secret_file(tmp_path / "secret", b"\xef\xbb\xbf" + content.encode() + b"\r\n")
    environment = {"CHAJA_CLUSTER_USER": "writer", "CHAJA_CLUSTER_PASSWORD_FILE": str(file)}
    assert read_access(environment=environment).password == content


def test_no_text_of_an_access_shows_its_secrets() -> None:
    for access in (Access("writer", SECRET), Access(api_key=SECRET)):
        assert SECRET not in f"{access} {access!r} %s" % (access,)
        assert pickle.loads(pickle.dumps(access)) == access


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"CHAJA_CLUSTER_USER": "writer"}, "the user writer of the cluster has no password"),
        ({"CHAJA_CLUSTER_PASSWORD": SECRET}, "a password is given for the cluster, but no user"),
        (USER | {"CHAJA_CLUSTER_API_KEY": SECRET}, "an API key and a user or password are given"),
        (USER | {"CHAJA_CLUSTER_PASSWORD_FILE": "x"}, "_PASSWORD_FILE are both set"),
        (USER | {"CHAJA_CLUSTER_USER": "a:b"}, "a sign that no name may have"),
        ({"CHAJA_CLUSTER_API_KEY": f"{SECRET}\r\nx: y"}, "a sign that no key has"),
        ({"CHAJA_CLUSTER_API_KEY": f"{SECRET}한"}, "a sign that no key has"),
        ({"CHAJA_CLUSTER_PASSWORD_FILE": "/none"}, "_PASSWORD_FILE /none: No such file"),
        ({"CHAJA_CLUSTER_API_KEY_FILE": "/"}, "_API_KEY_FILE /: Is a directory"),
        ({"CHAJA_CLUSTER_CA": "/none"}, "CHAJA_CLUSTER_CA /none: No such file"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_the_next_step(
    environment: dict[str, str], told: str
) -> None:
    assert told in refusal(environment)


def test_a_user_by_option_and_a_key_by_environment_are_refused() -> None:
    assert "an API key and a user" in refusal({"CHAJA_CLUSTER_API_KEY": SECRET}, user="writer")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "its first line is empty"),
        (b"\n" + SECRET.encode(), "its first line is empty"),
        (b"\xff" + SECRET.encode(), "is not text in UTF-8"),
    ],
)
def test_a_file_without_a_secret_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    file = secret_file(tmp_path / "secret", content)
    assert told in refusal({"CHAJA_CLUSTER_API_KEY_FILE": str(file)})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_a_file_that_others_can_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    file = secret_file(tmp_path / "secret")
    file.chmod(mode)
    told = refusal({"CHAJA_CLUSTER_API_KEY_FILE": str(file)})
    assert told.endswith(f"others can read or change the secret in it | Keep it to yourself: "
                         f"chmod 600 {file}")  # fmt: skip


def test_an_empty_file_of_a_ca_is_refused_and_names_how_it_was_given(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.touch()
    assert f"CHAJA_CLUSTER_CA {file}: is empty" in refusal({"CHAJA_CLUSTER_CA": str(file)})
    with pytest.raises(ClusterError, match=r"--cluster-ca .*: is empty"):
        read_access(ca=file, environment={})
