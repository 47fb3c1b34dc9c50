"""The commands of `chaja`: each parses, calls the library and renders; and what they share."""

from __future__ import annotations
