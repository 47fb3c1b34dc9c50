"""OpenSearch as its packages on Maven Central have it, laid out to run, once for all tests.

A distribution is in the cache folder of the user, made whole in a folder beside its place and put
there in one step; several runs of the tests wait for the one that came first.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from .java import java_for, missing

PLAIN = os.environ.get("CHAJA_OPENSEARCH_VERSION", "2.19.6")
# The newest version that has the security plugin on Maven Central.
SECURED, SECURITY_PLUGIN = "2.19.4", "2.19.4.0"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
MODULES = {  # of which Maven Central has no ZIP before OpenSearch 3, but the JARs
    "analysis-common": {"classname": "org.opensearch.analysis.common.CommonAnalysisPlugin"},
    "lang-painless": {"classname": "org.opensearch.painless.PainlessPlugin"},
}
SCRIPTS = "lang-painless"
# Scripts are compiled to classes, which takes a class loader of their own.
SCRIPT_RIGHTS = (
    'RuntimePermission "createClassLoader"',
    'RuntimePermission "getClassLoader"',
    'RuntimePermission "accessDeclaredMembers"',
    'reflect.ReflectPermission "suppressAccessChecks"',
)
LAID_OUT = "laid-out.json"  # sizes of all files of a distribution, its last file to be written


class NoDistribution(Exception):  # noqa: N818 - reads as the state it reports
    """OpenSearch cannot be fetched or started on this machine."""


@dataclass(frozen=True)
class Distribution:
    """A version of OpenSearch, ready to run."""

    version: str
    home: Path
    java: Path  # the program

    @property
    def agent(self) -> Path | None:
        """What stands for the security manager since OpenSearch 3."""
        path = self.home / "agent" / "opensearch-agent.jar"
        return path if path.exists() else None


def cache_folder() -> Path:
    """Return the folder that everything of these tests is kept in between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "chaja-tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def distribution(version: str = PLAIN, *, secured: bool = False) -> Distribution:
    """Return a distribution, fetched unless the cache has it whole; `secured` adds the plugin.

    Raises NoDistribution if the machine lacks a program, or Maven fails.
    """
    if lacking := missing(version):
        raise NoDistribution(lacking)
    home = cache_folder() / f"opensearch-{version}{'-security' if secured else ''}"
    with _alone(home):
        if not _is_whole(home):
            _lay_out(home, version, secured=secured)
    java = java_for(version)
    assert java  # nothing is missing
    return Distribution(version=version, home=home, java=java / "bin" / "java")


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Keep other processes from the distribution meanwhile, and from Maven's own cache."""
    with (home.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sizes(home: Path) -> dict[str, int]:
    files = (path for path in sorted(home.rglob("*")) if path.is_file())
    return {str(path.relative_to(home)): path.stat().st_size for path in files}


def _is_whole(home: Path) -> bool:
    try:
        expected = json.loads((home / LAID_OUT).read_text())
    except (OSError, ValueError):
        return False
    found = _sizes(home)
    del found[LAID_OUT]
    return bool(found == expected)


def _lay_out(home: Path, version: str, *, secured: bool) -> None:
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="new-") as work:
        fetched = _fetch(Path(work), version, secured=secured)
        with zipfile.ZipFile(fetched / f"opensearch-{version}.zip") as archive:
            archive.extractall(work)
        new = Path(work, f"opensearch-{version}")
        for name in MODULES:
            if not (new / "modules" / name).exists():
                _lay_out_module(new, fetched, version, name)
        if secured:
            plugin = fetched / f"opensearch-security-{SECURITY_PLUGIN}.zip"
            with zipfile.ZipFile(plugin) as archive:
                archive.extractall(new / "plugins" / "opensearch-security")
        for path in new.rglob("*"):  # for the user that nodes run as, whatever the umask is
            path.chmod(0o755 if path.is_dir() else 0o644)
        (new / LAID_OUT).write_text(json.dumps(_sizes(new)))
        if home.exists():  # and is not whole
            home.rename(Path(work, "damaged"))
        new.rename(home)


def _lay_out_module(home: Path, fetched: Path, version: str, name: str) -> None:
    folder = home / "modules" / name
    folder.mkdir(parents=True)
    for path in fetched.glob("*.jar"):
        if path.name.startswith("analysis-common-") == (name == "analysis-common"):
            shutil.copy(path, folder)
    described = {
        "name": name,
        "description": name,
        "version": version,
        "opensearch.version": version,
        "java.version": "11",
        "extended.plugins": SCRIPTS if name != SCRIPTS else "",
        **MODULES[name],
    }
    lines = "".join(f"{key}={value}\n" for key, value in described.items())
    (folder / "plugin-descriptor.properties").write_text(lines)
    if name == SCRIPTS:
        rights = "".join(f"  permission java.lang.{right};\n" for right in SCRIPT_RIGHTS)
        (folder / "plugin-security.policy").write_text(f"grant {{\n{rights}}};\n")


def _fetch(work: Path, version: str, *, secured: bool) -> Path:
    """Have Maven fetch what a distribution is made of; return the folder with its files."""
    wanted = [("org.opensearch.distribution.integ-test-zip", "opensearch", version, "zip")]
    if version.startswith("2."):
        wanted += [("org.opensearch.plugin", name, version, "jar") for name in MODULES]
    if secured:
        wanted.append(("org.opensearch.plugin", "opensearch-security", SECURITY_PLUGIN, "zip"))
    (work / "pom.xml").write_text(_project(wanted))
    folder = work / "fetched"
    command = ["mvn", "--batch-mode", "--quiet", "--strict-checksums", COPY]
    command.append(f"-DoutputDirectory={folder}")
    done = subprocess.run(command, cwd=work, capture_output=True, text=True)
    if done.returncode:
        raise NoDistribution(f"Maven cannot fetch OpenSearch {version}: {done.stdout[-2000:]}")
    return folder


def _project(wanted: list[tuple[str, str, str, str]]) -> str:
    """Return a project that depends on packages, but not on the server, which the ZIP has."""
    project = Element("project", xmlns="http://maven.apache.org/POM/4.0.0")
    _fill(project, modelVersion="4.0.0", packaging="pom")
    _fill(project, groupId="chaja", artifactId="tests", version="1")
    dependencies = SubElement(project, "dependencies")
    for group, name, version, kind in wanted:
        each = SubElement(dependencies, "dependency")
        _fill(each, groupId=group, artifactId=name, version=version, type=kind)
        server = SubElement(SubElement(each, "exclusions"), "exclusion")
        _fill(server, groupId="org.opensearch", artifactId="opensearch")
    return tostring(project, encoding="unicode")


def _fill(element: Element, **children: str) -> None:
    for name, text in children.items():
        SubElement(element, name).text = text
