"""Who the client is to the cluster; no secret is ever written to an index, a log or an error."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from corpus.errors import ClusterError

from ..value import NamedTuple

USER = "CHAJA_CLUSTER_USER"
PASSWORD = "CHAJA_CLUSTER_PASSWORD"
API_KEY = "CHAJA_CLUSTER_API_KEY"
CA = "CHAJA_CLUSTER_CA"
_FILE = "_FILE"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_LONGEST = 10_000  # characters of a secret, lest a wrong file be read whole


class Access(NamedTuple):
    """A user with a password, or an API key, or neither; the file of a CA of one's own."""

    user: str = ""
    password: str = ""
    api_key: str = ""
    ca: Path | None = None

    def __repr__(self) -> str:
        secrets = (("password", self.password), ("api_key", self.api_key))
        shown = "".join(f"{name}=…, " for name, secret in secrets if secret)
        return f"Access(user={self.user!r}, {shown}ca={self.ca!r})"


def read_access(
    *, user: str = "", ca: Path | None = None, environment: Mapping[str, str]
) -> Access:
    """Return the access that options state, and the environment where they state nothing.

    Raises ClusterError for what does not fit together, and for files that cannot be used.
    """
    access = Access(
        user=user or environment.get(USER, ""),
        password=_secret(PASSWORD, environment),
        api_key=_secret(API_KEY, environment),
        ca=_certificates(ca, environment.get(CA, "")),
    )
    _check(access)
    return access


def _check(access: Access) -> None:
    if access.api_key and (access.user or access.password):
        hint = f"Unset {API_KEY} and {API_KEY}{_FILE}, or leave out the user and the password."
        raise ClusterError("an API key and a user or password are given for the cluster", hint=hint)
    if access.password and not access.user:
        hint = f"Set {USER}, or unset {PASSWORD} and {PASSWORD}{_FILE}."
        raise ClusterError("a password is given for the cluster, but no user", hint=hint)
    if access.user and not access.password:
        hint = f"Write it to a file that only you can read, and set {PASSWORD}{_FILE} to its path."
        raise ClusterError(f"the user {access.user} of the cluster has no password", hint=hint)
    if ":" in access.user or not access.user.isprintable():
        hint = "HTTP parts the user from the password by a colon: use another name."
        raise ClusterError(f"the user {access.user!r} has a sign that no name may have", hint=hint)
    # http.client would put a key with such signs into its error.
    if not all("!" <= sign <= "~" for sign in access.api_key):
        hint = f"Set {API_KEY} to the value of api_key that OpenSearch gave, and to nothing else."
        raise ClusterError("the API key of the cluster has a sign that no key has", hint=hint)


def _secret(name: str, environment: Mapping[str, str]) -> str:
    """Return what a variable states, or the first line of the file that its other form names."""
    given, file = environment.get(name, ""), environment.get(name + _FILE, "")
    if given and file:
        raise ClusterError(f"{name} and {name}{_FILE} are both set", hint="Unset one of them.")
    return _first_line(name + _FILE, Path(file).expanduser()) if file else given


def _first_line(name: str, path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig") as file:
            # Windows has no such permissions.
            if os.name == "posix" and stat.S_IMODE(os.fstat(file.fileno()).st_mode) & _OTHERS:
                message = f"{name} {path}: others can read or change the secret in it"
                raise ClusterError(message, hint=f"Keep it to yourself: chmod 600 {path}")
            line = file.readline(_LONGEST).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(name, path, error) from None  # an error of decoding holds the bytes
    if not line:
        hint = f"Write the secret to its first line, or unset {name}."
        raise ClusterError(f"{name} {path}: its first line is empty", hint=hint)
    return line


def _certificates(option: Path | None, variable: str) -> Path | None:
    path = option or (Path(variable).expanduser() if variable else None)
    if path is None:
        return None
    name = "--cluster-ca" if option else CA
    try:
        is_empty = not path.read_bytes().strip()
    except OSError as error:
        raise _unreadable(name, path, error) from error
    if is_empty:
        hint = "It holds the certificate of the CA as PEM: -----BEGIN CERTIFICATE-----."
        raise ClusterError(f"{name} {path}: is empty", hint=hint)
    return path


def _unreadable(name: str, path: Path, error: OSError | UnicodeDecodeError) -> ClusterError:
    why = error.strerror if isinstance(error, OSError) else "is not text in UTF-8"
    hint = f"Name a file that you can read, or unset {name}."
    if name == "--cluster-ca":
        hint = "Name a file that you can read."
    return ClusterError(f"{name} {path}: {why}", hint=hint)
