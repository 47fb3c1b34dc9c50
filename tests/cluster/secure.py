"""A node with TLS, users and roles: those of docs/cluster, which are tested by it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from .distribution import SECURED, distribution
from .launch import Plan
from .nodes import Cluster
from .rest import Account

FILES = Path(__file__).parents[2] / "docs" / "cluster"
CERTIFICATES = "opensearch-1"  # of the first node, which may be called localhost too
# What a node of docs/cluster has and one on loopback has not: the files that describe its users.
SECURITY = ("roles.yml", "roles_mapping.yml", "internal_users.yml")
USERS = ("writer", "reader", "admin")


def prepare(folder: Path) -> None:
    """Have certificates and passwords made into a new folder, as for the nodes of docs/cluster."""
    subprocess.run([FILES / "prepare.sh", folder], check=True, capture_output=True)


class SecureNode(Cluster):
    """One node that answers users only, by HTTPS; passwords and authority are new at each start."""

    def __init__(self, *, heap: str = "256m") -> None:
        secured = distribution(SECURED, secured=True)
        super().__init__(nodes=1, heap=heap, distribution=secured)

    @property
    def url(self) -> str:
        """The address of the node."""
        return self.urls[0]

    @property
    def ca(self) -> Path:
        """The certificate of the authority that has signed the node's own."""
        return self._secrets / "ca.pem"

    def account(self, user: str) -> Account:
        """Return a user with its password: writer, reader or admin."""
        return Account(user=user, password=self.passwords[user], ca=self.ca)

    def _planned(self, plan: Plan) -> Plan:
        self._secrets = plan.folder / "secrets"
        prepare(self._secrets)
        lines = (self._secrets / "passwords.env").read_text().split()
        environment = dict(line.split("=") for line in lines)
        self.passwords = {user: environment[f"CHAJA_{user.upper()}_PASSWORD"] for user in USERS}
        return replace(
            plan,
            config=self._config(plan),
            environment=environment,
            account=self.account("admin"),
        )

    def _config(self, plan: Plan) -> Path:
        """Write the configuration folder, as the image has it with the files of docs/cluster."""
        folder = plan.folder / "config"
        plugin = plan.distribution.home / "plugins" / "opensearch-security" / "config"
        shutil.copytree(plugin, folder / "opensearch-security")
        for name in SECURITY:
            shutil.copy(FILES / name, folder / "opensearch-security")
        shutil.copy(FILES / "opensearch.yml", folder)
        shutil.copytree(self._secrets / CERTIFICATES, folder / "certificates")
        return folder
