"""Chaja's arrays behind Whoosh's interfaces: any query Whoosh has runs on them, read-only."""

from __future__ import annotations

from .index import open_whoosh

__all__ = ["open_whoosh"]
