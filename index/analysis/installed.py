"""Which version of a package is installed, without the 20 ms that importlib.metadata takes."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

_SUFFIX = ".dist-info"


def installed_version(package: str) -> str:
    """Return the version of an installed top-level package, as its distribution is named for it."""
    spec = find_spec(package)
    if spec is not None and spec.origin is not None:
        site = Path(spec.origin).parent.parent
        for folder in site.glob(f"{package}-*{_SUFFIX}"):
            return folder.name.removeprefix(f"{package}-").removesuffix(_SUFFIX)
    # Not beside its code (an editable install, a zip): ask the one who always knows.
    from importlib.metadata import version

    return version(package)
