"""Whether a cluster is OpenSearch, and of a version that has what Chaja asks of it."""

from __future__ import annotations

from corpus.errors import ClusterError

from ..value import NamedTuple

_NEED = "Chaja needs OpenSearch 2.11 or later."


class Version(NamedTuple):
    """The version of OpenSearch, without its last part."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


OLDEST = Version(2, 11)  # with termFreq in scripts and named scores
OLDEST_WITH_KEYS = Version(3, 7)
# OpenSearch can call itself by the last version of what it was made from, for old programs.
_PRETENDED = 7


def read_version(about: object, *, node: str, has_key: bool) -> Version:
    """Return the version that the answer to GET / states. Raises ClusterError for others."""
    told = about.get("version") if isinstance(about, dict) else None
    number = told.get("number") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(number, str):
        hint = "Check host and port."
        raise ClusterError(f"{node}: does not say that it is OpenSearch", hint=hint)
    if told.get("distribution") != "opensearch":
        name = "Elasticsearch" if "lucene_version" in told else "another product"
        raise ClusterError(f"{node}: is {name} {number}, not OpenSearch", hint=_NEED)
    version = _parsed(number)
    if version is None or version.major == _PRETENDED:
        hint = "Take compatibility.override_main_response_version out of its settings."
        raise ClusterError(f"{node}: does not tell its version, but {number[:20]}", hint=hint)
    if version < OLDEST:
        raise ClusterError(f"{node}: OpenSearch {version} is too old", hint=_NEED)
    if has_key and version < OLDEST_WITH_KEYS:
        raise ClusterError(
            f"{node}: OpenSearch {version} knows no API keys, only {OLDEST_WITH_KEYS} and later",
            hint="Set CHAJA_CLUSTER_USER and CHAJA_CLUSTER_PASSWORD_FILE instead of the key.",
        )
    return version


def _parsed(number: str) -> Version | None:
    major, _, rest = number.partition(".")
    minor = rest.partition(".")[0]
    if not (major.isdecimal() and minor.isdecimal() and len(number) < 40):
        return None
    return Version(int(major), int(minor))
