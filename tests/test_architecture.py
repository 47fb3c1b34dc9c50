"""What docs/architecture.md and the import contracts promise of the tree is so."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("corpus", "index", "search")
FOLDER = re.compile(r"^### `(?P<folder>[\w/]+)/`", re.MULTILINE)
ROW = re.compile(r"^\| `(?P<file>\w+\.py)` \| (?P<what>.+) \|$", re.MULTILINE)
# In each package, a lower layer that imports an upper one.
BACKWARD = {
    "corpus/language.py": "import corpus.walk",
    "index/arrays/ids.py": "import index.builder.build",
    "search/weights.py": "import search.pipeline",
    "index/analysis/english.py": "import corpus",
}
BROKEN = {
    "corpus: imports go down its layers",
    "index: imports go down its layers",
    "search: imports go down its layers",
    "index.analysis is pure: text in, terms out",
}


def rows_of_architecture() -> dict[str, str]:
    """Return what docs/architecture.md says of each file, by its path."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    _, *parts = FOLDER.split(text)
    return {
        f"{folder}/{row['file']}": row["what"]
        for folder, body in zip(parts[::2], parts[1::2], strict=True)
        for row in ROW.finditer(body)
    }


def test_architecture_md_has_a_row_for_every_file_and_no_other() -> None:
    told = rows_of_architecture()
    files = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.name != "__init__.py"
    }
    assert told.keys() - files == set()
    assert files - told.keys() == set()


def contracts(folder: Path) -> dict[str, bool]:
    """Return which of the import contracts hold in a checkout."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found = re.findall(r"^(.+) (KEPT|BROKEN)(?: \(.*\))?$", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    return {name: verdict == "KEPT" for name, verdict in found}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of what the contracts are about."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.tsv", "*.bridge")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_an_import_that_goes_up_breaks_the_contract_of_its_package(checkout: Path) -> None:
    for name, line in BACKWARD.items():
        path = checkout / name
        path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    held = contracts(checkout)
    assert {name for name, is_kept in held.items() if not is_kept} == BROKEN
