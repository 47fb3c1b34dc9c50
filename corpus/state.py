"""What a build gets of a file."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """What was got of a file, the best first."""

    READ = "read"
    PART = "read in part"
    NO_TEXT = "without text"
    GARBLED = "garbled"
    PROTECTED = "protected"
    DAMAGED = "damaged"
    TOO_LARGE = "too large"
    UNKNOWN = "unknown format"
    UNREAD = "not read"


HAS_TEXT = (State.READ, State.PART)
