"""Which version of a package is installed, without the 20 ms that importlib.metadata takes."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib.util import find_spec

_SUFFIX = ".dist-info"


def installed_version(package: str, *, module: str = "") -> str:
    """Return the version of an installed package; `module` is its name in code, if another."""
    spec = find_spec(module or package)
    if spec is not None and spec.origin is not None:
        folder = os.path.dirname(spec.origin)
        if spec.submodule_search_locations is not None:  # not a file by itself
            folder = os.path.dirname(folder)
        with suppress(OSError):  # a zip, say
            for name in os.listdir(folder):
                if name.startswith(f"{package}-") and name.endswith(_SUFFIX):
                    return name.removeprefix(f"{package}-").removesuffix(_SUFFIX)
    # Not beside its code (an editable install, a zip): ask the one who always knows.
    from importlib.metadata import version

    return version(package)
