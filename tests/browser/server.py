"""Starts what the tests and the screenshots need: an index with its server, and Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

CHAJA = Path(sys.executable).with_name("chaja")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Index a folder and serve it; gives the address with its key."""
    environment = {name: value for name, value in os.environ.items() if name != "CHAJA_INDEX"}
    subprocess.run(
        [CHAJA, "build", "."], cwd=folder, env=environment, check=True, capture_output=True
    )
    command = [CHAJA, "serve", "--no-open"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def launched(playwright: Playwright, *arguments: str) -> Browser:
    """Start Chromium; root, as in a container, has no sandbox for it."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*sandbox, *arguments])
