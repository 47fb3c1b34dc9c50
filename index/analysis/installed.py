"""Which version of a package is installed, without the 20 ms that importlib.metadata takes."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib.util import find_spec

_SUFFIX = ".dist-info"


def installed_version(package: str) -> str:
    """Return the version of an installed top-level package, as its distribution is named for it."""
    spec = find_spec(package)
    if spec is not None and spec.origin is not None:
        with suppress(OSError):  # a zip, say
            for name in os.listdir(os.path.dirname(os.path.dirname(spec.origin))):
                if name.startswith(f"{package}-") and name.endswith(_SUFFIX):
                    return name.removeprefix(f"{package}-").removesuffix(_SUFFIX)
    # Not beside its code (an editable install, a zip): ask the one who always knows.
    from importlib.metadata import version

    return version(package)
