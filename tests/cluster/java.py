"""Which Java runs a version of OpenSearch, and what a machine lacks to start one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

VERSION = re.compile(r'version "(?:1\.)?(\d+)')
PLACES = ("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines")
# OpenSearch 2 needs the security manager, which Java 24 has no more.
OLDEST, NEWEST_OF_2 = {2: 17, 3: 21}, 23


def missing(version: str) -> str:
    """Return what a version of OpenSearch cannot be fetched or started without, "" if nothing."""
    lacking = []
    if not java_for(version):
        oldest, newest = _range(version)
        lacking.append(f"Java {oldest}{f' to {newest}' if newest < 99 else ' or later'}")
    lacking += [f"'{name}'" for name in ("mvn", "openssl") if not shutil.which(name)]
    if not lacking:
        return ""
    packages = f"openjdk-{max(17, OLDEST[_major(version)])}-jre-headless maven openssl"
    return f"{', '.join(lacking)} missing; on Debian: apt-get install {packages}"


@cache
def java_for(version: str) -> Path | None:
    """Return the home of the oldest Java that a version of OpenSearch runs on, if there is one."""
    oldest, newest = _range(version)
    found = [(number, home) for home in _homes() if oldest <= (number := _number(home)) <= newest]
    return min(found)[1] if found else None


def _major(version: str) -> int:
    return int(version.partition(".")[0])


def _range(version: str) -> tuple[int, int]:
    major = _major(version)
    return OLDEST.get(major, OLDEST[3]), NEWEST_OF_2 if major == 2 else 99


def _homes() -> Iterator[Path]:
    """Every folder with a bin/java that the environment or a usual place names."""
    found = shutil.which("java")
    named = [Path(home) for home in (os.environ.get("JAVA_HOME"),) if home]
    named += [Path(found).resolve().parents[1]] if found else []
    for place in map(Path, PLACES):
        named += [*place.glob("*"), *place.glob("*/Contents/Home")]
    yield from {home.resolve() for home in named if (home / "bin" / "java").is_file()}


def _number(home: Path) -> int:
    """Return 17 for Java 17.0.15, 0 for what does not say."""
    try:
        said = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True)
    except OSError:
        return 0
    match = VERSION.search(said.stderr)
    return int(match[1]) if match else 0
