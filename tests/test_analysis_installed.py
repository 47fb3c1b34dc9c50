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
def test_the_version_is_the_one_that_the_package_says(
    package: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = metadata.version(package)
    monkeypatch.setattr(metadata, "version", {}.__getitem__)  # which takes long
    assert installed_version(package, module=module) == version


def _package(origin: Path) -> ModuleSpec:
    return ModuleSpec("thing", None, origin=str(origin), is_package=True)


@pytest.mark.parametrize("place", ["beside", "in a zip", "no file", "nowhere"])
def test_a_package_without_metadata_beside_it_is_asked_for_by_name(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = {
        "beside": _package(tmp_path / "thing" / "__init__.py"),
        "in a zip": _package(tmp_path / "a.zip" / "thing" / "x.py"),
        "no file": ModuleSpec("thing", None),
        "nowhere": None,
    }[place]
    monkeypatch.setattr(korean, "find_spec", lambda name: spec)
    monkeypatch.setattr(metadata, "version", {"thing": "1.2"}.__getitem__)
    assert installed_version("thing") == "1.2"


def test_another_package_of_a_longer_name_is_not_taken_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("thing", "thing_model-9.dist-info", "thing-1.2.dist-info"):
        (tmp_path / folder).mkdir()
    spec = _package(tmp_path / "thing" / "__init__.py")
    monkeypatch.setattr(korean, "find_spec", lambda name: spec)
    assert installed_version("thing") == "1.2"
