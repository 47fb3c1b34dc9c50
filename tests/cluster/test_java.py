"""The Java that a version of OpenSearch is started with, of those that a machine has."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import java
from .java import java_for, missing


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with Java 11, 17, 21 and 25, and nothing else."""
    for number in ("11.0.2", "17.0.15", "21.0.1", "25"):
        program = tmp_path / f"java-{number}" / "bin" / "java"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'openjdk version \"{number}\" 2025-04-15' >&2\n")
        program.chmod(0o755)
    (tmp_path / "java-8").mkdir()  # what a removed package leaves
    monkeypatch.setattr(java, "PLACES", (str(tmp_path),))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    # Not the function as it is: its memory is of the real machine.
    monkeypatch.setattr(java, "java_for", java_for.__wrapped__)
    return tmp_path


@pytest.mark.parametrize(
    ("version", "home"), [("2.19.6", "java-17.0.15"), ("3.6.0", "java-21.0.1")]
)
def test_the_oldest_java_that_is_new_enough_is_taken(
    installed: Path, version: str, home: str
) -> None:
    assert java.java_for(version) == installed / home


def test_opensearch_2_is_not_started_with_a_java_that_has_no_security_manager(
    installed: Path,
) -> None:
    for name in ("java-17.0.15", "java-21.0.1"):
        (installed / name / "bin" / "java").unlink()
    assert java.java_for("2.19.6") is None
    assert java.java_for("3.6.0") == installed / "java-25"


def test_what_is_missing_is_told_with_the_packages_that_have_it(installed: Path) -> None:
    assert missing("2.19.6") == (
        "'mvn', 'openssl' missing; on Debian: apt-get install openjdk-17-jre-headless maven openssl"
    )
    (installed / "java-17.0.15" / "bin" / "java").unlink()
    (installed / "java-21.0.1" / "bin" / "java").unlink()
    assert missing("2.19.6").startswith("Java 17 to 23, 'mvn', 'openssl' missing")
