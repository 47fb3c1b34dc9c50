"""What docs/cluster has for a cluster of one's own fits together; tests/cluster starts a node."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

yaml = pytest.importorskip(
    "yaml", reason="docs/cluster: NOTHING is tested of its files (PyYAML missing)"
)

ROOT = Path(__file__).parents[1]
FILES = ROOT / "docs" / "cluster"
NODES = ["opensearch-1", "opensearch-2", "opensearch-3"]
CONFIG = "/usr/share/opensearch/config"


def parsed(name: str) -> dict[str, Any]:
    read = yaml.safe_load((FILES / name).read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


def entries(name: str) -> dict[str, Any]:
    """Return what a file of the security plugin has, but for what says its kind."""
    return {key: value for key, value in parsed(name).items() if key != "_meta"}


def services() -> dict[str, Any]:
    found: dict[str, Any] = parsed("compose.yaml")["services"]
    return found


def mounts(service: dict[str, Any]) -> dict[str, str]:
    """Return what each path in a container is on the host."""
    parts = (line.split(":") for line in service["volumes"])
    return {target: source for source, target, *_ in parts}


@pytest.mark.parametrize("path", sorted(FILES.glob("*.y*ml")), ids=lambda path: path.name)
def test_every_file_is_yaml(path: Path) -> None:
    assert parsed(path.name)


def test_there_are_three_nodes_that_know_each_other() -> None:
    assert list(services()) == NODES
    for name, service in services().items():
        settings = service["environment"]
        assert settings["node.name"] == name
        assert settings["discovery.seed_hosts"].split(",") == NODES
        assert settings["cluster.initial_cluster_manager_nodes"].split(",") == NODES


@pytest.mark.parametrize("name", NODES)
def test_a_node_has_a_health_check_and_a_limit_of_twice_its_heap(name: str) -> None:
    service = services()[name]
    assert service["healthcheck"]["test"][0] == "CMD-SHELL"
    heap = re.fullmatch(
        r"-Xms(?P<least>\d+)g -Xmx(?P=least)g", service["environment"]["OPENSEARCH_JAVA_OPTS"]
    )
    assert heap
    assert service["mem_limit"] == f"{2 * int(heap['least'])}g"


def test_each_node_has_a_volume_a_certificate_and_a_port_of_its_own() -> None:
    data = [mounts(service)["/usr/share/opensearch/data"] for service in services().values()]
    certificates = [mounts(each)[f"{CONFIG}/certificates"] for each in services().values()]
    ports = [port for service in services().values() for port in service["ports"]]
    assert data == list(parsed("compose.yaml")["volumes"])
    assert certificates == [f"./secrets/{name}" for name in NODES]
    assert ports == [f"127.0.0.1:{port}:9200" for port in (9200, 9201, 9202)]


@pytest.mark.parametrize("name", NODES)
def test_every_file_that_a_node_mounts_is_there(name: str) -> None:
    files = [source for source in mounts(services()[name]).values() if source.endswith(".yml")]
    assert {Path(source).name for source in files} == {path.name for path in FILES.glob("*.yml")}


def test_the_demonstration_users_of_the_image_are_left_out() -> None:
    for service in services().values():
        assert service["environment"]["DISABLE_INSTALL_DEMO_CONFIG"] == "true"


def test_every_role_is_given_to_a_user_and_every_user_has_one() -> None:
    mapping = entries("roles_mapping.yml")
    users = {user for role in mapping.values() for user in role["users"]}
    assert set(mapping) == {*entries("roles.yml"), "all_access"}
    assert users == set(entries("internal_users.yml")) == {"writer", "reader", "admin"}


def test_roles_are_for_the_indexes_of_chaja_only() -> None:
    for role in entries("roles.yml").values():
        patterns = [each["index_patterns"] for each in role["index_permissions"]]
        assert patterns == [["chaja-*"]]


def test_passwords_come_from_the_environment_only() -> None:
    for name, user in entries("internal_users.yml").items():
        assert user["hash"] == f"${{envbc.CHAJA_{name.upper()}_PASSWORD}}"


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_what_is_made_is_for_its_owner_only_and_never_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    command = [FILES / "prepare.sh", folder]
    subprocess.run(command, check=True, capture_output=True)
    written = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    open_to_all = {path.name for path in written if stat.S_IMODE(path.stat().st_mode) & 0o077}
    lines = (folder / "passwords.env").read_text().splitlines()
    assert [line.partition("=")[0] for line in lines] == [
        f"CHAJA_{user}_PASSWORD" for user in ("WRITER", "READER", "ADMIN")
    ]
    assert {path.parent.name for path in written} == {"secrets", *NODES}
    assert open_to_all <= {"ca.pem"}
    again = subprocess.run(command, capture_output=True, text=True)
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert written == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert [path.name for path in tmp_path.iterdir()] == ["secrets"]


@pytest.mark.skipif(not (ROOT / ".git").exists() or not shutil.which("git"), reason="no checkout")
def test_secrets_are_never_committed() -> None:
    command = ["git", "check-ignore", "--quiet", "docs/cluster/secrets/passwords.env"]
    assert subprocess.run(command, cwd=ROOT).returncode == 0
