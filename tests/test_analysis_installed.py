from __future__ import annotations

from importlib import metadata
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from index.analysis import korean
from index.analysis.korean import installed_version


@pytest.mark.parametrize(
    ("package", "module"), [("kiwipiepy", ""), ("kiwipiepy_model", ""), ("pystemmer", "Stemmer")]
)
def test_the_version_is_that_of_the_metadata(
    package: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = metadata.version(package)
    monkeypatch.setattr(metadata, "version", {}.__getitem__)  # which is slow
    assert installed_version(package, module=module) == version


def _package(origin: Path) -> ModuleSpec:
    return ModuleSpec("thing", None, origin=str(origin), is_package=True)


@pytest.mark.parametrize("location", ["beside", "in a zip", "no file", "nowhere"])
def test_a_package_without_metadata_beside_it_is_looked_up_by_name(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = {
        "beside": _package(tmp_path / "thing" / "__init__.py"),
        "in a zip": _package(tmp_path / "a.zip" / "thing" / "x.py"),
        "no file": ModuleSpec("thing", None),
        "nowhere": None,
    }[location]
    monkeypatch.setattr(korean, "find_spec", lambda name: spec)
    monkeypatch.setattr(metadata, "version", {"thing": "1.2"}.__getitem__)
    assert installed_version("thing") == "1.2"


def test_a_package_with_a_longer_name_is_not_confused_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("thing", "thing_model-9.dist-info", "thing-1.2.dist-info"):
        (tmp_path / folder).mkdir()
    spec = _package(tmp_path / "thing" / "__init__.py")
    monkeypatch.setattr(korean, "find_spec", lambda name: spec)
    assert installed_version("thing") == "1.2"
