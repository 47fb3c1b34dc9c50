"""Where an index is: a folder of this machine, or an address on a cluster."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from index.opensearch.address import ClusterAddress

# A folder is told from an address by isinstance(location, Path), which imports nothing.
IndexLocation: TypeAlias = "Path | ClusterAddress"

# A scheme, which is longer than the name of a drive, or what may be a user with a password.
# Compiled at the first text with a colon: the help and a folder need none of it.
_ADDRESS = r"[a-z][a-z0-9+.-]+://|[^/\\]*:[^/\\]*@"


def is_address(text: str) -> bool:
    """Return whether a text is meant for an address on a cluster, right or wrong."""
    return ":" in text and re.match(_ADDRESS, text.lstrip(), re.IGNORECASE) is not None


def parse_location(text: str) -> IndexLocation:
    """Return the folder or address that a text states. Raises ClusterError."""
    if not is_address(text):
        return Path(text)
    # Imported late: nothing of a cluster is loaded for a folder.
    from index.opensearch.address import parse_address

    return parse_address(text)


def index_option_for(location: IndexLocation) -> str:
    """Return the --index option, after a space, for a command run in the current folder.

    It is empty if the command finds a folder by itself.
    """
    if not isinstance(location, Path):
        return f" --index {location}"
    # Imported late, as it loads the corpus package.
    from index.directory.location import index_option_for as option_for_folder

    return option_for_folder(location)
